"""Dated corrections of a posted roll: somebody is added, struck off, or written otherwise."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound, TransitionNotAllowed
from civicforum.people.models import Group, Household, Person
from civicforum.polls.electorates import BY_RULING, Basis, draw_from_json
from civicforum.polls.models import CredentialLink, Mandate, PaperIssue, Poll, RollCorrection, RollEntry
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import CorrectionKind
from civicforum.polls.rules_roll import CORRECTED_IN, CorrectionFault
from civicforum.polls.services import boards
from civicforum.polls.services.rolls import roll_terms
from civicforum.polls.services.steps import lock_alone, record_poll
from civicforum.rulebook.days import day_of
from civicforum.sealed import Why, void_line


@dataclass(frozen=True)
class Decision:
    """Why a roll is corrected: the reason as it is published, the decision's number, who enters it, when."""

    reason: str
    number: str
    actor: Actor
    now: datetime


def add_to_roll(
    *, poll_id: uuid.UUID, person_id: uuid.UUID, reason: str, decision: str, actor: Actor, now: datetime
) -> uuid.UUID:
    """Add somebody to a posted roll by a decision, and return the entry's id.

    Raises NotFound, NotEligible, TransitionNotAllowed (not posted, or stopped) and Invalid.
    """
    made = Decision(reason, decision, actor, now)
    with transaction() as session:
        poll = lock_for_correction(session, poll_id=poll_id, actor=actor, now=now)
        entry = add(session, poll, person_id, made)
        _record(session, poll, entry, CorrectionKind.ADDED, made)
        return entry.id


def strike_off(
    *, poll_id: uuid.UUID, entry_id: uuid.UUID, reason: str, decision: str, actor: Actor, now: datetime
) -> None:
    """Strike somebody off a posted roll by a decision; their credential is void on the board from now on.

    `Poll.members` stays what was frozen. Raises as `add_to_roll` does.
    """
    made = Decision(reason, decision, actor, now)
    with transaction() as session:
        poll = lock_for_correction(session, poll_id=poll_id, actor=actor, now=now)
        entry = queries.find_entry(session, poll_id=poll.id, entry_id=entry_id)
        strike(session, poll, entry, made)
        _record(session, poll, entry, CorrectionKind.STRUCK_OFF, made)


def lock_for_correction(session: Session, *, poll_id: uuid.UUID, actor: Actor, now: datetime) -> Poll:
    """Return the poll locked, while its roll may still be corrected: posted, and before the stop."""
    poll = lock_alone(session, poll_id=poll_id, actor=actor)
    if poll.state not in CORRECTED_IN or (poll.closes_at is not None and now >= poll.closes_at):
        raise TransitionNotAllowed(poll.state, "correct")
    return poll


def add(session: Session, poll: Poll, person_id: uuid.UUID, made: Decision) -> RollEntry:
    """Write the entry and its correction, for whoever has the poll locked. Raises NotFound, Invalid."""
    # Credentials are made for the frozen roll at once, and the board knows no others.
    if poll.has_board and poll.roll_frozen_at is not None:
        raise Invalid(CorrectionFault.FROZEN, "person")
    person, group_name = _find_person(session, poll, person_id)
    entry = queries.find_entry_of(session, poll_id=poll.id, person_id=person.id)
    _check_person(session, poll, person, entry, made.now)
    if entry is None:
        entry = RollEntry(
            community_id=poll.community_id,
            poll_id=poll.id,
            person_id=person.id,
            position=_next_position(session, poll),
            ground=_ground(session, poll, person.id, now=made.now),
            name=person.name,
            group_name=group_name,
        )
        session.add(entry)
    entry.struck_off_at = None
    session.flush()
    _note(session, poll, entry, CorrectionKind.ADDED, made)
    return entry


def strike(session: Session, poll: Poll, entry: RollEntry, made: Decision) -> None:
    """Strike the entry off, void its credential, and end the proxies it is part of. Raises Invalid."""
    if entry.struck_off_at is not None:
        raise Invalid(CorrectionFault.NOT_ON_ROLL, "entry")
    # A paper in the box cannot be taken out again.
    if session.scalar(select(PaperIssue.id).where(PaperIssue.roll_entry_id == entry.id)) is not None:
        raise Invalid(CorrectionFault.HAS_PAPER, "entry")
    _void_credential(session, poll, entry)
    entry.struck_off_at = made.now
    _end_mandates(session, entry, made)
    _note(session, poll, entry, CorrectionKind.STRUCK_OFF, made)


