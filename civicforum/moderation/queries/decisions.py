"""Hidings: one, those of a page, and somebody's own."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.moderation.models import HeldText, HideDecision
from civicforum.moderation.registry import Thing, adapter_of
from civicforum.moderation.rules import (
    APPEAL_RULE,
    HIDDEN_WORDS,
    RULED_BY,
    DecisionState,
    Kind,
    may_rule,
)
from civicforum.moderation.services.hiding import is_second
from civicforum.paging import Page, paginate
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry

# Kinds of subject of the journal that carry the title of a matter.
ABOUT_MATTERS = frozenset({"matter", "comment", "second", "demand"})


@dataclass(frozen=True)
class Decision:
    """A hiding as somebody sees it.

    Attributes:
        words: the text concerned; None for everybody but its author, the supervision committee and, while a
            second person is asked, those who may agree.
        thing: where it stands; None for a text that was never posted.
        appeal_until: until when its author can appeal; None while it is not in force.
    """

    row: HideDecision
    words: str | None
    thing: Thing | None
    is_own: bool
    appeal_until: datetime | None
    may_appeal: bool
    may_rule: bool
    may_second: bool
    may_drop: bool


def get_decision(
    session: Session, *, decision_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None, now: datetime
) -> Decision:
    """Return a hiding. Raises NotFound, also for a proposal that the viewer has no part in."""
    row = session.scalar(
        select(HideDecision)
        .options(*_loads(), joinedload(HideDecision.held))
        .where(HideDecision.id == decision_id, HideDecision.community_id == community_id)
    )
    if row is None:
        raise NotFound(decision_id)
    thing = None
    if row.subject_id is not None:
        thing = adapter_of(row.kind).find(session, subject_id=row.subject_id, community_id=community_id)
    is_proposed = row.state is DecisionState.PROPOSED
    seconds = (
        is_proposed and actor is not None and thing is not None and is_second(session, row, thing, actor, now)
    )
    drops = is_proposed and _is_oneself(actor, row.by_id)
    if row.since is None and not (seconds or drops or _rules(actor)):
        raise NotFound(decision_id)
    own = actor is not None and row.author_id == actor.person_id
    until = _appeal_until(session, row)
    is_open = row.state is DecisionState.IN_FORCE and row.appeal is None
    return Decision(
        row=row,
        words=row.words if may_read_words(row, actor) or seconds or drops else None,
        thing=thing,
        is_own=own,
        appeal_until=until,
        may_appeal=own and is_open and until is not None and now <= until,
        may_rule=row.appeal is not None and row.appeal.outcome is None and _may_rule(row, actor),
        may_second=seconds,
        may_drop=drops or seconds,
    )


def may_read_words(row: HideDecision, actor: Actor | None) -> bool:
    """Tell whether somebody reads a hidden text: its author, and the supervision committee."""
    return actor is not None and (row.author_id == actor.person_id or _rules(actor))


def hidings_of(
    session: Session, *, kind: Kind, subject_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, HideDecision]:
    """Return the hiding in force of each of these texts, with who decided and the appeal; one statement."""
    if not subject_ids:
        return {}
    rows = session.scalars(
        select(HideDecision)
        .options(*_loads())
        .where(
            HideDecision.kind == kind,
            HideDecision.subject_id.in_(subject_ids),
            HideDecision.state == DecisionState.IN_FORCE,
        )
    )
    return {row.subject_id: row for row in rows if row.subject_id is not None}


def cover_titles(session: Session, entries: Sequence[JournalEntry]) -> dict[uuid.UUID, str]:
    """Return what stands for the title in journal entries about matters that are hidden now; one statement.

    The journal keeps every entry as it was written, or its hashes would no longer fit: it is only not shown.
    """
    matters = {
        entry.id: _uuid(entry.payload.get("matter_id")) or entry.subject_id
        for entry in entries
        if entry.subject_kind in ABOUT_MATTERS
    }
    hidden = set(
        session.scalars(
            select(HideDecision.subject_id).where(
                HideDecision.kind == Kind.MATTER,
                HideDecision.state == DecisionState.IN_FORCE,
                HideDecision.subject_id.in_(matters.values()),
            )
        )
    )
    return {entry_id: HIDDEN_WORDS for entry_id, matter_id in matters.items() if matter_id in hidden}


def is_photo_hidden(session: Session, *, photo_id: uuid.UUID) -> bool:
    """Tell whether a photo belongs to a matter that is hidden now: its address is known to who saw it."""
    statement = exists().where(
        HideDecision.kind == Kind.MATTER,
        HideDecision.state == DecisionState.IN_FORCE,
        HideDecision.kept.contains({"photos": [[str(photo_id)]]}),
    )
    return bool(session.scalar(select(statement)))


@dataclass(frozen=True)
class Mine:
    """Somebody's own texts that were hidden or refused, a page of them, and the latest that were held."""

    decisions: Page[HideDecision]
    held: Sequence[HeldText]


def list_mine(session: Session, *, person_id: uuid.UUID, number: int, limit: int) -> Mine:
    """Return what was hidden, refused or held of somebody, the latest first; three statements."""
    decisions = (
        select(HideDecision)
        .options(*_loads())
        .where(HideDecision.author_id == person_id, HideDecision.since.is_not(None))
        .order_by(HideDecision.at.desc(), HideDecision.id)
    )
    held = select(HeldText).where(HeldText.author_id == person_id)
    return Mine(
        paginate(session, decisions, number=number),
        session.scalars(held.order_by(HeldText.at.desc(), HeldText.id).limit(limit)).all(),
    )


def _loads() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(HideDecision.by),
        joinedload(HideDecision.confirmed_by),
        joinedload(HideDecision.appeal),
    )


def _uuid(value: object) -> uuid.UUID | None:
    return uuid.UUID(value) if isinstance(value, str) else None


def _appeal_until(session: Session, row: HideDecision) -> datetime | None:
    if row.since is None:
        return None
    profile = session.get_one(Community, row.community_id).profile
    return rulebook.load(profile).clock(APPEAL_RULE).deadline(row.since)


def _may_rule(row: HideDecision, actor: Actor | None) -> bool:
    helper_id = row.held.entered_by_id if row.held else None
    entered_by_id = row.appeal.entered_by_id if row.appeal else None
    return may_rule(actor, row.author_id, row.by_id, row.confirmed_by_id, helper_id, entered_by_id)


def _rules(actor: Actor | None) -> bool:
    return actor is not None and actor.holds(*RULED_BY)


def _is_oneself(actor: Actor | None, person_id: uuid.UUID) -> bool:
    return actor is not None and actor.assisted_by is None and actor.person_id == person_id
