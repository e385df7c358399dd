"""Reads for the desk, offline lists, and the count of papers."""

from __future__ import annotations

import unicodedata
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Household, Person
from civicforum.polls.models import (
    BoxCount,
    Credential,
    CredentialLink,
    Mandate,
    PaperIssue,
    Poll,
    RollEntry,
    Station,
)
from civicforum.polls.queries.polls import WITH_QUESTIONS, get_alone
from civicforum.polls.rules_paper import PaperFault, PaperSum, Word, judge_excess, word_of
from civicforum.rulebook import Rulebook, Verdict


def get_paper_poll(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    """Return a poll that stands alone and takes paper. Raises NotFound."""
    poll = get_alone(session, poll_id=poll_id, community_id=community_id, options=WITH_QUESTIONS)
    if not poll.by_paper:
        raise NotFound(poll_id)
    return poll


def get_station(session: Session, *, poll: Poll, station_id: uuid.UUID) -> Station:
    """Return a station of the poll. Raises NotFound."""
    station = session.get(Station, station_id)
    if station is None or station.poll_id != poll.id:
        raise NotFound(station_id)
    return station


def list_stations(session: Session, poll: Poll) -> Sequence[Station]:
    """Return the stations of a poll with their counts, by name."""
    return session.scalars(
        select(Station)
        .options(selectinload(Station.counts))
        .where(Station.poll_id == poll.id)
        .order_by(Station.kind, Station.name)
    ).all()


def count_issued(session: Session, poll: Poll) -> dict[uuid.UUID, int]:
    """Return how many papers each station handed out; one that handed out none is left out."""
    rows = session.execute(
        select(PaperIssue.station_id, func.count().label("papers"))
        .where(PaperIssue.poll_id == poll.id)
        .group_by(PaperIssue.station_id)
    )
    return {row.station_id: row.papers for row in rows}


@dataclass
class DeskLine:
    """Somebody on the roll, as the desk sees them.

    Attributes:
        paper_at: the station that handed out their paper; None for no paper.
        mandate: the proxy they gave; holds: the proxies they hold.
    """

    entry: RollEntry
    word: Word
    paper_at: str | None = None
    voted_on_screen: bool = False
    mandate: Mandate | None = None
    holds: list[Mandate] = field(default_factory=list)


def search_desk(
    session: Session, *, poll: Poll, text: str, number: int, per_page: int = 10
) -> Page[DeskLine]:
    """Return those on the roll whom the text finds, by number on the roll, name, group or household."""
    page = paginate(session, _found(poll, text), number=number, per_page=per_page)
    lines = {line.entry.id: line for line in _desk_lines(session, poll, page.items)}
    return page.map(lambda entry: lines[entry.id])


def get_desk_line(session: Session, *, poll: Poll, entry_id: uuid.UUID) -> DeskLine:
    """Return one person of the roll as the desk sees them. Raises NotFound."""
    statement = _with_household().where(RollEntry.poll_id == poll.id, RollEntry.id == entry_id)
    entry = session.scalars(statement).one_or_none()
    if entry is None:
        raise NotFound(entry_id)
    return _desk_lines(session, poll, [entry])[0]


def _with_household() -> Select[RollEntry]:
    return (
        select(RollEntry)
        .join(RollEntry.person)
        .join(Person.household)
        .options(contains_eager(RollEntry.person).contains_eager(Person.household))
    )


def _found(poll: Poll, text: str) -> Select[RollEntry]:
    typed = unicodedata.normalize("NFKC", text).strip()
    statement = _with_household().where(RollEntry.poll_id == poll.id)
    if typed.isdecimal() and len(typed) < 9:
        at = int(typed)
        return statement.where(
            or_(RollEntry.position == at, Household.number == typed, Household.address.startswith(typed))
        ).order_by(RollEntry.position != at, RollEntry.position)
    return statement.where(
        or_(
            RollEntry.name.contains(typed, autoescape=True),
            RollEntry.group_name.contains(typed, autoescape=True),
            Household.number == typed,
            Household.address.contains(typed, autoescape=True),
        )
    ).order_by(RollEntry.name != typed, RollEntry.position)


def _desk_lines(session: Session, poll: Poll, entries: Sequence[RollEntry]) -> list[DeskLine]:
    ids = [entry.id for entry in entries]
    papers = _papers_of(session, ids)
    voted = _voted_on_screen(session, poll, ids)
    given, held = _mandates_of(session, ids)
    return [
        DeskLine(
            entry=entry,
            word=word_of(
                is_struck_off=entry.struck_off_at is not None,
                has_paper=entry.id in papers,
                voted_on_screen=entry.id in voted,
            ),
            paper_at=papers.get(entry.id),
            voted_on_screen=entry.id in voted,
            mandate=given.get(entry.id),
            holds=held.get(entry.id, []),
        )
        for entry in entries
    ]


def _papers_of(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    rows = session.execute(
        select(PaperIssue.roll_entry_id, Station.name)
        .join(PaperIssue.station)
        .where(PaperIssue.roll_entry_id.in_(ids))
    )
    return {row.roll_entry_id: row.name for row in rows}


def _voted_on_screen(session: Session, poll: Poll, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    if not poll.has_board:
        return set()
    rows = session.scalars(
        select(CredentialLink.roll_entry_id)
        .join(
            Credential,
            (Credential.poll_id == CredentialLink.poll_id) & (Credential.public == CredentialLink.public),
        )
        .where(CredentialLink.roll_entry_id.in_(ids), Credential.sequence >= 0, Credential.void.is_(None))
    )
    return set(rows)


def _mandates_of(
    session: Session, ids: Sequence[uuid.UUID]
) -> tuple[dict[uuid.UUID, Mandate], dict[uuid.UUID, list[Mandate]]]:
    principal, holder = aliased(RollEntry), aliased(RollEntry)
    rows = session.scalars(
        select(Mandate)
        .join(principal, Mandate.principal)
        .join(holder, Mandate.holder)
        .options(
            contains_eager(Mandate.principal.of_type(principal)),
            contains_eager(Mandate.holder.of_type(holder)),
        )
        .where(or_(Mandate.principal_id.in_(ids), Mandate.holder_id.in_(ids)), Mandate.withdrawn_at.is_(None))
        .order_by(principal.position)
    ).all()
    held: dict[uuid.UUID, list[Mandate]] = {}
    for mandate in rows:
        held.setdefault(mandate.holder_id, []).append(mandate)
    return {mandate.principal_id: mandate for mandate in rows}, held


@dataclass(frozen=True)
class ListedRow:
    """One number of an offline list: who that is, or why it cannot be entered.

    Attributes:
        entry_id: None where no such number is on the roll.
        elsewhere: the station where they have a paper already.
        voids_ballot: that a ballot cast on screen will not count any more.
    """

    number: int
    entry_id: uuid.UUID | None = None
    name: str = ""
    fault: PaperFault | None = None
    elsewhere: str = ""
    voids_ballot: bool = False
    mandate_id: uuid.UUID | None = None
    holder: str = ""
    credential: bytes | None = None


def preview_list(
    session: Session, *, poll: Poll, numbers: Sequence[int], by_proxy: Sequence[int] = ()
) -> list[ListedRow]:
    """Return each number of a typed list with the name it stands for, and what speaks against entering it.

    A number in `by_proxy` that is not among `numbers` comes last, as one that was not handed out.
    """
    entries = {
        entry.position: entry
        for entry in session.scalars(
            select(RollEntry).where(
                RollEntry.poll_id == poll.id, RollEntry.position.in_({*numbers, *by_proxy})
            )
        )
    }
    ids = [entry.id for entry in entries.values()]
    papers, (given, _held) = _papers_of(session, ids), _mandates_of(session, ids)
    credentials = _credentials_of(session, poll, ids)
    typed = Counter(numbers)
    rows = []
    for number in [*dict.fromkeys(numbers), *(one for one in by_proxy if one not in typed)]:
        entry = entries.get(number)
        if entry is None:
            rows.append(ListedRow(number, fault=PaperFault.NOT_ON_ROLL))
            continue
        mandate = given.get(entry.id) if number in by_proxy else None
        standing = credentials.get(entry.id)
        rows.append(
            ListedRow(
                number,
                entry_id=entry.id,
                name=entry.name,
                fault=_fault_of(
                    poll,
                    entry,
                    typed=typed[number],
                    has_paper=entry.id in papers,
                    lacks_mandate=number in by_proxy and mandate is None,
                    standing=standing,
                ),
                elsewhere=papers.get(entry.id, ""),
                voids_ballot=standing is not None and standing.sequence >= 0,
                mandate_id=mandate.id if mandate else None,
                holder=mandate.holder.name if mandate else "",
                credential=standing.public if standing else None,
            )
        )
    return rows


def _fault_of(
    poll: Poll,
    entry: RollEntry,
    *,
    typed: int,
    has_paper: bool,
    lacks_mandate: bool,
    standing: Credential | None,
) -> PaperFault | None:
    faults = {
        PaperFault.STRUCK_OFF: entry.struck_off_at is not None,
        PaperFault.HAS_PAPER: has_paper,
        PaperFault.TWICE: typed > 1,
        PaperFault.NO_MANDATE: lacks_mandate or typed == 0,
        PaperFault.NO_CREDENTIAL: poll.has_board and (standing is None or standing.void is not None),
    }
    return next((fault for fault, is_so in faults.items() if is_so), None)


def _credentials_of(session: Session, poll: Poll, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Credential]:
    if not poll.has_board:
        return {}
    rows = session.execute(
        select(CredentialLink.roll_entry_id, Credential)
        .join(
            Credential,
            (Credential.poll_id == CredentialLink.poll_id) & (Credential.public == CredentialLink.public),
        )
        .where(CredentialLink.roll_entry_id.in_(ids))
    )
    return {row.roll_entry_id: row.Credential for row in rows}


def list_for_sheet(session: Session, *, poll: Poll, group: str = "") -> Sequence[RollEntry]:
    """Return the roll in its order, of one residents' group or of all, without who was struck off."""
    statement = select(RollEntry).where(RollEntry.poll_id == poll.id, RollEntry.struck_off_at.is_(None))
    if group:
        statement = statement.where(RollEntry.group_name == group)
    return session.scalars(statement.order_by(RollEntry.position)).all()


def list_groups(session: Session, poll: Poll) -> Sequence[str]:
    """Return the residents' groups on the roll."""
    names = select(RollEntry.group_name).where(RollEntry.poll_id == poll.id, RollEntry.group_name != "")
    return session.scalars(names.distinct().order_by(RollEntry.group_name)).all()


def list_counts(session: Session, station: Station) -> Sequence[BoxCount]:
    """Return the counts of a box, hand 1 first, each with who entered it."""
    return session.scalars(
        select(BoxCount)
        .options(selectinload(BoxCount.entered_by))
        .where(BoxCount.station_id == station.id)
        .order_by(BoxCount.hand)
    ).all()


@dataclass(frozen=True)
class Account:
    """How the papers add up: by station where its count is signed, and together.

    `verdict` judges the rule on papers found in excess; None while a count is missing.
    """

    rows: list[tuple[Station, int, PaperSum | None]]
    together: PaperSum | None
    verdict: Verdict | None


def get_account(session: Session, *, poll: Poll, book: Rulebook) -> Account:
    """Return the reconciliation of papers. A box that is not signed shows what it handed out and no more."""
    issued, rows = count_issued(session, poll), []
    for station in list_stations(session, poll):
        own = issued.get(station.id, 0)
        count = station.counts[0] if station.signed_at and station.counts else None
        papers = PaperSum(own, count.found, count.invalid, station.exchanged) if count else None
        rows.append((station, own, papers))
    sums = [papers for _, _, papers in rows if papers is not None]
    if not rows or len(sums) < len(rows):
        return Account(rows, None, None)
    together = sum(sums, PaperSum(0, 0, 0))
    return Account(rows, together, judge_excess(book, together))
