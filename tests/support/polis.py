"""The five published Polis conversations, read and loaded into the tables of the product.

compdemocracy/openData, CC BY 4.0: "Data was gathered using the Polis software (compdemocracy.org/polis) and
is sub-licensed under CC BY 4.0 with Attribution to The Computational Democracy Project."
"""

from __future__ import annotations

import csv
import io
import random
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from civicforum.config import ROOT
from civicforum.people.models import Community, Household, Person
from civicforum.people.rules import Sex
from civicforum.statements.models import Conversation, Statement, StatementVote
from civicforum.statements.rules import ConversationState, RejectReason, StatementState
from civicforum.statements.services.taking_over import (
    PastStatement,
    PastVote,
    take_over_statements,
    take_over_votes,
)

FOLDER = ROOT.parent / "shared" / "data" / "polis"
REJECTED = "-1"
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Published:
    """One archive: its comments with their tallies, every vote, and the participants with their groups."""

    name: str
    topic: str
    comments: Rows
    votes: Rows
    participants: Rows

    @property
    def tallies(self) -> dict[int, tuple[int, int]]:
        """How many agree and disagree, by comment."""
        return {int(row["comment-id"]): (int(row["agrees"]), int(row["disagrees"])) for row in self.comments}

    @property
    def groups(self) -> dict[str, str]:
        """The group of each participant who was put into one."""
        return {row["participant"]: row["group-id"] for row in self.participants if row["group-id"]}


@dataclass(frozen=True)
class Loaded:
    """`voters` are the ids of people by their number in the archive."""

    conversation_id: uuid.UUID
    voters: dict[str, uuid.UUID]


def archives() -> list[Path]:
    """Return the archives at hand; none where the folder is missing."""
    return sorted(FOLDER.glob("*.zip"))


def read(path: Path) -> Published:
    with zipfile.ZipFile(path) as archive:
        summary = dict(csv.reader(io.StringIO(_text(archive, "summary.csv"))))
        return Published(
            name=path.stem,
            topic=summary["topic"],
            comments=_rows(archive, "comments.csv"),
            votes=_rows(archive, "votes.csv"),
            participants=_rows(archive, "participants-votes.csv"),
        )


def load(session: Session, *, community: Community, household: Household, published: Published) -> Loaded:
    """Write a published conversation with every vote, into a community with a household for its people."""
    authors = {row["author-id"] for row in published.comments}
    voters = {
        number: uuid.uuid4() for number in sorted({row["voter-id"] for row in published.votes} | authors)
    }
    session.execute(
        insert(Person), [_person(community, household, number, key) for number, key in voters.items()]
    )
    times = [_time(row) for row in (*published.comments, *published.votes)]
    conversation = Conversation(
        community_id=community.id,
        topic=published.topic[:200],
        opens_at=min(times),
        closes_at=max(times),
        closed_at=max(times),
        state=ConversationState.CLOSED,
        created_at=min(times),
    )
    session.add(conversation)
    session.flush()
    ids = take_over_statements(session, conversation, _statements(published, voters))
    take_over_votes(
        session,
        conversation,
        (
            PastVote(int(row["comment-id"]), voters[row["voter-id"]], int(row["vote"]), _time(row))
            for row in published.votes
        ),
        ids=ids,
    )
    return Loaded(conversation.id, voters)


def remove_a_fifth(session: Session, conversation_id: uuid.UUID, *, draw: int) -> None:
    """Remove a fifth of the acts of voting from the table: the same each time for the same draw."""
    votes = session.scalars(
        select(StatementVote.id)
        .join(Statement, StatementVote.statement_id == Statement.id)
        .join(Person, StatementVote.person_id == Person.id)
        .where(StatementVote.conversation_id == conversation_id)
        .order_by(StatementVote.cast_at, Statement.number, Person.name, StatementVote.value)
    ).all()
    removed = random.Random(draw).sample(votes, len(votes) // 5)  # noqa: S311 - drawn again the same
    session.execute(delete(StatementVote).where(StatementVote.id.in_(removed)))


def _statements(published: Published, voters: dict[str, uuid.UUID]) -> Iterator[PastStatement]:
    for row in published.comments:
        is_rejected = row["moderated"] == REJECTED
        yield PastStatement(
            number=int(row["comment-id"]),
            text=row["comment-body"],
            author_id=voters[row["author-id"]],
            created_at=_time(row),
            state=StatementState.REJECTED if is_rejected else StatementState.SHOWN,
            # The archives do not say why.
            reason=RejectReason.OFF_TOPIC if is_rejected else None,
        )


def _person(community: Community, household: Household, number: str, key: uuid.UUID) -> dict[str, object]:
    return {
        "id": key,
        "community_id": community.id,
        "household_id": household.id,
        "number": f"polis-{key.hex[:12]}",
        "name": number,
        "sex": Sex.FEMALE,
        "born_on": datetime(1980, 1, 1, tzinfo=UTC).date(),
    }


def _time(row: dict[str, str]) -> datetime:
    return datetime.fromtimestamp(int(row["timestamp"]) / 1000, UTC)


def _rows(archive: zipfile.ZipFile, name: str) -> Rows:
    return list(csv.DictReader(io.StringIO(_text(archive, name))))


def _text(archive: zipfile.ZipFile, name: str) -> str:
    path = next(path for path in archive.namelist() if path.rsplit("/", 1)[-1] == name)
    return archive.read(path).decode("utf-8")
