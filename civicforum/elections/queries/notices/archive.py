"""The archive of an election (art 39): every paper that belongs to it, there or missing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Candidate, Election, Nomination, Round, Step, Winner
from civicforum.elections.notices import Standing
from civicforum.elections.queries.notices.lists import NoticeLine
from civicforum.elections.rules import (
    CandidateState,
    Disqualification,
    NominationState,
    NoticeKind,
    WinnerState,
)
from civicforum.polls.models import Poll, Station
from civicforum.polls.rules import PollState


class Paper(StrEnum):
    """What lies in the archive, in its order."""

    NOTICE = "notice"
    ROLL = "roll"
    NOMINATIONS = "nominations"
    CHECKS = "checks"
    SIGN_OFF = "sign_off"
    RESULT = "result"
    FILING = "filing"
    CERTIFICATE = "certificate"
    HANDOVER = "handover"


@dataclass(frozen=True)
class ArchiveItem:
    """One paper of the archive.

    Attributes:
        name: of the box or the person it is about, "" where there is one such paper alone.
        line: the notice it is. poll_id: the poll whose page shows it.
        done, total: how much of it is there, where that can be counted.
    """

    paper: Paper
    is_present: bool
    name: str = ""
    line: NoticeLine | None = None
    poll_id: uuid.UUID | None = None
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Archive:
    items: tuple[ArchiveItem, ...]

    @property
    def missing(self) -> int:
        return sum(not item.is_present for item in self.items)

    @property
    def is_complete(self) -> bool:
        return self.missing == 0


def get_archive(
    session: Session, election: Election, standing: Standing, lines: Sequence[NoticeLine]
) -> Archive:
    """Return every paper of the election in its order; six statements beside those of `standing`."""
    rounds = session.scalars(
        select(Round)
        .options(joinedload(Round.poll).joinedload(Poll.result))
        .where(Round.election_id == election.id)
        .order_by(Round.number)
    ).all()
    items = [ArchiveItem(Paper.NOTICE, bool(line.issued), line=line) for line in lines]
    first = rounds[0].poll_id if rounds else None
    items.append(ArchiveItem(Paper.ROLL, standing.is_roll_posted, poll_id=first))
    items += [_nominations(session, election.id), _checks(session, election.id)]
    items += _sign_offs(session, election.id)
    items += _results(rounds)
    items.append(_filing(session, election.id))
    items += _certificates(session, election.id)
    if any(line.need.kind is NoticeKind.HANDOVER for line in lines):
        is_done = 0 < standing.handover == standing.handed
        items.append(ArchiveItem(Paper.HANDOVER, is_done, done=standing.handed, total=standing.handover))
    return Archive(tuple(items))


def _nominations(session: Session, election_id: uuid.UUID) -> ArchiveItem:
    states = session.scalars(select(Nomination.state).where(Nomination.election_id == election_id)).all()
    done = sum(state is not NominationState.FILED for state in states)
    return ArchiveItem(Paper.NOMINATIONS, 0 < len(states) == done, done=done, total=len(states))


def _checks(session: Session, election_id: uuid.UUID) -> ArchiveItem:
    """Return whether the four questions about every candidate who did not withdraw were answered."""
    asked = session.scalars(
        select(Candidate.checks).where(
            Candidate.election_id == election_id, Candidate.state != CandidateState.WITHDRAWN
        )
    ).all()
    done = sum(set(Disqualification) <= checks.keys() for checks in asked)
    return ArchiveItem(Paper.CHECKS, 0 < len(asked) == done, done=done, total=len(asked))


def _sign_offs(session: Session, election_id: uuid.UUID) -> list[ArchiveItem]:
    stations = session.scalars(
        select(Station)
        .join(Round, Round.poll_id == Station.poll_id)
        .join(Poll, Poll.id == Station.poll_id)
        .where(Round.election_id == election_id, Poll.state != PollState.VOID)
        .order_by(Round.number, Station.kind, Station.name)
    ).all()
    found = [
        ArchiveItem(Paper.SIGN_OFF, one.signed_at is not None, name=one.name, poll_id=one.poll_id)
        for one in stations
    ]
    return found or [ArchiveItem(Paper.SIGN_OFF, False)]


def _results(rounds: Sequence[Round]) -> list[ArchiveItem]:
    counted = [one for one in rounds if one.poll.state is not PollState.VOID]
    found = [
        ArchiveItem(
            Paper.RESULT,
            one.poll.certified_at is not None and one.poll.result is not None,
            name=str(one.number) if len(counted) > 1 else "",
            poll_id=one.poll_id,
        )
        for one in counted
    ]
    return found or [ArchiveItem(Paper.RESULT, False)]


def _filing(session: Session, election_id: uuid.UUID) -> ArchiveItem:
    done_at = session.scalar(
        select(Step.done_at).where(Step.election_id == election_id, Step.milestone == Milestone.RESULT_FILED)
    )
    return ArchiveItem(Paper.FILING, done_at is not None)


def _certificates(session: Session, election_id: uuid.UUID) -> list[ArchiveItem]:
    winners = session.scalars(
        select(Winner)
        .options(joinedload(Winner.person), joinedload(Winner.seat))
        .where(Winner.election_id == election_id, Winner.state == WinnerState.ELECTED)
    ).all()
    ordered = sorted(winners, key=lambda one: (one.seat.position, -one.votes))
    found = [
        ArchiveItem(Paper.CERTIFICATE, bool(one.certificate), name=f"{one.person.name}（{one.seat.title}）")
        for one in ordered
    ]
    return found or [ArchiveItem(Paper.CERTIFICATE, False)]
