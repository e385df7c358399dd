"""Rules of procedure: a new version is adopted, none is edited, and a session follows that of its day."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.database import transaction
from civicforum.errors import Invalid, NotEligible, NotFound
from civicforum.meetings.default_rules import limits_of
from civicforum.meetings.documents import notice_of_procedure
from civicforum.meetings.floor import FloorRules
from civicforum.meetings.models import Meeting, Procedure
from civicforum.meetings.rules import PLANNERS
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.services import post_notice
from civicforum.people.models import Community
from civicforum.records.services import Subject, record_about
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class NewVersion:
    """What a version says. `body_id` None: for every session of the community."""

    title: str
    text: str
    limits: FloorRules
    in_force_from: date
    adopted_by: str
    body_id: uuid.UUID | None = None


def adopt_procedure(*, version: NewVersion, actor: Actor, now: datetime) -> uuid.UUID:
    """Keep the next version of the rules of procedure, and post it.

    Raises NotEligible (not the committee), NotFound (another community's body), Invalid: a version that would
    be in force before today, which would change sessions that were held by an older one.
    """
    with transaction() as session:
        if not actor.has(*PLANNERS):
            raise NotEligible(actor.person_id)
        if version.in_force_from < day_of(now):
            raise Invalid("in_the_past", "in_force_from")
        if not version.adopted_by:
            raise Invalid("not_adopted", "adopted_by")
        # Locked: two versions at once would otherwise have one number.
        session.get_one(Community, actor.community_id, with_for_update={"key_share": True})
        body = _body_of(session, version.body_id, actor=actor)
        row = Procedure(
            community_id=actor.community_id,
            body_id=body.id if body else None,
            number=_last_number(session, actor.community_id, version.body_id) + 1,
            title=version.title,
            text=version.text,
            in_force_from=version.in_force_from,
            adopted_by=version.adopted_by,
            made_by_id=actor.person_id,
            made_at=now,
            **version.limits.as_json(),
        )
        session.add(row)
        session.flush()
        _post(session, row, body, actor=actor, now=now)
        payload = {"number": row.number, "in_force_from": row.in_force_from.isoformat()}
        subject = Subject(row.community_id, "procedure", row.id, row.title)
        record_about(session, subject, action="procedure.adopt", actor=actor, payload=payload, now=now)
        return row.id


def in_force(session: Session, meeting: Meeting, day: date) -> Procedure | None:
    """Return the version that a meeting follows on `day`: that of its body, else that of the community.

    None where nothing was adopted: then the defaults of the rulebook hold.
    """
    return session.scalars(
        select(Procedure)
        .where(
            Procedure.community_id == meeting.community_id,
            (Procedure.body_id == meeting.body_id) | Procedure.body_id.is_(None),
            Procedure.in_force_from <= day,
        )
        .order_by(Procedure.body_id.is_(None), Procedure.number.desc())
        .limit(1)
    ).one_or_none()


def floor_rules_of(book: Rulebook, procedure: Procedure | None) -> FloorRules:
    """Return the numbers of the floor: those that were adopted, else the rulebook's."""
    if procedure is None:
        return limits_of(book)
    return FloorRules(**{name.name: getattr(procedure, name.name) for name in fields(FloorRules)})


def _body_of(session: Session, body_id: uuid.UUID | None, *, actor: Actor) -> Body | None:
    if body_id is None:
        return None
    body = session.get(Body, body_id)
    if body is None or body.community_id != actor.community_id or body.dissolved_on is not None:
        raise NotFound(body_id)
    return body


def _last_number(session: Session, community_id: uuid.UUID, body_id: uuid.UUID | None) -> int:
    statement = select(func.max(Procedure.number)).where(
        Procedure.community_id == community_id, Procedure.body_id.is_not_distinct_from(body_id)
    )
    return session.scalar(statement) or 0


def _post(session: Session, row: Procedure, body: Body | None, *, actor: Actor, now: datetime) -> None:
    title, text = notice_of_procedure(row, body_name=body.name if body else "")
    post_notice(
        session,
        community_id=actor.community_id,
        category=NoticeCategory.DELIBERATION,
        title=title,
        text=text,
        subject_kind="procedure",
        subject_id=row.id,
        posted_by=actor.person_id,
        now=now,
    )
