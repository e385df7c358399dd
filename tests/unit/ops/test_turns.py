"""How many requests are let in at once, and when the next one is."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from civicforum.turns import Turns, end_turn


def start(_status: str, _headers: list[tuple[str, str]], *_rest: object) -> Any:
    return None


LONG = 5.0  # seconds that a busy machine may take for what is done at once
SHORT = 0.05


def ask(turns: Turns) -> threading.Event:
    """Ask once more beside the test, and return what is set when the answer has come."""
    answered = threading.Event()

    def run() -> None:
        for _ in turns({}, start):
            pass
        answered.set()

    threading.Thread(target=run, daemon=True).start()
    return answered


def test_the_next_request_waits_until_an_answer_has_been_sent() -> None:
    def page(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        return [b"page"]

    turns = Turns(page, most=2)
    answers: list[Any] = [turns({}, start), turns({}, start)]
    third = ask(turns)
    assert not third.wait(SHORT)
    answers[0].close()
    assert third.wait(LONG)


def test_an_answer_that_is_closed_twice_gives_one_turn_back() -> None:
    def page(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        return [b"page"]

    turns = Turns(page, most=2)
    answers: list[Any] = [turns({}, start), turns({}, start)]
    answers[0].close()
    answers[0].close()
    held: Any = turns({}, start)
    assert not ask(turns).wait(SHORT)
    held.close()


def test_a_stream_that_only_waits_lets_others_in_before_it_ends() -> None:
    def stream(environ: dict[str, Any], _start: Any) -> Iterator[bytes]:
        end_turn(environ)
        return iter([b"event"])

    turns = Turns(stream, most=1)
    streams: list[Any] = [turns({}, start), turns({}, start)]
    assert ask(turns).wait(LONG)
    assert len(streams) == 2


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
    assert ask(turns).wait(LONG)


def test_without_turns_there_is_none_to_end() -> None:
    end_turn({})
