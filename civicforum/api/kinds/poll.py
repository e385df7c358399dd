"""One poll with its paper, its turnout and its result, under the same protection of few as its pages."""

from __future__ import annotations

import uuid
from typing import Any

from flask import url_for

from civicforum.api.kinds.kind import One, Scope
from civicforum.api.shapes.polls import (
    AskedShape,
    CountShape,
    FiguresShape,
    GroupTurnoutShape,
    LineShape,
    PollShape,
    QuestionResultShape,
    RankingShape,
    ResultShape,
    TurnoutShape,
)
from civicforum.api.shapes.verdicts import write_kept
from civicforum.errors import NotFound
from civicforum.polls.models import Poll, Question
from civicforum.polls.outcomes import QuestionResult
from civicforum.polls.outcomes.shapes import Line
from civicforum.polls.queries import named
from civicforum.polls.queries.results import ResultPage, get_result
from civicforum.polls.queries.standing import find_alone, get_turnout, list_group_turnout
from civicforum.polls.rules import PollState
from civicforum.polls.views.showing import WITH_TURNOUT

# The figures of a vote in a meeting that its page shows.
NAMED_COUNTS = ("for", "against", "abstain", "did_not_vote", "roll")


def poll_fields(poll: Poll) -> dict[str, Any]:
    """Return what a line and the whole of a poll have in common; its result is loaded."""
    return {
        "id": poll.id,
        "title": poll.title,
        "question": poll.question,
        "preset": poll.preset,
        "state": poll.state,
        "is_statutory": poll.is_statutory,
        "subject_kind": poll.subject_kind or None,
        "subject": poll.subject_id,
        "by_screen": poll.by_screen,
        "by_paper": poll.by_paper,
        "by_proxy": poll.by_proxy,
        "opens_at": poll.opens_at,
        "closes_at": poll.closes_at,
        "opened_at": poll.opened_at,
        "closed_at": poll.closed_at,
        "counted_at": poll.counted_at,
        "certified_at": poll.certified_at,
        "void_ground": poll.void_ground or None,
        "is_adopted": poll.result.is_adopted if poll.result and poll.state is not PollState.VOID else None,
        "path": url_for("polls.show", poll_id=poll.id),
    }


def get_poll_shape(scope: Scope, poll_id: uuid.UUID) -> PollShape:
    """Return a poll. Raises NotFound, also for a draft."""
    session, community_id = scope.session, scope.community_id
    poll = find_alone(session, poll_id=poll_id, community_id=community_id, actor=None)
    if poll is None:
        return _named_vote(scope, poll_id)
    counted = poll.state in WITH_TURNOUT
    turnout = get_turnout(session, poll) if counted else None
    page = get_result(session, poll_id=poll_id, community_id=community_id) if poll.result else None
    return PollShape(
        **poll_fields(poll),
        questions=[_asked(question) for question in poll.questions],
        turnout=TurnoutShape(voted=turnout.voted, entitled=turnout.entitled) if turnout else None,
        groups=[
            GroupTurnoutShape(group=group.name or None, voted=group.voted, on_roll=group.on_roll)
            for group in list_group_turnout(session, poll)
        ],
        result=_result(page) if page else None,
        archive=url_for("polls.archive", poll_id=poll.id) if poll.has_board and page else None,
        **_rules(poll),
    )


def _named_vote(scope: Scope, poll_id: uuid.UUID) -> PollShape:
    """Return a vote of a meeting, as its page shows it: sums, and no names."""
    page = named.get_page(scope.session, poll_id=poll_id, community_id=scope.community_id, person_id=None)
    poll = page.poll
    if poll.state is PollState.DRAFT:
        raise NotFound(poll_id)
    sheet = poll.result
    return PollShape(
        **poll_fields(poll),
        questions=[],
        turnout=TurnoutShape(voted=page.turnout.voted, entitled=page.turnout.entitled),
        groups=[],
        result=ResultShape(
            made_at=sheet.made_at,
            counted_from=sheet.counted_from_hash,
            counts=[
                CountShape(name=name, count=sheet.counts[name])
                for name in NAMED_COUNTS
                if name in sheet.counts
            ],
            quorum=None,
            verdicts=[write_kept(verdict) for verdict in page.verdicts],
            questions=[],
            objections=0,
        )
        if sheet
        else None,
        archive=None,
        **_rules(poll),
    )


def _rules(poll: Poll) -> dict[str, Any]:
    return {"rules": poll.profile, "rules_version": poll.profile_version}


def _asked(question: Question) -> AskedShape:
    return AskedShape(
        kind=question.kind,
        title=question.title,
        text=question.text,
        options=question.options,
        marking=question.marking,
        least=question.least,
        most=question.most,
        seats=question.seats,
        write_ins=question.write_ins,
        levels=question.levels,
        depth=question.depth,
    )


def _result(page: ResultPage) -> ResultShape:
    counts = page.sheet.counts
    shown = ("roll", "taking_part", *(("online", "paper_found") if page.shows_ways else ()))
    return ResultShape(
        made_at=page.sheet.made_at,
        counted_from=page.sheet.counted_from_hash,
        counts=[CountShape(name=name, count=counts[name]) for name in shown if name in counts],
        quorum=write_kept(page.quorum) if page.quorum else None,
        verdicts=[write_kept(verdict) for verdict in named.show_verdicts(page.poll)],
        questions=[_question(page, question) for question in page.questions],
        objections=page.objections,
    )


def _question(page: ResultPage, question: QuestionResult) -> QuestionResultShape:
    names = [line.name for line in question.lines]
    papers = question.papers.together
    return QuestionResultShape(
        kind=question.kind,
        title=question.title,
        decision=question.decision,
        columns=list(question.columns),
        lines=[_line(page, line) for line in question.lines],
        valid=papers.valid,
        blank=papers.blank,
        invalid=papers.invalid,
        verdict=write_kept(page.verdict(question.verdict)) if question.verdict else None,
        seats=question.seats,
        chosen=list(question.chosen),
        tied=list(question.tied),
        tied_seats=question.tied_seats,
        open_seats=question.open_seats,
        method=question.method,
        rankings=[
            RankingShape(order=[names[at] for at in order], count=online + paper)
            for order, online, paper in question.rankings
        ],
    )


def _line(page: ResultPage, line: Line) -> LineShape:
    figures = line.figures
    return LineShape(
        name=line.name,
        figures=FiguresShape(
            online=list(figures.online) if page.shows_ways else None,
            paper=list(figures.paper) if page.shows_ways else None,
            together=list(figures.together),
        ),
        is_written_in=line.is_written_in,
        is_chosen=line.is_chosen,
        grades=list(line.grades),
        verdict=write_kept(page.verdict(line.verdict)) if line.verdict else None,
    )


POLL = One(
    name="poll",
    of="polls",
    summary="A poll with its questions, turnout and result",
    shape=PollShape,
    write=get_poll_shape,
)
