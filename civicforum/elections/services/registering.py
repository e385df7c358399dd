"""Registering who takes part: by themselves, at the counter, by an officer (城市居民委员会组织法 art 16)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.elections import registers
from civicforum.elections.law import require
from civicforum.elections.models import Election, Registration
from civicforum.elections.queries import doors
from civicforum.elections.queries import registrations as queries
from civicforum.elections.registers import RegisterFault
from civicforum.elections.rules import RegistrationState, Stage, Way, may_preside
from civicforum.elections.services.steps import (
    lock_election,
    lock_to_take_part,
    record_election,
    rules_of,
)
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.people.queries import get_person
from civicforum.people.rules import CapacityKind
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import add_months, day_of

_S = RegistrationState


@dataclass(frozen=True)
class Said:
    """What somebody states: on what ground they take part, and where else they might have.

    Attributes:
        hukou_place: where the hukou is, if not here.
        is_declared: not registered anywhere else.
        employed_since: of a community worker, since when.
    """

    ground: CapacityKind
    hukou_place: str = ""
    is_declared: bool = False
    employed_since: date | None = None


def register(*, election_id: uuid.UUID, said: Said, actor: Actor, now: datetime) -> RegistrationState:
    """State for oneself, alone or with a clerk's help, that one takes part; return what became of it.

    Raises NotFound, TransitionNotAllowed (not the time), AlreadyDone, Invalid (a RegisterFault) and
    RuleRefused (too young, no declaration, too short an employment, somebody of the household registered).
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        row = _take(session, election, actor.person_id, said, now)
        if row.state is _S.REFUSED:
            raise AlreadyDone(actor.person_id)
        row.entered_by_id = actor.assisted_by
        _write(session, election, row, said, now)
        _record(session, election, row, actor=actor, action="register", now=now)
        return row.state


def enter_registration(
    *, election_id: uuid.UUID, person_id: uuid.UUID, said: Said, actor: Actor, now: datetime
) -> RegistrationState:
    """Enter what somebody stated on paper or at the door; an officer may enter again what was refused.

    Raises as `register` does, and NotEligible.
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        row = _take(session, election, person_id, said, now)
        row.entered_by_id = actor.person_id
        _write(session, election, row, said, now)
        _record(session, election, row, actor=actor, action="enter_registration", now=now)
        return row.state


def enter_from_doors(
    *, election_id: uuid.UUID, people: Sequence[uuid.UUID], actor: Actor, now: datetime
) -> int:
    """Register those who said so at their door and whom the register gives a ground; return how many.

    Who stated it already meanwhile is passed over. The list that was signed carries the declaration.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (nobody ticked), RuleRefused (two of one
    household, where one of each elects).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        _check_stage(election)
        if not people:
            raise Invalid(RegisterFault.NOBODY_TICKED, "people")
        found = _at_the_doors(session, election, people, now)
        _check_households(session, election, found)
        rows = queries.registrations_of(
            session, election_id=election.id, people=[person.id for person in found]
        )
        for person in found:
            row = rows.get(person.id) or _new_row(election, person.id)
            row.entered_by_id = actor.person_id
            ground = doors.grounds_of(person, day_of(now))[0]
            _write(session, election, row, Said(ground, is_declared=True), now)
        payload = {"people": len(found)}
        record_election(session, election, actor=actor, action="enter_from_doors", payload=payload, now=now)
        return len(found)


