"""How many requests are let in at once, and when the next one is."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from civicforum.turns import Turns, end_turn


def start(_status: str, _headers: list[tuple[str, str]], *_rest: object) -> Any:
    return None


def waits(turns: Turns) -> bool:
    """Tell whether one more request would have to wait; it is let in by the end of the test."""
    answered = threading.Event()

    def ask() -> None:
        for _ in turns({}, start):
            pass
        answered.set()

    threading.Thread(target=ask, daemon=True).start()
    return not answered.wait(0.1)


def test_the_next_request_waits_until_an_answer_has_been_sent() -> None:
    def page(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        return [b"page"]

    turns = Turns(page, most=2)
    answers: list[Any] = [turns({}, start), turns({}, start)]
    assert waits(turns)
    answers[0].close()
    # Closed once more, as a server may after an error: one turn is one turn.
    answers[0].close()
    assert not waits(turns)


def test_a_stream_that_only_waits_lets_others_in_before_it_ends() -> None:
    def stream(environ: dict[str, Any], _start: Any) -> Iterator[bytes]:
        end_turn(environ)
        return iter([b"event"])

    turns = Turns(stream, most=1)
    streams: list[Any] = [turns({}, start), turns({}, start)]
    assert not waits(turns)
    streams[0].close()


def test_a_request_that_fails_gives_its_turn_back() -> None:
    calls: list[None] = []

    def page(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        calls.append(None)
        if len(calls) == 1:
            raise RuntimeError
        return []

    turns = Turns(page, most=1)
    with pytest.raises(RuntimeError):
        turns({}, start)
    assert not waits(turns)


def test_without_turns_there_is_none_to_end() -> None:
    end_turn({})
