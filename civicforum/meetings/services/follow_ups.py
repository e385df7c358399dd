"""What an item asks for next: a task with an owner and a day, or a place on the next assembly's agenda.

An item with a matter has none of these: the matter moves, and has tasks of its own.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Body
from civicforum.bodies.queries import list_bodies_held
from civicforum.bodies.rules import Role
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.meetings.errors import FollowUpMissing
from civicforum.meetings.models import AgendaItem, FollowUp, Meeting
from civicforum.meetings.rules import FollowUpKind, MeetingState
from civicforum.meetings.rules_after import NOT_SETTLED, check_follow_up, check_run_after, is_left_open
from civicforum.meetings.services.steps import lock_item, record_meeting, require_state, rules_of
from civicforum.records.photos import store_photo
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of

ASSEMBLY_INTERVAL = "assembly.representatives.interval"
TAKES_FOLLOW_UPS = (MeetingState.OPEN, MeetingState.CLOSED)


def add_task(
    *, item_id: uuid.UUID, text: str, owner_id: uuid.UUID, due_on: date, actor: Actor, now: datetime
) -> uuid.UUID:
    """Give a body something to do, by a day. Returns the follow-up's id.

    Raises NotFound, NotEligible, TransitionNotAllowed (not begun, or cancelled), Invalid (no words, a day
    that is over, a body that does not exist, an item with a matter).
    """
    with transaction() as session:
        meeting, item = _lock(session, item_id, actor)
        words = check_follow_up(text, due_on=due_on, today=day_of(now), has_matter=item.matter_id is not None)
        owner = _body_of(session, owner_id, actor=actor)
        follow_up = _add(session, item, FollowUpKind.TASK, words, owner_id=owner.id, due_on=due_on)
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="add_follow_up",
            payload={
                "item": item.title,
                "follow_up_id": str(follow_up.id),
                "body": owner.name,
                "due_on": due_on.isoformat(),
            },
            reason=words,
            now=now,
        )
        return follow_up.id


def put_on_agenda(*, item_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Have the next assembly deal with an item. Returns the follow-up's id.

    Raises NotFound, NotEligible, TransitionNotAllowed, AlreadyDone (it waits already), Invalid.
    """
    with transaction() as session:
        meeting, item = _lock(session, item_id, actor)
        words = check_follow_up(text, due_on=None, today=day_of(now), has_matter=item.matter_id is not None)
        follow_up = send_to_assembly(session, meeting, item, text=words, now=now)
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="put_on_agenda",
            payload={"item": item.title, "follow_up_id": str(follow_up.id)},
            reason=words,
            now=now,
        )
        return follow_up.id


def send_to_assembly(
    session: Session, meeting: Meeting, item: AgendaItem, *, text: str, now: datetime
) -> FollowUp:
    """Note that an item of a locked meeting waits for the next assembly, due when that has to meet (art 28).

    Raises AlreadyDone.
    """
    known = session.scalar(
        select(FollowUp.id).where(FollowUp.item_id == item.id, FollowUp.kind == FollowUpKind.AGENDA)
    )
    if known is not None:
        raise AlreadyDone(known)
    due_on = day_of(rules_of(meeting).clock(ASSEMBLY_INTERVAL).deadline(now))
    return _add(session, item, FollowUpKind.AGENDA, text, due_on=due_on)


def say_nothing_follows(*, item_id: uuid.UUID, because: str, actor: Actor, now: datetime) -> None:
    """Say why an agreed item asks for nothing more.

    Raises NotFound, NotEligible, TransitionNotAllowed, Invalid (no reason), AlreadyDone (it has follow-ups).
    """
    reason = because.strip()
    if not reason:
        raise Invalid("because", "because")
    with transaction() as session:
        meeting, item = _lock(session, item_id, actor)
        if item.matter_id is not None:
            raise Invalid("has_matter")
        if session.scalar(select(FollowUp.id).where(FollowUp.item_id == item.id).limit(1)) is not None:
            raise AlreadyDone(item.id)
        item.nothing_because = reason
        payload = {"item": item.title}
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="nothing_follows",
            payload=payload,
            reason=reason,
            now=now,
        )


def drop_follow_up(*, follow_up_id: uuid.UUID, actor: Actor, now: datetime) -> uuid.UUID:
    """Take back what was entered by mistake, while the meeting runs. Returns the meeting's id.

    Raises NotFound, NotEligible, TransitionNotAllowed (the meeting is over: it stays, and is done or late).
    """
    with transaction() as session:
        meeting, item = _lock(session, _get(session, follow_up_id, actor).item_id, actor)
        require_state(meeting, MeetingState.OPEN)
        # Read again behind the lock: of two who press at once the second one finds nothing.
        found = session.get(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
        if found is None:
            raise NotFound(follow_up_id)
        session.delete(found)
        payload = {"item": item.title, "follow_up_id": str(follow_up_id)}
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="drop_follow_up",
            payload=payload,
            reason=found.text,
            now=now,
        )
        return meeting.id


