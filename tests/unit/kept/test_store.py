"""What is kept, for how long, and within which bounds."""

from __future__ import annotations

import threading

import pytest

from civicforum.kept import store
from civicforum.kept.store import LASTS_SECONDS, Answer, Store, cut

ROOM = 1000


def make(body: bytes, *, head: int = 1, made_at: float = 0.0, **marks: bytes) -> Answer:
    return cut(body, marks=marks, head=head, made_at=made_at, content_type="text/html")


def test_a_page_has_a_hole_wherever_a_mark_stands() -> None:
    answer = make(b"<p>NAME</p><i>TOKEN</i>NAME", name=b"NAME", csrf=b"TOKEN")
    assert answer.holes == ("name", "csrf", "name")
    assert answer.filled({"name": b"Li", "csrf": b"x"}) == b"<p>Li</p><i>x</i>Li"


def test_what_fills_a_hole_is_not_searched_for_marks() -> None:
    answer = make(b"NAME TOKEN", name=b"NAME", csrf=b"TOKEN")
    assert answer.filled({"name": b"TOKEN", "csrf": b"NAME"}) == b"TOKEN NAME"


def test_a_page_without_marks_is_whole() -> None:
    assert make(b"page").filled({}) == b"page"


def test_two_pages_that_differ_only_in_their_tokens_have_one_digest() -> None:
    assert make(b"a ONE", csrf=b"ONE").digest == make(b"a TWO", csrf=b"TWO").digest
    assert make(b"a ONE", csrf=b"ONE").digest != make(b"b ONE", csrf=b"ONE").digest


def test_an_answer_is_found_until_the_journal_goes_on() -> None:
    kept, answer = Store(ROOM), make(b"page", head=7)
    kept.keep("key", answer)
    assert kept.find("key", head=7, now=1.0) is answer
    assert kept.find("key", head=8, now=1.0) is None
    assert kept.find("other", head=7, now=1.0) is None


def test_an_answer_is_found_for_five_seconds() -> None:
    kept = Store(ROOM)
    kept.keep("key", make(b"page", made_at=10.0))
    assert kept.find("key", head=1, now=10.0 + LASTS_SECONDS - 0.01) is not None
    assert kept.find("key", head=1, now=10.0 + LASTS_SECONDS) is None


def test_what_a_page_depends_on_is_recalled_for_five_seconds() -> None:
    kept = Store(ROOM)
    kept.note("who", "what waits", now=10.0)
    assert kept.recall("who", now=10.0 + LASTS_SECONDS - 0.01) == "what waits"
    assert kept.recall("who", now=10.0 + LASTS_SECONDS) is None
    assert kept.recall("somebody else", now=10.0) is None


def test_of_too_many_viewers_those_noted_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_NOTED", 2)
    kept = Store(ROOM)
    for who in ("first", "second", "first", "third"):
        kept.note(who, "what waits", now=0.0)
    assert [kept.recall(who, now=0.0) is not None for who in ("first", "second", "third")] == [
        True,
        False,
        True,
    ]


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept = Store(ROOM)
    for name in ("first", "second", "third"):
        kept.keep(name, make(b"x" * 300))
    assert kept.find("first", head=1, now=0.0) is not None
    kept.keep("fourth", make(b"x" * 300))
    assert kept.find("second", head=1, now=0.0) is None
    assert kept.find("first", head=1, now=0.0) is not None
    assert kept.bytes_kept <= ROOM


def test_an_answer_kept_again_takes_its_place_once() -> None:
    kept = Store(ROOM)
    for _ in range(9):
        kept.keep("key", make(b"x" * 300))
    assert kept.bytes_kept == 300


def test_an_answer_larger_than_all_room_is_not_kept() -> None:
    kept = Store(ROOM)
    kept.keep("key", make(b"x" * (ROOM + 1)))
    assert kept.find("key", head=1, now=0.0) is None
    assert kept.bytes_kept == 0


def test_one_makes_an_answer_and_the_others_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT_SECONDS", 0.01)
    kept = Store(ROOM)
    assert kept.claim("key")
    assert kept.claim("another")
    assert not kept.claim("key")
    kept.release("key")
    assert kept.claim("key")


def test_who_waits_goes_on_once_the_answer_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "WAIT_SECONDS", 60.0)
    kept, answer = Store(ROOM), make(b"page")
    assert kept.claim("key")
    found: list[Answer | None] = []

    def ask() -> None:
        kept.claim("key")
        found.append(kept.find("key", head=1, now=0.0))

    waiting = threading.Thread(target=ask)
    waiting.start()
    kept.keep("key", answer)
    kept.release("key")
    waiting.join(5)
    assert found == [answer]
