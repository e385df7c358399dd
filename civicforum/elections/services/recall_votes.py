"""Voting on a recall that enough have signed, and what follows from the vote (组织法 art 20).

Whoever changes a recall locks it first, then its poll, then the register, then the term.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections import recalls as law
from civicforum.elections.law import require
from civicforum.elections.models import Recall
from civicforum.elections.queries import recalls as queries
from civicforum.elections.recalls import LIVE, RecallState
from civicforum.elections.services.held_posts import end_post
from civicforum.elections.services.recall_steps import check_presides, lock_recall, record_recall, rules_of
from civicforum.errors import Invalid, TransitionNotAllowed
from civicforum.polls.models import Poll
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import RECALL, PollState, Preset
from civicforum.polls.services import for_elections
from civicforum.polls.services.rolls import drawn_for, post_locked, write_roll
from civicforum.polls.services.states import void_locked
from civicforum.polls.services.steps import lock_poll, lock_to_run
from civicforum.polls.terms import Subject, Terms, first_terms
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of

LONGEST_HEARING = 200
# Why the term ends, as the record of the body names it.
RECALLED = "经表决被罢免"
BEFORE_OPENING = (PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY)


def put_to_vote(
    *,
    recall_id: uuid.UUID,
    opens_at: datetime,
    closes_at: datetime,
    hearing: str,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Put a complete demand to the vote of those who elect the post, and post the roll; return the poll's id.

    A vote that became void is put again in the same way.

    Args:
        hearing: how the member could defend themselves, where they wrote nothing here.

    Raises NotFound, NotEligible, TransitionNotAllowed (not complete, or a vote is held), Invalid ("past",
    "order", "hearing", "nobody"), RuleRefused (no defence, too late, the roll posted too late).
    """
    with transaction() as session:
        row = lock_recall(session, recall_id, actor)
        check_presides(actor, row)
        before = lock_to_run(session, poll_id=row.poll_id, actor=actor) if row.poll_id else None
        if before is not None and before.state is not PollState.VOID:
            raise TransitionNotAllowed(before.state, "put_to_vote")
        state, heard = law.move(row.state, RecallState.VOTING), _line(hearing, "hearing")
        book = rules_of(row)
        require(law.judge_defence(book, was_heard=bool(row.defence or heard)))
        _check_times(row, book, opens_at, closes_at, now)
        poll = _make_poll(session, row, book, hours=(opens_at, closes_at), actor=actor, now=now)
        entries = _post_roll(session, row, poll, book, now=now)
        row.state, row.hearing, row.poll_id = state, heard, poll.id
        payload = {"poll": str(poll.id), "entries": entries, "opens_at": opens_at.isoformat()}
        record_recall(session, row, actor=actor, action="put_to_vote", payload=payload, now=now)
        return poll.id


def decide_recall(*, recall_id: uuid.UUID, actor: Actor, now: datetime) -> RecallState:
    """Take over what the certified vote decided; a recall that is carried ends the term on the day of voting.

    Raises NotFound, NotEligible, TransitionNotAllowed (no certified vote, or taken over before).
    """
    with transaction() as session:
        row = lock_recall(session, recall_id, actor)
        check_presides(actor, row)
        if row.poll_id is None or row.state is not RecallState.VOTING:
            raise TransitionNotAllowed(row.state, "decide")
        poll = lock_to_run(session, poll_id=row.poll_id, actor=actor)
        if poll.state is not PollState.CERTIFIED or poll.result is None:
            raise TransitionNotAllowed(poll.state, "decide")
        is_carried = bool(poll.result.is_adopted)
        row.state = law.move(row.state, RecallState.CARRIED if is_carried else RecallState.FAILED)
        row.decided_at = now
        if is_carried:
            _recalled(session, row, poll, now=now)
        record_recall(session, row, actor=actor, action="decide", payload={"state": row.state.value}, now=now)
        return row.state


# Steps that the other ends of a post share. They take the session and commit nothing.


