"""The agenda of a meeting that has not opened: what is on it, and the first version of each text."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.drafts.models import Draft
from civicforum.errors import Invalid
from civicforum.matters.models import Matter
from civicforum.matters.rules import Act, check
from civicforum.matters.services.steps import lock_matter
from civicforum.meetings.models import AgendaItem, FollowUp, Invitation, Meeting, Paper, TextVersion
from civicforum.meetings.rules import (
    LENGTHS,
    MeetingForm,
    MeetingState,
    PlanFault,
    check_study,
    stage_for,
)
from civicforum.meetings.services.follow_ups import take_up
from civicforum.meetings.services.steps import require_state, rules_of
from civicforum.meetings.services.texts import add_version
from civicforum.rulebook.days import day_of

# Added to the places of old items while the new order is written: no two may share one, not even in between.
_ASIDE = 1000


@dataclass(frozen=True)
class PlannedItem:
    """A topic, or a matter; a matter's title and text are its own unless others are given.

    `studied_on`, `study_text`: when the party organisation studied a topic that is no matter, and what it
    came to (art 30). `item_id`: the item of the agenda that it changes; None for a new one. `follow_up_id`:
    what a session asked an assembly for, which a new item takes up.
    """

    title: str = ""
    text: str = ""
    minutes: int = 20
    matter_id: uuid.UUID | None = None
    studied_on: date | None = None
    study_text: str = ""
    item_id: uuid.UUID | None = None
    follow_up_id: uuid.UUID | None = None


def write_agenda(
    session: Session, meeting: Meeting, items: Sequence[PlannedItem], *, actor: Actor, now: datetime
) -> list[AgendaItem]:
    """Make the agenda of a locked or new meeting these items, in this order.

    An item that stays keeps its papers, invitations and versions. Raises Invalid with a PlanFault, and
    RuleRefused where the party organisation has not studied what is put to a vote; NotFound and AlreadyDone
    where what it takes up is elsewhere, or on another agenda.
    """
    if not items:
        raise Invalid(PlanFault.NO_AGENDA)
    matters = _lock_matters(session, meeting.form, items, actor=actor)
    kept = _keep(session, meeting, items)
    agenda = []
    for position, item in enumerate(items, start=1):
        matter = matters[item.matter_id] if item.matter_id else None
        row = kept.get(item.item_id) or AgendaItem(meeting_id=meeting.id, community_id=meeting.community_id)
        _fill(row, meeting, item, matter, position=position, now=now)
        session.add(row)
        session.flush()
        text = item.text or (matter.resolution or matter.body if matter else "")
        check_study(
            rules_of(meeting),
            meeting.form,
            text=text,
            is_studied=matter is not None or item.studied_on is not None,
        )
        add_version(session, row, text, actor=actor, now=now)
        if item.follow_up_id is not None and item.item_id not in kept:
            take_up(session, [item.follow_up_id], row, now=now)
        agenda.append(row)
    session.flush()
    session.expire(meeting, ["agenda"])
    return agenda


def append_topic(session: Session, meeting: Meeting, *, title: str, minutes: int) -> AgendaItem:
    """Put a topic without a text of its own at the end of the agenda of a locked meeting.

    Args:
        minutes: what it takes; the item gets the next length that an agenda offers, or the longest.

    The caller's journal entry covers it. Raises TransitionNotAllowed where the meeting has opened.
    """
    require_state(meeting, MeetingState.PLANNED)
    item = AgendaItem(
        community_id=meeting.community_id,
        position=len(meeting.agenda) + 1,
        title=title[:200],
        minutes=next((length for length in LENGTHS if length >= minutes), LENGTHS[-1]),
    )
    meeting.agenda.append(item)
    session.flush()
    return item


def _fill(
    row: AgendaItem,
    meeting: Meeting,
    item: PlannedItem,
    matter: Matter | None,
    *,
    position: int,
    now: datetime,
) -> None:
    row.title = item.title or (matter.title if matter else "")
    if not row.title:
        raise Invalid(PlanFault.ITEM_WITHOUT_TITLE, f"items-{position - 1}-title")
    if (item.studied_on is None) is bool(item.study_text):
        raise Invalid(PlanFault.STUDY_HALF_SAID, f"items-{position - 1}-study_text")
    if item.studied_on is not None and item.studied_on > day_of(now):
        raise Invalid(PlanFault.STUDY_IN_FUTURE, f"items-{position - 1}-studied_on")
    row.position, row.minutes, row.matter = position, item.minutes, matter
    row.text = row.text or ""
    row.studied_on, row.study_text = item.studied_on, item.study_text


def _keep(
    session: Session, meeting: Meeting, items: Sequence[PlannedItem]
) -> dict[uuid.UUID | None, AgendaItem]:
    """Return the items that stay, out of the way of the new order; the others go, with what hangs on them."""
    wanted = {item.item_id for item in items}
    staying = [row for row in meeting.agenda if row.id in wanted]
    going = [row.id for row in meeting.agenda if row.id not in wanted]
    if going:
        if session.scalar(select(exists().where(Draft.item_id.in_(going)))):
            raise Invalid(PlanFault.ITEM_OUT_FOR_COMMENT)
        session.execute(update(Invitation).where(Invitation.item_id.in_(going)).values(item_id=None))
        # What a session asked for, and this item had taken up, waits for an agenda again.
        session.execute(
            update(FollowUp).where(FollowUp.done_item_id.in_(going)).values(done_item_id=None, done_at=None)
        )
        for table in (Paper, TextVersion):
            session.execute(delete(table).where(table.item_id.in_(going)))
        session.execute(delete(AgendaItem).where(AgendaItem.id.in_(going)))
    for row in staying:
        row.position += _ASIDE
    session.flush()
    return {row.id: row for row in staying}


def _lock_matters(
    session: Session, form: MeetingForm, items: Sequence[PlannedItem], *, actor: Actor
) -> dict[uuid.UUID, Matter]:
    wanted = [item.matter_id for item in items if item.matter_id is not None]
    twice = [key for key, number in Counter(wanted).items() if number > 1]
    if twice:
        raise Invalid(PlanFault.MATTER_TWICE)
    # In order of their ids, so that two plans with the same matters never wait for each other.
    matters = {
        key: lock_matter(session, matter_id=key, community_id=actor.community_id) for key in sorted(wanted)
    }
    for matter in matters.values():
        if matter.stage is not stage_for(form):
            raise Invalid(PlanFault.MATTER_NOT_READY)
        check(Act.PLAN_MEETING, matter.stage, actor.roles)
    return matters
