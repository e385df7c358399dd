"""Drafts of polls for tests, their roll drawn, posted and frozen by the product's own services."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community, Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import Basis, Draw
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import Preset
from civicforum.polls.services import rolls
from tests.factories import NOW, actor_of, make_officer
from tests.support.polls import YES_NO, question_row, settings_now

RESIDENTS = Draw(Basis.CAPACITIES, capacities=(CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE))
OPENS = NOW + timedelta(days=30)
# As the law has it: a secret vote on paper, with its quorum and its majority.
RECALL: dict[str, Any] = {
    "questions": (QuestionSpec(QuestionKind.MOTION, "是否罢免主任", majority_rule="recall.majority"),),
    "is_statutory": True,
    "by_screen": False,
    "by_paper": True,
    "quorum_rule": "recall.validity.voters",
}


def make_draft(
    community: Community, *, questions: Sequence[QuestionSpec] = (YES_NO,), **terms: Any
) -> uuid.UUID:
    """Make a draft without a roll, with five days for objections, that opens in thirty days."""
    book = rulebook.load(community.profile)
    values: dict[str, Any] = {
        "title": "小区事项表决",
        "question": "",
        "preset": Preset.POLL,
        "objection_days": 5,
        "opens_at": OPENS,
        "closes_at": OPENS + timedelta(days=3),
        "created_at": NOW,
        **terms,
    }
    poll = Poll(community_id=community.id, profile=book.name, profile_version=book.version, **values)
    poll.questions = [question_row(community, spec, at) for at, spec in enumerate(questions, 1)]
    db.session.add(poll)
    db.session.commit()
    return poll.id


def election_officer(community: Community) -> Actor:
    """Return somebody of the election committee."""
    return actor_of(make_officer(community, Role.ELECTION_OFFICER), Role.ELECTION_OFFICER)


def post(poll_id: uuid.UUID, actor: Actor, *, draw: Draw = RESIDENTS, now: datetime = NOW) -> None:
    """Draw and post the roll of a draft."""
    rolls.draw_roll(poll_id=poll_id, draw=draw, actor=actor, now=now)
    rolls.post_roll(poll_id=poll_id, actor=actor, now=now)


def freeze(poll_id: uuid.UUID, actor: Actor, *, now: datetime) -> None:
    rolls.freeze_roll(poll_id=poll_id, actor=actor, settings=settings_now(), now=now)


def entry_of(poll_id: uuid.UUID, person: Person) -> RollEntry:
    """Return somebody's entry."""
    return db.session.scalars(
        select(RollEntry).where(RollEntry.poll_id == poll_id, RollEntry.person_id == person.id)
    ).one()
