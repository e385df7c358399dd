"""Who is a near relative of somebody on a ballot paper, as far as the register of residents knows."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from civicforum.people.models import Kinship, Person
from civicforum.polls.keyholders import Candidate, stands_on_paper
from civicforum.polls.models import Poll, Station


def list_on_paper(session: Session, poll: Poll, people: Sequence[Person]) -> list[Person]:
    """Return which of these people stand on the ballot paper, or are near relatives of somebody who does."""
    listed = poll.names_on_paper
    kin = _relatives_of(session, {person.id for person in people})
    return [
        person
        for person in people
        if stands_on_paper(Candidate(person.name, frozenset(kin[person.id])), listed)
    ]


def warn_of_stations(session: Session, poll: Poll, stations: Sequence[Station]) -> dict[uuid.UUID, list[str]]:
    """Return whom each station should not have: relatives who watch, write or count there, by name.

    Somebody else may bear the same name, so this is a warning and refuses nothing. Source: DOMAIN.md B24.
    """
    named = {station.id: {*station.supervisors, station.scribe} - {""} for station in stations}
    counters = {station.id: {count.entered_by_id for count in station.counts} for station in stations}
    names, ids = set().union(*named.values()), set().union(*counters.values())
    people = session.scalars(
        select(Person)
        .where(Person.community_id == poll.community_id, Person.left_on.is_(None))
        .where(or_(Person.name.in_(names), Person.id.in_(ids)))
        .order_by(Person.number)
    ).all()
    close = list_on_paper(session, poll, people)
    return {
        station.id: list(
            dict.fromkeys(
                one.name for one in close if one.name in named[station.id] or one.id in counters[station.id]
            )
        )
        for station in stations
    }


def _relatives_of(session: Session, person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, set[str]]:
    """Return the names of everybody's near relatives, in one statement."""
    one, other = aliased(Person), aliased(Person)
    rows = session.execute(
        select(one.id, one.name, other.id, other.name)
        .select_from(Kinship)
        .join(one, one.id == Kinship.person_id)
        .join(other, other.id == Kinship.relative_id)
        .where(or_(one.id.in_(person_ids), other.id.in_(person_ids)))
    )
    found: dict[uuid.UUID, set[str]] = defaultdict(set)
    for first, first_name, second, second_name in rows:
        found[first].add(second_name)
        found[second].add(first_name)
    return found
