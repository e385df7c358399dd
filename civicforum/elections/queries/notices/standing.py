"""Where an election stands, in the numbers that notices hang on: eight statements, whatever its size."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.elections.models import Candidate, Election, HandoverItem, Round, Seat, Step
from civicforum.elections.notices import RoundStanding, SeatStanding, Standing
from civicforum.elections.rules import CandidateState
from civicforum.polls.models import Poll, RollObjection, Station
from civicforum.polls.rules import PollState, StationKind
from civicforum.rulebook.days import day_of


def get_standing(session: Session, election: Election) -> Standing:
    """Return where the election stands. The roll and its objections are those of the first round's poll."""
    rounds = session.execute(
        select(Round, Poll)
        .join(Poll, Round.poll_id == Poll.id)
        .where(Round.election_id == election.id)
        .order_by(Round.number)
    ).all()
    first = rounds[0][1] if rounds else None
    objections, unruled = _objections(session, first.id) if first else (0, 0)
    stations = _stations(session, first.id) if first else []
    handover, handed = _handover(session, election.id)
    return Standing(
        kind=election.kind,
        stage=election.stage,
        by_proxy=election.by_proxy,
        dates={
            step.milestone: step.planned_on
            for step in session.scalars(select(Step).where(Step.election_id == election.id))
        },
        is_formed=election.presiding_id is not None,
        is_roll_posted=first is not None and first.roll_posted_at is not None,
        objections=objections,
        unruled=unruled,
        seats=_seats(session, election.id),
        halls=sum(station.kind is StationKind.HALL for station in stations),
        supervisors=[len(station.supervisors) for station in stations],
        roving=[len(station.supervisors) for station in stations if station.kind is StationKind.ROVING],
        rounds=[_round(round_, poll) for round_, poll in rounds],
        handover=handover,
        handed=handed,
    )


def first_poll_id(session: Session, election_id: uuid.UUID) -> uuid.UUID | None:
    """Return the poll that carries the roll; None before there is one."""
    return session.scalar(
        select(Round.poll_id).where(Round.election_id == election_id).order_by(Round.number).limit(1)
    )


def _round(round_: Round, poll: Poll) -> RoundStanding:
    return RoundStanding(
        number=round_.number,
        kind=round_.kind,
        day=day_of(poll.opens_at) if poll.opens_at else None,
        has_paper=bool(round_.paper),
        is_decided=round_.decided_at is not None,
        is_void=poll.state is PollState.VOID,
    )


def _objections(session: Session, poll_id: uuid.UUID) -> tuple[int, int]:
    row = session.execute(
        select(func.count(), func.count().filter(RollObjection.ruling.is_(None))).where(
            RollObjection.poll_id == poll_id
        )
    ).one()
    return row[0], row[1]


def _stations(session: Session, poll_id: uuid.UUID) -> Sequence[Station]:
    return session.scalars(select(Station).where(Station.poll_id == poll_id)).all()


def _seats(session: Session, election_id: uuid.UUID) -> list[SeatStanding]:
    standing = (CandidateState.PRELIMINARY, CandidateState.FORMAL)
    rows = session.execute(
        select(
            Seat.title,
            Seat.seats,
            func.count(Candidate.id).filter(Candidate.state.in_(standing)),
            func.count(Candidate.id).filter(Candidate.state == CandidateState.FORMAL),
        )
        .outerjoin(Candidate, Candidate.seat_id == Seat.id)
        .where(Seat.election_id == election_id)
        .group_by(Seat.id)
        .order_by(Seat.position)
    )
    return [SeatStanding(*row) for row in rows]


def _handover(session: Session, election_id: uuid.UUID) -> tuple[int, int]:
    row = session.execute(
        select(func.count(), func.count(HandoverItem.done_at)).where(HandoverItem.election_id == election_id)
    ).one()
    return row[0], row[1]
