"""Papers handed out: at the desk one by one, and from the printed list of a station without a network.

Paper in a box cannot be taken back, so paper wins: the credential is void in the transaction that hands the
paper out, whether or not it voted on screen. The journal names the station and never the voter
(docs/adr/0011).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.polls.errors import PaperRefused
from civicforum.polls.models import BoxCount, CredentialLink, Mandate, PaperIssue, Poll, RollEntry, Station
from civicforum.polls.queries.paper import ListedRow, preview_list
from civicforum.polls.rules import PollState, StationKind, VoteChannel
from civicforum.polls.rules_paper import PaperFault, PaperSum, added, judge_excess, merged
from civicforum.polls.services import boards
from civicforum.polls.services.stations import find_station
from civicforum.polls.services.steps import lock_for_the_door, record_poll, rules_of
from civicforum.sealed import Why

CHANNEL_OF = {StationKind.HALL: VoteChannel.HALL, StationKind.ROVING: VoteChannel.ROVING}


def issue_paper(
    *,
    station_id: uuid.UUID,
    entry_id: uuid.UUID,
    mandate_id: uuid.UUID | None = None,
    despite_screen: bool = False,
    actor: Actor,
    now: datetime,
) -> None:
    """Hand one paper to a voter, or to the holder of the voter's proxy, and void the credential.

    Args:
        despite_screen: that the voter knows that the ballot cast on screen will not count any more.

    Raises NotFound, NotEligible, PaperRefused.
    """
    with transaction() as session:
        station = find_station(session, station_id=station_id, actor=actor)
        poll = lock_for_the_door(session, poll_id=station.poll_id, actor=actor)
        _check_open(poll, station, now)
        entry = _entry_to_serve(session, poll, entry_id)
        if mandate_id is not None:
            _check_mandate(session, entry, mandate_id)
        if poll.has_board:
            _void_one(session, poll, entry, despite_screen=despite_screen)
        channel = CHANNEL_OF[station.kind] if mandate_id is None else VoteChannel.PROXY
        session.add(_issue(station, entry.id, channel, mandate_id, actor=actor, now=now))
        payload = {"station": station.name, "channel": channel.value}
        record_poll(
            session, poll, actor=actor, action="issue_paper", payload=payload, now=now, is_public=False
        )


def exchange_paper(*, station_id: uuid.UUID, actor: Actor, now: datetime) -> int:
    """Note that a voter gave a spoiled paper back and got another; returns how many did so here.

    Nothing says who. Raises NotFound, NotEligible, PaperRefused (not open), Invalid (more than were handed
    out).
    """
    with transaction() as session:
        station = find_station(session, station_id=station_id, actor=actor)
        poll = lock_for_the_door(session, poll_id=station.poll_id, actor=actor)
        session.refresh(station)
        _check_open(poll, station, now)
        if _issued_at(session, station) == 0:
            raise Invalid("nothing_issued")
        station.exchanged += 1
        payload = {"station": station.name, "exchanged": station.exchanged}
        record_poll(
            session, poll, actor=actor, action="exchange_paper", payload=payload, now=now, is_public=False
        )
        return station.exchanged


def enter_list(
    *,
    station_id: uuid.UUID,
    numbers: Sequence[int],
    by_proxy: Sequence[int] = (),
    exchanged: int = 0,
    actor: Actor,
    now: datetime,
) -> int:
    """Enter the printed list of an offline station, all of it or nothing. Returns how many papers it has.

    Args:
        numbers: numbers on the roll of those whose paper was handed out.
        by_proxy: those of them whose paper the holder of their proxy took.

    Raises NotFound, NotEligible, TransitionNotAllowed (not stopped, entered before, not offline), Invalid
    (field "numbers") where `preview_list` has a row with a fault.
    """
    with transaction() as session:
        station = find_station(session, station_id=station_id, actor=actor)
        poll = lock_for_the_door(session, poll_id=station.poll_id, actor=actor)
        session.refresh(station)
        awaits = station.is_offline and station.list_entered_at is None and poll.sealed_at is None
        if poll.state is not PollState.CLOSED or not awaits:
            raise TransitionNotAllowed(poll.state)
        rows = preview_list(session, poll=poll, numbers=numbers, by_proxy=by_proxy)
        if any(row.fault for row in rows):
            raise Invalid("rows", "numbers")
        if exchanged > len(rows):
            raise Invalid("nothing_issued", "exchanged")
        if poll.has_board and rows:
            _void_all(session, poll, rows)
        channel = CHANNEL_OF[station.kind]
        for row in rows:
            own = VoteChannel.PROXY if row.mandate_id else channel
            session.add(_issue(station, row.entry_id, own, row.mandate_id, actor=actor, now=now))
        station.exchanged, station.list_entered_at = exchanged, now
        payload = {"station": station.name, "papers": len(rows)}
        record_poll(session, poll, actor=actor, action="enter_list", payload=payload, now=now)
        return len(rows)


@dataclass(frozen=True)
class StationTotals:
    """What was counted in one box, signed by two."""

    station_id: uuid.UUID
    name: str
    kind: StationKind
    papers: PaperSum
    counts: tuple[int, ...]
    texts: tuple[dict[str, int], ...]
    grounds: dict[str, int]
    signed_by: tuple[str, str]


@dataclass(frozen=True)
class PaperTotals:
    """What was found in all boxes, as `sealed.paper_line` takes it, and by station."""

    issued: int
    found: int
    invalid: int
    counts: tuple[int, ...]
    texts: tuple[dict[str, int], ...]
    signed_by: tuple[str, ...]
    stations: tuple[StationTotals, ...] = ()


def paper_totals(session: Session, poll: Poll) -> PaperTotals:
    """Return what the boxes came to, once each count is signed by two.

    Raises TransitionNotAllowed while a station is not signed or none is there, RuleRefused where more papers
    were found than handed out: such a poll cannot be counted, only declared void.
    """
    contests = poll.contests
    rows = session.scalars(select(Station).where(Station.poll_id == poll.id).order_by(Station.name)).all()
    if not rows or any(station.signed_at is None for station in rows):
        raise TransitionNotAllowed(poll.state)
    stations = tuple(_totals_of(session, station) for station in rows)
    papers = sum((station.papers for station in stations), PaperSum(0, 0, 0))
    verdict = judge_excess(rules_of(poll), papers)
    if not verdict.holds:
        raise RuleRefused(verdict)
    return PaperTotals(
        issued=papers.issued,
        found=papers.found,
        invalid=papers.invalid,
        counts=added((one.counts for one in stations), sum(contest.marks for contest in contests)),
        texts=merged((one.texts for one in stations), sum(1 for contest in contests if contest.texts)),
        signed_by=tuple(dict.fromkeys(name for one in stations for name in one.signed_by)),
        stations=stations,
    )


def _totals_of(session: Session, station: Station) -> StationTotals:
    first, second = session.scalars(
        select(BoxCount).where(BoxCount.station_id == station.id).order_by(BoxCount.hand)
    ).all()
    names = (first.entered_by.name, second.entered_by.name)
    if names[0] == names[1]:
        # Two people of one name are two signatures.
        names = (names[0], f"{names[1]} {second.entered_by.number}")
    return StationTotals(
        station_id=station.id,
        name=station.name,
        kind=station.kind,
        papers=PaperSum(_issued_at(session, station), first.found, first.invalid, station.exchanged),
        counts=tuple(first.counts),
        texts=tuple(first.texts),
        grounds=first.grounds,
        signed_by=names,
    )


def _check_open(poll: Poll, station: Station, now: datetime) -> None:
    if not poll.has_pages or not poll.by_paper:
        raise NotFound(poll.id)
    if poll.state is not PollState.OPEN or (poll.closes_at is not None and now >= poll.closes_at):
        raise PaperRefused(PaperFault.NOT_OPEN)
    if station.is_offline:
        raise PaperRefused(PaperFault.OFFLINE)


def _entry_to_serve(session: Session, poll: Poll, entry_id: uuid.UUID) -> RollEntry:
    entry = session.get(RollEntry, entry_id, populate_existing=True)
    if entry is None or entry.poll_id != poll.id:
        raise PaperRefused(PaperFault.NOT_ON_ROLL)
    if entry.struck_off_at is not None:
        raise PaperRefused(PaperFault.STRUCK_OFF)
    if session.scalar(select(PaperIssue.id).where(PaperIssue.roll_entry_id == entry_id)):
        raise PaperRefused(PaperFault.HAS_PAPER)
    return entry


def _check_mandate(session: Session, entry: RollEntry, mandate_id: uuid.UUID) -> None:
    mandate = session.get(Mandate, mandate_id, populate_existing=True)
    if mandate is None or mandate.principal_id != entry.id or mandate.withdrawn_at is not None:
        raise PaperRefused(PaperFault.NO_MANDATE)


def _void_one(session: Session, poll: Poll, entry: RollEntry, *, despite_screen: bool) -> None:
    public = session.scalar(select(CredentialLink.public).where(CredentialLink.roll_entry_id == entry.id))
    if public is None:
        raise PaperRefused(PaperFault.NO_CREDENTIAL)
    # Looked at under the board's lock: the voter may be casting at this moment.
    board = boards.lock_board(session, poll.id, [public])
    standing = board.electorate.standings[public]
    if standing.void is not None:
        raise PaperRefused(PaperFault.NO_CREDENTIAL)
    if standing.sequence >= 0 and not poll.revote:
        raise PaperRefused(PaperFault.NO_REVOTE)
    if standing.sequence >= 0 and not despite_screen:
        raise PaperRefused(PaperFault.VOTED_ON_SCREEN)
    line = sealed.void_line(public, Why.PAPER)
    boards.append_to(session, board, poll=poll, line=line, known=[public], proofs=False)


def _void_all(session: Session, poll: Poll, rows: Sequence[ListedRow]) -> None:
    # In the order of the credentials: in that of the list, the board would say whose is whose.
    publics = sorted(row.credential for row in rows if row.credential is not None)
    board = boards.lock_board(session, poll.id, publics)
    for public in publics:
        line = sealed.void_line(public, Why.PAPER)
        boards.append_to(session, board, poll=poll, line=line, known=[public], proofs=False)


def _issue(
    station: Station,
    entry_id: uuid.UUID | None,
    channel: VoteChannel,
    mandate_id: uuid.UUID | None,
    *,
    actor: Actor,
    now: datetime,
) -> PaperIssue:
    return PaperIssue(
        community_id=station.community_id,
        poll_id=station.poll_id,
        station_id=station.id,
        roll_entry_id=entry_id,
        channel=channel,
        mandate_id=mandate_id,
        issued_by_id=actor.person_id,
        issued_at=now,
    )


def _issued_at(session: Session, station: Station) -> int:
    issued = select(func.count()).select_from(PaperIssue).where(PaperIssue.station_id == station.id)
    return session.scalar(issued) or 0
