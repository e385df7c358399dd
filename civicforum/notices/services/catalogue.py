"""The catalogue of what has to be posted: its standard items, a community's own, and their rhythm."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.database import transaction
from civicforum.errors import (
    AlreadyDone,
    Invalid,
    RuleRefused,
    TransitionNotAllowed,
    require_text,
)
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice
from civicforum.notices.rules import ItemSource, NoticeCategory, NoticeState, Rhythm, check_post
from civicforum.notices.services.steps import lock_own, record_disclosure_item, record_notice
from civicforum.notices.standard import BY_CODE, STANDARD, StandardItem, is_slower
from civicforum.people.models import Community
from civicforum.people.queries import rules_in
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import day_of

LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class GivenItem:
    """What officers say of an item; the name only of one that is not a standard item."""

    rhythm: Rhythm
    body_id: uuid.UUID | None = None
    name: str = ""
    category: NoticeCategory = NoticeCategory.COMMON_CONCERN


def found_catalogue(session: Session, *, community: Community, today: date) -> int:
    """Enter the standard items that a community does not have yet. Returns how many.

    The caller has locked the community, or is founding it.
    """
    book = rulebook.load(community.profile)
    here = set(
        session.scalars(select(DisclosureItem.code).where(DisclosureItem.community_id == community.id))
    )
    bodies = _bodies_by_kind(session, community.id)
    missing = [item for item in STANDARD if item.code not in here]
    session.add_all(
        DisclosureItem(
            community_id=community.id,
            code=item.code,
            category=item.category,
            rhythm=item.slowest(book),
            source=ItemSource.LAW,
            body_id=bodies.get(item.body.value),
            since=today,
        )
        for item in missing
    )
    session.flush()
    return len(missing)


def add_item(*, given: GivenItem, actor: Actor, now: datetime) -> uuid.UUID:
    """Enter a further item of the community's own. Returns its id. Raises NotEligible, Invalid."""
    check_post(actor)
    name = require_text(given.name, most=LONGEST_NAME, field="name")
    with transaction() as session:
        item = DisclosureItem(
            community_id=actor.community_id,
            code=f"local-{uuid.uuid4().hex[:12]}",
            name=name,
            category=given.category,
            rhythm=given.rhythm,
            source=ItemSource.LOCAL,
            body_id=_own_body(session, given.body_id, actor),
            since=day_of(now),
        )
        session.add(item)
        session.flush()
        record_disclosure_item(session, item, action="add", actor=actor, payload=_said(item), now=now)
        return item.id


def change_item(*, item_id: uuid.UUID, given: GivenItem, actor: Actor, now: datetime) -> None:
    """Change how often an item is due and which body answers for it; of an own item, its name too.

    Raises NotFound, NotEligible, Invalid, TransitionNotAllowed (ended), RuleRefused (too rare).
    """
    check_post(actor)
    with transaction() as session:
        item = lock_own(session, DisclosureItem, item_id, actor)
        if item.ended_on is not None:
            raise TransitionNotAllowed("ended", "change")
        before = _said(item)
        if item.source is ItemSource.LAW:
            _require_often(BY_CODE[item.code], given.rhythm, rules_in(session, item.community_id))
        else:
            item.name = require_text(given.name, most=LONGEST_NAME, field="name")
            item.category = given.category
        item.rhythm, item.body_id = given.rhythm, _own_body(session, given.body_id, actor)
        payload = {"before": before, "after": _said(item)}
        record_disclosure_item(session, item, action="change", actor=actor, payload=payload, now=now)


def end_item(*, item_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """End an item of the community's own: nothing more falls due; what is due stays due.

    Raises NotFound, NotEligible, Invalid (no reason), AlreadyDone, RuleRefused (the law asks for it).
    """
    check_post(actor)
    reason = require_text(reason, most=300, field="reason")
    with transaction() as session:
        item = lock_own(session, DisclosureItem, item_id, actor)
        if item.source is ItemSource.LAW:
            rule = rules_in(session, item.community_id).switch("disclosure.board")
            raise RuleRefused(Verdict(False, "1 − 1 = 0 < 1", rule))
        if item.ended_on is not None:
            raise AlreadyDone(item.id)
        item.ended_on = day_of(now)
        record_disclosure_item(
            session, item, action="end", actor=actor, reason=reason, payload=_said(item), now=now
        )


def join_notice(*, due_id: uuid.UUID, notice_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Say that a notice which is on the board already is what was due.

    Raises NotFound, NotEligible, AlreadyDone, Invalid (a notice from before the period, or removed).
    """
    check_post(actor)
    with transaction() as session:
        due = lock_own(session, DisclosureDue, due_id, actor)
        notice = lock_own(session, Notice, notice_id, actor)
        if due.notice_id is not None:
            raise AlreadyDone(due.id)
        if notice.state is NoticeState.REMOVED or day_of(notice.posted_at) < due.period_from:
            raise Invalid("notice", "notice_id")
        due.notice_id = notice.id
        payload = {"item": due.item.name or due.item.code, "period_until": due.period_until.isoformat()}
        record_notice(session, notice, action="join", actor=actor, payload=payload, now=now)


def _require_often(standard: StandardItem, rhythm: Rhythm, book: Rulebook) -> None:
    """Raise RuleRefused for a rhythm rarer than the one that the rulebook asks for."""
    slowest = standard.slowest(book)
    if is_slower(rhythm, slowest):
        raise RuleRefused(Verdict(False, f"{rhythm.value} < {slowest.value}", book.rule(standard.rule)))


def _bodies_by_kind(session: Session, community_id: uuid.UUID) -> dict[str, uuid.UUID]:
    rows = session.execute(
        select(Body.kind, Body.id)
        .where(Body.community_id == community_id, Body.dissolved_on.is_(None))
        .order_by(Body.name.desc())
    )
    return {kind.value: body_id for kind, body_id in rows}


def _own_body(session: Session, body_id: uuid.UUID | None, actor: Actor) -> uuid.UUID | None:
    """Return the body's id. Raises Invalid for one of another community, or dissolved."""
    if body_id is None:
        return None
    body = session.get(Body, body_id)
    if body is None or body.community_id != actor.community_id or body.dissolved_on is not None:
        raise Invalid("body", "body_id")
    return body_id


def _said(item: DisclosureItem) -> dict[str, str | None]:
    return {
        "code": item.code,
        "name": item.name,
        "category": item.category.value,
        "rhythm": item.rhythm.value,
        "ended_on": item.ended_on.isoformat() if item.ended_on else None,
    }
