"""The catalogue of what has to be deliberated on, and in which form (art 32; DOMAIN.md row 1-13)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, NotEligible
from civicforum.matters.rules import Category
from civicforum.meetings.models import Duty
from civicforum.meetings.rules import PLANNERS, MeetingForm
from civicforum.people.models import Community
from civicforum.records.services import Subject, record_about
from civicforum.rows import lock_row
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class NewDuty:
    """A subject; matters of `category` are reminded of it. `ground`: the rule or resolution that asks it."""

    title: str
    form: MeetingForm
    ground: str = ""
    category: Category | None = None


# Where a community begins (DOMAIN.md part C, row 3: the topics of a city's plan, and art 32).
STARTING_CATALOGUE: tuple[NewDuty, ...] = (
    NewDuty("居民公约、自治章程的制定和修改", MeetingForm.COUNCIL, "组织法第三十二条", Category.COVENANT),
    NewDuty("公共设施和重大工程的建设、改造", MeetingForm.HEARING, "组织法第三十二条", Category.FACILITIES),
    NewDuty("老旧住宅加装电梯", MeetingForm.COORDINATION, "协商事项目录"),
    NewDuty("物业服务、维修资金等物业管理事项", MeetingForm.COUNCIL, "协商事项目录", Category.PROPERTY),
    NewDuty("停车和道路通行", MeetingForm.COUNCIL, "协商事项目录", Category.PARKING),
    NewDuty("环境卫生、垃圾分类投放点的设置", MeetingForm.OPEN_TALK, "协商事项目录", Category.ENVIRONMENT),
    NewDuty(
        "宠物饲养、油烟噪声等邻里纠纷", MeetingForm.COORDINATION, "组织法第三十二条", Category.NEIGHBOURS
    ),
    NewDuty("独居老人、留守人员的关爱服务", MeetingForm.OPEN_TALK, "协商事项目录", Category.ELDERLY),
    NewDuty("社区发展规划和年度工作计划", MeetingForm.COUNCIL, "协商事项目录"),
    NewDuty("社区服务项目的确定和评价", MeetingForm.APPRAISAL, "协商事项目录", Category.SERVICES),
)


def add_duty(*, duty: NewDuty, actor: Actor, now: datetime) -> uuid.UUID:
    """Put a subject in the catalogue, or back into it. Raises NotEligible, AlreadyDone (it is there)."""
    with transaction() as session:
        known = _lock(session, actor)
        row = _put(session, known, duty, actor)
        if row is None:
            raise AlreadyDone(duty.title)
        session.flush()
        _record(session, row, "duty.add", actor=actor, now=now)
        return row.id


def start_catalogue(*, actor: Actor, now: datetime) -> int:
    """Put the starting catalogue in, as far as it is not there, and return how many were new.

    Raises NotEligible, AlreadyDone (all of it is there).
    """
    with transaction() as session:
        known = _lock(session, actor)
        rows = [row for duty in STARTING_CATALOGUE if (row := _put(session, known, duty, actor))]
        if not rows:
            raise AlreadyDone("catalogue")
        session.flush()
        for row in rows:
            _record(session, row, "duty.add", actor=actor, now=now)
        return len(rows)


def end_duty(*, duty_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Take a subject out of the catalogue from today. Raises NotEligible, NotFound, AlreadyDone."""
    with transaction() as session:
        if not actor.has(*PLANNERS):
            raise NotEligible(actor.person_id)
        row = lock_row(session, Duty, duty_id, community_id=actor.community_id)
        if row.ended_on is not None:
            raise AlreadyDone(duty_id)
        row.ended_on = day_of(now)
        _record(session, row, "duty.end", actor=actor, now=now, reason=reason)


def _lock(session: Session, actor: Actor) -> dict[str, Duty]:
    """Return the catalogue by title, closed to other writers until the commit."""
    if not actor.has(*PLANNERS):
        raise NotEligible(actor.person_id)
    session.get_one(Community, actor.community_id, with_for_update={"key_share": True})
    rows = session.scalars(select(Duty).where(Duty.community_id == actor.community_id))
    return {row.title: row for row in rows}


def _put(session: Session, known: dict[str, Duty], duty: NewDuty, actor: Actor) -> Duty | None:
    row = known.get(duty.title)
    if row is not None and row.ended_on is None:
        return None
    row = row or Duty(community_id=actor.community_id, title=duty.title)
    row.form, row.ground, row.category, row.ended_on = duty.form, duty.ground, duty.category, None
    session.add(row)
    return row


def _record(
    session: Session, row: Duty, action: str, *, actor: Actor, now: datetime, reason: str = ""
) -> None:
    subject = Subject(row.community_id, "duty", row.id, row.title)
    payload = {"form": row.form.value, "ground": row.ground}
    record_about(session, subject, action=action, actor=actor, reason=reason, payload=payload, now=now)
