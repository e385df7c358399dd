"""Calling the round that the last one asks for: seats left open, people who are level, a void vote."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.elections.law import require
from civicforum.elections.models import Election, Round
from civicforum.elections.nominations import judge_more, judge_one_post
from civicforum.elections.queries.rounds import (
    Standing,
    standing_of,
)
from civicforum.elections.rules import RoundKind, Stage, move
from civicforum.elections.services.papers import write_paper
from civicforum.elections.services.results import person_at
from civicforum.elections.services.rolls import terms_of_poll
from civicforum.elections.services.steps import lock_election, record_election, rules_of
from civicforum.elections.verdicts import NextRound, judge_day
from civicforum.errors import Invalid, TransitionNotAllowed
from civicforum.polls.models import Poll, Station
from civicforum.polls.services import for_elections
from civicforum.polls.services.rolls import freeze_locked
from civicforum.polls.services.stations import StationPlan
from civicforum.polls.services.steps import lock_to_run
from civicforum.rulebook import Rulebook, Verdict

# How a round is called on the papers that it is about.
TITLES = {
    RoundKind.FURTHER: "另行选举",
    RoundKind.TIE: "再次投票",
    RoundKind.RERUN: "重新投票",
}


def next_round(
    *,
    election_id: uuid.UUID,
    opens_at: datetime,
    closes_at: datetime,
    added: Mapping[uuid.UUID, Sequence[int]] = MappingProxyType({}),
    actor: Actor,
    settings: Settings,
    now: datetime,
) -> None:
    """Call the round that the last one asks for, on the roll as it was posted.

    Args:
        added: by seat, the numbers on the roll of people nominated in addition, where too few are left who
            were voted on before.

    Raises NotFound, NotEligible, TransitionNotAllowed (nothing has to be voted on), Invalid ("past",
    "order", "not_on_roll", "stands"), RuleRefused (too late, or no more people than seats).
    """
    with transaction() as session:
        election = lock_election(session, election_id=election_id, actor=actor)
        standing = standing_of(session, election)
        latest, following = standing.latest, standing.following
        if latest is None or following is None:
            raise TransitionNotAllowed(election.stage, "next_round")
        following = _with_added(session, standing, following, added, book=rules_of(election))
        election.stage = _stage_before_polling(election.stage)
        _check_times(rules_of(election), following.kind, latest.poll, opens_at, closes_at, now)
        _check_candidates(rules_of(election), following)
        before = lock_to_run(session, poll_id=standing.rounds[0].poll_id, actor=actor)
        one, poll = _make_round(
            session, election, standing, following, actor=actor, hours=(opens_at, closes_at), now=now
        )
        for_elections.carry_roll(session, poll, before)
        write_paper(session, election, one, poll, following.asked)
        _carry_stations(session, poll, before)
        # With a sealed box nobody can be added once the roll is frozen: its officers choose the moment.
        if not poll.has_board:
            freeze_locked(session, poll, settings=settings, now=now)
        payload = {"round": one.number, "kind": one.kind.value, "opens_at": opens_at.isoformat()}
        record_election(session, election, actor=actor, action="next_round", payload=payload, now=now)


def deadline_of(book: Rulebook, kind: RoundKind, before: Poll, opens_at: datetime) -> Verdict | None:
    """Judge how soon a round follows the close of the one before it; None where no rule says it."""
    since = before.closed_at or before.closes_at
    assert since is not None  # noqa: S101
    return judge_day(book, kind, since, opens_at)


def _with_added(
    session: Session,
    standing: Standing,
    following: NextRound,
    added: Mapping[uuid.UUID, Sequence[int]],
    *,
    book: Rulebook,
) -> NextRound:
    """Return the round with those who were nominated in addition; only where others are lacking (art 18)."""
    barred, one_post = {gain.person_id for gain in standing.table.gains}, not judge_one_post(book, 2).holds
    if one_post:
        barred.update(who for part in following.asked for who in part.people)
    asked = []
    for part in following.asked:
        people = list(part.people)
        for number in added.get(part.seat_id, ()) if part.lacks_candidates else ():
            who = person_at(session, standing.rounds[0], number, str(part.seat_id))
            if who in barred or who in people:
                raise Invalid("stands", str(part.seat_id))
            people.append(who)
        if one_post:
            barred.update(people)
        asked.append(replace(part, people=tuple(people)))
    return replace(following, asked=tuple(asked))


def _stage_before_polling(stage: Stage) -> Stage:
    """Return where an election goes back to; a poll that became void before its end is called again there."""
    if stage is Stage.CANDIDATES:
        return stage
    if stage is Stage.POLLING:
        stage = move(stage, Stage.COUNT)
    return move(stage, Stage.CANDIDATES)


def _check_times(
    book: Rulebook,
    kind: RoundKind,
    before: Poll,
    opens_at: datetime,
    closes_at: datetime,
    now: datetime,
) -> None:
    if opens_at <= now:
        raise Invalid("past", "opens_at")
    if closes_at <= opens_at:
        raise Invalid("order", "closes_at")
    verdict = deadline_of(book, kind, before, opens_at)
    today = deadline_of(book, kind, before, now)
    # Once the time is over, as soon as possible is what is left.
    if verdict is not None and today is not None and today.holds:
        require(verdict)


def _check_candidates(book: Rulebook, following: NextRound) -> None:
    """Refuse a round in which there are no more people than seats (art 18); a tie has more by itself."""
    for part in following.asked:
        require(judge_more(book, candidates=len(part.people), seats=part.seats))


def _make_round(
    session: Session,
    election: Election,
    standing: Standing,
    following: NextRound,
    *,
    actor: Actor,
    hours: tuple[datetime, datetime],
    now: datetime,
) -> tuple[Round, Poll]:
    subject, terms = terms_of_poll(election)
    poll = for_elections.make_poll(
        session,
        community_id=election.community_id,
        election_id=election.id,
        subject=replace(subject, title=_title(election, following, len(standing.rounds) + 1)),
        terms=replace(terms, opens_at=hours[0], closes_at=hours[1]),
        book=rules_of(election),
        created_by_id=actor.person_id,
        now=now,
    )
    one = Round(
        community_id=election.community_id,
        election_id=election.id,
        number=len(standing.rounds) + 1,
        kind=following.kind,
        poll_id=poll.id,
        created_at=now,
    )
    session.add(one)
    session.flush()
    return one, poll


def _title(election: Election, following: NextRound, number: int) -> str:
    return f"{election.title[:180]}（第{number}次投票：{TITLES[following.kind]}）"


def _carry_stations(session: Session, poll: Poll, before: Poll) -> None:
    """Set up the same stations and boxes again, with nothing handed out or counted."""
    for station in session.scalars(select(Station).where(Station.poll_id == before.id)).all():
        copied = {name: getattr(station, name) for name in StationPlan.__dataclass_fields__}
        session.add(Station(community_id=poll.community_id, poll_id=poll.id, **copied))
    session.flush()
