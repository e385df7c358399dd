"""What the notices before polling day are filled with: candidates, stations, boxes, staff, proxies."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.elections.models import Election, Round
from civicforum.elections.notices import Need
from civicforum.elections.queries.notices.blanks_common import (
    candidate_lists,
    list_standing,
    report_channel,
)
from civicforum.elections.rules import CandidateState
from civicforum.elections.wording import table
from civicforum.polls.models import Mandate, Station
from civicforum.polls.rules import StationKind

NONE = "—"


def formal_list(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return the formal candidates in the order of the ballot paper."""
    names = list_standing(session, election, (CandidateState.FORMAL,))
    total = sum(len(of_seat) for of_seat in names.values())
    return {"candidates": str(total), "list": candidate_lists(election, names, "候选人")}


meeting = formal_list


def polling(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return where one votes, and where offences are reported."""
    stations = _stations(session, election)
    halls = [station for station in stations if station.kind is StationKind.HALL]
    rows = [(station.name, station.place or election.place or NONE) for station in halls]
    return {
        "stations": table("投票站", ("投票站", "地点"), rows),
        "roving": "roving" if len(halls) < len(stations) else "",
        **report_channel(session, election),
    }


def staff(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return who watches each box and who writes for others."""
    stations = _stations(session, election)
    return {
        "staff": table(
            "投票站、票箱工作人员",
            ("投票站、票箱", "监票人", "公共代写人"),
            [(station.name, "、".join(station.supervisors), station.scribe or NONE) for station in stations],
        ),
        "scribes": "scribes" if any(station.scribe for station in stations) else "",
    }


def roving_boxes(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return the boxes that are carried, and who watches them."""
    boxes = [one for one in _stations(session, election) if one.kind is StationKind.ROVING]
    rows = [(one.name, one.place or NONE, "、".join(one.supervisors)) for one in boxes]
    return {
        "boxes": str(len(boxes)),
        "roving": table("流动票箱", ("票箱", "使用范围", "监票人"), rows),
    }


def proxies(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return both sides of every proxy in force, by holder."""
    mandates = session.scalars(
        select(Mandate)
        .join(Round, Round.poll_id == Mandate.poll_id)
        .options(joinedload(Mandate.principal), joinedload(Mandate.holder))
        .where(Round.election_id == election.id, Round.number == 1, Mandate.withdrawn_at.is_(None))
        .order_by(Mandate.holder_id, Mandate.entered_at, Mandate.id)
    ).all()
    if not mandates:
        return {"mandates": "", "number_of_mandates": "0"}
    ordered = sorted(mandates, key=lambda one: one.holder.position)
    rows = [(str(at), one.principal.name, one.holder.name) for at, one in enumerate(ordered, 1)]
    return {
        "mandates": table("委托投票名单", ("序号", "委托人", "受托人"), rows),
        "number_of_mandates": str(len(mandates)),
    }


def invalid_papers(_session: Session, _election: Election, _need: Need) -> dict[str, str]:
    """Return nothing: the rules are those of the rulebook."""
    return {}


def _stations(session: Session, election: Election) -> Sequence[Station]:
    """Return the stations of the first round, halls first."""
    return session.scalars(
        select(Station)
        .join(Round, Round.poll_id == Station.poll_id)
        .where(Round.election_id == election.id, Round.number == 1)
        .order_by(Station.kind, Station.name)
    ).all()
