"""People and days of a notice board, and what is looked at off the page: a sheet on paper, a package."""

from __future__ import annotations

import io
import uuid
from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import segno
from click.testing import CliRunner, Result
from playwright.sync_api import Locator
from pypdf import PageObject, PdfReader
from pypdf.generic import ContentStream
from sqlalchemy import DateTime, select, update

from civicforum.bodies.rules import Role
from civicforum.database import Base, db
from civicforum.dossiers.cli import verify
from civicforum.notices import services
from civicforum.notices.calendar import last_end, period_around
from civicforum.notices.models import (
    DisclosureDue,
    DisclosureItem,
    DraftObjection,
    Notice,
    NoticeDraft,
    NoticeQuery,
    NoticeQueryEntry,
)
from civicforum.notices.services.clocks import SweepResult
from civicforum.rulebook.days import day_ends, day_of
from tests.support.town import Neighbour, Town

MOVED: tuple[type[Base], ...] = (
    Notice,
    DisclosureDue,
    NoticeDraft,
    DraftObjection,
    NoticeQuery,
    NoticeQueryEntry,
)
# Of A4 in points, to a tenth of a millimetre.
A4 = (595.3, 841.9)
# The colour in which an element says that something is wrong: its border's, which is never the text's.
BORDER = "(one) => getComputedStyle(one).borderInlineStartColor"


@dataclass(frozen=True)
class People:
    """Who has to do with a notice: the residents' committee, its clerk, who checks them, a resident."""

    director: Neighbour
    clerk: Neighbour
    supervisor: Neighbour
    resident: Neighbour


def settle(town: Town, *, resident: str) -> People:
    """Seat the officers, and let the sweep enter the items of the law."""
    people = People(
        director=town.officer(Role.COMMITTEE, "林晓燕"),
        clerk=town.officer(Role.CLERK, "李文静"),
        supervisor=town.officer(Role.SUPERVISOR, "赵国强"),
        resident=town.resident(resident),
    )
    with town.app.app_context():
        services.sweep_clocks(now=datetime.now(UTC))
    return people


def let_fall_due(town: Town, code: str, *, days: int) -> uuid.UUID:
    """Let the last period of an item fall due in so many days, whatever day of the month it is today."""
    today = day_of(datetime.now(UTC))
    with town.app.app_context():
        item = db.session.scalars(select(DisclosureItem).where(DisclosureItem.code == code)).one()
        last = last_end(item.rhythm, today)
        due = DisclosureDue(
            community_id=town.community_id,
            item_id=item.id,
            period_from=period_around(item.rhythm, last).first,
            period_until=last,
            due_at=day_ends(today + timedelta(days=days)),
        )
        db.session.add(due)
        db.session.commit()
        return due.id


def pass_days(town: Town, days: int) -> SweepResult:
    """Let days go by on the board: its instants move back, and the clocks are swept as the worker does."""
    with town.app.app_context():
        for model in MOVED:
            instants = [one for one in model.__table__.columns if isinstance(one.type, DateTime)]
            moved: dict[Any, Any] = {one: one - timedelta(days=days) for one in instants}
            db.session.execute(update(model).values(moved))
        db.session.commit()
        return services.sweep_clocks(now=datetime.now(UTC))


def is_red(element: Locator) -> bool:
    """Tell whether what the element shows has a red frame."""
    red, green, blue = (int(part) for part in element.evaluate(BORDER)[4:-1].split(",")[:3])
    # On the dark wall red is a light one.
    return red > 1.25 * max(green, blue)


def look_at_sheet(pdf: bytes, *, title: str, text: str, period: str, address: str) -> None:
    """Assert that a PDF is one A4 page with the words of a notice and the code that leads to its address."""
    reader = PdfReader(io.BytesIO(pdf))
    [page] = reader.pages
    assert all(abs(found - want) < 1 for found, want in zip(page.mediabox[2:], A4, strict=True))
    said = "".join(page.extract_text().split())
    missing = [one for one in (title, *text.split(), period, address) if "".join(one.split()) not in said]
    assert not missing, f"the sheet does not say {missing}, but: {said}"
    assert drawn_code(page, reader) == code_of(address)


def code_of(address: str) -> Set[tuple[int, int]]:
    """Return the dark modules of the QR code of an address, as column and row within its quiet zone."""
    matrix = segno.make(address, error="m").matrix
    return {(x, y) for y, row in enumerate(matrix) for x, is_dark in enumerate(row) if is_dark}


def drawn_code(page: PageObject, reader: PdfReader) -> Set[tuple[int, int]]:
    """Return the modules that a page draws, counted from their corner; a stroke has some of one row."""
    strokes, start = [], (0.0, 0.0)
    for operands, operator in ContentStream(page.get_contents(), reader).operations:
        point = tuple(map(float, operands)) if operator in (b"m", b"l") else ()
        if operator == b"m":
            start = (point[0], point[1])
        elif operator == b"l" and point[1] == start[1]:
            strokes.append((start, point[0]))
    left, top = min(x for (x, _y), _end in strokes), min(y for (_x, y), _end in strokes)
    return {
        (int(column - left), int(y - top)) for (x, y), end in strokes for column in range(int(x), int(end))
    }


def verify_package(path: Path) -> Result:
    """Check a package as anybody can, with the command."""
    return CliRunner().invoke(verify, [str(path), "--processes", "1"])
