"""Load the proposals and comments of Decide Madrid 2019 into a test community, to measure pages with it.

    python bench/load_madrid.py [ARCHIVE]

The texts were written by strangers on a public site: they never enter a demonstration, and no page of a real
community. The archive holds proposals.csv and comments.csv (argrecsys/decide-madrid-2019-annotations,
Apache-2.0). Wants a migrated database (CIVICFORUM_DATABASE_URL, or the embedded one).
"""

from __future__ import annotations

import csv
import io
import sys
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import Category, Channel, Stage
from civicforum.matters.text import tokens
from civicforum.people.models import Community, Household, Person
from civicforum.people.rules import Sex

ARCHIVE = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "decide_madrid_2019.zip"
# What the archive gives in place of the id of a comment that starts a talk.
NO_PARENT = "-1"

Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Loaded:
    """How much was loaded; `talked_about` is the matter with the most comments."""

    people: int
    matters: int
    comments: int
    talked_about: uuid.UUID


def read_archive(path: Path) -> tuple[Rows, Rows]:
    """Return the proposals and the comments, each by its number."""
    with zipfile.ZipFile(path) as archive:
        return _rows(archive, "proposals.csv"), _rows(archive, "comments.csv")


def load(session: Session, *, community: Community, path: Path) -> Loaded:
    """Write everything with one insert for each table; nothing is committed.

    Raises ValueError for a demonstration. The community needs one household, where all writers are put.
    """
    if community.is_demonstration:
        raise ValueError("texts of strangers do not enter a demonstration")
    proposals, comments = read_archive(path)
    household = session.scalars(
        select(Household.id).where(Household.community_id == community.id).limit(1)
    ).one()
    people = {user: uuid.uuid4() for user in sorted({row["userId"] for row in (*proposals, *comments)})}
    matters = {row["id"]: uuid.uuid4() for row in proposals}
    session.execute(
        insert(Person), [_person(community, household, user, key) for user, key in people.items()]
    )
    session.execute(insert(Matter), [_matter(community, row, matters, people) for row in proposals])
    session.execute(insert(Comment), list(_comments(community, comments, matters, people)))
    spoken = [row["proposalId"] for row in comments]
    return Loaded(
        people=len(people),
        matters=len(matters),
        comments=len(comments),
        talked_about=matters[max(matters, key=spoken.count)],
    )


def _rows(archive: zipfile.ZipFile, name: str) -> Rows:
    with archive.open(name) as file:
        rows = list(csv.DictReader(io.TextIOWrapper(file, encoding="utf-8")))
    return sorted(rows, key=lambda row: int(row["id"]))


def _person(community: Community, household: uuid.UUID, user: str, key: uuid.UUID) -> dict[str, Any]:
    return {
        "id": key,
        "community_id": community.id,
        "number": f"MAD-{user}",
        "name": f"Vecino {user}",
        "sex": Sex.FEMALE,
        "born_on": date(1980, 1, 1),
        "household_id": household,
    }


def _matter(
    community: Community,
    row: Mapping[str, str],
    matters: Mapping[str, uuid.UUID],
    people: Mapping[str, uuid.UUID],
) -> dict[str, Any]:
    raised_at = datetime.combine(date.fromisoformat(row["date"]), datetime.min.time(), UTC)
    body = "\n\n".join(part for part in (row["summary"], row["text"]) if part)
    return {
        "id": matters[row["id"]],
        "community_id": community.id,
        "number": f"MAD-{row['id']}",
        "title": row["title"][:200],
        "body": body,
        "category": Category.OTHER,
        "channel": Channel.SCREEN,
        "stage": Stage.RAISED,
        "stage_since": raised_at,
        "author_id": people[row["userId"]],
        "profile": community.profile,
        "created_at": raised_at,
        "raised_at": raised_at,
        "tokens": tokens(row["title"], body),
    }


def _comments(
    community: Community,
    rows: Rows,
    matters: Mapping[str, uuid.UUID],
    people: Mapping[str, uuid.UUID],
) -> Iterable[dict[str, Any]]:
    """Yield the comments, a reply after what it replies to; some of those are gone from the archive."""
    keys: dict[str, uuid.UUID] = {}
    for row in rows:
        hours, minutes, seconds = (int(part) for part in row["time"].split()[-1].split(":"))
        day = datetime.combine(date.fromisoformat(row["date"]), datetime.min.time(), UTC)
        parent = None if row["parentId"] == NO_PARENT else keys.get(row["parentId"])
        keys[row["id"]] = uuid.uuid4()
        yield {
            "id": keys[row["id"]],
            "community_id": community.id,
            "matter_id": matters[row["proposalId"]],
            "author_id": people[row["userId"]],
            "parent_id": parent,
            "text": row["text"],
            "at": day + timedelta(hours=hours, minutes=minutes, seconds=seconds),
        }


def main() -> None:
    from civicforum import create_app
    from civicforum.database import db
    from tests.factories import make_community, make_household

    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ARCHIVE
    if not path.exists():
        sys.exit(f"{path} is not there: name the archive of Decide Madrid 2019")
    with create_app().app_context():
        community = make_community(name=f"Decide Madrid {datetime.now(UTC):%Y-%m-%d %H:%M}")
        make_household(community)
        loaded = load(db.session(), community=community, path=path)
        db.session.commit()
        print(
            f"{community.name}: {loaded.matters} matters, {loaded.comments} comments, {loaded.people} people"
        )


if __name__ == "__main__":
    main()
