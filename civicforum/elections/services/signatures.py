"""Signatures under joint nominations: on screen or on paper, each voter once (组织法 art 18)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.elections import nominations as law
from civicforum.elections.law import require
from civicforum.elections.models import Election, Nomination, NominationSigner
from civicforum.elections.nominations import NominationFault, SignatureProblem
from civicforum.elections.queries import nominations as queries
from civicforum.elections.queries.registrations import electors_among
from civicforum.elections.services.steps import rules_of
from civicforum.errors import Invalid
from civicforum.matters.rules import LineProblem
from civicforum.matters.services.people import find_people
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class RefusedLine:
    """A line of a signed paper that does not count. `number` counts from 1."""

    number: int
    text: str
    problem: LineProblem | SignatureProblem


class SignaturesRefused(Invalid):
    """Some signatures of a paper were refused, so nothing of it was written."""

    def __init__(self, lines: Sequence[RefusedLine]) -> None:
        super().__init__("; ".join(f"{line.number}: {line.problem}" for line in lines), "lines")
        self.lines = lines


def is_complete(session: Session, election: Election, row: Nomination, now: datetime) -> bool:
    """Tell whether the party organisation may nominate, or enough voters on the roll signed."""
    signers = signed_by(session, row)
    electors = electors_among(session, election=election, people=signers, day=day_of(now))
    verdict = queries.judge_complete(rules_of(election), row, signers=signers, electors=electors)
    return verdict is None or verdict.holds


def check_signer(
    session: Session, election: Election, row: Nomination, person_id: uuid.UUID, now: datetime
) -> None:
    """Refuse who is not on the roll, signs for themselves, or would nominate more people than seats."""
    book = rules_of(election)
    if not electors_among(session, election=election, people=[person_id], day=day_of(now)):
        raise Invalid(NominationFault.NOT_ON_ROLL)
    if person_id == row.person_id:
        require(law.judge_self(book))
    seat = queries.get_seat(election, row.seat_id)
    others = queries.nominated_by(session, seat_id=seat.id, people=[person_id], but=row.person_id)
    require(law.judge_nominations_of(book, others.get(person_id, 0) + 1, seat.seats))


def signers_on_paper(
    session: Session, election: Election, row: Nomination, lines: Sequence[str], now: datetime
) -> list[uuid.UUID]:
    """Return whom the lines of a paper name, in their order. Raises SignaturesRefused."""
    found, unknown = find_people(session, community_id=election.community_id, lines=lines, day=day_of(now))
    refused = [RefusedLine(line.number, line.text, line.problem) for line in unknown]
    problems = _problems(session, election, row, [person.id for _number, _text, person in found], now)
    for number, text, person in found:
        if person.id in problems:
            refused.append(RefusedLine(number, text, problems[person.id]))
    if refused:
        raise SignaturesRefused(sorted(refused, key=lambda line: line.number))
    return [person.id for _number, _text, person in found]


def _problems(
    session: Session, election: Election, row: Nomination, people: Sequence[uuid.UUID], now: datetime
) -> dict[uuid.UUID, LineProblem | SignatureProblem]:
    """Return why some of these people do not count as signers, in a few statements for all of them."""
    book, seat = rules_of(election), queries.get_seat(election, row.seat_id)
    electors = electors_among(session, election=election, people=people, day=day_of(now))
    others = queries.nominated_by(session, seat_id=seat.id, people=people, but=row.person_id)
    signed = signed_by(session, row)
    found: dict[uuid.UUID, LineProblem | SignatureProblem] = {}
    for one in people:
        if one in signed:
            found[one] = LineProblem.ALREADY
        elif one == row.person_id and not law.judge_self(book).holds:
            found[one] = SignatureProblem.IS_NOMINEE
        elif one not in electors:
            found[one] = SignatureProblem.NOT_ON_ROLL
        elif not law.judge_nominations_of(book, others.get(one, 0) + 1, seat.seats).holds:
            found[one] = SignatureProblem.TOO_MANY
    return found


def signed_by(session: Session, row: Nomination) -> set[uuid.UUID]:
    return set(
        session.scalars(select(NominationSigner.person_id).where(NominationSigner.nomination_id == row.id))
    )


def sign(
    session: Session, row: Nomination, person_id: uuid.UUID, entered_by: uuid.UUID | None, now: datetime
) -> None:
    session.add(
        NominationSigner(
            community_id=row.community_id,
            nomination_id=row.id,
            person_id=person_id,
            signed_at=now,
            entered_by_id=entered_by,
        )
    )
