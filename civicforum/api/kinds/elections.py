"""Elections: the list, and one with what everybody may know of it at its stage."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from civicforum.api.filters import ListFilters
from civicforum.api.kinds.kind import Kind, One, Scope
from civicforum.api.shapes.common import Named
from civicforum.api.shapes.elections import (
    CandidateShape,
    DateShape,
    ElectionLine,
    ElectionShape,
    OfficeShape,
    RoundShape,
    WinnerShape,
)
from civicforum.api.shapes.verdicts import write_verdict
from civicforum.elections.models import Election
from civicforum.elections.queries.candidates import list_by_seat
from civicforum.elections.queries.dates import get_dates
from civicforum.elections.queries.results import list_winners
from civicforum.elections.queries.rounds import list_rounds
from civicforum.elections.queries.showing import get_election
from civicforum.elections.rules import Stage
from civicforum.elections.services.candidates import presentation
from civicforum.elections.views.candidates import SHOWN_FROM
from civicforum.elections.views.results import SHOWN
from civicforum.polls.rules import PollState


class ElectionFilters(ListFilters):
    """Which elections."""

    stage: Stage | None = None


def _select(scope: Scope, filters: ElectionFilters) -> Select[Any]:
    statement = (
        select(Election)
        .where(Election.community_id == scope.community_id)
        .options(joinedload(Election.body), joinedload(Election.group))
    )
    return statement if filters.stage is None else statement.where(Election.stage == filters.stage)


def _write(_scope: Scope, elections: Sequence[Election]) -> list[ElectionLine]:
    return [ElectionLine(**_fields(election)) for election in elections]


def _fields(election: Election) -> dict[str, Any]:
    return {
        "id": election.id,
        "kind": election.kind,
        "way": election.way,
        "title": election.title,
        "stage": election.stage,
        "body": Named(id=election.body_id, name=election.body.name),
        "group": election.group.name if election.group else None,
        "by_screen": election.by_screen,
        "screen_ground": election.screen_ground,
        "by_proxy": election.by_proxy,
        "opens_at": election.opens_at,
        "closes_at": election.closes_at,
        "place": election.place,
        "closed_at": election.closed_at,
        "void_ground": election.void_ground or None,
        "path": url_for("elections.show", election_id=election.id),
    }


def get_election_shape(scope: Scope, election_id: uuid.UUID) -> ElectionShape:
    """Return an election as its pages show it to a visitor. Raises NotFound."""
    session = scope.session
    election = get_election(session, election_id=election_id, community_id=scope.community_id)
    rounds = [one for one in list_rounds(session, election) if one.poll.state is not PollState.DRAFT]
    # As on the page of the result: nobody is named elected before a count is public.
    is_counted = any(one.poll.result and one.poll.state in SHOWN for one in rounds)
    return ElectionShape(
        **_fields(election),
        offices=[OfficeShape(id=seat.id, title=seat.title, seats=seat.seats) for seat in election.seats],
        calendar=_calendar(scope, election),
        candidates=_candidates(scope, election),
        may_present=write_verdict(presentation(session, election, now=scope.now)),
        rounds=[RoundShape(number=one.number, kind=one.kind, poll=one.poll_id) for one in rounds],
        winners=_winners(scope, election) if is_counted else [],
        rules=election.profile,
        rules_version=election.profile_version,
    )


def _calendar(scope: Scope, election: Election) -> list[DateShape]:
    known = get_dates(scope.session, election)
    return [
        DateShape(milestone=milestone, day=day, is_done=milestone in known.done)
        for milestone, day in known.days.items()
    ]


def _candidates(scope: Scope, election: Election) -> list[CandidateShape]:
    if election.stage not in SHOWN_FROM:
        return []
    may_present = presentation(scope.session, election, now=scope.now).holds
    return [
        CandidateShape(
            id=candidate.id,
            office=candidate.seat_id,
            name=candidate.person.name,
            group=candidate.person.household.group.name,
            state=candidate.state,
            position=candidate.position,
            statement=candidate.statement if may_present else None,
        )
        for one in list_by_seat(scope.session, election=election)
        for candidate in one.candidates
    ]


def _winners(scope: Scope, election: Election) -> list[WinnerShape]:
    return [
        WinnerShape(
            office=winner.seat_id,
            name=winner.person.name,
            votes=winner.votes,
            state=winner.state,
            ground=winner.ground or None,
        )
        for winner in list_winners(scope.session, election.id)
    ]


ELECTION = One(
    name="election",
    of="elections",
    summary="An election with its offices, candidates and winners",
    shape=ElectionShape,
    write=get_election_shape,
)
ELECTIONS = Kind(
    name="elections",
    summary="Elections, the latest first",
    shape=ElectionLine,
    filters=ElectionFilters,
    select=_select,
    key=(Election.opens_at, Election.id),
    write=_write,
    whole=ELECTION,
)
