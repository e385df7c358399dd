"""Who a use case is about: the resident who acts, and the people on a paper list."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import BodyKind
from civicforum.errors import Invalid, NotEligible
from civicforum.matters.rules import Channel, LineProblem
from civicforum.people.models import Person
from civicforum.rulebook.days import day_of

MOST_LINES = 200


@dataclass(frozen=True)
class RefusedLine:
    """A line of a paper list that names nobody who can sign here. `number` counts from 1."""

    number: int
    text: str
    problem: LineProblem


class LinesRefused(Invalid):
    """Some lines of a list were refused, so nothing of it was written."""

    def __init__(self, lines: Sequence[RefusedLine]) -> None:
        super().__init__("; ".join(f"{line.number}: {line.problem}" for line in lines), "lines")
        self.lines = lines


def get_resident(session: Session, *, actor: Actor, now: datetime) -> Person:
    """Return who acts. Raises NotEligible for somebody who has left the community."""
    person = session.get_one(Person, actor.person_id)
    if has_left(person, day_of(now)):
        raise NotEligible("left the community")
    return person


def has_left(person: Person, day: date) -> bool:
    """Tell whether `day` comes after the person's last day here."""
    return person.left_on is not None and person.left_on < day


def channel_of(actor: Actor) -> Channel:
    """Return how an act came in: on the screen, or at the counter with a clerk's help."""
    return Channel.DESK if actor.assisted_by else Channel.SCREEN


def body_of(session: Session, *, actor: Actor, kind: BodyKind, now: datetime) -> Body | None:
    """Return the body of this kind in which the actor holds a post today."""
    return session.scalars(
        select(Body)
        .join(Post, Post.body_id == Body.id)
        .join(Term, Term.post_id == Post.id)
        .where(
            Body.community_id == actor.community_id,
            Body.kind == kind,
            Body.dissolved_on.is_(None),
            Term.person_id == actor.person_id,
            is_running(day_of(now)),
        )
        .order_by(Body.founded_on, Body.name)
        .limit(1)
    ).first()


def find_people(
    session: Session, *, community_id: uuid.UUID, lines: Sequence[str], day: date
) -> tuple[list[tuple[int, str, Person]], list[RefusedLine]]:
    """Find whom each line names, by roll number or by name; empty lines are passed over.

    Returns the people found, each with line number and text, and the lines refused: nobody of that name,
    several of it (then the roll number is needed), somebody who has left, or the same person twice.
    """
    wanted = [(number, text.strip()) for number, text in enumerate(lines, start=1) if text.strip()]
    if not wanted:
        raise Invalid("empty", "lines")
    if len(wanted) > MOST_LINES:
        raise Invalid("too many lines", "lines")
    texts = {text for _, text in wanted}
    people = session.scalars(
        select(Person).where(
            Person.community_id == community_id, or_(Person.number.in_(texts), Person.name.in_(texts))
        )
    ).all()
    found: list[tuple[int, str, Person]] = []
    refused: list[RefusedLine] = []
    seen: set[uuid.UUID] = set()
    for number, text in wanted:
        person, problem = _pick(people, text, day)
        if person is not None and person.id in seen:
            person, problem = None, LineProblem.REPEATED
        if person is None:
            refused.append(RefusedLine(number, text, problem or LineProblem.NOT_FOUND))
        else:
            seen.add(person.id)
            found.append((number, text, person))
    return found, refused


def take_signers(
    found: Sequence[tuple[int, str, Person]],
    refused: list[RefusedLine],
    *,
    already: set[uuid.UUID],
    entitled: set[uuid.UUID],
) -> list[Person]:
    """Return whom the lines of a paper demand name, as `find_people` found them.

    Raises LinesRefused: somebody has signed before or may not sign, or a line was refused already.
    """
    for number, text, person in found:
        if person.id in already:
            refused.append(RefusedLine(number, text, LineProblem.ALREADY))
        elif person.id not in entitled:
            refused.append(RefusedLine(number, text, LineProblem.NOT_ENTITLED))
    if refused:
        raise LinesRefused(sorted(refused, key=lambda line: line.number))
    return [person for _, _, person in found]


def _pick(people: Sequence[Person], text: str, day: date) -> tuple[Person | None, LineProblem | None]:
    named = [person for person in people if person.number == text] or [
        person for person in people if person.name == text
    ]
    here = [person for person in named if not has_left(person, day)]
    if len(here) == 1:
        return here[0], None
    if len(here) > 1:
        return None, LineProblem.AMBIGUOUS
    return None, LineProblem.LEFT if named else LineProblem.NOT_FOUND
