"""How fast a list of residents comes in with every check, and a roll is drawn from it: residents a second."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from bench.polls import running
from bench.voters import make_community
from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.people.importing.services import confirm_import, keep_preview
from civicforum.people.models import Community, Household, Person
from civicforum.people.rules import CapacityKind, Sex
from civicforum.polls.electorates import Basis, Draw
from civicforum.polls.models import Poll
from civicforum.polls.rules import Preset
from civicforum.polls.services.rolls import draw_roll
from tests.resident_lists import lines, text, workbook
from tests.support.polls import YES_NO, question_row

SIZES = (5_000, 50_000)
LEAST_A_SECOND = 2_000


@dataclass(frozen=True)
class Loaded:
    """Seconds that one list took: read and checked, checked again and written, its roll drawn."""

    residents: int
    form: str
    previewed: float
    written: float
    drawn: float

    @property
    def rate(self) -> float:
        """Residents a second from the file to the register and on to the roll."""
        return self.residents / (self.previewed + self.written + self.drawn)

    @property
    def holds(self) -> bool:
        return self.rate >= LEAST_A_SECOND


def measure(folder: Path, sizes: Sequence[int]) -> list[Loaded]:
    """Load a list of each size, as text and as a workbook, into a community of its own."""
    found = []
    with running(folder) as app:
        for size in sizes:
            rows = list(lines(size))
            for form, content in (("csv", text(rows)), ("xlsx", workbook(rows))):
                print(f"  a list of {size:,} residents, {form} ...", flush=True)
                found.append(load(app, content, size, form))
    return found


def load(app: Flask, content: bytes, size: int, form: str) -> Loaded:
    """Load one list and draw a roll of everybody who is registered or lives here."""
    with app.app_context():
        actor, poll_id = prepare()
        now = datetime.now(UTC)
        kept: list[uuid.UUID] = []
        previewed = timed(
            lambda: kept.append(keep_preview(content=content, file_name=form, actor=actor, now=now)[0])
        )
        db.session.remove()
        written = timed(lambda: confirm_import(import_id=kept[0], actor=actor, now=now))
        db.session.remove()
        draw = Draw(Basis.CAPACITIES, (CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE))
        drawn = timed(lambda: draw_roll(poll_id=poll_id, draw=draw, actor=actor, now=now))
    return Loaded(size, form, previewed, written, drawn)


def prepare() -> tuple[Actor, uuid.UUID]:
    """Make a community of one person with a draft of a poll; return that person, who runs both."""
    community_id, now, book = make_community(), datetime.now(UTC), rulebook.load("national-2026")
    with transaction() as session:
        community = session.get_one(Community, community_id)
        home = session.scalars(select(Household.id).where(Household.community_id == community_id)).one()
        officer = Person(
            community_id=community_id,
            number="A1",
            name="吴涛",
            sex=Sex.MALE,
            born_on=date(1990, 5, 17),
            household_id=home,
        )
        poll = Poll(
            community_id=community_id,
            title="小区事项表决",
            question="",
            preset=Preset.POLL,
            profile=book.name,
            profile_version=book.version,
            created_at=now,
            opens_at=now + timedelta(days=30),
            closes_at=now + timedelta(days=31),
        )
        poll.questions = [question_row(community, YES_NO, 1)]
        session.add_all([officer, poll])
        session.flush()
        actor = Actor(officer.id, community_id, roles=frozenset({Role.ADMIN, Role.COMMITTEE}))
        return actor, poll.id


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def table(loaded: Sequence[Loaded]) -> str:
    """Return the section of the page in Markdown."""
    rows = [
        f"| {one.residents:,} | {one.form} | {one.previewed:.2f} s | {one.written:.2f} s | {one.drawn:.2f} s "
        f"| {one.rate:,.0f} | {'holds' if one.holds else 'fails'} |"
        for one in loaded
    ]
    return f"""## Lists of residents, and the rolls drawn from them

From the file to the register by way of the preview that is looked at and confirmed (numbers, identity numbers
with their check characters, days, households, grids and groups, all against what is known and against the
rows before; all of it decided again under the lock), and on to a roll that is drawn. PostgreSQL with its safe
settings. Aim: {LEAST_A_SECOND:,} residents a second with every check.

| residents | file | read, checked | checked again, written | roll drawn | residents a second | |
| ---: | --- | ---: | ---: | ---: | ---: | --- |
""" + "\n".join(rows)
