"""Stations and boxes: where papers are handed out, who watches, and what works without a network."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.polls.keyholders import Candidate, stands_on_paper
from civicforum.polls.models import Poll, Station
from civicforum.polls.rules import PollState, StationKind
from civicforum.polls.rules_paper import ROVING_SUPERVISORS
from civicforum.polls.services.steps import lock_alone, record_poll, rules_of

BEFORE_OPENING = frozenset({PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY})


@dataclass(frozen=True)
class StationPlan:
    """A station as it is to be. `supervisors` and `scribe` are names; no scribe is ""."""

    name: str
    kind: StationKind
    place: str = ""
    supervisors: tuple[str, ...] = ()
    scribe: str = ""
    is_offline: bool = False


def add_station(*, poll_id: uuid.UUID, plan: StationPlan, actor: Actor, now: datetime) -> uuid.UUID:
    """Add a station or a box to a poll that takes paper. Returns its id.

    Raises NotFound, NotEligible, TransitionNotAllowed (the poll has opened, or is an appraisal's, which has
    one), Invalid (field "name" where the name is taken; "supervisors", "scribe" where a candidate is named;
    "is_offline"), RuleRefused (too few watch the box).
    """
    with transaction() as session:
        poll = _poll_to_plan(session, poll_id=poll_id, actor=actor)
        # Forms of an appraisal are in one box: several would show what few people wrote.
        if poll.is_appraisal:
            raise TransitionNotAllowed(poll.state, "add_station")
        _check(session, poll, plan)
        station = Station(community_id=poll.community_id, poll_id=poll.id, **_columns(plan))
        session.add(station)
        session.flush()
        record_poll(session, poll, actor=actor, action="add_station", payload=_payload(plan), now=now)
        return station.id


def change_station(*, station_id: uuid.UUID, plan: StationPlan, actor: Actor, now: datetime) -> None:
    """Change a station before the poll opens. Raises as `add_station` does."""
    with transaction() as session:
        station = find_station(session, station_id=station_id, actor=actor)
        poll = _poll_to_plan(session, poll_id=station.poll_id, actor=actor)
        _check(session, poll, plan, but=station.id)
        for column, value in _columns(plan).items():
            setattr(station, column, value)
        record_poll(session, poll, actor=actor, action="change_station", payload=_payload(plan), now=now)


def remove_station(*, station_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Take a station out before the poll opens. Raises NotFound, NotEligible, TransitionNotAllowed."""
    with transaction() as session:
        station = find_station(session, station_id=station_id, actor=actor)
        poll = _poll_to_plan(session, poll_id=station.poll_id, actor=actor)
        if poll.is_appraisal:
            raise TransitionNotAllowed(poll.state, "remove_station")
        payload = {"station": station.name}
        session.delete(station)
        record_poll(session, poll, actor=actor, action="remove_station", payload=payload, now=now)


def find_station(session: Session, *, station_id: uuid.UUID, actor: Actor) -> Station:
    """Return a station of the actor's community as it is now. Raises NotFound."""
    station = session.get(Station, station_id, populate_existing=True)
    if station is None or station.community_id != actor.community_id:
        raise NotFound(station_id)
    return station


def is_candidate(poll: Poll, name: str) -> bool:
    """Tell whether a name stands on the ballot paper; of two people of one name neither is trusted.

    None of them watches, counts, writes for others or holds a proxy. Source: DOMAIN.md B24, near relatives
    included, whom the committee leaves out by itself.
    """
    return stands_on_paper(Candidate(name), poll.names_on_paper)


def _poll_to_plan(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> Poll:
    poll = lock_alone(session, poll_id=poll_id, actor=actor)
    if not poll.by_paper:
        raise NotFound(poll_id)
    if poll.state not in BEFORE_OPENING:
        raise TransitionNotAllowed(poll.state)
    return poll


def _check(session: Session, poll: Poll, plan: StationPlan, *, but: uuid.UUID | None = None) -> None:
    # How many forms there are by each way has to be known when the grading ends.
    if poll.is_appraisal and plan.is_offline:
        raise Invalid("offline", "is_offline")
    taken = select(Station.id).where(Station.poll_id == poll.id, Station.name == plan.name)
    if session.scalar(taken.where(Station.id != but) if but else taken):
        raise Invalid("name_taken", "name")
    if any(is_candidate(poll, name) for name in plan.supervisors):
        raise Invalid("candidate", "supervisors")
    if is_candidate(poll, plan.scribe):
        raise Invalid("candidate", "scribe")
    if plan.kind is StationKind.ROVING:
        verdict = rules_of(poll).count(ROVING_SUPERVISORS).judge(len(set(plan.supervisors)))
        if not verdict.holds:
            raise RuleRefused(verdict)


def _columns(plan: StationPlan) -> dict[str, object]:
    return {**asdict(plan), "supervisors": list(dict.fromkeys(plan.supervisors))}


def _payload(plan: StationPlan) -> dict[str, object]:
    return {"station": plan.name, "kind": plan.kind.value, "place": plan.place, "offline": plan.is_offline}
