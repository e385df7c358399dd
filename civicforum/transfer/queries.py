"""Reads of exports, of requests, and of everything that is here about one person."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import LargeBinary, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.database import Base
from civicforum.errors import NotFound
from civicforum.inbox.rules import Need, NeedKind
from civicforum.paging import Page, paginate
from civicforum.people.models import Person
from civicforum.rows import get_row
from civicforum.transfer.erasing import count_own, has_namesake, words_of
from civicforum.transfer.finding import find_words
from civicforum.transfer.models import CommunityExport, DeletionRequest, ExportPart
from civicforum.transfer.persons import NEVER_SHOWN, REMOVED, own_places
from civicforum.transfer.rules import DECIDES, ExportState, RequestState
from civicforum.transfer.values import selected, to_plain

LATEST = 10


@dataclass(frozen=True)
class Line:
    """What a deletion does in one feature: rows that go, and rows that stay without the name."""

    feature: str
    removed: int
    kept: int


@dataclass(frozen=True)
class Left:
    """Where a name stands in words of others or of the law, which a deletion does not touch."""

    places: list[tuple[str, int]]
    is_shared: bool


def copy_of(session: Session, *, person_id: uuid.UUID) -> dict[str, Any]:
    """Return everything that is a person's own as plain JSON, by table (PIPL article 45).

    Hashes of secrets are left out, and pictures and files are named by their size.
    """
    person = session.get_one(Person, person_id)
    tables = {"person": _rows(session, "person", "id", person_id)}
    tables["household"] = _rows(session, "household", "id", person.household_id)
    for name, column in own_places():
        if rows := _rows(session, name, column, person_id):
            tables[name] = [*tables.get(name, []), *rows]
    return {"person_id": str(person_id), "tables": tables}


def list_lines(session: Session, *, person_id: uuid.UUID) -> list[Line]:
    """Return what a deletion would do, feature by feature."""
    removed, kept = Counter[str](), Counter[str]({"people": 1})
    for table, number in count_own(session, person_id, own_places()).items():
        (removed if table in REMOVED else kept)[feature_of(table)] += number
    features = dict.fromkeys([*removed, *kept])
    return [Line(feature, removed[feature], kept[feature]) for feature in features]


def list_left(session: Session, *, person: Person) -> Left:
    """Return where the name stands in texts of others, as far as words alone can tell."""
    words = words_of(session, person)
    found = find_words(session, community_id=person.community_id, words=words)
    own = {"person", "sign_in_failure", "resident_import", *(table for table, _column in own_places())}
    counts = Counter[str]()
    for (table, _column), number in found.items():
        if table not in own:
            counts[feature_of(table)] += number
    return Left(sorted(counts.items()), has_namesake(session, person))


@cache
def feature_of(table: str) -> str:
    """Return the feature that keeps a table."""
    modules = {mapper.local_table: mapper.class_.__module__ for mapper in Base.registry.mappers}
    return modules[Base.metadata.tables[table]].split(".")[1]


def get_waiting(session: Session, *, person_id: uuid.UUID) -> DeletionRequest | None:
    """Return a person's request that waits."""
    return session.scalar(
        select(DeletionRequest).where(
            DeletionRequest.person_id == person_id, DeletionRequest.state == RequestState.ASKED
        )
    )


def get_refused(session: Session, *, person_id: uuid.UUID) -> DeletionRequest | None:
    """Return a person's latest request when it was refused."""
    latest = session.scalar(
        select(DeletionRequest)
        .where(DeletionRequest.person_id == person_id)
        .order_by(DeletionRequest.asked_at.desc())
        .limit(1)
    )
    return latest if latest is not None and latest.state is RequestState.REFUSED else None


def list_requests(session: Session, *, community_id: uuid.UUID, number: int) -> Page[DeletionRequest]:
    """Return a page of requests: those that wait first, the most urgent on top."""
    statement = (
        select(DeletionRequest)
        .options(joinedload(DeletionRequest.person))
        .where(DeletionRequest.community_id == community_id)
        .order_by(DeletionRequest.state != RequestState.ASKED, DeletionRequest.due_at, DeletionRequest.id)
    )
    return paginate(session, statement, number=number)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return that requests wait for whoever decides them; one statement, none for others."""
    if not actor.holds(*DECIDES):
        return []
    waiting = select(DeletionRequest).where(
        DeletionRequest.community_id == actor.community_id,
        DeletionRequest.state == RequestState.ASKED,
        DeletionRequest.person_id != actor.person_id,
    )
    first = waiting.options(joinedload(DeletionRequest.person)).order_by(DeletionRequest.due_at).limit(1)
    request = session.scalar(first)
    if request is None:
        return []
    title = request.person.name
    return [Need(NeedKind.DECIDE_DELETION, title, "transfer.requests", due_at=request.due_at)]


def get_request(session: Session, *, request_id: uuid.UUID, community_id: uuid.UUID) -> DeletionRequest:
    """Return a request with its person. Raises NotFound."""
    return get_row(
        session,
        DeletionRequest,
        request_id,
        community_id=community_id,
        options=[joinedload(DeletionRequest.person)],
    )


def list_exports(session: Session, *, community_id: uuid.UUID) -> Sequence[CommunityExport]:
    """Return the latest exports with who asked for them, newest first."""
    return session.scalars(
        select(CommunityExport)
        .options(joinedload(CommunityExport.asked_by))
        .where(CommunityExport.community_id == community_id)
        .order_by(CommunityExport.asked_at.desc())
        .limit(LATEST)
    ).all()


def get_ready_export(session: Session, *, export_id: uuid.UUID, community_id: uuid.UUID) -> CommunityExport:
    """Return an export whose file is here. Raises NotFound."""
    export = session.get(CommunityExport, export_id)
    if export is None or (export.community_id, export.state) != (community_id, ExportState.READY):
        raise NotFound(export_id)
    return export


def read_parts(session: Session, *, export_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the file of an export, a few megabytes at a time."""
    numbers = session.scalars(
        select(ExportPart.number).where(ExportPart.export_id == export_id).order_by(ExportPart.number)
    ).all()
    for number in numbers:
        yield session.scalars(
            select(ExportPart.content).where(ExportPart.export_id == export_id, ExportPart.number == number)
        ).one()


def _rows(session: Session, name: str, column: str, value: uuid.UUID) -> list[dict[str, Any]]:
    table = Base.metadata.tables[name]
    columns = [each for each in table.columns if each.name not in NEVER_SHOWN]
    shown = [each for each in columns if not isinstance(each.type, LargeBinary)]
    order = list(table.primary_key.columns)
    found = session.execute(
        select(*(selected(each) for each in shown)).where(table.c[column] == value).order_by(*order)
    )
    return [{each.name: to_plain(each, item) for each, item in zip(shown, row, strict=True)} for row in found]
