"""What waits for somebody in polls that stand alone: to vote in them, to keep their key, or to run them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Text, and_, cast, exists, func, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need, NeedKind
from civicforum.inbox.waiting import HERE, ME, NOW, Part, Parts, like, list_parts, values_of
from civicforum.polls.models import (
    Board,
    KeyCeremony,
    MandateRequest,
    Poll,
    RollEntry,
    RollObjection,
    Trustee,
)
from civicforum.polls.queries.standing import gave_proxy, has_not_voted, is_for, with_ballots
from civicforum.polls.rules import APPRAISAL, PollState, may_run
from civicforum.sealed import Phase

# The home page is no archive: of each kind the most urgent.
MOST = 20
BEFORE = (PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY)
AFTER = (PollState.CLOSED, PollState.COUNTED)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the polls that wait for the actor to vote, keep keys, be a proxy, run them; one statement."""
    return list_parts(session, parts_of(like(actor)), values_of(actor, now))


@lru_cache
def parts_of(actor: Actor) -> Parts:
    """Return all that may wait for such an actor in polls that stand alone."""
    parts = [_to_vote(), *_to_keep()] if actor.assisted_by is None else []
    parts.append(_to_answer())
    if runs := _runs(actor):
        parts += _to_run(or_(*runs))
    return Parts(parts)


def _to_vote() -> Part:
    waiting = (
        with_ballots()
        .where(is_for(ME), has_not_voted())
        .where(~and_(RollEntry.person_id == ME, gave_proxy()))
        .with_only_columns(RollEntry.poll_id)
    )
    rows = (
        select(Poll.id, Poll.title, Poll.closes_at.label("due_at"))
        .where(
            Poll.community_id == HERE,
            Poll.has_pages,
            Poll.state == PollState.OPEN,
            Poll.closes_at > NOW,
            Poll.id.in_(waiting),
        )
        .order_by(Poll.closes_at, Poll.id)
        .limit(MOST)
    )
    return Part(NeedKind.VOTE, "polls.show", "poll_id", rows)


def _to_answer() -> Part:
    """Return the polls in which somebody asks the actor to be their proxy."""
    rows = (
        select(Poll.id, Poll.title, Poll.opens_at.label("due_at"))
        .join(MandateRequest, MandateRequest.poll_id == Poll.id)
        .join(RollEntry, RollEntry.id == MandateRequest.holder_id)
        .where(
            Poll.community_id == HERE,
            Poll.state.in_((PollState.ROLL_POSTED, PollState.READY)),
            RollEntry.person_id == ME,
            MandateRequest.answer.is_(None),
        )
        .distinct()
        .order_by(Poll.opens_at, Poll.id)
        .limit(MOST)
    )
    return Part(NeedKind.BE_PROXY, "polls.proxy", "poll_id", rows)


def _to_keep() -> list[Part]:
    """Return the polls whose key the actor has to make, or whose box to open, with the other trustees."""
    is_being_made = and_(Poll.state == PollState.ROLL_POSTED, KeyCeremony.drilled_at.is_(None))
    is_shut = and_(Poll.state == PollState.CLOSED, Board.phase == Phase.CLOSED)
    kept = (
        select(Poll.id, Poll.title)
        .join(KeyCeremony, KeyCeremony.poll_id == Poll.id)
        .join(Trustee, Trustee.ceremony_id == KeyCeremony.id)
        .outerjoin(Board, Board.poll_id == Poll.id)
        .where(
            Poll.community_id == HERE,
            Trustee.person_id == ME,
            KeyCeremony.complaint == "",
        )
        .order_by(Poll.title, Poll.id)
        .limit(MOST)
    )
    return [
        Part(NeedKind.MAKE_KEY, "polls.trustee", "poll_id", kept.where(is_being_made)),
        Part(NeedKind.OPEN_BOX, "polls.opening_trustee", "poll_id", kept.where(is_shut)),
    ]


def _runs(actor: Actor) -> list[ColumnElement[bool]]:
    """Return which polls the actor runs; nothing for whoever runs none."""
    kinds = [
        (may_run(actor, is_statutory=False), and_(~Poll.is_statutory, Poll.subject_kind != APPRAISAL)),
        (may_run(actor, is_statutory=True), and_(Poll.is_statutory, Poll.subject_kind != APPRAISAL)),
        (may_run(actor, is_statutory=False, kind=APPRAISAL), _of_appraisal()),
    ]
    return [which for runs, which in kinds if runs]


def _of_appraisal() -> ColumnElement[bool]:
    """Tell whether a poll grades, and not the actor; once counted, it stands with the appraisal's result."""
    is_graded = Poll.barred.contains(func.jsonb_build_array(cast(ME, Text)))
    return and_(Poll.subject_kind == APPRAISAL, ~is_graded, Poll.state != PollState.COUNTED)


def _to_run(runs: ColumnElement[bool]) -> list[Part]:
    """Return the polls that should have opened, due when they should, and those that go on or have ended."""
    waiting = (
        select(Poll.id, Poll.title)
        .where(Poll.community_id == HERE, Poll.stands_alone, _waits(), runs)
        .order_by(Poll.opens_at, Poll.id)
        .limit(MOST)
    )
    before = waiting.add_columns(Poll.opens_at.label("due_at")).where(Poll.state.in_(BEFORE))
    return [
        Part(NeedKind.CLEAR_POLL, "polls.manage", "poll_id", before),
        Part(NeedKind.RUN_POLL, "polls.manage", "poll_id", waiting.where(Poll.state.not_in(BEFORE))),
    ]


def _waits() -> ColumnElement[bool]:
    """Tell whether a poll waits for who runs it: it should have opened, or has ended."""
    unruled = exists().where(RollObjection.poll_id == Poll.id, RollObjection.ruled_at.is_(None))
    return or_(
        and_(Poll.state.in_(BEFORE), Poll.opens_at <= NOW),
        and_(Poll.state == PollState.ROLL_POSTED, unruled),
        and_(Poll.state == PollState.OPEN, Poll.closes_at <= NOW),
        Poll.state.in_(AFTER),
    )
