"""The notices of an election: those issued, and those that it still needs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from civicforum.elections.models import Election, ElectionNotice
from civicforum.elections.notices import Missing, Need, Standing, due_on, missing, needs
from civicforum.errors import NotFound
from civicforum.rows import get_row
from civicforum.rulebook import Rulebook


@dataclass(frozen=True)
class NoticeLine:
    """A notice that the election needs. `issued` has the first and then its corrections."""

    need: Need
    due_on: date | None
    lacks: tuple[Missing, ...]
    issued: tuple[ElectionNotice, ...]
    today: date

    @property
    def is_ready(self) -> bool:
        return not self.issued and not self.lacks

    @property
    def is_late(self) -> bool:
        return not self.issued and self.due_on is not None and self.today > self.due_on

    @property
    def is_due(self) -> bool:
        """Tell whether it has to hang on the board within three days."""
        is_near = self.due_on is not None and self.due_on - self.today <= timedelta(days=3)
        return not self.issued and is_near and not self.is_late


def get_election(session: Session, *, election_id: uuid.UUID, community_id: uuid.UUID) -> Election:
    """Return an election of the community. Raises NotFound."""
    return get_row(session, Election, election_id, community_id=community_id)


def list_issued(session: Session, election_id: uuid.UUID) -> Sequence[ElectionNotice]:
    """Return the notices issued, by number, without their texts: that of a roll is long."""
    return session.scalars(
        select(ElectionNotice)
        .options(defer(ElectionNotice.text))
        .where(ElectionNotice.election_id == election_id)
        .order_by(ElectionNotice.number)
    ).all()


def latest_of(issued: Sequence[ElectionNotice], need: Need) -> ElectionNotice | None:
    """Return the last notice of this kind and round: what a correction would correct."""
    found = [one for one in issued if (one.kind, one.round_number) == (need.kind, need.round_number)]
    return found[-1] if found else None


def get_notice(session: Session, *, election_id: uuid.UUID, notice_id: uuid.UUID) -> ElectionNotice:
    """Return an issued notice with its election. Raises NotFound."""
    notice = session.get(ElectionNotice, notice_id, options=[joinedload(ElectionNotice.election)])
    if notice is None or notice.election_id != election_id:
        raise NotFound(notice_id)
    return notice


def list_lines(
    standing: Standing, issued: Sequence[ElectionNotice], *, book: Rulebook, today: date
) -> list[NoticeLine]:
    """Return every notice that the election needs or has, in the order of its days."""
    by_need: dict[Need, list[ElectionNotice]] = {}
    for notice in issued:
        by_need.setdefault(Need(notice.kind, notice.round_number), []).append(notice)
    return [
        NoticeLine(
            need,
            due_on(need, standing),
            tuple(missing(need, standing, book=book, today=today)),
            tuple(by_need.get(need, ())),
            today,
        )
        for need in needs(standing, by_need.keys())
    ]
