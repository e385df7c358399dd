"""The rounds of an election: their votes read from the result sheets, and where the seats stand."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.elections.models import Election, Round, Seat, Winner
from civicforum.elections.rules import RoundKind, WinnerState
from civicforum.elections.services.steps import rules_of
from civicforum.elections.standing import RoundVotes, Table, elects_by, replay
from civicforum.elections.verdicts import Asked, NextRound, SeatVotes, Turnout, next_round
from civicforum.errors import NotFound
from civicforum.people.models import Person
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.outcomes import Decision, Line, QuestionResult, question_from_json
from civicforum.polls.rules import PollState

COUNTED = (PollState.COUNTED, PollState.CERTIFIED)


def get_election(session: Session, *, election_id: uuid.UUID, community_id: uuid.UUID) -> Election:
    """Return an election with its body, seats and rounds. Raises NotFound."""
    election = session.scalars(
        select(Election)
        .options(
            joinedload(Election.body),
            selectinload(Election.seats).joinedload(Seat.post),
            selectinload(Election.rounds).joinedload(Round.poll).joinedload(Poll.result),
        )
        .where(Election.id == election_id)
    ).one_or_none()
    if election is None or election.community_id != community_id:
        raise NotFound(election_id)
    return election


@dataclass(frozen=True)
class Part:
    """What a round asked about one seat, and what came out.

    `people` are by the names that stand on the paper, in its order. `written` are names written in, with whom
    they mean; None for somebody who is not on the roll.
    """

    seat_id: uuid.UUID
    seats: int
    people: dict[str, uuid.UUID]
    written: dict[str, uuid.UUID | None]
    question: QuestionResult | None

    @property
    def votes(self) -> dict[uuid.UUID, int]:
        """Return how many were for whom: of two spellings that mean one person, together."""
        found: dict[uuid.UUID, int] = defaultdict(int)
        for line in self.question.lines if self.question else ():
            who = self.person_of(line)
            if who is not None:
                found[who] += line.figures.together[0]
        return dict(found)

    def person_of(self, line: Line) -> uuid.UUID | None:
        """Return whom a line of the result means."""
        return self.written.get(line.name) if line.is_written_in else self.people.get(line.name)


def parts_of(one: Round) -> list[Part]:
    """Return what a round asked, in the order of the paper; without results before the count."""
    sheet = one.poll.result.questions if one.poll.result else []
    questions: Sequence[QuestionResult | None] = [question_from_json(question) for question in sheet]
    questions = questions or [None] * len(one.paper)
    return [_part(one, number, question) for number, question in enumerate(questions)]


def _part(one: Round, number: int, question: QuestionResult | None) -> Part:
    asked = one.paper[number]
    options = one.poll.questions[number].options
    return Part(
        seat_id=uuid.UUID(asked["seat"]),
        seats=asked["seats"],
        people={name: uuid.UUID(who) for name, who in zip(options, asked["people"], strict=True)},
        written={name: uuid.UUID(who) if who else None for name, who in asked.get("written", {}).items()},
        question=question,
    )


def votes_of(election: Election, one: Round, parts: Sequence[Part]) -> RoundVotes:
    """Return the votes of a counted round."""
    results = [part.question for part in parts if part.question is not None]
    papers = results[0].papers.together
    sheet = one.poll.result
    assert sheet is not None  # noqa: S101
    return RoundVotes(
        round_id=one.id,
        kind=one.kind,
        elects_by=elects_by(election.kind, one.kind),
        turnout=Turnout(sheet.counts["roll"], papers.valid, papers.invalid),
        seats=tuple(SeatVotes(part.seat_id, part.seats, part.votes) for part in parts),
        is_valid=all(result.decision is not Decision.NO_QUORUM for result in results),
    )


@dataclass(frozen=True)
class Standing:
    """Where an election stands: its seats after the rounds that were taken over, and what has to follow.

    Attributes:
        latest: the last round; None before the roll is made.
        following: what is voted on next; None where nothing has to be.
    """

    rounds: list[Round]
    parts: dict[uuid.UUID, list[Part]]
    table: Table
    following: NextRound | None

    @property
    def latest(self) -> Round | None:
        return self.rounds[-1] if self.rounds else None


def standing_of(session: Session, election: Election) -> Standing:
    """Return where the election stands by the sheets of its decided rounds."""
    rounds = list_rounds(session, election)
    parts = {one.id: parts_of(one) for one in rounds if one.poll.result}
    decided = [
        votes_of(election, one, parts[one.id])
        for one in rounds
        if one.decided_at is not None and one.poll.state in COUNTED and one.id in parts
    ]
    gone = session.scalars(
        select(Winner.person_id).where(Winner.election_id == election.id, Winner.state != WinnerState.ELECTED)
    ).all()
    table = replay(rules_of(election), decided, gone=gone)
    by_paper = _paper_order(rounds)
    following = _following(election, rounds, decided, table)
    if following is not None:
        asked = (replace(part, people=tuple(sorted(part.people, key=by_paper))) for part in following.asked)
        following = replace(following, asked=tuple(asked))
    counts = (replace(count, tied=tuple(sorted(count.tied, key=by_paper))) for count in table.counts)
    return Standing(rounds, parts, replace(table, counts=tuple(counts)), following)


def _paper_order(rounds: Sequence[Round]) -> Callable[[uuid.UUID], tuple[int, uuid.UUID]]:
    """Return a key: people in the order in which they first stood on a paper, then those written in.

    Who is level is decided by nobody's order; but what is shown or printed has one that anybody can follow.
    """
    places: dict[uuid.UUID, int] = {}
    for who in (who for one in rounds for part in one.paper for who in part["people"]):
        places.setdefault(uuid.UUID(who), len(places))
    return lambda who: (places.get(who, len(places)), who)


def list_rounds(session: Session, election: Election) -> list[Round]:
    """Return the rounds in their order, with polls, questions and result sheets."""
    return list(
        session.scalars(
            select(Round)
            .options(
                joinedload(Round.poll).joinedload(Poll.result),
                joinedload(Round.poll).selectinload(Poll.questions),
            )
            .where(Round.election_id == election.id)
            .order_by(Round.number)
        )
    )


def _following(
    election: Election, rounds: Sequence[Round], decided: Sequence[RoundVotes], table: Table
) -> NextRound | None:
    """Return what has to be voted on after the last round, once it was taken over or is void."""
    if not rounds:
        return None
    latest = rounds[-1]
    is_void = latest.poll.state is PollState.VOID
    if not is_void and latest.decided_at is None:
        return None
    if is_void or not decided[-1].is_valid:
        kind = RoundKind.RERUN if latest.kind is RoundKind.FIRST else latest.kind
        return NextRound(kind, tuple(_asked_again(part) for part in latest.paper))
    return next_round(rules_of(election), table.counts, is_valid=True)


def _asked_again(part: dict[str, object]) -> Asked:
    people = part["people"]
    assert isinstance(people, list)  # noqa: S101
    return Asked(
        uuid.UUID(str(part["seat"])), int(str(part["seats"])), tuple(uuid.UUID(str(who)) for who in people)
    )


@dataclass(frozen=True)
class WrittenIn:
    """A name written in, with the people on the roll who bear it.

    `matters` where it has the votes to be elected: whom it means has to be settled.
    """

    number: int
    title: str
    name: str
    votes: int
    bearers: tuple[RollEntry, ...]
    matters: bool

    @property
    def is_clear(self) -> bool:
        return len(self.bearers) == 1

    @property
    def field(self) -> str:
        """Return by what the form and the service name it: question and spelling."""
        return f"{self.number}:{self.name}"


def list_written_in(session: Session, one: Round) -> list[WrittenIn]:
    """Return the names written in on the papers of a counted round, with who on the roll bears each."""
    lines = [
        (number, part.question, line)
        for number, part in enumerate(parts_of(one))
        if part.question
        for line in part.question.lines
        if line.is_written_in
    ]
    bearers = _bearers(session, one.poll_id, {line.name for _, _, line in lines})
    return [
        WrittenIn(
            number,
            question.title,
            line.name,
            line.figures.together[0],
            tuple(bearers[line.name]),
            matters=_matters(question, line),
        )
        for number, question, line in lines
    ]


def _matters(question: QuestionResult, line: Line) -> bool:
    enough = line.verdict is not None and line.verdict.holds
    return enough or line.name in (*question.chosen, *question.tied)


def _bearers(session: Session, poll_id: uuid.UUID, names: Iterable[str]) -> dict[str, list[RollEntry]]:
    found: dict[str, list[RollEntry]] = defaultdict(list)
    entries = session.scalars(
        select(RollEntry)
        .where(
            RollEntry.poll_id == poll_id, RollEntry.name.in_(set(names)), RollEntry.struck_off_at.is_(None)
        )
        .order_by(RollEntry.position)
    )
    for entry in entries:
        found[entry.name].append(entry)
    return found


def names_of(session: Session, people: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Return the names of people, in one statement."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(set(people))))
    return {row.id: row.name for row in rows}
