"""Polls for tests, founded by the product's own services: a roll, a board, and voters who seal."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from civicforum import rulebook, sealed
from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.people.models import Community, Person
from civicforum.polls import keyring
from civicforum.polls.models import Poll, Question, RollEntry
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import boards, founding
from civicforum.sealed import Answer
from tests.factories import NOW, make_people

YES_NO = QuestionSpec(QuestionKind.MOTION, "是否加装电梯")
FIVE_OF_TEN = QuestionSpec(
    QuestionKind.SELECTION,
    "选五人",
    options=tuple(f"候选人{number}" for number in range(10)),
    most=5,
    seats=5,
)
FOR, AGAINST, ABSTAIN = Answer(chosen=frozenset({0})), Answer(chosen=frozenset({1})), Answer()


@dataclass
class SealedPoll:
    """An open poll, with everybody's place on the roll. Ids and no rows, so that sessions may end."""

    id: uuid.UUID
    community_id: uuid.UUID
    people: list[uuid.UUID] = field(default_factory=list)
    entries: list[uuid.UUID] = field(default_factory=list)

    def actor(self, voter: int) -> Actor:
        """Return the voter as somebody signed in."""
        return Actor(person_id=self.people[voter], community_id=self.community_id)

    def secret(self, voter: int) -> int:
        """Return the secret of the voter's credential, as the voter's browser computes it."""
        keys = keyring.read_keys(settings_now().instance, self.id)
        return sealed.secret_of(str(self.id), keys.code_of(self.entries[voter]))

    def seal(self, voter: int, answers: Sequence[Answer], *, sequence: int = 0) -> bytes:
        """Return a ballot as the voter's browser seals it. Wants an app context."""
        manifest = boards.manifest_of(db.session(), self.id)
        picks = sealed.picks_of(manifest.contests, answers)
        return sealed.seal(manifest.race, picks, self.secret(voter), sequence, secrets.token_bytes(32))


def settings_now() -> Settings:
    """Return the settings of the application whose context is open."""
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings


def make_poll(
    community: Community,
    *,
    questions: Sequence[QuestionSpec] = (YES_NO,),
    voters: int = 3,
    people: Sequence[Person] = (),
    preset: Preset = Preset.POLL,
    **terms: Any,
) -> SealedPoll:
    """Make a poll with a frozen roll; of the preset `poll` its board is founded, and it is open at NOW."""
    people = people or make_people(community, [""] * voters)
    ids = [person.id for person in people]
    book = rulebook.load(community.profile)
    with transaction() as session:
        poll = Poll(
            community_id=community.id,
            title="小区事项表决",
            question="",
            preset=preset,
            profile=book.name,
            profile_version=book.version,
            members=len(ids),
            created_at=NOW,
            roll_posted_at=NOW,
            roll_frozen_at=NOW,
            **{
                "state": PollState.OPEN,
                "opened_at": NOW,
                "opens_at": NOW,
                "closes_at": NOW + timedelta(days=3),
                **terms,
            },
        )
        poll.questions = [question_row(community, spec, at) for at, spec in enumerate(questions, 1)]
        poll.roll = [
            RollEntry(
                community_id=community.id,
                person_id=person_id,
                position=at,
                ground="capacity.hukou",
                name=name,
                group_name="第一居民小组",
            )
            for at, (person_id, name) in enumerate(_named(ids), 1)
        ]
        session.add(poll)
        session.flush()
        if poll.has_board and preset is Preset.POLL:
            founding.found_platform_poll(session, poll=poll, settings=settings_now(), now=NOW)
        entries = [entry.id for entry in poll.roll]
        return SealedPoll(poll.id, community.id, ids, entries)


def question_row(community: Community, spec: QuestionSpec, position: int) -> Question:
    """Return the row of a question."""
    return Question(community_id=community.id, position=position, spec=spec)


def _named(ids: Sequence[uuid.UUID]) -> list[tuple[uuid.UUID, str]]:
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    names = {row.id: row.name for row in rows}
    return [(person_id, names[person_id]) for person_id in ids]
