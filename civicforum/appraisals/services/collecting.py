"""What all groups of raters said, from the results of their polls and the agreed sheets."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from civicforum.appraisals.counts import GroupCount
from civicforum.appraisals.errors_of_rating import GroupsUnfinished
from civicforum.appraisals.forms_of_rating import on_scale, used_scales
from civicforum.appraisals.models import Cycle, RaterGroup
from civicforum.appraisals.rules import RaterBasis
from civicforum.appraisals.services.outside import agreed
from civicforum.appraisals.services.rating import graded_in, scales_of
from civicforum.polls.models import Poll, ResultSheet
from civicforum.polls.outcomes import QuestionResult, question_from_json
from civicforum.polls.queries.blockers import count_on_roll
from civicforum.polls.queries.grading import count_returned, judge_returned
from civicforum.polls.rules import PollState

COUNTED = (PollState.COUNTED, PollState.CERTIFIED)
# Stopped, and neither opened nor to be opened where too few came back.
SHUT = (PollState.CLOSED, PollState.VOID)


@dataclass(frozen=True)
class _Said:
    """What one group said; `levels` is empty where its box was never opened."""

    entitled: int | None
    forms: int
    invalid: int
    levels: dict[uuid.UUID, tuple[int, ...]]


def collect_counts(session: Session, cycle: Cycle) -> list[GroupCount]:
    """Return what every group of a cycle said, in the order of the plan.

    A group of which too few forms came back, together or by one way, has no levels. Raises GroupsUnfinished
    while a box is not counted, a sheet is not agreed on, or a poll is void for another ground.
    """
    found = [(group, _said(session, cycle, group)) for group in cycle.groups]
    unfinished = [group.name for group, said in found if said is None]
    if unfinished:
        raise GroupsUnfinished(unfinished)
    return [_count_of(group, said) for group, said in found if said is not None]


def is_finished(session: Session, cycle: Cycle, group: RaterGroup) -> bool:
    """Tell whether it is settled what a group said."""
    return _said(session, cycle, group) is not None


def _said(session: Session, cycle: Cycle, group: RaterGroup) -> _Said | None:
    sources: dict[RaterBasis, Callable[[], _Said | None]] = {
        RaterBasis.PRESENT: lambda: _of_poll(session, cycle, group.poll),
        RaterBasis.ROLL: lambda: _of_poll(session, cycle, group.poll),
        RaterBasis.OUTSIDE: lambda: _of_sheet(group),
    }
    return sources[group.basis]()


def _of_sheet(group: RaterGroup) -> _Said | None:
    sheet = agreed(group.outside_counts)
    if sheet is None:
        return None
    levels = dict(sheet.counts) if sheet.forms >= group.least else {}
    return _Said(None, sheet.forms, 0, levels)


def _of_poll(session: Session, cycle: Cycle, poll: Poll | None) -> _Said | None:
    if poll is None:
        return None
    if poll.state in COUNTED and poll.result is not None:
        return _of_result(cycle, poll.result)
    if poll.state in SHUT and poll.closed_at is not None:
        forms = count_returned(session, poll).together
        if forms < poll.least_together or not judge_returned(session, poll).holds:
            return _Said(count_on_roll(session, poll.id), forms, 0, {})
    return None


def _of_result(cycle: Cycle, sheet: ResultSheet) -> _Said:
    graded, results = graded_in(cycle), [question_from_json(one) for one in sheet.questions]
    levels: dict[uuid.UUID, tuple[int, ...]] = {}
    for scale, question in zip(used_scales(scales_of(cycle), graded), results, strict=True):
        rows = zip(on_scale(scale.id, graded), question.lines, strict=True)
        levels |= {one.subject_id: _levels(question, at) for at, (one, _line) in enumerate(rows)}
    invalid = sheet.counts["paper_invalid"]
    return _Said(sheet.counts["roll"], sheet.counts["online"] + sheet.counts["paper_found"], invalid, levels)


def _levels(question: QuestionResult, at: int) -> tuple[int, ...]:
    """Return how often each level was given; the last column counts forms without a grade."""
    return question.lines[at].figures.together[:-1]


def _count_of(group: RaterGroup, said: _Said) -> GroupCount:
    return GroupCount(
        group_id=group.id,
        name=group.name,
        basis=group.basis,
        weight=group.weight,
        least=group.least,
        entitled=said.entitled,
        forms=said.forms,
        invalid=said.invalid,
        levels=said.levels,
    )
