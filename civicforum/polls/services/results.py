"""From the count on: names put together, objections and answers, certification, and what the clock does."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.counting.second import EnginesDisagree
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed, require_text
from civicforum.polls.errors import BelowLeast, StepBlocked
from civicforum.polls.models import Board, Poll, ResultObjection
from civicforum.polls.outcomes import Merge, question_from_json
from civicforum.polls.queries.blockers import list_next_blockers
from civicforum.polls.rules import PollState, Preset, move
from civicforum.polls.services import boards
from civicforum.polls.services.counting import (
    count_locked,
    judged,
    report_disagreement,
    ways_of,
    write_outcome,
)
from civicforum.polls.services.notes import append_note
from civicforum.polls.services.paper import paper_totals
from civicforum.polls.services.sealing import open_box_locked, seal_locked
from civicforum.polls.services.steps import lock_alone, lock_if_free, lock_poll, record_poll, rules_of
from civicforum.records.models import JournalEntry
from civicforum.rows import get_row
from civicforum.sealed import Phase

LONGEST_OBJECTION = 2000
logger = logging.getLogger(__name__)


def merge_write_in(
    *, poll_id: uuid.UUID, question: int, spelling: str, name: str, reason: str, actor: Actor, now: datetime
) -> None:
    """Read one spelling of a name written in as another, before the result is certified.

    Both were found on ballots. A name that stands on the paper takes none in: one ballot may hold its mark
    and its name. Raises NotFound, NotEligible, TransitionNotAllowed, Invalid ("question", "spelling", "name",
    "reason").
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        if poll.state is not PollState.COUNTED or poll.result is None:
            raise TransitionNotAllowed(poll.state, "merge")
        results = [question_from_json(one) for one in poll.result.questions]
        if not 0 <= question < len(results):
            raise Invalid("question", "question")
        written = {line.name for line in results[question].lines if line.is_written_in}
        for field, value in (("spelling", spelling), ("name", name)):
            if value not in written:
                raise Invalid(field, field)
        if spelling == name:
            raise Invalid("same", "name")
        if not reason.strip():
            raise Invalid("reason", "reason")
        merge = Merge(question, spelling, name, reason.strip())
        _judge_again(session, poll, [*(one for result in results for one in result.merges), merge])
        if boards.phase_of(session, poll.id) is Phase.OPENED:
            note = f"第{question + 1}题另选他人“{spelling}”计入“{name}”。理由:{merge.reason}"
            append_note(session, poll, note)
        payload = {"question": question + 1, "spelling": spelling, "name": name}
        record_poll(
            session, poll, actor=actor, action="merge_write_in", payload=payload, reason=merge.reason, now=now
        )


def _judge_again(session: Session, poll: Poll, merges: list[Merge]) -> None:
    assert poll.result is not None  # noqa: S101
    papers = paper_totals(session, poll) if poll.by_paper else None
    write_outcome(poll.result, judged(session, poll, *ways_of(session, poll, papers), merges))