def rewrite(session: Session, poll: Poll, entry: RollEntry, made: Decision) -> None:
    """Write name and group as the register has them now. Raises Invalid for no change."""
    person, group_name = _find_person(session, poll, entry.person_id)
    if (entry.name, entry.group_name) == (person.name, group_name):
        raise Invalid(CorrectionFault.UNCHANGED)
    entry.name, entry.group_name = person.name, group_name
    _note(session, poll, entry, CorrectionKind.CHANGED, made)


def _note(session: Session, poll: Poll, entry: RollEntry, kind: CorrectionKind, made: Decision) -> None:
    session.add(
        RollCorrection(
            community_id=poll.community_id,
            poll_id=poll.id,
            roll_entry_id=entry.id,
            kind=kind,
            reason=made.reason,
            decision=made.number,
            made_by_id=made.actor.person_id,
            made_at=made.now,
        )
    )


def _record(session: Session, poll: Poll, entry: RollEntry, kind: CorrectionKind, made: Decision) -> None:
    record_poll(
        session,
        poll,
        actor=made.actor,
        action="correct_roll",
        payload={"kind": kind.value, "number": entry.position, "decision": made.number},
        reason=made.reason,
        now=made.now,
    )


def _check_person(
    session: Session, poll: Poll, person: Person, entry: RollEntry | None, now: datetime
) -> None:
    if person.left_on is not None and person.left_on < day_of(now):
        raise Invalid(CorrectionFault.HAS_LEFT, "person")
    if entry is not None and entry.struck_off_at is None:
        raise Invalid(CorrectionFault.ON_ROLL, "person")
    if person.id in poll.barred_ids:
        raise Invalid(CorrectionFault.IS_GRADED, "person")
    if _household_has_one(session, poll, person.household_id):
        raise Invalid(CorrectionFault.HOUSEHOLD_HAS_ONE, "person")


def _void_credential(session: Session, poll: Poll, entry: RollEntry) -> None:
    link = session.get(CredentialLink, entry.id)
    if link is None:
        return
    if boards.phase_of(session, poll.id) is None:
        # No board names it yet. Left where it is, the founding would put it on one.
        session.delete(link)
        return
    public = link.public
    board = boards.lock_board(session, poll.id, [public])
    if board.electorate.standings[public].void is not None:
        raise Invalid(CorrectionFault.HAS_PAPER, "entry")
    line = void_line(public, Why.STRUCK_OFF)
    boards.append_to(session, board, poll=poll, line=line, known=[public], proofs=False)


def _end_mandates(session: Session, entry: RollEntry, made: Decision) -> None:
    """End the proxies given by or to somebody struck off; one that was used was used."""
    mandates = session.scalars(
        select(Mandate)
        .outerjoin(PaperIssue, PaperIssue.roll_entry_id == Mandate.principal_id)
        .where(
            or_(Mandate.principal_id == entry.id, Mandate.holder_id == entry.id),
            Mandate.withdrawn_at.is_(None),
            PaperIssue.id.is_(None),
        )
    )
    for mandate in mandates:
        mandate.withdrawn_at, mandate.withdrawal = made.now, made.reason[:200]


def _find_person(session: Session, poll: Poll, person_id: uuid.UUID) -> tuple[Person, str]:
    found = session.execute(
        select(Person, Group.name)
        .join(Household, Household.id == Person.household_id)
        .join(Group, Group.id == Household.group_id)
        .where(Person.id == person_id, Person.community_id == poll.community_id)
    ).one_or_none()
    if found is None:
        raise NotFound(person_id)
    return found[0], found[1]


def _household_has_one(session: Session, poll: Poll, household_id: uuid.UUID) -> bool:
    """Tell whether the household's one vote is taken, where households elect (art 14)."""
    if not poll.draw or draw_from_json(poll.draw).basis is not Basis.HOUSEHOLDS:
        return False
    other = (
        select(RollEntry.id)
        .join(Person, Person.id == RollEntry.person_id)
        .where(
            RollEntry.poll_id == poll.id,
            RollEntry.struck_off_at.is_(None),
            Person.household_id == household_id,
        )
    )
    return session.scalar(other.limit(1)) is not None


def _next_position(session: Session, poll: Poll) -> int:
    last = session.scalar(select(func.max(RollEntry.position)).where(RollEntry.poll_id == poll.id))
    return (last or 0) + 1


def _ground(session: Session, poll: Poll, person_id: uuid.UUID, *, now: datetime) -> str:
    """Return the ground by the poll's own draw, or that somebody was ruled to be entitled."""
    if not poll.draw or poll.opens_at is None:
        return BY_RULING
    draw, terms = draw_from_json(poll.draw), roll_terms(poll, now=now)
    return queries.draw_one(session, person_id=person_id, draw=draw, terms=terms) or BY_RULING
