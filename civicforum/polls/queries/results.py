"""Reads for the page of a result, its objections, and the steps that lead there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.polls.models import BoardLine, Poll, ResultObjection, ResultSheet
from civicforum.polls.outcomes import QuestionResult, question_from_json
from civicforum.polls.queries.destruction import destruction_due
from civicforum.polls.queries.named import ShownVerdict
from civicforum.polls.queries.polls import WITH_QUESTIONS, get_alone
from civicforum.polls.queries.standing import list_group_turnout
from civicforum.polls.rules import KeptVerdict, VerdictKind
from civicforum.polls.services.paper import StationTotals, paper_totals
from civicforum.polls.services.steps import rules_of
from civicforum.polls.small_groups import hidden_names
from civicforum.polls.turnout import GroupTurnout
from civicforum.rulebook import Rule, Rulebook, RuleNotFound

LEAST_SHOWN = "privacy.least"


@dataclass(frozen=True)
class StationLine:
    """The papers of a station; of several small ones together `name` is ""."""

    name: str
    issued: int
    found: int
    invalid: int


@dataclass(frozen=True)
class ResultPage:
    """What the page of a result shows.

    Attributes:
        quorum: None where the poll has none.
        shows_ways: whether screen and paper are shown apart: not where one of them is a handful of people.
        objections: how many were made, and how many wait for an answer.
        head: of the board after its last line; None without a board.
        destroyed_by: when keys and links are to be destroyed; None where there are none.
    """

    poll: Poll
    sheet: ResultSheet
    questions: list[QuestionResult]
    quorum: ShownVerdict | None
    shows_ways: bool
    groups: list[GroupTurnout]
    stations: list[StationLine]
    objections: int
    unanswered: int
    head: str | None
    destroyed_by: datetime | None
    book: Rulebook

    def verdict(self, kept: KeptVerdict) -> ShownVerdict:
        """Return a verdict with its rule, as components/verdict.html takes it."""
        return shown_verdict(kept, self.book)

    @property
    def has_both_ways(self) -> bool:
        """Tell whether ballots could come on screen and on paper."""
        return self.poll.by_screen and self.poll.by_paper


def get_result(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> ResultPage:
    """Return the result of a poll that stands alone. Raises NotFound before it is counted."""
    poll = find_counted(session, poll_id=poll_id, community_id=community_id)
    sheet, book = poll.result, rules_of(poll)
    assert sheet is not None  # noqa: S101
    objections, unanswered = session.execute(
        select(func.count(), func.count().filter(ResultObjection.answered_at.is_(None))).where(
            ResultObjection.poll_id == poll.id
        )
    ).one()
    quorum = next((KeptVerdict(**one) for one in sheet.verdicts if one["kind"] == VerdictKind.QUORUM), None)  # type: ignore[arg-type]
    least = book.count(LEAST_SHOWN).least or 0
    return ResultPage(
        poll=poll,
        sheet=sheet,
        questions=[question_from_json(one) for one in sheet.questions],
        quorum=shown_verdict(quorum, book) if quorum else None,
        shows_ways=_shows_ways(sheet, least),
        groups=list_group_turnout(session, poll),
        stations=_stations(session, poll, least),
        objections=objections,
        unanswered=unanswered,
        head=_head(session, poll.id),
        destroyed_by=destruction_due(session, poll) if poll.has_board else None,
        book=book,
    )


def find_counted(session: Session, *, poll_id: uuid.UUID, community_id: uuid.UUID) -> Poll:
    """Return a counted poll that stands alone, with its sheet. Raises NotFound."""
    loads = (joinedload(Poll.result), *WITH_QUESTIONS)
    poll = get_alone(session, poll_id=poll_id, community_id=community_id, options=loads)
    if poll.result is None:
        raise NotFound(poll_id)
    return poll


def shown_verdict(kept: KeptVerdict, book: Rulebook) -> ShownVerdict:
    """Return a kept verdict with its rule; one that the profile no longer has is shown without it."""
    try:
        rule: Rule | None = book.rule(kept.rule)
    except RuleNotFound:
        rule = None
    return ShownVerdict(VerdictKind(kept.kind), kept.holds, kept.arithmetic, kept.article, rule)


def list_objections(session: Session, *, poll_id: uuid.UUID, number: int) -> Page[ResultObjection]:
    """Return a page of what was said against a result, with the answers, the latest first."""
    statement = select(ResultObjection).where(ResultObjection.poll_id == poll_id)
    return paginate(
        session,
        statement.order_by(ResultObjection.filed_at.desc(), ResultObjection.id),
        number=number,
    )


def get_objection(session: Session, *, poll_id: uuid.UUID, objection_id: uuid.UUID) -> ResultObjection:
    """Return an objection with who made it. Raises NotFound."""
    found = session.get(ResultObjection, objection_id, options=[joinedload(ResultObjection.filed_by)])
    if found is None or found.poll_id != poll_id:
        raise NotFound(objection_id)
    return found


def _shows_ways(sheet: ResultSheet, least: int) -> bool:
    counts = sheet.counts
    return not any(0 < counts[way] < least for way in ("online", "paper_found"))


def _stations(session: Session, poll: Poll, least: int) -> list[StationLine]:
    """Return the papers of each station; those with few, added up."""
    if not poll.by_paper:
        return []
    totals = paper_totals(session, poll).stations
    hidden = hidden_names({one.name: one.papers.found for one in totals}, least=least)
    lines = [_station_line(one.name, [one]) for one in totals if one.name not in hidden]
    together = [one for one in totals if one.name in hidden]
    return [*lines, _station_line("", together)] if together else lines


def _station_line(name: str, totals: Sequence[StationTotals]) -> StationLine:
    papers = [one.papers for one in totals]
    return StationLine(
        name,
        sum(one.issued for one in papers),
        sum(one.found for one in papers),
        sum(one.invalid for one in papers),
    )


def _head(session: Session, poll_id: uuid.UUID) -> str | None:
    head = session.scalar(
        select(BoardLine.head).where(BoardLine.poll_id == poll_id).order_by(BoardLine.number.desc()).limit(1)
    )
    return head.hex() if head else None
