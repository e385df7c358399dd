"""What waits for somebody in polls that stand alone: to vote in them, to keep their key, or to run them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import Need, NeedKind
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
    """Return the polls that wait for the actor to vote, keep keys, be a proxy, run them; four statements."""
    needs = [*_to_vote(session, actor, now), *_to_keep(session, actor)] if actor.assisted_by is None else []
    needs += _to_answer(session, actor)
    if runs := _runs(actor):
        needs += _to_run(session, actor, or_(*runs), now)
    return needs


def _to_vote(session: Session, actor: Actor, now: datetime) -> list[Need]:
    waiting = (
        with_ballots()
        .where(is_for(actor.person_id), has_not_voted())
        .where(~and_(RollEntry.person_id == actor.person_id, gave_proxy()))
        .with_only_columns(RollEntry.poll_id)
    )
    polls = session.execute(
        select(Poll.id, Poll.title, Poll.closes_at)
        .where(
            Poll.community_id == actor.community_id,
            Poll.has_pages,
            Poll.state == PollState.OPEN,
            Poll.closes_at > now,
            Poll.id.in_(waiting),
        )
        .order_by(Poll.closes_at, Poll.id)
        .limit(MOST)
    ).all()
    return [
        Need(NeedKind.VOTE, poll.title, "polls.show", {"poll_id": poll.id}, due_at=poll.closes_at)
        for poll in polls
    ]


def _to_answer(session: Session, actor: Actor) -> list[Need]:
    """Return the polls in which somebody asks the actor to be their proxy."""
    rows = session.execute(
        select(Poll.id, Poll.title, Poll.opens_at)
        .join(MandateRequest, MandateRequest.poll_id == Poll.id)
        .join(RollEntry, RollEntry.id == MandateRequest.holder_id)
        .where(
            Poll.community_id == actor.community_id,
            Poll.state.in_((PollState.ROLL_POSTED, PollState.READY)),
            RollEntry.person_id == actor.person_id,
            MandateRequest.answer.is_(None),
        )
        .distinct()
        .order_by(Poll.opens_at, Poll.id)
        .limit(MOST)
    )
    return [
        Need(NeedKind.BE_PROXY, row.title, "polls.proxy", {"poll_id": row.id}, due_at=row.opens_at)
        for row in rows
    ]


def _to_keep(session: Session, actor: Actor) -> list[Need]:
    """Return the polls whose key the actor has to make, or whose box to open, with the other trustees."""
    is_being_made = and_(Poll.state == PollState.ROLL_POSTED, KeyCeremony.drilled_at.is_(None))
    is_shut = and_(Poll.state == PollState.CLOSED, Board.phase == Phase.CLOSED)
    rows = session.execute(
        select(Poll.id, Poll.title, Poll.state)
        .join(KeyCeremony, KeyCeremony.poll_id == Poll.id)
        .join(Trustee, Trustee.ceremony_id == KeyCeremony.id)
        .outerjoin(Board, Board.poll_id == Poll.id)
        .where(
            Poll.community_id == actor.community_id,
            Trustee.person_id == actor.person_id,
            KeyCeremony.complaint == "",
            or_(is_being_made, is_shut),
        )
        .order_by(Poll.title, Poll.id)
        .limit(MOST)
    )
    return [
        Need(NeedKind.OPEN_BOX, row.title, "polls.opening_trustee", {"poll_id": row.id})
        if row.state is PollState.CLOSED
        else Need(NeedKind.MAKE_KEY, row.title, "polls.trustee", {"poll_id": row.id})
        for row in rows
    ]


def _runs(actor: Actor) -> list[ColumnElement[bool]]:
    """Return which polls the actor runs; nothing for whoever runs none."""
    kinds = [
        (may_run(actor, is_statutory=False), and_(~Poll.is_statutory, Poll.subject_kind != APPRAISAL)),
        (may_run(actor, is_statutory=True), and_(Poll.is_statutory, Poll.subject_kind != APPRAISAL)),
        (may_run(actor, is_statutory=False, kind=APPRAISAL), _of_appraisal(actor)),
    ]
    return [which for runs, which in kinds if runs]


def _of_appraisal(actor: Actor) -> ColumnElement[bool]:
    """Tell whether a poll grades, and not the actor; once counted, it stands with the appraisal's result."""
    is_graded = Poll.barred.contains([str(actor.person_id)])
    return and_(Poll.subject_kind == APPRAISAL, ~is_graded, Poll.state != PollState.COUNTED)


def _to_run(session: Session, actor: Actor, runs: ColumnElement[bool], now: datetime) -> list[Need]:
    waiting = select(Poll).where(
        Poll.community_id == actor.community_id, Poll.stands_alone, _waits(now), runs
    )
    return [_need(poll) for poll in session.scalars(waiting.order_by(Poll.opens_at, Poll.id).limit(MOST))]


def _waits(now: datetime) -> ColumnElement[bool]:
    """Tell whether a poll waits for who runs it: it should have opened, or has ended."""
    unruled = exists().where(RollObjection.poll_id == Poll.id, RollObjection.ruled_at.is_(None))
    return or_(
        and_(Poll.state.in_(BEFORE), Poll.opens_at <= now),
        and_(Poll.state == PollState.ROLL_POSTED, unruled),
        and_(Poll.state == PollState.OPEN, Poll.closes_at <= now),
        Poll.state.in_(AFTER),
    )


def _need(poll: Poll) -> Need:
    where = {"poll_id": poll.id}
    if poll.state in BEFORE:
        return Need(NeedKind.CLEAR_POLL, poll.title, "polls.manage", where, due_at=poll.opens_at)
    return Need(NeedKind.RUN_POLL, poll.title, "polls.manage", where)
