"""Telling a certified result: to everybody who was graded, and to all on the notice board."""

from __future__ import annotations

import uuid
from datetime import datetime

from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.result_documents import notice_of_result
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.services.steps import (
    lock_to_lead,
    post_document,
    record_cycle,
    require_state,
    rules_of,
)
from civicforum.database import transaction
from civicforum.errors import AlreadyDone
from civicforum.people.models import Community


def publish_result(*, cycle_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Tell each person the grade and post the result; objections may be made from now on while it stands.

    A result that is late is published all the same, and the entry says that it is late. Raises NotFound,
    NotEligible, TransitionNotAllowed (not certified), AlreadyDone.
    """
    with transaction() as session:
        cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
        require_state(cycle, CycleState.CERTIFIED)
        if cycle.result_posted_at is not None or cycle.counted_at is None:
            raise AlreadyDone(cycle_id)
        book = rules_of(cycle)
        cycle.result_posted_at = now
        for one in cycle.subjects:
            one.result_told_at = now if one.person_id is not None else None
        community = session.get_one(Community, cycle.community_id)
        post_document(session, cycle, notice_of_result(cycle, book, community.name), actor=actor, now=now)
        in_time = law.judge_result_day(book, cycle.counted_at, now)
        payload = {
            "in_time": in_time.holds,
            "arithmetic": in_time.arithmetic,
            "until": law.posting_until(book, now).isoformat(),
        }
        record_cycle(session, cycle, action="post_result", actor=actor, payload=payload, now=now)
