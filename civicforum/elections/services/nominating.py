"""Nominating candidates: by the party organisation, or by voters jointly (城市居民委员会组织法 art 18)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections import nominations as law
from civicforum.elections.law import require
from civicforum.elections.models import Candidate, Election, Nomination
from civicforum.elections.nominations import CHOSE_OTHER_POST, NominationFault
from civicforum.elections.queries import nominations as queries
from civicforum.elections.registers import judge_age
from civicforum.elections.rules import (
    CandidateState,
    NominationRoute,
    NominationState,
    Stage,
    may_preside,
)
from civicforum.elections.services import committee, signatures
from civicforum.elections.services.registering import polling_day
from civicforum.elections.services.steps import (
    lock_election,
    lock_to_take_part,
    record_election,
    rules_of,
)
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.queries import get_person
from civicforum.rulebook.days import day_of

_S = NominationState


@dataclass(frozen=True)
class PutForward:
    """Who is put forward for which seat, and why, in the words of those who do it."""

    seat_id: uuid.UUID | None
    person_id: uuid.UUID | None
    reason: str = ""


def nominate(*, election_id: uuid.UUID, who: PutForward, actor: Actor, now: datetime) -> uuid.UUID:
    """Start a joint nomination as a voter, and sign it first; return its id.

    Raises NotFound, TransitionNotAllowed (not the time), Invalid (a NominationFault), RuleRefused (oneself,
    more people than seats, too young).
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        row = _file(session, election, who, NominationRoute.JOINT, now)
        row.filed_by_id, row.entered_by_id = actor.person_id, actor.assisted_by
        signatures.check_signer(session, election, row, actor.person_id, now)
        session.add(row)
        session.flush()
        signatures.sign(session, row, actor.person_id, actor.assisted_by, now)
        _record(session, election, row, actor=actor, action="nominate", now=now)
        return row.id


