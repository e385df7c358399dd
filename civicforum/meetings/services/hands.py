"""Hands raised in the room: entered name by name, or counted by two people."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import Invalid, TransitionNotAllowed
from civicforum.meetings.models import HandCount
from civicforum.meetings.rules import check_run
from civicforum.meetings.services.asking import lock_asked
from civicforum.people.models import Person
from civicforum.polls.models import Poll
from civicforum.polls.rules import Choice, PollState
from civicforum.polls.services import named as polls
from civicforum.polls.services.steps import lock_poll, record_poll


@dataclass(frozen=True)
class Hands:
    """What was counted, and the name of who counted a second time."""

    in_favour: int
    against: int
    abstained: int
    checked_by: str


def enter_raised_hands(
    *,
    item_id: uuid.UUID,
    motion_id: uuid.UUID | None = None,
    hands: Mapping[uuid.UUID, Choice],
    actor: Actor,
    now: datetime,
) -> int:
    """Enter how hands were raised in a named vote, by id of the roll entry. Returns how many were entered.

    Raises NotFound, NotEligible, TransitionNotAllowed (no vote is open).
    """
    with transaction() as session:
        asked = lock_asked(session, item_id=item_id, motion_id=motion_id, actor=actor)
        check_run(actor, chair_id=asked.meeting.presiding_id)
        if asked.poll_id is None:
            raise TransitionNotAllowed(item_id, "enter_raised_hands")
        return polls.enter_hands(session, poll_id=asked.poll_id, hands=hands, actor=actor, now=now)


def count_hands(
    *, item_id: uuid.UUID, motion_id: uuid.UUID | None = None, hands: Hands, actor: Actor, now: datetime
) -> None:
    """Enter, or correct before the vote is closed, how many hands were raised.

    Raises NotFound, NotEligible, TransitionNotAllowed (no such vote is open), Invalid: "too_many" hands for
    those who were present at the opening, "negative", "second" where nobody else counted.
    """
    with transaction() as session:
        asked = lock_asked(session, item_id=item_id, motion_id=motion_id, actor=actor)
        check_run(actor, chair_id=asked.meeting.presiding_id)
        if asked.poll_id is None:
            raise TransitionNotAllowed(item_id, "count_hands")
        poll = lock_poll(session, poll_id=asked.poll_id, community_id=actor.community_id)
        count = find_hand_count(session, poll)
        if poll.state is not PollState.OPEN or count is None:
            raise TransitionNotAllowed(poll.state, "count_hands")
        _check(hands, count, session.get_one(Person, actor.person_id))
        count.in_favour, count.against, count.abstained = hands.in_favour, hands.against, hands.abstained
        count.checked_by, count.entered_by_id, count.counted_at = hands.checked_by, actor.person_id, now
        payload = {"for": hands.in_favour, "against": hands.against, "abstain": hands.abstained}
        payload |= {"present": count.present}
        # Public with the result: until the vote is closed the numbers may be corrected.
        record_poll(
            session, poll, actor=actor, action="count_hands", payload=payload, now=now, is_public=False
        )


def find_hand_count(session: Session, poll: Poll) -> HandCount | None:
    """Return the count of hands of a vote that is by raised hands; None for any other."""
    return session.scalars(
        select(HandCount).where(HandCount.poll_id == poll.id).execution_options(populate_existing=True)
    ).one_or_none()


def _check(hands: Hands, count: HandCount, first: Person) -> None:
    numbers = {"in_favour": hands.in_favour, "against": hands.against, "abstained": hands.abstained}
    for field, number in numbers.items():
        if number < 0:
            raise Invalid("negative", field)
    if sum(numbers.values()) > count.present:
        raise Invalid("too_many", "in_favour")
    second = "".join(hands.checked_by.split())
    if not second or second == "".join(first.name.split()):
        raise Invalid("second", "checked_by")