def decide_registration(
    *,
    election_id: uuid.UUID,
    registration_id: uuid.UUID,
    is_confirmed: bool,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Confirm or refuse an application (art 16); a refusal gives its reason.

    Raises NotFound, NotEligible, TransitionNotAllowed (not the time), AlreadyDone (decided already).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        _check_stage(election)
        row = queries.get_registration(session, registration_id=registration_id, election_id=election.id)
        if row.state is not _S.APPLIED:
            raise AlreadyDone(registration_id)
        row.state = _S.REGISTERED if is_confirmed else _S.REFUSED
        row.decision, row.decided_at, row.decided_by_id = reason, now, actor.person_id
        _record(session, election, row, actor=actor, action="decide_registration", now=now)


def withdraw_registration(
    *, election_id: uuid.UUID, registration_id: uuid.UUID, reason: str, actor: Actor, now: datetime
) -> None:
    """Take a statement back: the person, or an officer with the reason.

    Raises NotFound, NotEligible, TransitionNotAllowed (the roll is made), AlreadyDone.
    """
    with transaction() as session:
        election = lock_to_take_part(session, election_id=election_id, actor=actor)
        _check_stage(election)
        row = queries.get_registration(session, registration_id=registration_id, election_id=election.id)
        if row.person_id != actor.person_id and not may_preside(actor):
            raise NotEligible(actor.person_id)
        if row.state not in queries.STANDING:
            raise AlreadyDone(registration_id)
        row.state, row.decision = _S.WITHDRAWN, reason
        row.decided_at, row.decided_by_id = now, actor.assisted_by or actor.person_id
        _record(session, election, row, actor=actor, action="withdraw_registration", now=now)


def polling_day(election: Election) -> date:
    """Return election day, on which age and employment are counted."""
    return day_of(election.opens_at)


def born_by(book: Rulebook, election: Election, *, today: date) -> date:
    """Return the last day of birth of those who are old enough to vote in this election."""
    counted_on = polling_day(election) if book.switch("roll.age_on_election_day").on else today
    years = book.count("roll.voting_age").least or 0
    return add_months(counted_on, -12 * years)


def _take(
    session: Session, election: Election, person_id: uuid.UUID, said: Said, now: datetime
) -> Registration:
    """Return the row on which the statement is written, once nothing stands against it."""
    _check_stage(election)
    person = get_person(session, person_id=person_id, community_id=election.community_id)
    if person.left_on is not None and person.left_on < polling_day(election):
        raise Invalid(RegisterFault.HAS_LEFT, "person")
    if election.group_id not in (None, person.household.group_id):
        raise Invalid(RegisterFault.OTHER_UNIT, "person")
    row = queries.find_registration(session, election_id=election.id, person_id=person.id)
    if row is not None and row.state in queries.STANDING:
        raise AlreadyDone(person_id)
    _check_said(election, person, said, now)
    _check_household(session, election, person)
    return row or _new_row(election, person.id)


def _check_stage(election: Election) -> None:
    if election.way is Way.REPRESENTATIVES:
        raise Invalid(RegisterFault.BY_REPRESENTATIVES)
    if election.stage is not Stage.REGISTRATION:
        raise TransitionNotAllowed(election.stage, Stage.REGISTRATION)


def _check_said(election: Election, person: Person, said: Said, now: datetime) -> None:
    if said.ground is CapacityKind.USUAL_RESIDENCE and not said.hukou_place:
        raise Invalid(RegisterFault.NO_HUKOU_PLACE, "hukou_place")
    statement = registers.Statement(
        born_on=person.born_on,
        ground=said.ground,
        is_declared=said.is_declared,
        employed_since=said.employed_since,
    )
    require(
        *registers.judge_statement(
            rules_of(election), statement, polling_day=polling_day(election), today=day_of(now)
        )
    )


def _check_household(session: Session, election: Election, person: Person) -> None:
    """Refuse a second one of a household, where one of each elects (art 14)."""
    other = queries.find_of_household(
        session, election_id=election.id, household_id=person.household_id, but=person.id
    )
    verdict = registers.judge_household(rules_of(election), election.way, 2 if other else 1)
    if verdict is not None:
        require(verdict)


def _new_row(election: Election, person_id: uuid.UUID) -> Registration:
    return Registration(community_id=election.community_id, election_id=election.id, person_id=person_id)


def _write(session: Session, election: Election, row: Registration, said: Said, now: datetime) -> None:
    row.ground, row.state = said.ground, registers.state_of(said.ground)
    row.hukou_place = "" if said.ground is CapacityKind.HUKOU else said.hukou_place
    row.declared = said.is_declared
    row.employed_since = said.employed_since if said.ground is CapacityKind.COMMUNITY_WORKER else None
    row.decision, row.decided_at, row.decided_by_id = "", None, None
    row.for_household = election.way is Way.HOUSEHOLDS
    row.filed_at = now
    session.add(row)


def _record(
    session: Session, election: Election, row: Registration, *, actor: Actor, action: str, now: datetime
) -> None:
    # The roll is what is public; who stated what, when, and why somebody was refused, is for the officers.
    record_election(
        session,
        election,
        actor=actor,
        action=action,
        payload={"person": str(row.person_id), "ground": row.ground.value, "state": row.state.value},
        reason=row.decision,
        now=now,
        is_public=False,
    )


def _at_the_doors(
    session: Session, election: Election, people: Sequence[uuid.UUID], now: datetime
) -> list[Person]:
    book, today = rules_of(election), day_of(now)
    return doors.find_at_the_doors(
        session,
        election=election,
        people=people,
        born_by=born_by(book, election, today=today),
        today=today,
        election_day=polling_day(election),
    )


def _check_households(session: Session, election: Election, people: Sequence[Person]) -> None:
    if election.way is not Way.HOUSEHOLDS:
        return
    counted = Counter(person.household_id for person in people)
    taken = queries.households_with_one(session, election_id=election.id, households=counted)
    most = max((count + (one in taken) for one, count in counted.items()), default=1)
    verdict = registers.judge_household(rules_of(election), election.way, most)
    if verdict is not None:
        require(verdict)
