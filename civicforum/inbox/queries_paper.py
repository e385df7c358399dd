"""Reads of letters on paper: whom no channel reaches, runs, and their files."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum.accounts.models import Account, OneTimeCode, SignInSession
from civicforum.accounts.rules import GUARDED_ROLES
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import role_of_post
from civicforum.errors import NotFound
from civicforum.inbox.models import Contact, Letter, LetterPart, LetterRun
from civicforum.inbox.rules_paper import RUNNING, SEEN_WITHIN, RunState
from civicforum.paging import Page, paginate
from civicforum.people.models import Grid, Household, Person
from civicforum.people.rules import latest_birth_of_adult
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of

LATEST = 10


@dataclass(frozen=True)
class Preview:
    """Whom a run would address.

    `households` are those where somebody lives, `unreached` those no channel reaches, `by_grid` how many of
    them get a letter, `replaced` how many have a letter whose code still counts.
    """

    households: int
    unreached: int
    by_grid: list[tuple[str, int]]
    replaced: int
    page: Page[Person]

    @property
    def letters(self) -> int:
        return self.page.total

    @property
    def without_addressee(self) -> int:
        return self.unreached - self.letters


def preview(session: Session, *, community_id: uuid.UUID, now: datetime, number: int) -> Preview:
    """Return whom a run made now would address, without making anything."""
    first = _first_adults(session, community_id=community_id, now=now).subquery()
    by_grid = session.execute(
        select(Grid.name, func.count())
        .select_from(first)
        .join(Household, first.c.household_id == Household.id)
        .join(Grid, Household.grid_id == Grid.id)
        .group_by(Grid.id)
        .order_by(Grid.code)
    ).all()
    letters = sum(count for _name, count in by_grid)
    return Preview(
        _count(session, _lived_in(community_id)),
        _count(session, _unreached(community_id, now)),
        [(name, count) for name, count in by_grid],
        session.scalar(
            select(func.count(func.distinct(Letter.person_id)))
            .join(OneTimeCode, Letter.code_id == OneTimeCode.id)
            .where(
                Letter.person_id.in_(select(first.c.id)),
                OneTimeCode.used_at.is_(None),
                OneTimeCode.expires_at > now,
            )
        )
        or 0,
        paginate(
            session,
            addressees(session, community_id=community_id, now=now),
            number=number,
            counted=select(literal(letters)),
        ),
    )


def addressees(session: Session, *, community_id: uuid.UUID, now: datetime) -> Select[Person]:
    """Select one adult of each household that no channel reaches, with household and grid, grid by grid.

    It is the first in the register whose account is not closed and who holds no post with powers: codes for
    those are handed over by an administrator, in person.
    """
    first = _first_adults(session, community_id=community_id, now=now).subquery()
    return (
        select(Person)
        .join(first, first.c.id == Person.id)
        .join(Person.household)
        .join(Household.grid)
        .options(contains_eager(Person.household).contains_eager(Household.grid))
        .order_by(Grid.code, Household.address, Household.number)
    )


def _first_adults(
    session: Session, *, community_id: uuid.UUID, now: datetime
) -> Select[uuid.UUID, uuid.UUID]:
    day = day_of(now)
    return (
        select(Person.id, Person.household_id)
        .outerjoin(Account, Account.person_id == Person.id)
        .where(
            Person.community_id == community_id,
            Person.left_on.is_(None),
            Person.born_on <= latest_birth_of_adult(day),
            Person.household_id.in_(_unreached(community_id, now)),
            Person.id.not_in(guarded_people(session, community_id=community_id, day=day)),
            Account.disabled_at.is_(None),
        )
        .ext(distinct_on(Person.household_id))
        .order_by(Person.household_id, Person.number)
    )


def guarded_people(session: Session, *, community_id: uuid.UUID, day: date) -> set[uuid.UUID]:
    """Return who holds a post with powers on `day`."""
    rows = session.execute(
        select(Term.person_id, Body.kind, Post.kind)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(Body.community_id == community_id, is_running(day), Body.dissolved_on.is_(None))
    )
    return {person_id for person_id, body, post in rows if role_of_post(body, post) in GUARDED_ROLES}


def list_runs(session: Session, *, community_id: uuid.UUID) -> Sequence[LetterRun]:
    """Return the latest runs with who asked for them, newest first."""
    return session.scalars(
        select(LetterRun)
        .options(joinedload(LetterRun.asked_by))
        .where(LetterRun.community_id == community_id)
        .order_by(LetterRun.asked_at.desc(), LetterRun.id)
        .limit(LATEST)
    ).all()


def get_run(session: Session, *, run_id: uuid.UUID, community_id: uuid.UUID) -> LetterRun:
    """Return a run with who asked for it. Raises NotFound."""
    return get_row(
        session, LetterRun, run_id, community_id=community_id, options=[joinedload(LetterRun.asked_by)]
    )


def get_running(session: Session, *, community_id: uuid.UUID) -> uuid.UUID | None:
    """Return the run that is being printed."""
    return session.scalar(
        select(LetterRun.id).where(LetterRun.community_id == community_id, LetterRun.state.in_(RUNNING))
    )


def count_used(session: Session, *, run_id: uuid.UUID) -> int:
    """Return how many codes of a run somebody has signed in with."""
    return _count(
        session,
        select(Letter.id)
        .join(OneTimeCode, Letter.code_id == OneTimeCode.id)
        .where(Letter.run_id == run_id, OneTimeCode.used_at.is_not(None)),
    )


def read_parts(session: Session, *, run: LetterRun) -> Iterator[bytes]:
    """Yield the file of a run, a few megabytes at a time. Raises NotFound (no file is here)."""
    if run.state is not RunState.READY:
        raise NotFound(run.id)
    parts = select(LetterPart.content).where(LetterPart.run_id == run.id).order_by(LetterPart.number)
    yield from session.scalars(parts.execution_options(yield_per=1))


def _lived_in(community_id: uuid.UUID) -> Select[uuid.UUID]:
    return select(Household.id).where(
        Household.community_id == community_id,
        exists().where(Person.household_id == Household.id, Person.left_on.is_(None)),
    )


def _unreached(community_id: uuid.UUID, now: datetime) -> Select[uuid.UUID]:
    """Select the households in which nobody has a confirmed address or was on the site of late."""
    has_contact = exists().where(Contact.person_id == Person.id, Contact.verified_at.is_not(None))
    was_here = (
        exists()
        .where(SignInSession.account_id == Account.id)
        .where(Account.person_id == Person.id, SignInSession.seen_at > now - SEEN_WITHIN)
    )
    reached = select(Person.household_id).where(
        Person.community_id == community_id, Person.left_on.is_(None), or_(has_contact, was_here)
    )
    return _lived_in(community_id).where(Household.id.not_in(reached))


def _count(session: Session, statement: Select[uuid.UUID]) -> int:
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0
