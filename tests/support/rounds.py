"""Rounds of an election on paper, run by the product's own services up to the certified count."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.elections.models import Round
from civicforum.polls.models import Poll, RollEntry, Station
from civicforum.polls.questions import Marking
from civicforum.polls.rules import StationKind
from civicforum.polls.rules_paper import BoxSheet, write_in_marks
from civicforum.polls.services import box_counts, counting, paper, results, sealing, states, stations
from civicforum.polls.services.stations import StationPlan
from tests.support.polls import settings_now

# Votes for each name, by the title of the question: ("for", "against") of listed people, or written in.
Votes = Mapping[str, Mapping[str, int]]


def latest(election_id: uuid.UUID) -> Round:
    """Return the last round."""
    rounds = select(Round).where(Round.election_id == election_id).order_by(Round.number.desc())
    return db.session.scalars(rounds.limit(1)).one()


def add_station(poll_id: uuid.UUID, officer: Actor, *, now: datetime) -> None:
    plan = StationPlan("社区活动室", StationKind.HALL, supervisors=("孙一", "李二"))
    stations.add_station(poll_id=poll_id, plan=plan, actor=officer, now=now)


def hold(
    poll_id: uuid.UUID, votes: Votes, counters: Sequence[Actor], *, voters: int, invalid: int = 0
) -> None:
    """Open the poll at its hour, hand out `voters` papers, and count these votes of them."""
    officer = counters[0]
    poll = db.session.get_one(Poll, poll_id)
    opens_at, closes_at = poll.opens_at, poll.closes_at
    assert opens_at is not None
    assert closes_at is not None
    states.open_poll(poll_id=poll_id, actor=officer, settings=settings_now(), now=opens_at)
    station_id = db.session.scalars(select(Station.id).where(Station.poll_id == poll_id)).one()
    hour = opens_at + timedelta(hours=1)
    for entry_id in _on_roll(poll_id)[:voters]:
        paper.issue_paper(station_id=station_id, entry_id=entry_id, actor=officer, now=hour)
    states.stop_poll(poll_id=poll_id, actor=officer, now=closes_at)
    sheet = sheet_of(poll_id, votes, found=voters, invalid=invalid)
    for actor in counters:
        box_counts.enter_count(station_id=station_id, sheet=sheet, actor=actor, now=closes_at)
    for actor in counters:
        box_counts.sign_station(station_id=station_id, actor=actor, now=closes_at)
    sealing.seal_count(poll_id=poll_id, actor=officer, now=closes_at)
    counting.count_poll(poll_id=poll_id, actor=officer, now=closes_at)
    results.certify(poll_id=poll_id, actor=officer, now=closes_at)


def sheet_of(poll_id: uuid.UUID, votes: Votes, *, found: int, invalid: int = 0) -> BoxSheet:
    """Return the sheet of one box: for each listed name how many were for it, nobody against anybody."""
    poll = db.session.get_one(Poll, poll_id)
    counts: list[int] = []
    texts: list[dict[str, int]] = []
    for question, contest in zip(poll.questions, poll.contests, strict=True):
        assert question.marking is Marking.EACH
        own = dict(votes[question.title])
        counts += [own.pop(name, 0) for name in question.options] + [0] * len(question.options)
        counts += write_in_marks(contest, own, found - invalid)
        if contest.texts:
            texts.append(own)
    grounds = {"blank": invalid} if invalid else {}
    return BoxSheet(found=found, invalid=invalid, counts=tuple(counts), texts=tuple(texts), grounds=grounds)


def _on_roll(poll_id: uuid.UUID) -> list[uuid.UUID]:
    entries = select(RollEntry.id).where(RollEntry.poll_id == poll_id, RollEntry.struck_off_at.is_(None))
    return list(db.session.scalars(entries.order_by(RollEntry.position)))