def lock_live_of(session: Session, term_id: uuid.UUID) -> Recall | None:
    """Return the demand under way against the holder of a post, locked."""
    return session.scalars(
        select(Recall)
        .where(Recall.term_id == term_id, Recall.state.in_(LIVE))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def end_without_vote(
    session: Session, row: Recall, *, resigned_at: datetime | None, reason: str, actor: Actor, now: datetime
) -> None:
    """End a recall whose post ended before the vote; one whose vote has opened is decided by it.

    Args:
        row: as `lock_live_of` returns it.
        resigned_at: when an assembly passed the resignation; None where the post ended by itself.
    """
    poll = lock_poll(session, poll_id=row.poll_id, community_id=row.community_id) if row.poll_id else None
    if poll is not None and poll.opened_at is not None and poll.state is not PollState.VOID:
        return
    polling_at = poll.opens_at if poll is not None and poll.opens_at is not None else now
    before = min(resigned_at, now) if resigned_at else None
    is_ended = resigned_at is None or poll is None or law.ends_recall(rules_of(row), before, polling_at)
    if not is_ended:
        return
    if poll is not None and poll.state in BEFORE_OPENING:
        void_locked(session, poll, ground=reason, actor=actor, now=now)
    row.state, row.decided_at, row.decision = law.move(row.state, RecallState.ENDED), now, reason
    record_recall(session, row, actor=actor, action="end", reason=reason, now=now)


def _line(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_HEARING:
        raise Invalid(field, field)
    return text


def _check_times(row: Recall, book: Rulebook, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    if opens_at <= now:
        raise Invalid("past", "opens_at")
    if closes_at <= opens_at:
        raise Invalid("order", "closes_at")
    assert row.complete_at is not None  # noqa: S101
    # Once the time is over, as soon as possible is what is left.
    if law.judge_vote_day(book, row.complete_at, now).holds:
        require(law.judge_vote_day(book, row.complete_at, closes_at))


def _make_poll(
    session: Session,
    row: Recall,
    book: Rulebook,
    *,
    hours: tuple[datetime, datetime],
    actor: Actor,
    now: datetime,
) -> Poll:
    """Add the poll: one motion, in the way in which the member was elected."""
    subject, terms = _terms(row, book, hours)
    poll = for_elections.make_poll(
        session,
        community_id=row.community_id,
        election_id=row.id,
        kind=RECALL,
        subject=subject,
        terms=terms,
        book=book,
        created_by_id=actor.person_id,
        now=now,
    )
    motion = QuestionSpec(QuestionKind.MOTION, row.title, majority_rule=law.MAJORITY)
    for_elections.set_paper(session, poll, [motion])
    return poll


def _terms(row: Recall, book: Rulebook, hours: tuple[datetime, datetime]) -> tuple[Subject, Terms]:
    preset = Preset.SEALED if book.switch("election.online").on else Preset.POLL
    terms = replace(
        first_terms(book, preset=preset, is_statutory=True),
        by_paper=True,
        quorum_rule=law.VALIDITY[row.way],
        opens_at=hours[0],
        closes_at=hours[1],
    )
    question = f"要求罢免的理由：\n{row.reasons}\n\n被要求罢免成员的申辩意见，见本次罢免的页面。"
    return Subject(title=row.title, question=question, preset=preset, is_statutory=True), terms


def _post_roll(session: Session, row: Recall, poll: Poll, book: Rulebook, *, now: datetime) -> int:
    assert poll.opens_at is not None  # noqa: S101
    draw = queries.draw_of(session, row, book, opens_at=poll.opens_at, now=now)
    drawn = drawn_for(session, poll, draw, now=now)
    if not drawn:
        raise Invalid("nobody")
    write_roll(session, poll, draw, drawn)
    return post_locked(session, poll, now=now)


def _recalled(session: Session, row: Recall, poll: Poll, *, now: datetime) -> None:
    assert poll.closed_at is not None  # noqa: S101
    end_post(session, row.term, on=day_of(poll.closed_at), reason=RECALLED, now=now)
