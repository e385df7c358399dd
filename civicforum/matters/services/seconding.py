"""Seconding (附议): residents support a matter, on the screen or on paper, until it goes to review."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone
from civicforum.matters.models import Matter, Second
from civicforum.matters.rules import Act, Channel, LineProblem, Stage, check
from civicforum.matters.services.people import (
    LinesRefused,
    RefusedLine,
    channel_of,
    find_people,
    get_resident,
)
from civicforum.matters.services.steps import advance, lock_matter, rules_of
from civicforum.people.models import Person
from civicforum.records.services import record
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class SecondsSoFar:
    """How many second a matter, how many it needs, and whether this act made it go to review."""

    count: int
    needed: int
    went_to_review: bool


def second_matter(*, matter_id: uuid.UUID, actor: Actor, now: datetime) -> SecondsSoFar:
    """Second a matter once. Raises NotEligible (the author), AlreadyDone, TransitionNotAllowed."""
    with transaction() as session:
        # Locked: of two at once, one counts the other's, so the number is reached exactly once.
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.SECOND, matter.stage, actor.roles, is_author=matter.author_id == actor.person_id)
        get_resident(session, actor=actor, now=now)
        if actor.person_id in _seconders(session, matter):
            raise AlreadyDone("second")
        row = _second(matter, actor.person_id, channel_of(actor), actor.assisted_by, now)
        session.add(row)
        return _count_and_record(session, matter, actor, "matter.second", row.id, now)


def enter_paper_seconds(
    *, matter_id: uuid.UUID, actor: Actor, lines: Sequence[str], now: datetime
) -> SecondsSoFar:
    """Enter the signatures of a paper list, one roll number or name a line; all of them or none.

    Raises LinesRefused with the line of each that cannot count, NotEligible, TransitionNotAllowed.
    """
    with transaction() as session:
        matter = lock_matter(session, matter_id=matter_id, community_id=actor.community_id)
        check(Act.ENTER_PAPER_SECONDS, matter.stage, actor.roles)
        people = _signers(session, matter, lines, now)
        rows = [_second(matter, person.id, Channel.PAPER, actor.person_id, now) for person in people]
        session.add_all(rows)
        return _count_and_record(session, matter, actor, "matter.enter_paper_seconds", rows[0].id, now)


def count_on_after_merge(
    session: Session, *, matter: Matter, person_ids: Sequence[uuid.UUID], now: datetime
) -> dict[str, object]:
    """Let people second a locked matter into which theirs was merged; those who do already are passed over.

    Returns what the journal keeps of it, with the step if the number was reached.
    """
    already = _seconders(session, matter) | {matter.author_id}
    new = [person_id for person_id in dict.fromkeys(person_ids) if person_id not in already]
    session.add_all(_second(matter, person_id, Channel.SCREEN, None, now) for person_id in new)
    payload, _ = _count(session, matter, now)
    return {**payload, "carried_over": len(new)}


def _signers(session: Session, matter: Matter, lines: Sequence[str], now: datetime) -> list[Person]:
    found, refused = find_people(session, community_id=matter.community_id, lines=lines, day=day_of(now))
    already = _seconders(session, matter)
    for number, text, person in found:
        if person.id == matter.author_id:
            refused.append(RefusedLine(number, text, LineProblem.IS_AUTHOR))
        elif person.id in already:
            refused.append(RefusedLine(number, text, LineProblem.ALREADY))
    if refused:
        raise LinesRefused(sorted(refused, key=lambda line: line.number))
    return [person for _, _, person in found]


def _seconders(session: Session, matter: Matter) -> set[uuid.UUID]:
    return set(session.scalars(select(Second.person_id).where(Second.matter_id == matter.id)))


def _second(
    matter: Matter, person_id: uuid.UUID, channel: Channel, entered_by_id: uuid.UUID | None, now: datetime
) -> Second:
    return Second(
        id=uuid.uuid4(),
        community_id=matter.community_id,
        matter_id=matter.id,
        person_id=person_id,
        channel=channel,
        entered_by_id=entered_by_id,
        at=now,
    )


def _count(session: Session, matter: Matter, now: datetime) -> tuple[dict[str, object], SecondsSoFar]:
    """Count the seconds and move the matter on when there are enough."""
    session.flush()
    count = session.scalar(select(func.count()).where(Second.matter_id == matter.id)) or 0
    verdict = rules_of(matter).count("matter.seconds").judge(count)
    goes = matter.stage is Stage.RAISED and verdict.holds
    payload: dict[str, object] = {"count": count, "needed": verdict.least or 0}
    if goes:
        matter.seconded_at = now
        payload |= advance(session, matter=matter, act=Act.ENOUGH_SECONDS, now=now)
    return payload, SecondsSoFar(count, verdict.least or 0, goes)


def _count_and_record(
    session: Session, matter: Matter, actor: Actor, action: str, row_id: uuid.UUID, now: datetime
) -> SecondsSoFar:
    payload, so_far = _count(session, matter, now)
    # The entry that moves the matter belongs to its path; any other is about one more supporter.
    is_step = so_far.went_to_review
    record(
        session,
        community_id=matter.community_id,
        actor=actor,
        action=action,
        subject_kind="matter" if is_step else "second",
        subject_id=matter.id if is_step else row_id,
        subject_title=matter.title,
        payload={**payload, "matter_id": str(matter.id)},
        now=now,
    )
    return so_far
