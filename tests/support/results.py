"""Polls that have ended: cast in, stopped, with boxes whose counts are signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.people.models import Community
from civicforum.polls.models import BoxCount, CredentialLink, PaperIssue, Poll, Station
from civicforum.polls.rules import StationKind, VoteChannel
from civicforum.polls.services import boards, results
from civicforum.polls.services.casting import cast_sealed_ballot
from civicforum.polls.services.states import stop_locked
from civicforum.sealed import Answer, Why, void_line
from tests.factories import NOW, actor_of, make_officer
from tests.support.polls import SealedPoll, settings_now

STOP = NOW + timedelta(days=3)
AFTER = STOP + timedelta(hours=1)


def officer(community: Community, role: Role = Role.ELECTION_OFFICER) -> Actor:
    """Return somebody who runs polls."""
    return actor_of(make_officer(community, role), role)


def cast(poll: SealedPoll, voter: int, answers: Sequence[Answer], *, sequence: int = 0) -> None:
    """Cast a sealed ballot as this voter."""
    cast_sealed_ballot(
        poll_id=poll.id,
        entry_id=poll.entries[voter],
        ballot=poll.seal(voter, answers, sequence=sequence),
        actor=poll.actor(voter),
        settings=settings_now(),
        now=NOW,
    )


def stop(poll: SealedPoll, *, at: datetime = STOP) -> None:
    """End the voting, as the clock does."""
    with transaction() as session:
        stop_locked(session, session.get_one(Poll, poll.id), actor=None, now=at)


def sweep(at: datetime = AFTER) -> results.Swept:
    """Do what the worker does."""
    return results.sweep(now=at, settings=settings_now())


def make_station(poll: SealedPoll, *, name: str = "居委会一楼", **terms: object) -> Station:
    """Make a polling station without papers."""
    station = Station(
        community_id=poll.community_id,
        poll_id=poll.id,
        name=name,
        **{"kind": StationKind.HALL, "supervisors": ["监票人"], **terms},
    )
    db.session.add(station)
    db.session.commit()
    return station


def hand_out(poll: SealedPoll, voter: int, station: Station, by: Actor) -> None:
    """Hand out a paper: the credential is void from then on."""
    with transaction() as session:
        row = session.get_one(Poll, poll.id)
        if row.has_board:
            public = _credential(poll, voter)
            line = void_line(public, Why.PAPER)
            boards.append(session, poll=row, line=line, credential=public)
        session.add(
            PaperIssue(
                community_id=poll.community_id,
                poll_id=poll.id,
                station_id=station.id,
                roll_entry_id=poll.entries[voter],
                channel=VoteChannel.HALL,
                issued_by_id=by.person_id,
                issued_at=NOW,
            )
        )


def sign(
    station: Station,
    counters: Sequence[Actor],
    *,
    found: int,
    counts: Sequence[int],
    invalid: int = 0,
    texts: Sequence[dict[str, int]] = (),
) -> None:
    """Enter the same count by two people, and sign it."""
    with transaction() as session:
        row = session.get_one(Station, station.id)
        for hand, counter in enumerate(counters, 1):
            session.add(
                BoxCount(
                    community_id=row.community_id,
                    poll_id=row.poll_id,
                    station_id=row.id,
                    hand=hand,
                    found=found,
                    invalid=invalid,
                    counts=list(counts),
                    texts=list(texts),
                    grounds={"other": invalid} if invalid else {},
                    entered_by_id=counter.person_id,
                    entered_at=AFTER,
                    signed_at=AFTER,
                )
            )
        row.first_signer_id, row.second_signer_id = (counter.person_id for counter in counters)
        row.signed_at = AFTER


def _credential(poll: SealedPoll, voter: int) -> bytes:
    return bytes(db.session.get_one(CredentialLink, poll.entries[voter]).public)