def finish_task(
    *,
    follow_up_id: uuid.UUID,
    note: str,
    actor: Actor,
    photo: bytes | None = None,
    photo_description: str = "",
    now: datetime,
) -> uuid.UUID:
    """Report a task done, and how; by a holder of the body that owns it, or by the committee.

    Returns the meeting's id. Raises NotFound, NotEligible, AlreadyDone, Invalid (no words, or no picture
    in the file), TransitionNotAllowed for what waits for an assembly: only its agenda settles that.
    """
    if not note.strip():
        raise Invalid("note", "note")
    with transaction() as session:
        found = _get(session, follow_up_id, actor)
        meeting, item = lock_item(session, item_id=found.item_id, actor=actor)
        task = session.get_one(FollowUp, follow_up_id, with_for_update=True, populate_existing=True)
        if task.kind is not FollowUpKind.TASK:
            raise TransitionNotAllowed(task.kind, "finish_task")
        held = list_bodies_held(session, person_id=actor.person_id, day=day_of(now))
        if actor.assisted_by is not None or not (actor.has(Role.COMMITTEE) or task.owner_id in held):
            raise NotEligible(actor.person_id)
        if task.done_at is not None:
            raise AlreadyDone(task.id)
        task.done_at, task.note = now, note.strip()
        if photo:
            task.photo_id = store_photo(
                session,
                community_id=task.community_id,
                data=photo,
                description=photo_description,
                uploaded_by=actor.person_id,
                now=now,
            ).id
        record_meeting(
            session,
            meeting,
            actor=actor,
            action="finish_follow_up",
            payload={"item": item.title, "follow_up_id": str(task.id), "task": task.text},
            reason=task.note,
            now=now,
        )
        return meeting.id


def take_up(
    session: Session, follow_up_ids: Sequence[uuid.UUID], item: AgendaItem, *, now: datetime
) -> list[str]:
    """Note that an item of an assembly's agenda takes up what waited for one. The caller records it.

    Returns the ids as text, for the journal. Raises NotFound (from elsewhere, or no such), AlreadyDone
    (another agenda has it).
    """
    rows = session.scalars(
        select(FollowUp)
        .where(FollowUp.id.in_(follow_up_ids), FollowUp.community_id == item.community_id)
        .order_by(FollowUp.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(set(follow_up_ids)) or any(row.kind is not FollowUpKind.AGENDA for row in rows):
        raise NotFound(follow_up_ids)
    for row in rows:
        if row.done_at is not None:
            raise AlreadyDone(row.id)
        row.done_at, row.done_item_id = now, item.id
    session.flush()
    return [str(row.id) for row in rows]


def let_go(session: Session, meeting_id: uuid.UUID) -> None:
    """Let everything wait again that a meeting's agenda had taken up: it is called off, or written anew."""
    _let_go(session, select(AgendaItem.id).where(AgendaItem.meeting_id == meeting_id))


def let_go_unsettled(session: Session, meeting_id: uuid.UUID) -> None:
    """Let wait again what an assembly had on its agenda and did not come to, when it closes."""
    unsettled = select(AgendaItem.id).where(
        AgendaItem.meeting_id == meeting_id, AgendaItem.outcome.in_(NOT_SETTLED)
    )
    _let_go(session, unsettled)


def check_nothing_left_open(session: Session, agenda: Sequence[AgendaItem]) -> None:
    """Refuse to close while an agreed item leads nowhere. Raises FollowUpMissing."""
    counts = Counter(
        session.scalars(select(FollowUp.item_id).where(FollowUp.item_id.in_([item.id for item in agenda])))
    )
    missing = [
        item.position
        for item in agenda
        if is_left_open(
            item.outcome,
            has_matter=item.matter_id is not None,
            follow_ups=counts[item.id],
            nothing_because=item.nothing_because,
        )
    ]
    if missing:
        raise FollowUpMissing(missing)


def _lock(session: Session, item_id: uuid.UUID, actor: Actor) -> tuple[Meeting, AgendaItem]:
    """Return an item with its meeting, both locked, for whoever answers for what follows."""
    meeting, item = lock_item(session, item_id=item_id, actor=actor)
    check_run_after(actor, chair_id=meeting.answering_id, clerk_id=meeting.clerk_id)
    require_state(meeting, *TAKES_FOLLOW_UPS)
    return meeting, item


def _get(session: Session, follow_up_id: uuid.UUID, actor: Actor) -> FollowUp:
    return get_row(session, FollowUp, follow_up_id, community_id=actor.community_id)


def _add(
    session: Session,
    item: AgendaItem,
    kind: FollowUpKind,
    text: str,
    *,
    due_on: date,
    owner_id: uuid.UUID | None = None,
) -> FollowUp:
    follow_up = FollowUp(
        community_id=item.community_id,
        meeting_id=item.meeting_id,
        item_id=item.id,
        kind=kind,
        text=text,
        owner_id=owner_id,
        due_on=due_on,
    )
    session.add(follow_up)
    # Whatever was said before: now something follows.
    item.nothing_because = ""
    session.flush()
    return follow_up


def _body_of(session: Session, body_id: uuid.UUID, *, actor: Actor) -> Body:
    body = session.get(Body, body_id)
    if body is None or body.community_id != actor.community_id or body.dissolved_on is not None:
        raise Invalid("body", "owner")
    return body


def _let_go(session: Session, items: Select[uuid.UUID]) -> None:
    session.execute(
        update(FollowUp)
        .where(FollowUp.done_item_id.in_(items))
        .values(done_at=None, done_item_id=None)
        .execution_options(synchronize_session="fetch")
    )
