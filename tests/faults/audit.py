"""After a fault: what was acknowledged is there once, what is there adds up, and everything verifies."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import func, select, text

from bench.voters import Electorate
from civicforum import sealed
from civicforum.database import db, transaction
from civicforum.matters.models import Matter
from civicforum.polls.models import Board, Credential, Poll
from civicforum.polls.outcomes import question_from_json
from civicforum.polls.rules import PollState
from civicforum.polls.services import boards, clocks, results
from civicforum.polls.trackers import shown_tracker
from civicforum.records.models import JournalEntry
from tests.faults.ballot_load import Ledger, MatterLoad
from tests.faults.site import Site

SWEPT_SECONDS = 60.0
# A killed worker counts as gone after half a minute; what it left undone is begun again at the next minute.
WORKER_SECONDS = 240.0
# What happens once in the life of a poll, a notice or a matter.
ONCE = ("poll.stop", "poll.seal_count", "poll.open_box", "poll.count", "notice.expire", "matter.start_draft")
TWICE = text(
    "SELECT action, subject_id, count(*) FROM journal_entry WHERE action = ANY(:actions) "
    "GROUP BY action, subject_id HAVING count(*) > 1"
)
# The same thing said to the same person by the same way in two messages.
SENT_TWICE = text(
    "SELECT item.notification_id, item.channel, count(DISTINCT item.message_id) FROM outbox_item item "
    "GROUP BY 1, 2 HAVING count(DISTINCT item.message_id) > 1"
)
TOLD_TWICE = text("SELECT person_id, event FROM notification GROUP BY 1, 2 HAVING count(*) > 1")


@dataclass(frozen=True)
class Audit:
    """What was found: of ballots without an answer, so many are on the board all the same."""

    acknowledged: int
    lost: int
    doubled: int
    unanswered: int
    unanswered_on_board: int
    on_board: int
    journal_entries: int


def audit(
    site: Site,
    electorate: Electorate,
    ballots: Sequence[bytes],
    ledger: Ledger,
    *,
    is_closed: bool = False,
    by_worker: bool = False,
) -> Audit:
    """Check the board against the ledger, let the poll be counted, and check count, archive and journal.

    Args:
        is_closed: the poll was closed and counted by the site itself.
        by_worker: its worker has to close and count it, within the minutes that a clock may be late.
    """
    assert not ledger.strange, ledger.strange[:3]
    everybody = len(ledger.acknowledged) + len(ledger.unknown) + len(ledger.refused)
    assert everybody == len(ballots)
    with site.app() as app, app.app_context():
        on_board = _check_board(electorate.poll_id, ballots, ledger)
        found = set(on_board)
        if not is_closed:
            _close(electorate.poll_id, by_worker=by_worker)
        _check_result(electorate.poll_id, found)
        lines = boards.list_lines(db.session(), electorate.poll_id)
        head = boards.replay(db.session(), electorate.poll_id).head
        entries = check_records()
    archive = site.instance.parent / f"{electorate.poll_id}.jsonl"
    archive.write_bytes(b"".join(line + b"\n" for line in lines))
    verified = site.civicforum("verify", "--head", head.hex(), str(archive))
    assert verified.returncode == 0, verified.stdout + verified.stderr
    check_journal(site)
    return Audit(
        acknowledged=len(ledger.acknowledged),
        lost=len(set(ledger.acknowledged) - found),
        doubled=len(on_board) - len(found),
        unanswered=len(ledger.unknown),
        unanswered_on_board=len(found & ledger.unknown),
        on_board=len(found),
        journal_entries=entries,
    )


def check_journal(site: Site) -> None:
    """Run the command that an operator runs."""
    verified = site.civicforum("journal", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def check_matters(site: Site, electorate: Electorate, load: MatterLoad) -> None:
    """Every matter that was acknowledged is there once, and no other more than once."""
    assert not load.strange, load.strange[:3]
    community = select(Poll.community_id).where(Poll.id == electorate.poll_id).scalar_subquery()
    with site.app() as app, app.app_context():
        there = Counter(db.session.scalars(select(Matter.title).where(Matter.community_id == community)))
    assert load.acknowledged <= set(there) <= load.acknowledged | load.unknown
    assert set(there.values()) <= {1}


def _check_board(poll_id: uuid.UUID, ballots: Sequence[bytes], ledger: Ledger) -> list[int]:
    """Return whose ballots are on the board, each of them once and no other line among them."""
    lines = boards.list_lines(db.session(), poll_id)
    voter_of = {sealed.ballot_line(ballot): at for at, ballot in enumerate(ballots)}
    on_board = [line for line in lines if b'"type":"ballot"' in line]
    assert set(on_board) <= set(voter_of)
    assert len(on_board) == len(set(on_board))
    found = [voter_of[line] for line in on_board]
    for at, (number, tracker) in ledger.acknowledged.items():
        assert lines[number - 1] == sealed.ballot_line(ballots[at]), f"ballot {at} is not at its line"
        assert tracker == shown_tracker(sealed.tracker_of(ballots[at]))
    assert ledger.refused.keys().isdisjoint(found), "refused, and there all the same"
    _check_ends(poll_id, lines)
    return found


def _check_ends(poll_id: uuid.UUID, lines: Sequence[bytes]) -> None:
    """The chain of the lines ends where the board says, and its credentials stand as the lines do."""
    replayed = boards.replay(db.session(), poll_id)
    kept = db.session.execute(select(Board.lines, Board.head).where(Board.poll_id == poll_id)).one()
    assert (kept.lines, kept.head) == (len(lines), replayed.head)
    rows = db.session.execute(
        select(Credential.public, Credential.sequence).where(Credential.poll_id == poll_id)
    )
    standings = replayed.electorate.standings
    assert {row.public: row.sequence for row in rows} == {
        bytes(public): standing.sequence for public, standing in standings.items()
    }
    db.session.rollback()


def _close(poll_id: uuid.UUID, *, by_worker: bool) -> None:
    """Let the hour of the poll come; wait for the worker, or do what it does every minute, as it may too."""
    now = datetime.now(UTC)
    with transaction() as session:
        session.get_one(Poll, poll_id, with_for_update=True).closes_at = now
    if by_worker:
        wait_until_counted(poll_id, sweep=False, seconds=WORKER_SECONDS)
    else:
        wait_until_counted(poll_id, sweep=True)


def wait_until_counted(poll_id: uuid.UUID, *, sweep: bool, seconds: float = SWEPT_SECONDS) -> float:
    """Return after how many seconds the poll was counted, by sweeps of our own or of the site's worker."""
    begun = time.monotonic()
    while db.session.scalar(select(Poll.state).where(Poll.id == poll_id)) is not PollState.COUNTED:
        assert time.monotonic() - begun < seconds, "the poll is not counted"
        db.session.rollback()
        if sweep:
            now = datetime.now(UTC) + timedelta(milliseconds=1)
            clocks.sweep(now=now, settings=current_app.config["CIVICFORUM"])
            results.sweep(now=now, settings=current_app.config["CIVICFORUM"])
        time.sleep(0.2)
    db.session.rollback()
    return time.monotonic() - begun


def _check_result(poll_id: uuid.UUID, found: set[int]) -> None:
    """Voters answer in turn (ballot_load.ANSWERS), so that it is known what has to be counted."""
    sheet = db.session.get_one(Poll, poll_id).result
    assert sheet is not None
    question = question_from_json(sheet.questions[0])
    expected = (sum(at % 2 == 0 for at in found), sum(at % 2 == 1 for at in found), 0)
    figures = (
        question.lines[0].figures.together
        if len(question.lines) == 1
        else tuple(line.figures.together[0] for line in question.lines)
    )
    assert tuple(figures)[:2] == expected[:2], (question.columns, figures, expected)
    assert question.papers.together.valid == len(found)
    db.session.rollback()


def check_records() -> int:
    """Nothing that happens once is in the journal, the outbox or the inbox twice; return the entries."""
    session = db.session()
    assert session.execute(TWICE, {"actions": list(ONCE)}).all() == []
    assert session.execute(SENT_TWICE).all() == []
    assert session.execute(TOLD_TWICE).all() == []
    return session.scalar(select(func.count()).select_from(JournalEntry)) or 0
