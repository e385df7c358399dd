"""Reads of the key ceremony: how far it is, who may be a trustee, and what the founding still awaits."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.accounts.models import Account
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.errors import NotFound
from civicforum.people.models import Kinship, Person
from civicforum.polls.keyholders import Round, round_of
from civicforum.polls.models import CredentialLink, KeyCeremony, Poll, RollEntry, Trustee
from civicforum.rulebook.days import day_of


class Awaited(StrEnum):
    """What a sealed poll still lacks before its board can be founded."""

    FROZEN_ROLL = "frozen_roll"
    CARDS = "cards"
    CEREMONY = "ceremony"
    DRILL = "drill"


class Closeness(StrEnum):
    """Why two trustees had better not both keep a part of the key."""

    SAME_BODY = "same_body"
    RELATIVES = "relatives"


@dataclass(frozen=True)
class Warned:
    """Two trustees who are close; `about` names the body they share."""

    kind: Closeness
    first: str
    second: str
    about: str = ""


@dataclass(frozen=True)
class Officer:
    """Somebody with a post and an account: `posts` in words."""

    number: str
    name: str
    posts: str


def get_sealed_poll(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    """Return a poll whose key trustees keep, with its questions. Raises NotFound."""
    poll = session.scalar(
        select(Poll)
        .where(Poll.id == poll_id, Poll.community_id == community_id, Poll.preset == "sealed")
        .where(Poll.by_screen)
        .options(selectinload(Poll.questions))
    )
    if poll is None:
        raise NotFound(poll_id)
    return poll


def find_ceremony(session: Session, poll_id: uuid.UUID) -> KeyCeremony | None:
    """Return the ceremony of a poll that goes on or is done, with its trustees; None where none is."""
    found = session.scalars(
        select(KeyCeremony)
        .where(KeyCeremony.poll_id == poll_id, KeyCeremony.complaint == "")
        # In one statement: between two the last trustee may speak, and the round would not fit the ceremony.
        .options(joinedload(KeyCeremony.trustees))
    )
    return found.unique().one_or_none()


def list_ended(session: Session, poll_id: uuid.UUID) -> Sequence[KeyCeremony]:
    """Return the ceremonies of a poll that a complaint ended, the latest first."""
    return session.scalars(
        select(KeyCeremony)
        .where(KeyCeremony.poll_id == poll_id, KeyCeremony.complaint != "")
        .order_by(KeyCeremony.started_at.desc())
        .options(selectinload(KeyCeremony.trustees))
    ).all()


def current_round(ceremony: KeyCeremony) -> Round:
    """Return the round that the ceremony is in."""
    is_drilled = ceremony.drilled_at is not None
    return round_of(ceremony.trustees, complaint=ceremony.complaint, is_drilled=is_drilled)


def list_awaited(session: Session, poll: Poll) -> list[Awaited]:
    """Return what a sealed poll still lacks before its board can be founded."""
    ceremony = find_ceremony(session, poll.id)
    lacks = {
        Awaited.FROZEN_ROLL: poll.roll_frozen_at is None,
        Awaited.CARDS: count_without_card(session, poll.id) > 0 or not _has_cards(session, poll.id),
        Awaited.CEREMONY: ceremony is None or ceremony.finished_at is None,
        Awaited.DRILL: ceremony is None or ceremony.drilled_at is None,
    }
    return [what for what, is_lacking in lacks.items() if is_lacking]


def count_without_card(session: Session, poll_id: uuid.UUID) -> int:
    """Return how many on the roll have no credential yet."""
    has_card = exists().where(CredentialLink.roll_entry_id == RollEntry.id)
    missing = (
        select(func.count())
        .select_from(RollEntry)
        .where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None), ~has_card)
    )
    return session.scalar(missing) or 0


def _has_cards(session: Session, poll_id: uuid.UUID) -> bool:
    return bool(session.scalar(select(exists().where(CredentialLink.poll_id == poll_id))))


def list_warnings(session: Session, ceremony: KeyCeremony, *, now: datetime) -> list[Warned]:
    """Return which trustees sit in one body or are near relatives: a warning, never a refusal."""
    names = {one.person_id: one.name for one in ceremony.trustees if one.person_id is not None}
    kin = session.execute(
        select(Kinship.person_id, Kinship.relative_id).where(
            Kinship.person_id.in_(names), Kinship.relative_id.in_(names)
        )
    )
    warnings = [Warned(Closeness.RELATIVES, names[one], names[other]) for one, other in kin]
    seated: dict[str, list[uuid.UUID]] = defaultdict(list)
    for body, person_id in session.execute(
        select(Body.name, Term.person_id)
        .distinct()
        .join(Post, Post.body_id == Body.id)
        .join(Term, Term.post_id == Post.id)
        .where(Term.person_id.in_(names), is_running(day_of(now)), Body.dissolved_on.is_(None))
        .order_by(Body.name, Term.person_id)
    ):
        warnings += [
            Warned(Closeness.SAME_BODY, names[other], names[person_id], body) for other in seated[body]
        ]
        seated[body].append(person_id)
    return warnings


def list_officers(session: Session, *, community_id: uuid.UUID, now: datetime) -> list[Officer]:
    """Return everybody who holds a post today and can sign in, by number."""
    rows = session.execute(
        select(Person.number, Person.name, func.array_agg(func.distinct(Body.name)))
        .join(Term, Term.person_id == Person.id)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .join(Account, Account.person_id == Person.id)
        .where(
            Person.community_id == community_id,
            is_running(day_of(now)),
            Body.dissolved_on.is_(None),
            Account.disabled_at.is_(None),
        )
        .group_by(Person.id)
        .order_by(Person.number)
    )
    return [Officer(number, name, "、".join(sorted(bodies))) for number, name, bodies in rows]


def find_person(session: Session, *, typed: str, community_id: uuid.UUID) -> list[uuid.UUID]:
    """Return who is meant by a number, a whole name, or a number followed by the name."""
    first = typed.split()[0] if typed.split() else ""
    here = select(Person.id).where(Person.community_id == community_id)
    by_number = session.scalars(here.where(Person.number == first)).all()
    return list(by_number or session.scalars(here.where(Person.name == typed.strip())).all())


def find_trustee(session: Session, *, poll_id: uuid.UUID, person_id: uuid.UUID) -> Trustee | None:
    """Return somebody's place in the ceremony of a poll that goes on or is done."""
    return session.scalar(
        select(Trustee)
        .join(Trustee.ceremony)
        .where(KeyCeremony.poll_id == poll_id, KeyCeremony.complaint == "", Trustee.person_id == person_id)
    )
