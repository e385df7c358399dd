"""Blanks that several notices share: the community, what is elected, when and where, lists of candidates."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Candidate, Election, Seat
from civicforum.elections.notices import Standing
from civicforum.elections.rules import CandidateState, ElectionKind
from civicforum.elections.wording import day_in_words, hours_in_words, names_list, names_of, span_in_words
from civicforum.people.models import Community, Person
from civicforum.reports import boxes
from civicforum.reports.queries import find_live_key
from civicforum.rulebook.days import day_of

_M = Milestone


def common_blanks(session: Session, election: Election, standing: Standing) -> dict[str, str]:
    """Return what any notice may say of an election."""
    organ = names_of("organs")[election.kind]
    is_people = election.kind is ElectionKind.REPRESENTATIVES
    return {
        "community": session.get_one(Community, election.community_id).name,
        "event": names_of("events")[election.kind],
        "organ": organ,
        "organ_members": organ if is_people else f"{organ}成员",
        "electors": names_of("electors")[election.way],
        "roll_name": names_of("rolls")[election.way],
        "unit": election.group.name if election.group else "",
        "day": day_in_words(day_of(election.opens_at)),
        "hours": hours_in_words(election.opens_at, election.closes_at),
        "place": election.place or "本社区投票站",
        "screen_ground": election.screen_ground,
        "total": str(sum(seat.seats for seat in election.seats)),
        "seats": seats_in_words(election.seats),
        **_dates(standing),
    }


def seats_in_words(seats: Iterable[Seat], numbers: dict[uuid.UUID, int] | None = None) -> str:
    """Return seats with how many are filled, as in 主任1名、委员3名; of `numbers`, those that are not 0."""
    counted = [(seat.title, seat.seats if numbers is None else numbers[seat.id]) for seat in seats]
    return "、".join(f"{title}{number}名" for title, number in counted if number)


def report_channel(session: Session, election: Election) -> dict[str, str]:
    """Return which authority reads reports, and its key's fingerprint; "" while it has not proved its key."""
    key = find_live_key(session, election.community_id)
    if key is None or key.proved_at is None:
        return {"authority": "", "authority_phone": "", "fingerprint": ""}
    return {
        "authority": key.authority,
        "authority_phone": key.phone,
        "fingerprint": boxes.fingerprint(key.public),
    }


def list_standing(
    session: Session, election: Election, states: Collection[CandidateState]
) -> dict[uuid.UUID, list[str]]:
    """Return the names of candidates by seat, in the order of the paper, or by the pinyin of their names."""
    rows = session.execute(
        select(Candidate.seat_id, Candidate.position, Person.name)
        .join(Person, Candidate.person_id == Person.id)
        .where(Candidate.election_id == election.id, Candidate.state.in_(states))
    ).all()
    names: dict[uuid.UUID, list[str]] = {seat.id: [] for seat in election.seats}
    # Common characters stand in the order of their pinyin in GB 18030.
    for row in sorted(rows, key=lambda row: (row.position, row.name.encode("gb18030"))):
        names[row.seat_id].append(row.name)
    return names


def candidate_lists(election: Election, names: dict[uuid.UUID, list[str]], word: str) -> str:
    """Write the candidates seat by seat."""
    return "\n".join(
        names_list(f"{seat.title}{word}（应选{seat.seats}名，{word}{len(names[seat.id])}名）", names[seat.id])
        for seat in election.seats
    )


def _dates(standing: Standing) -> dict[str, str]:
    dates = standing.dates
    spans = {
        "registration": (_M.REGISTRATION_OPENS, _M.REGISTRATION_CLOSES),
        "nomination": (_M.NOMINATION_OPENS, _M.NOMINATION_CLOSES),
    }
    days = {
        "objections_close": _M.OBJECTIONS_CLOSE,
        "proxies_close": _M.PROXIES_CLOSE,
        "met": _M.CANDIDATES_MET,
    }
    return {
        name: span_in_words(dates[first], dates[last])
        for name, (first, last) in spans.items()
        if {first, last} <= dates.keys()
    } | {name: day_in_words(dates[one]) for name, one in days.items() if one in dates}