def certify(*, poll_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Let the result stand: it never changes again.

    Raises NotFound, NotEligible, TransitionNotAllowed (not counted), StepBlocked (an objection is not
    answered).
    """
    with transaction() as session:
        poll = lock_alone(session, poll_id=poll_id, actor=actor)
        state = move(poll.state, PollState.CERTIFIED)
        unanswered = list_next_blockers(session, poll, now=now)
        if unanswered:
            raise StepBlocked(unanswered)
        poll.state, poll.certified_at = state, now
        record_poll(session, poll, actor=actor, action="certify", now=now)


def object_to_result(*, poll_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> uuid.UUID:
    """Say that a result is wrong. Anybody of the community may, until keys and links are destroyed.

    An answer in writing is due: of an election by the clock of the law, else by that of resolutions. Raises
    NotFound, TransitionNotAllowed (not counted, or all is destroyed), Invalid ("missing", "long").
    """
    with transaction() as session:
        poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
        if not poll.stands_alone:
            raise NotFound(poll_id)
        if not may_be_objected_to(poll):
            raise TransitionNotAllowed(poll.state, "object")
        text = require_text(text, most=LONGEST_OBJECTION)
        objection = ResultObjection(
            community_id=poll.community_id,
            poll_id=poll.id,
            filed_by_id=actor.person_id,
            text=text,
            filed_at=now,
            due_at=rules_of(poll).clock(answer_rule(poll)).deadline(now),
        )
        session.add(objection)
        session.flush()
        payload = {"objection": str(objection.id)}
        # What is objected to is public, and who objects is not.
        record_poll(
            session, poll, actor=actor, action="object_to_result", payload=payload, now=now, is_public=False
        )
        return objection.id


def may_be_objected_to(poll: Poll) -> bool:
    """Tell whether a result is there, and what is needed to look into it still exists.

    To the grades of an appraisal one objects there, where they stand for all groups together.
    """
    is_there = poll.state in (PollState.COUNTED, PollState.CERTIFIED) and poll.destroyed_at is None
    return is_there and not poll.is_appraisal


def answer_rule(poll: Poll) -> str:
    """Return the clock of answers: 重庆市居民委员会选举办法 art 35 for elections, 四议两公开 for the rest."""
    return "election.report_answered" if poll.is_statutory else "resolution.objection_answered"


def answer_objection(*, objection_id: uuid.UUID, answer: str, actor: Actor, now: datetime) -> None:
    """Answer an objection in writing, for everybody to read.

    Raises NotFound, NotEligible, AlreadyDone, Invalid ("missing", "long").
    """
    with transaction() as session:
        found = get_row(session, ResultObjection, objection_id, community_id=actor.community_id)
        poll = lock_alone(session, poll_id=found.poll_id, actor=actor)
        session.refresh(found)
        if found.answered_at is not None:
            raise AlreadyDone(objection_id)
        found.answer = require_text(answer, most=LONGEST_OBJECTION)
        found.answered_by_id, found.answered_at = actor.person_id, now
        payload = {"objection": str(objection_id)}
        record_poll(session, poll, actor=actor, action="answer_objection", payload=payload, now=now)


@dataclass(frozen=True)
class Swept:
    """How many polls a sweep sealed, opened and counted, and how many failed, which are in the log."""

    sealed: int = 0
    opened: int = 0
    counted: int = 0
    failed: int = 0


def sweep(*, now: datetime, settings: Settings) -> Swept:
    """Do what needs no person: seal stopped polls, open the platform's boxes, count what has no paper.

    A poll of which engines disagreed is left to a person. Each step has a transaction of its own, so that one
    poll that fails stops no other.
    """

    def seal(session: Session, poll: Poll) -> None:
        seal_locked(session, poll, actor=None, now=now)

    def open_box(session: Session, poll: Poll) -> None:
        open_box_locked(session, poll, actor=None, settings=settings, now=now)

    def count(session: Session, poll: Poll) -> None:
        count_locked(session, poll, actor=None, now=now)

    sealed_, failed = _each(_unsealed(), seal, now=now)
    opened, more = _each(_unopened(), open_box, now=now)
    counted, others = _each(_uncounted(), count, now=now)
    return Swept(sealed_, opened, counted, failed + more + others)


def _each(
    which: ColumnElement[bool], step: Callable[[Session, Poll], None], *, now: datetime
) -> tuple[int, int]:
    """Take the step with each of these polls; return how many took it, and how many failed."""
    is_due = and_(Poll.stands_alone, Poll.state == PollState.CLOSED, which)
    with transaction() as session:
        ids = session.scalars(select(Poll.id).where(is_due).order_by(Poll.id)).all()
    done = failed = 0
    for poll_id in ids:
        try:
            with transaction() as session:
                poll = lock_if_free(session, poll_id, is_due)
                if poll is not None:
                    step(session, poll)
                    done += 1
        except (StepBlocked, BelowLeast):
            continue  # somebody is awaited, and the pages say who
        except EnginesDisagree as disagreement:
            report_disagreement(poll_id, disagreement, actor=None, now=now)
            failed += 1
        except Exception:
            logger.exception("poll %s could not be swept", poll_id)
            failed += 1
    return done, failed


def _unsealed() -> ColumnElement[bool]:
    return Poll.sealed_at.is_(None)


def _unopened() -> ColumnElement[bool]:
    is_shut = exists().where(Board.poll_id == Poll.id, Board.phase == Phase.CLOSED)
    return and_(Poll.sealed_at.is_not(None), Poll.preset == Preset.POLL, is_shut)


def _uncounted() -> ColumnElement[bool]:
    is_open = exists().where(Board.poll_id == Poll.id, Board.phase == Phase.OPENED)
    is_ready = or_(Poll.preset == Preset.OPEN, and_(Poll.preset == Preset.POLL, is_open))
    disagreed = exists().where(
        JournalEntry.subject_kind == "poll",
        JournalEntry.subject_id == Poll.id,
        JournalEntry.action == "poll.engines_disagree",
    )
    return and_(Poll.sealed_at.is_not(None), Poll.by_paper.is_(False), is_ready, ~disagreed)
