"""What came of a conversation, for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.opinions import Tally
from civicforum.paging import PER_PAGE, Page
from civicforum.statements.models import Conversation, Statement, StatementGrouping
from civicforum.statements.publishing import GroupShown, Shown, from_json
from civicforum.statements.rules import StatementState


@dataclass(frozen=True)
class HeldLine:
    """A statement that sets a group apart: how it answered, and how the other groups did."""

    text: str
    agrees: bool
    here: Tally
    elsewhere: Tally


@dataclass(frozen=True)
class GroupLines:
    group: GroupShown
    holds: Sequence[HeldLine]


@dataclass(frozen=True)
class StatementLine:
    """A statement with all answers to it, None where too few answered, and those of each group by name."""

    number: int
    text: str
    total: Tally | None
    groups: Sequence[Tally | None]


@dataclass(frozen=True)
class SharedLine:
    text: str
    agrees: bool
    total: Tally
    groups: Sequence[Tally]


@dataclass(frozen=True)
class ResultsPage:
    """`grouping` and `shown` are None before anything was computed."""

    grouping: StatementGrouping | None
    shown: Shown | None
    shared: Sequence[SharedLine]
    groups: Sequence[GroupLines]
    statements: Page[StatementLine]


def get_results(
    session: Session, *, conversation: Conversation, grouping: StatementGrouping | None, number: int
) -> ResultsPage:
    """Return the figures computed last, with the words of the statements that are still shown."""
    texts = dict(
        session.execute(
            select(Statement.number, Statement.text)
            .where(Statement.conversation_id == conversation.id, Statement.state == StatementState.SHOWN)
            .order_by(Statement.number)
        ).all()
    )
    shown = from_json(grouping.shown) if grouping else None
    lines = _statement_lines(texts, shown)
    last = max(1, -(-len(lines) // PER_PAGE))
    number = min(max(number, 1), last)
    page = lines[(number - 1) * PER_PAGE : number * PER_PAGE]
    return ResultsPage(
        grouping=grouping,
        shown=shown,
        shared=_shared_lines(texts, shown) if shown else [],
        groups=[GroupLines(group, _held_lines(texts, shown, group)) for group in shown.groups]
        if shown
        else [],
        statements=Page(page, number, len(lines), PER_PAGE),
    )


def _statement_lines(texts: dict[int, str], shown: Shown | None) -> list[StatementLine]:
    """Return all statements, those with the most answers first."""
    if shown is None:
        return [StatementLine(number, text, None, []) for number, text in texts.items()]
    lines = [
        StatementLine(
            number,
            text,
            shown.totals.get(number),
            [shown.cells[group.name].get(number) for group in shown.groups],
        )
        for number, text in texts.items()
    ]
    return sorted(lines, key=lambda line: (-(line.total.total if line.total else 0), line.number))


def _shared_lines(texts: dict[int, str], shown: Shown) -> list[SharedLine]:
    return [
        SharedLine(
            texts[number],
            agrees,
            shown.totals[number],
            [shown.cells[group.name][number] for group in shown.groups],
        )
        for number, agrees in shown.shared
        if number in texts
    ]


def _held_lines(texts: dict[int, str], shown: Shown, group: GroupShown) -> list[HeldLine]:
    return [
        HeldLine(texts[number], agrees, shown.cells[group.name][number], shown.elsewhere(group.name, number))
        for number, agrees in group.holds
        if number in texts
    ]
