"""Verifying what a database holds: journals, boards and pictures, each by its own hashes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicforum.people.queries import list_communities
from civicforum.polls.models import Board
from civicforum.polls.queries.observing import iterate_archive
from civicforum.records.queries import verify_journal
from civicforum.sealed.archives import verify_archive
from civicforum.sealed.checks import Check

Say = Callable[[str], None]
_ALTERED_PHOTOS = "SELECT id FROM photo WHERE encode(sha256(content), 'hex') <> sha256 ORDER BY id"


def verify_content(session: Session, *, processes: int, say: Say) -> list[str]:
    """Return a line for everything that does not hold in the database; `say` hears what does."""
    return [
        *_verify_journals(session, say),
        *_verify_boards(session, processes, say),
        *(
            f"picture {id_} is not the one that was uploaded"
            for id_ in session.scalars(text(_ALTERED_PHOTOS))
        ),
    ]


def _verify_journals(session: Session, say: Say) -> list[str]:
    problems = []
    for community in list_communities(session):
        entries, found = verify_journal(session, community_id=community.id)
        if found is None:
            say(f"{community.name}: {entries} entries, the chain holds")
        else:
            problems.append(f"{community.name}: entry {found.sequence} {found.reason}")
    return problems


def _verify_boards(session: Session, processes: int, say: Say) -> list[str]:
    boards = session.scalars(select(Board).order_by(Board.poll_id)).all()
    failures = {board.poll_id: _failures(session, board, processes) for board in boards}
    held = sum(not failed for failed in failures.values())
    say(f"{held} of {len(boards)} boards of votes hold, with every proof on them")
    return [f"the board of poll {id_}: {one}" for id_, failed in failures.items() for one in failed]


def _failures(session: Session, board: Board, processes: int) -> list[str]:
    """Return what does not hold on a board, as anybody would find it in its archive."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "archive.jsonl"
        with archive.open("wb") as file:
            file.writelines(iterate_archive(session, board.poll_id, lines=board.lines))
        report = verify_archive(archive, head=board.head, processes=processes)
    # Whether a vote is over is no question here; that no line is missing, the head says.
    failed = [failure for failure in report.failures if failure.check is not Check.COMPLETE]
    return [failure.detail or failure.check.title for failure in failed]
