"""What the notices after the vote are filled with: results, further rounds, void polls, the handover."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from civicforum.elections.models import Election, HandoverItem, Round, Winner
from civicforum.elections.notices import Need
from civicforum.elections.queries.notices.blanks_common import seats_in_words
from civicforum.elections.rules import RoundKind, WinnerState
from civicforum.elections.wording import (
    day_in_words,
    hours_in_words,
    names_list,
    names_of,
    past_day,
    table,
)
from civicforum.errors import NotFound
from civicforum.people.models import Person
from civicforum.polls.models import Poll
from civicforum.polls.outcomes import Decision, QuestionResult, question_from_json
from civicforum.rulebook.days import day_of

MARKS = {"for": "赞成", "against": "反对", "neither": "弃权", "votes": "得票"}


def result(session: Session, election: Election, need: Need) -> dict[str, str]:
    """Return the figures of a round, everybody's votes, and who was elected."""
    round_ = _round(session, election, need.round_number)
    sheet = round_.poll.result
    if sheet is None:
        raise NotFound(round_.id)
    questions = [question_from_json(one) for one in sheet.questions]
    winners = _winners(session, election)
    counts = sheet.counts
    no_quorum = any(one.decision is Decision.NO_QUORUM for one in questions)
    return {
        **_round_blanks(election, round_),
        "roll": str(counts["roll"]),
        "taking_part": str(counts["taking_part"]),
        "online": str(counts["online"] or ""),
        "issued": str(counts["paper_issued"]),
        "found": str(counts["paper_found"]),
        "valid": str(counts["paper_found"] - counts["paper_invalid"]),
        "invalid": str(counts["paper_invalid"]),
        "no_quorum": "short" if no_quorum else "",
        "valid_poll": "valid" if round_.poll.quorum_rule and not no_quorum else "",
        "votes": _votes(questions),
        "tied": "、".join(f"{one.title}候选人{'、'.join(one.tied)}" for one in questions if one.tied),
        "elected": _elected(election, [one for one in winners if one.round_id == round_.id]),
        "unseated": _unseated(one for one in winners if one.round_id == round_.id),
        "open_seats": _open_seats(election, [one for one in winners if one.round.number <= round_.number]),
    }


def further_round(session: Session, election: Election, need: Need) -> dict[str, str]:
    """Return when a round after the first is voted on, and on whom."""
    round_ = _round(session, election, need.round_number)
    people = [uuid.UUID(str(one)) for part in round_.paper for one in part["people"]]
    names = {
        row.id: row.name
        for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(people)))
    }
    titles = {str(seat.id): seat.title for seat in election.seats}
    lists = []
    for part in round_.paper:
        standing = [names[uuid.UUID(str(one))] for one in part["people"]]
        caption = f"{titles[str(part['seat'])]}候选人（应选{part['seats']}名，候选人{len(standing)}名）"
        lists.append(names_list(caption, standing))
    return {
        **_round_blanks(election, round_),
        f"round.{round_.kind}": round_.kind,
        "list": "\n".join(lists),
    }


def void(session: Session, election: Election, need: Need) -> dict[str, str]:
    """Return why the election, or the poll of one round, is void."""
    if need.round_number == 0:
        return {"round": "", "voted_on": "", "ground": election.void_ground.rstrip("。")}
    round_ = _round(session, election, need.round_number)
    blanks = _round_blanks(election, round_)
    return {**blanks, "round": "round", "ground": round_.poll.void_ground.rstrip("。")}


def handover(session: Session, election: Election, _need: Need) -> dict[str, str]:
    """Return who was elected and what was handed over."""
    items = session.scalars(
        select(HandoverItem).where(HandoverItem.election_id == election.id).order_by(HandoverItem.position)
    ).all()
    rows = [
        (str(at), item.title, day_in_words(day_of(item.done_at)) if item.done_at else "—")
        for at, item in enumerate(items, 1)
    ]
    winners = _winners(session, election)
    return {
        "voted_on": past_day(day_of(election.opens_at)),
        "elected": _elected(election, winners, with_votes=False),
        "items": table("移交清单", ("序号", "移交事项", "移交日期"), rows),
    }


def _round(session: Session, election: Election, number: int) -> Round:
    found = session.scalars(
        select(Round)
        .options(joinedload(Round.poll).joinedload(Poll.result))
        .where(Round.election_id == election.id, Round.number == number)
    ).one_or_none()
    if found is None:
        raise NotFound(number)
    return found


def _round_blanks(election: Election, round_: Round) -> dict[str, str]:
    opens_at = round_.poll.opens_at or election.opens_at
    closes_at = round_.poll.closes_at or election.closes_at
    name = names_of("rounds").get(round_.kind, "")
    day = day_in_words(day_of(opens_at))
    return {
        "round_name": name or "选举",
        "round_of": "" if round_.kind is RoundKind.FIRST else f"的{name}",
        "voted_on": past_day(day_of(opens_at)),
        "round_day": day,
        "round_hours": hours_in_words(opens_at, closes_at),
    }


def _votes(questions: Sequence[QuestionResult]) -> str:
    """Write everybody's votes, a table for each post."""
    tables = []
    for question in questions:
        head = ("姓名", *(MARKS[column] for column in question.columns))
        rows = [
            (line.name + ("（另选他人）" if line.is_written_in else ""), *map(str, line.figures.together))
            for line in question.lines
        ]
        tables.append(table(f"{question.title}（应选{question.seats}名）", head, rows))
    return "\n".join(tables)


def _winners(session: Session, election: Election) -> Sequence[Winner]:
    return session.scalars(
        select(Winner)
        .options(joinedload(Winner.person), joinedload(Winner.round))
        .where(Winner.election_id == election.id)
        .order_by(Winner.votes.desc(), Winner.id)
    ).all()


def _elected(election: Election, winners: Sequence[Winner], *, with_votes: bool = True) -> str:
    """Return who was elected, seat by seat: 主任：李明（503票）；委员：……。"""
    seats = []
    for seat in election.seats:
        names = [
            f"{one.person.name}（{one.votes}票）" if with_votes else one.person.name
            for one in winners
            if one.seat_id == seat.id and one.state is WinnerState.ELECTED
        ]
        if names:
            seats.append(f"{seat.title}：{'、'.join(names)}")
    return "；".join(seats) + "。" if seats else ""


def _unseated(winners: Iterable[Winner]) -> str:
    words = names_of("winners")
    return "".join(
        f"{one.person.name}{words[one.state]}：{one.ground.rstrip('。')}。"
        for one in winners
        if one.state is not WinnerState.ELECTED
    )


def _open_seats(election: Election, winners: Sequence[Winner]) -> str:
    open_seats = {
        seat.id: seat.seats
        - sum(one.seat_id == seat.id and one.state is WinnerState.ELECTED for one in winners)
        for seat in election.seats
    }
    return seats_in_words(election.seats, open_seats)
