"""The demonstration community: invented, the same each time, and as lively as a real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from sqlalchemy import select

from civicforum.accounts.services import create_account
from civicforum.database import db, transaction
from civicforum.demo.after import tell_after
from civicforum.demo.appraisals import tell_appraisals
from civicforum.demo.departments import load_departments
from civicforum.demo.deputies import tell_deputies
from civicforum.demo.elections import tell_elections
from civicforum.demo.inbox import fill_inbox
from civicforum.demo.meetings import MeetingStory
from civicforum.demo.moderation import tell_moderation
from civicforum.demo.notice_queries import tell_notice_queries
from civicforum.demo.notices import tell_notices
from civicforum.demo.polls import shown_card as shown_card
from civicforum.demo.polls import shown_slip as shown_slip
from civicforum.demo.polls import tell_polls
from civicforum.demo.population import CAST, Settlement
from civicforum.demo.registers import tell_registers
from civicforum.demo.reports import tell_reports
from civicforum.demo.service import tell_service
from civicforum.demo.statements import tell_conversations
from civicforum.demo.story import MatterStory, Script, read_stories
from civicforum.demo.supervision import tell_supervision
from civicforum.demo.transfer import tell_transfer
from civicforum.errors import CivicForumError
from civicforum.inbox.hearing import nobody_listens
from civicforum.matters.services import sweep_clocks
from civicforum.people.models import Community, Person
from civicforum.people.services import make_community
from civicforum.records.services import record
from civicforum.rulebook.days import day_of

# Printed on the sign-in page of a demonstration: a secret of nobody.
PASSWORD = "demo-2026"  # noqa: S105
NAME = "槐荫里社区"
Progress = Callable[[int, int, str], None]


class DatabaseNotEmpty(CivicForumError):
    """The database holds a community already; an invented one must never stand beside a real one."""


def load(progress: Progress | None = None, now: datetime | None = None) -> None:
    """Write the demonstration community into a database without any community: all of it, or nothing.

    `progress` is called with what is done, how much there is, and what it is. Raises DatabaseNotEmpty.
    """
    now = now or datetime.now(UTC)
    report = progress or (lambda _done, _whole, _text: None)
    with _all_or_nothing(), nobody_listens():
        if db.session.scalar(select(Community.id).limit(1)) is not None:
            raise DatabaseNotEmpty
        report(0, 1, "residents and bodies")
        script = _settle(now)
        stories = read_stories()
        told = {story["key"]: MatterStory(script, story) for story in stories["matter"]}
        for matter in told.values():
            matter.tell()
        for meeting in stories["meeting"]:
            MeetingStory(script, meeting, list(told.values())).tell()
        tell_after(script)
        tell_polls(script)
        tell_elections(script)
        tell_conversations(script)
        tell_reports(script)
        load_departments(script)
        tell_moderation(script)
        tell_service(script)
        tell_appraisals(script)
        tell_notices(script)
        tell_notice_queries(script)
        tell_registers(script)
        tell_deputies(script)
        tell_supervision(script)
        tell_transfer(script)
        first = min(story.get("raised", 0) for story in stories["matter"])
        for day in range(first, 1):
            # The clocks of the story ran each night, as those of a real community do.
            script.at(day, 0.1, lambda moment: sweep_clocks(now=moment))
        script.play(lambda done, whole: report(done, whole, "the story"))
        sweep_clocks(now=now)
        fill_inbox(now)


def accounts() -> list[dict[str, str]]:
    """Return the accounts that the sign-in page offers: [{"role", "name", "login", "password"}]."""
    return [
        {"role": member.role, "name": member.name, "login": member.role, "password": PASSWORD}
        for member in CAST
        if member.role
    ]


def _settle(now: datetime) -> Script:
    founded = now - timedelta(days=640)
    with transaction() as session:
        community = make_community(
            session,
            city="云州市",
            district="河西区",
            subdistrict="柳荫街道",
            name=NAME,
            profile="national-2026",
            now=founded,
            is_demonstration=True,
        )
        community.introduction = (
            "槐荫里因两条种满国槐的老街得名，有五个网格、十三个居民小组，老厂宿舍与新建小区相邻。"
            "居民的事，提得出、议得清、办得成、看得见。"
        )
        population = Settlement(community.id, day_of(now)).settle(session)
        for account in accounts():
            person = session.get_one(Person, population.people[account["name"]])
            create_account(
                session, person=person, login=account["login"], password=account["password"], now=founded
            )
        record(
            session,
            community_id=community.id,
            actor=None,
            action="community.settle",
            subject_kind="community",
            subject_id=community.id,
            subject_title=community.name,
            payload={"accounts": len(accounts())},
            now=founded,
        )
        community_id = community.id
    return Script(population, community_id, now)


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """Make every transaction within a part of one: a start that is broken off leaves nothing behind."""
    # Flask-SQLAlchemy's own table of engines, which its sessions look their bind up in.
    engines: dict[str | None, Any] = cast(dict[str | None, Any], db.engines)
    engine = db.engine
    db.session.remove()
    db.session.configure(join_transaction_mode="create_savepoint")
    try:
        with engine.connect() as connection, connection.begin():
            engines[None] = connection
            yield
            db.session.remove()
    finally:
        engines[None] = engine
        db.session.remove()
        db.session.configure(join_transaction_mode="conditional_savepoint")
