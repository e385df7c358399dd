"""Drafts out for comment: until when, by whom, on which passage, and how they are counted."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.drafts.rules import (
    LONGEST_COMMENT,
    Counts,
    DraftState,
    Handling,
    check_comment,
    check_deliver,
    check_enter,
    check_put_out,
    move,
    passages,
    takes_comments,
)
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed

UNTIL = datetime(2026, 3, 10, 15, 59, 59, 999999, tzinfo=UTC)
TEXT = "第一条 垃圾分类。\n\n第二条 楼道不堆物。\n"


def actor(*roles: Role, assisted_by: uuid.UUID | None = None) -> Actor:
    return Actor(uuid.UUID(int=1), uuid.UUID(int=2), frozenset(roles), assisted_by)


def test_comments_are_taken_until_the_last_instant_of_the_last_day() -> None:
    assert takes_comments(DraftState.OUT, until=UNTIL, now=UNTIL)
    assert not takes_comments(DraftState.OUT, until=UNTIL, now=UNTIL + timedelta(microseconds=1))
    assert not takes_comments(DraftState.WITHDRAWN, until=UNTIL, now=UNTIL - timedelta(days=1))


def test_a_closed_or_withdrawn_draft_does_not_move() -> None:
    assert move(DraftState.OUT, DraftState.CLOSED) is DraftState.CLOSED
    for state in (DraftState.CLOSED, DraftState.WITHDRAWN):
        with pytest.raises(TransitionNotAllowed):
            move(state, DraftState.OUT)


def test_the_committee_puts_out_and_the_clerk_enters() -> None:
    check_put_out(actor(Role.COMMITTEE))
    check_enter(actor(Role.CLERK))
    check_deliver(actor(Role.RESIDENT), is_grid_worker=True)
    for refused in (
        lambda: check_put_out(actor(Role.CLERK)),
        lambda: check_put_out(actor(Role.COMMITTEE, assisted_by=uuid.UUID(int=3))),
        lambda: check_enter(actor(Role.RESIDENT)),
        lambda: check_deliver(actor(Role.RESIDENT), is_grid_worker=False),
    ):
        with pytest.raises(NotEligible):
            refused()


def test_passages_are_lines_with_words() -> None:
    assert passages(TEXT) == ["第一条 垃圾分类。", "第二条 楼道不堆物。"]


def test_a_comment_has_words_not_too_many_and_a_passage_that_exists() -> None:
    assert check_comment(" 好 ", passage=2, of=TEXT) == "好"
    assert check_comment("好" * LONGEST_COMMENT, passage=None, of=TEXT)
    for text, passage in (("", None), ("好" * (LONGEST_COMMENT + 1), None), ("好", 0), ("好", 3)):
        with pytest.raises(Invalid):
            check_comment(text, passage=passage, of=TEXT)


def test_counts_add_up() -> None:
    counts = Counts.of([(Handling.TAKEN, 2), (Handling.NOT_TAKEN, 3), (None, 4)])
    assert (counts.taken, counts.partly, counts.not_taken, counts.waiting, counts.total) == (2, 0, 3, 4, 9)
