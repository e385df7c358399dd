"""Stations, officers and counts for tests of paper. Ids and actors, no rows."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.people.models import Community
from civicforum.polls.models import Mandate, Poll, Station
from civicforum.polls.rules import PollState, StationKind
from civicforum.polls.rules_paper import BoxSheet
from civicforum.polls.services import boards, box_counts, paper
from tests.factories import NOW, TODAY, actor_of, make_officer
from tests.support.polls import SealedPoll, make_poll


@dataclass(frozen=True)
class Hall:
    """An open poll with paper, a station with a desk, and two who keep the door."""

    poll: SealedPoll
    station: uuid.UUID
    clerk: Actor
    second: Actor

    def issue(self, voter: int, *, by: Actor | None = None, **terms: Any) -> None:
        paper.issue_paper(
            **{
                "station_id": self.station,
                "entry_id": self.poll.entries[voter],
                "actor": by or self.clerk,
                "now": NOW,
                **terms,
            }
        )

    def count(self, sheet: BoxSheet, *, by: Actor | None = None, **terms: Any) -> int:
        return box_counts.enter_count(
            **{"station_id": self.station, "sheet": sheet, "actor": by or self.clerk, "now": NOW, **terms}
        )

    def count_alike(self, sheet: BoxSheet, *, station: uuid.UUID | None = None, **terms: Any) -> None:
        """Let both count and sign."""
        for actor in (self.clerk, self.second):
            self.count(sheet, by=actor, station_id=station or self.station, **terms)
        for actor in (self.clerk, self.second):
            box_counts.sign_station(station_id=station or self.station, actor=actor, now=NOW)


def make_hall(community: Community, *, logins: tuple[str, str] = ("", ""), **terms: Any) -> Hall:
    """Make an open poll of the preset `poll` that takes paper, with one station at the door.

    `logins` are those of the clerk and of the second, an officer of the election committee.
    """
    poll = make_poll(community, **{"by_paper": True, **terms})
    clerk = actor_of(make_officer(community, Role.CLERK, name="赵办事", login=logins[0]), Role.CLERK)
    officer = make_officer(community, Role.ELECTION_OFFICER, name="钱委员", login=logins[1])
    second = actor_of(officer, Role.ELECTION_OFFICER)
    return Hall(poll, make_station(poll), clerk, second)


def make_station(
    poll: SealedPoll,
    *,
    name: str = "社区活动室",
    kind: StationKind = StationKind.HALL,
    is_offline: bool = False,
) -> uuid.UUID:
    with transaction() as session:
        station = Station(
            community_id=poll.community_id,
            poll_id=poll.id,
            name=name,
            kind=kind,
            supervisors=["孙一", "李二", "周三"],
            is_offline=is_offline,
        )
        session.add(station)
        session.flush()
        return station.id


def make_mandate(hall: Hall, *, principal: int, holder: int) -> uuid.UUID:
    """Let one voter stand for another."""
    with transaction() as session:
        mandate = Mandate(
            community_id=hall.poll.community_id,
            poll_id=hall.poll.id,
            principal_id=hall.poll.entries[principal],
            holder_id=hall.poll.entries[holder],
            reason="外出务工",
            written_on=TODAY,
            entered_by_id=hall.clerk.person_id,
            entered_at=NOW,
        )
        session.add(mandate)
        session.flush()
        return mandate.id


def stop(poll: SealedPoll, *, at: datetime = NOW) -> None:
    """Stop the poll as its clock does: no more ballots, and lists of offline stations may be entered."""
    with transaction() as session:
        row = session.scalars(select(Poll).where(Poll.id == poll.id).with_for_update(key_share=True)).one()
        if row.has_board:
            boards.append(session, poll=row, line=sealed.stop_line())
        row.state, row.closed_at = PollState.CLOSED, at


def board_of(poll: SealedPoll) -> sealed.Board:
    """Return the board as anybody replays it."""
    return boards.replay(db.session(), poll.id)


def voids_for_paper(poll: SealedPoll) -> int:
    return len(board_of(poll).electorate.voided(sealed.Why.PAPER))