def sign_nomination(*, election_id: uuid.UUID, nomination_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Sign a joint nomination as a voter, once.

    Raises NotFound, TransitionNotAllowed (not the time, or decided), AlreadyDone, Invalid (not on the roll),
    RuleRefused (oneself, more people than seats).
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        row = _open_nomination(session, election, nomination_id)
        if row.route is not NominationRoute.JOINT:
            raise TransitionNotAllowed(row.route, "sign")
        signatures.check_signer(session, election, row, actor.person_id, now)
        if actor.person_id in signatures.signed_by(session, row):
            raise AlreadyDone(actor.person_id)
        signatures.sign(session, row, actor.person_id, actor.assisted_by, now)
        _settle(session, election, row, actor=actor, now=now)
        _record(session, election, row, actor=actor, action="sign_nomination", now=now, is_public=False)


def enter_party_nomination(
    *, election_id: uuid.UUID, who: PutForward, actor: Actor, now: datetime
) -> uuid.UUID:
    """Enter whom the community party organisation nominated, with its paper; return the id.

    Raises as `nominate` does, and NotEligible.
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        verdict = law.judge_route(rules_of(election), NominationRoute.PARTY)
        if verdict is not None:
            require(verdict)
        row = _file(session, election, who, NominationRoute.PARTY, now)
        row.entered_by_id = actor.person_id
        session.add(row)
        session.flush()
        _record(session, election, row, actor=actor, action="enter_nomination", now=now)
        return row.id


def enter_joint_nomination(
    *, election_id: uuid.UUID, who: PutForward, lines: Sequence[str], actor: Actor, now: datetime
) -> uuid.UUID:
    """Enter a joint nomination that was handed in on paper; the first of its signers speaks for them.

    Args:
        lines: who signed, a register number or a name each; all of them count, or nothing is written.

    Raises as `nominate` does, NotEligible, and SignaturesRefused.
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        row = _file(session, election, who, NominationRoute.JOINT, now)
        signers = signatures.signers_on_paper(session, election, row, lines, now)
        row.filed_by_id, row.entered_by_id = signers[0], actor.person_id
        session.add(row)
        session.flush()
        for person_id in signers:
            signatures.sign(session, row, person_id, actor.person_id, now)
        _record(session, election, row, actor=actor, action="enter_nomination", now=now)
        return row.id


def enter_signatures(
    *, election_id: uuid.UUID, nomination_id: uuid.UUID, lines: Sequence[str], actor: Actor, now: datetime
) -> int:
    """Enter signatures from paper under a nomination that is open; return how many.

    Raises NotFound, NotEligible, TransitionNotAllowed, SignaturesRefused.
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        row = _open_nomination(session, election, nomination_id)
        if row.route is not NominationRoute.JOINT:
            raise TransitionNotAllowed(row.route, "sign")
        signers = signatures.signers_on_paper(session, election, row, lines, now)
        for person_id in signers:
            signatures.sign(session, row, person_id, actor.person_id, now)
        _settle(session, election, row, actor=actor, now=now)
        _record(session, election, row, actor=actor, action="enter_signatures", now=now)
        return len(signers)


def consent(*, election_id: uuid.UUID, nomination_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Agree to stand for this seat, and for no other: nominations for other seats end by it.

    The nominee does it on screen, or an officer enters what the nominee wrote. A member of the election
    committee who stands, or whose near relative does, leaves it (art 15).

    Raises NotFound, NotEligible, TransitionNotAllowed (not the time, or decided), AlreadyDone, RuleRefused
    (stands for another post already).
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        row = _open_nomination(session, election, nomination_id)
        if row.person_id != actor.person_id and not may_preside(actor):
            raise NotEligible(actor.person_id)
        if row.consented_at is not None:
            raise AlreadyDone(nomination_id)
        _check_one_post(session, election, row)
        _choose(session, election, row, now)
        _settle(session, election, row, actor=actor, now=now)
        _record(session, election, row, actor=actor, action="consent", now=now)


def withdraw_nomination(
    *, election_id: uuid.UUID, nomination_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Decline as the nominee, or take a joint nomination back as the voter who speaks for its signers.

    Raises NotFound, NotEligible, TransitionNotAllowed (not the time, or decided already).
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        row = _open_nomination(session, election, nomination_id)
        if actor.person_id not in (row.person_id, row.filed_by_id) and not may_preside(actor):
            raise NotEligible(actor.person_id)
        row.state, row.decision, row.decided_at = _S.WITHDRAWN, reason, now
        _record(session, election, row, actor=actor, action="withdraw_nomination", now=now)


def _file(
    session: Session, election: Election, who: PutForward, route: NominationRoute, now: datetime
) -> Nomination:
    """Return a nomination, not added yet, once nothing stands against it."""
    _check_stage(election)
    if who.seat_id is None:
        raise Invalid(NominationFault.NO_SEAT, "seat")
    if who.person_id is None:
        raise Invalid(NominationFault.NO_PERSON, "person")
    seat = queries.get_seat(election, who.seat_id)
    _check_nominee(session, election, who.person_id, now)
    live = queries.list_live_of(session, election_id=election.id, person_id=who.person_id)
    if any(one.seat_id == seat.id and one.route is route for one in live):
        raise Invalid(NominationFault.NOMINATED_ALREADY, "person")
    return Nomination(
        id=uuid.uuid4(),
        community_id=election.community_id,
        election_id=election.id,
        seat_id=seat.id,
        person_id=who.person_id,
        route=route,
        reason=who.reason,
        state=_S.FILED,
        filed_at=now,
    )


def _check_stage(election: Election) -> None:
    if election.stage is not Stage.NOMINATION:
        raise TransitionNotAllowed(election.stage, Stage.NOMINATION)


def _check_nominee(session: Session, election: Election, person_id: uuid.UUID, now: datetime) -> None:
    person = get_person(session, person_id=person_id, community_id=election.community_id)
    day = polling_day(election)
    if person.left_on is not None and person.left_on < day:
        raise Invalid(NominationFault.HAS_LEFT, "person")
    if election.group_id not in (None, person.household.group_id):
        raise Invalid(NominationFault.OTHER_UNIT, "person")
    require(judge_age(rules_of(election), person.born_on, polling_day=day, today=day_of(now)))


def _open_nomination(session: Session, election: Election, nomination_id: uuid.UUID) -> Nomination:
    _check_stage(election)
    row = queries.get_nomination(session, nomination_id=nomination_id, election_id=election.id)
    if row.state is not _S.FILED:
        raise TransitionNotAllowed(row.state, "change")
    return row


def _check_one_post(session: Session, election: Election, row: Nomination) -> None:
    """Refuse a second post for who stands for one already: that candidacy is withdrawn first."""
    standing = session.scalar(
        select(Candidate.seat_id).where(
            Candidate.election_id == election.id,
            Candidate.person_id == row.person_id,
            Candidate.state.in_((CandidateState.PRELIMINARY, CandidateState.FORMAL)),
        )
    )
    if standing not in (None, row.seat_id):
        require(law.judge_one_post(rules_of(election), 2))


def _choose(session: Session, election: Election, row: Nomination, now: datetime) -> None:
    """Write the consent on every nomination for this seat, and end those for others."""
    for one in queries.list_live_of(session, election_id=election.id, person_id=row.person_id):
        if one.seat_id == row.seat_id:
            one.consented_at = one.consented_at or now
        elif one.state is _S.FILED:
            one.state, one.decision, one.decided_at = _S.WITHDRAWN, CHOSE_OTHER_POST, now


def _settle(session: Session, election: Election, row: Nomination, *, actor: Actor, now: datetime) -> None:
    """Let members of the election committee leave, once a nomination is complete and the nominee agreed.

    Not before: nobody is moved off the committee by a paper without signatures, or against their will.
    """
    session.flush()
    if row.consented_at is not None and signatures.is_complete(session, election, row, now):
        committee.leave_if_nominated(session, election, row.person_id, actor, now)


def _record(
    session: Session,
    election: Election,
    row: Nomination,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    is_public: bool = True,
) -> None:
    seat = queries.get_seat(election, row.seat_id)
    payload = {
        "nomination": str(row.id),
        "seat": seat.title,
        "route": row.route.value,
        "state": row.state.value,
    }
    record_election(
        session,
        election,
        actor=actor,
        action=action,
        payload=payload,
        reason=row.decision,
        now=now,
        is_public=is_public,
    )
