"""The official notices of a recall: what they say, filled from the data, and those issued."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.elections import recalls as law
from civicforum.elections.models import Recall, RecallNotice
from civicforum.elections.notices import Wish
from civicforum.elections.queries.notices import Draft, corrected
from civicforum.elections.recalls import READY_IN, RecallNoticeKind, RecallState
from civicforum.elections.wording import (
    compose,
    day_in_words,
    hours_in_words,
    law_in_words,
    load,
    names_of,
    past_day,
    subject_of,
)
from civicforum.errors import NotFound
from civicforum.people.models import Community
from civicforum.polls.models import Poll, ResultSheet, RollEntry
from civicforum.polls.outcomes import question_from_json
from civicforum.rulebook import Level, Rule, Rulebook
from civicforum.rulebook.days import day_of


def list_issued(session: Session, recall_id: uuid.UUID) -> Sequence[RecallNotice]:
    """Return the notices of a recall, the first one first."""
    return session.scalars(
        select(RecallNotice).where(RecallNotice.recall_id == recall_id).order_by(RecallNotice.number)
    ).all()


def get_notice(session: Session, *, recall_id: uuid.UUID, notice_id: uuid.UUID) -> RecallNotice:
    """Return a notice of a recall. Raises NotFound."""
    notice = session.get(RecallNotice, notice_id)
    if notice is None or notice.recall_id != recall_id:
        raise NotFound(notice_id)
    return notice


def latest_of(issued: Sequence[RecallNotice], kind: RecallNoticeKind) -> RecallNotice | None:
    """Return the last of these notices of a kind, which says what holds; None before the first."""
    return next((one for one in reversed(issued) if one.kind is kind), None)


def next_number(session: Session, community_id: uuid.UUID) -> int:
    """Return the number that the next notice of a recall in this community gets."""
    last = session.scalar(
        select(func.max(RecallNotice.number)).where(RecallNotice.community_id == community_id)
    )
    return (last or 0) + 1


def is_ready(row: Recall, kind: RecallNoticeKind) -> bool:
    """Tell whether a recall has come to what the notice says."""
    return row.state in READY_IN[kind]


def issuer_of(session: Session, row: Recall) -> str:
    """Return the body that presides over the recall, by its full name."""
    community = session.get_one(Community, row.community_id).name
    return names_of("additions")["election_committee"].format(community=community)


def draft_notice(
    session: Session, row: Recall, kind: RecallNoticeKind, *, book: Rulebook, wish: Wish
) -> Draft:
    """Return the notice filled; `is_ready` was asked before. Of `wish`, what it corrects and why."""
    wording = load(kind)
    blanks = _common(row, book)
    if kind is RecallNoticeKind.VOTE:
        blanks |= _of_vote(session, row)
    if kind is RecallNoticeKind.RESULT:
        blanks |= _of_result(row)
    subject, text = subject_of(wording, blanks, book=book), compose(wording, blanks, book=book)
    return corrected(subject, text, wish, "recall_correction")


def _common(row: Recall, book: Rulebook) -> dict[str, str]:
    post, for_term = row.term.post, book.switch("recall.barred_for_term")
    assert row.complete_at is not None  # noqa: S101, of a recall that is ready
    return {
        "post": f"{post.body.name}{post.title}",
        "member": row.term.person.name,
        "electors": names_of("electors")[row.way],
        "filed": past_day(day_of(row.filed_at)),
        "complete": past_day(day_of(row.complete_at)),
        "signed": str(row.signed),
        "on_roll": str(row.on_roll),
        "reasons": _as_sentence(row.reasons),
        "new_facts": _as_sentence(row.new_facts),
        "defence": _as_sentence(row.defence),
        "hearing": _in_one_line(row.hearing).rstrip("。"),
        "demand_rule": _cited(book.rule(f"recall.demand.{row.way}")),
        "barred_rule": _cited(for_term if for_term.on else book.rule("recall.barred")),
        "majority_rule": _cited(book.rule(law.MAJORITY)),
        "validity_rule": _cited(book.rule(law.VALIDITY[row.way])),
    }


def _of_vote(session: Session, row: Recall) -> dict[str, str]:
    poll = _poll(row)
    assert poll.opens_at is not None  # noqa: S101, of a poll with a posted roll
    assert poll.closes_at is not None  # noqa: S101
    assert poll.roll_posted_at is not None  # noqa: S101
    entries = session.scalar(
        select(func.count()).where(RollEntry.poll_id == poll.id, RollEntry.struck_off_at.is_(None))
    )
    return {
        "day": day_in_words(day_of(poll.opens_at)),
        "hours": hours_in_words(poll.opens_at, poll.closes_at),
        "entries": str(entries),
        "posted": past_day(day_of(poll.roll_posted_at)),
    }


def _of_result(row: Recall) -> dict[str, str]:
    poll = _poll(row)
    sheet = poll.result
    assert sheet is not None  # noqa: S101, of a recall that was decided
    assert poll.opens_at is not None  # noqa: S101
    question = question_from_json(sheet.questions[0])
    in_favour, against, abstained = question.lines[0].figures.together
    return {
        "day": past_day(day_of(poll.opens_at)),
        "decided": past_day(day_of(poll.closed_at or poll.opens_at)),
        "roll": str(sheet.counts["roll"]),
        "taking_part": str(sheet.counts["taking_part"]),
        "in_favour": str(in_favour),
        "against": str(against),
        "abstained": str(abstained),
        "invalid": str(question.papers.together.invalid),
        "quorum_sum": _sum_of(sheet),
        "majority_sum": question.verdict.arithmetic if question.verdict else "",
        "carried": "carried" if row.state is RecallState.CARRIED else "",
    }


def _poll(row: Recall) -> Poll:
    if row.poll is None:
        raise NotFound(row.id)
    return row.poll


def _sum_of(sheet: ResultSheet) -> str:
    return next((str(one["arithmetic"]) for one in sheet.verdicts if one["kind"] == "quorum"), "")


def _cited(rule: Rule) -> str:
    """Return a rule's sentence with law and article in brackets at its end; a local rule's sentence alone."""
    sentence = rule.text("zh_Hans").rstrip("。")
    is_national = rule.level is Level.NATIONAL and bool(rule.articles)
    return f"{sentence}（{law_in_words(rule)}）。" if is_national else f"{sentence}。"


def _in_one_line(words: str) -> str:
    """Return what somebody wrote without line breaks, and without the sign that parts cells of a table."""
    return " ".join(words.replace("｜", " ").split())


def _as_sentence(words: str) -> str:
    """Return what somebody wrote in one line that ends as a sentence does; "" stays empty."""
    line = _in_one_line(words)
    return line if not line or line[-1] in "。！？；…" else f"{line}。"
