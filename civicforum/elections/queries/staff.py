"""Who of the people named for polling day may not serve: candidates and their near relatives."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.elections.models import Candidate, Election
from civicforum.elections.polling import StaffConflict, staff_conflicts
from civicforum.elections.queries.candidates import STANDING
from civicforum.elections.queries.committee import kin_among
from civicforum.people.models import Person
from civicforum.rulebook import Rulebook


def find_conflicts(
    session: Session, election: Election, names: Sequence[str], *, book: Rulebook
) -> dict[str, StaffConflict]:
    """Return which of these typed names may not serve on polling day, and why; four statements.

    Of two people of one name neither is trusted where one is a candidate. A name that only near relatives of
    candidates bear is refused; where somebody else bears it too, that one may be meant.
    """
    candidates = set(
        session.scalars(
            select(Candidate.person_id).where(
                Candidate.election_id == election.id, Candidate.state.in_(STANDING)
            )
        )
    )
    bearers = _bearers(session, election.community_id, names)
    people = [who for one in bearers.values() for who in one]
    kin = kin_among(session, {*people, *candidates})
    found = {one.person_id: one for one in staff_conflicts(book, people, candidates, kin)}
    conflicts = {}
    for name, own in bearers.items():
        barred = [found[who] for who in own if who in found]
        named = next((one for one in barred if one.relative_id is None), None)
        if named is not None or len(barred) == len(own):
            conflicts[name] = named or barred[0]
    return conflicts


def _bearers(session: Session, community_id: uuid.UUID, names: Sequence[str]) -> dict[str, list[uuid.UUID]]:
    """Return who of the residents bears each of these names."""
    rows = session.execute(
        select(Person.name, Person.id)
        .where(Person.community_id == community_id, Person.name.in_(names), Person.left_on.is_(None))
        .order_by(Person.number)
    )
    found: dict[str, list[uuid.UUID]] = defaultdict(list)
    for name, person_id in rows:
        found[name].append(person_id)
    return found
