"""Recalling somebody from an elected post: demand, signatures, defence, vote, outcome (组织法 art 20).

Whoever changes a recall locks it first, then its poll, then the register, then the term.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.models import Term
from civicforum.bodies.queries import get_term
from civicforum.bodies.rules import ELECTED_BODIES
from civicforum.bodies.services import close_term
from civicforum.database import transaction
from civicforum.elections import recalls as law
from civicforum.elections.law import require
from civicforum.elections.models import Departure, Recall, RecallSigner
from civicforum.elections.nominations import SignatureProblem
from civicforum.elections.queries import recalls as queries
from civicforum.elections.recalls import LIVE, DepartureState, RecallState
from civicforum.elections.rules import Way, may_preside
from civicforum.elections.services.signatures import RefusedLine, SignaturesRefused
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.matters.rules import LineProblem
from civicforum.matters.services.people import find_people
from civicforum.people.models import Community
from civicforum.people.services import lock_register
from civicforum.polls.models import Poll
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import RECALL, PollState, Preset
from civicforum.polls.services import for_elections
from civicforum.polls.services.rolls import drawn_for, post_locked, write_roll
from civicforum.polls.services.states import void_locked
from civicforum.polls.services.steps import lock_poll, lock_to_run
from civicforum.polls.terms import Subject, Terms, first_terms
from civicforum.records.services import record
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of

LONGEST_TEXT, LONGEST_HEARING = 3000, 200
# Why the term ends, as the record of the body names it.
RECALLED = "经表决被罢免"
BEFORE_OPENING = (PollState.DRAFT, PollState.ROLL_POSTED, PollState.READY)


@dataclass(frozen=True)
class Demand:
    """Who is to be recalled, and why.

    Attributes:
        way: who elects this post; asked for only where its election was not run here.
        new_facts: what came to light since a recall from this post failed, or "".
    """

    term_id: uuid.UUID
    reasons: str
    new_facts: str = ""
    way: Way | None = None


def demand_recall(*, demand: Demand, actor: Actor, now: datetime) -> uuid.UUID:
    """Begin a demand as somebody entitled to, and sign it first; return its id.

    Raises NotFound (no elected post that is held), AlreadyDone (a demand is under way), Invalid ("reasons",
    "way" or "not_entitled"), RuleRefused (the same facts, too soon after a recall that failed).
    """
    with transaction() as session:
        # Locked: two who begin at once would otherwise both find no demand.
        term = lock_held(session, demand.term_id, actor, now)
        if queries.find_live(session, term.id, LIVE):
            raise AlreadyDone(term.id)
        book = rulebook.load(session.get_one(Community, actor.community_id).profile)
        _check_not_barred(session, term, book, demand.new_facts, now)
        row = _new(session, term, demand, book, actor=actor, now=now)
        entitled = queries.entitled_to(session, row, book, now=now)
        if actor.person_id not in entitled:
            raise Invalid("not_entitled")
        session.add(row)
        session.flush()
        _sign(session, row, [actor.person_id], entitled, entered_by=actor.assisted_by, now=now)
        _record(session, row, actor=actor, action="demand", now=now, reason=row.reasons)
        return row.id


def sign_recall(*, recall_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Sign a demand, once.

    Raises NotFound, TransitionNotAllowed (complete or over), AlreadyDone, Invalid ("not_entitled").
    """
    with transaction() as session:
        row = _lock_open(session, recall_id, actor, now)
        entitled = queries.entitled_to(session, row, rules_of(row), now=now)
        if actor.person_id not in entitled:
            raise Invalid("not_entitled")
        if actor.person_id in queries.signers_of(session, row.id):
            raise AlreadyDone(actor.person_id)
        _sign(session, row, [actor.person_id], entitled, entered_by=actor.assisted_by, now=now)
        _record(session, row, actor=actor, action="sign", now=now, is_public=False)


def enter_signatures(*, recall_id: uuid.UUID, lines: Sequence[str], actor: Actor, now: datetime) -> int:
    """Enter signatures from paper, as officers; all of them count, or nothing is written. Return how many.

    Raises NotFound, NotEligible, TransitionNotAllowed, SignaturesRefused, Invalid (no lines, or too many).
    """
    with transaction() as session:
        row = _lock_open(session, recall_id, actor, now)
        _check_presides(actor)
        entitled = queries.entitled_to(session, row, rules_of(row), now=now)
        signers = _signers_on_paper(session, row, lines, entitled, now)
        _sign(session, row, signers, entitled, entered_by=actor.person_id, now=now)
        _record(session, row, actor=actor, action="enter_signatures", now=now)
        return len(signers)


def defend(*, recall_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """Write one's defence as the member concerned, or change it until the vote opens.

    Raises NotFound, NotEligible, TransitionNotAllowed (the vote has opened, or all is over), Invalid
    ("defence").
    """
    with transaction() as session:
        row = _lock(session, recall_id, actor)
        if actor.person_id != row.term.person_id:
            raise NotEligible(actor.person_id)
        if row.state not in LIVE or (row.poll is not None and row.poll.opened_at is not None):
            raise TransitionNotAllowed(row.state, "defend")
        row.defence, row.defended_at = _text(text, "defence"), now
        _record(session, row, actor=actor, action="defend", now=now)


def put_to_vote(
    *,
    recall_id: uuid.UUID,
    opens_at: datetime,
    closes_at: datetime,
    hearing: str,
    actor: Actor,
    now: datetime,
) -> uuid.UUID:
    """Put a complete demand to the vote of those who elect the post, and post the roll; return the poll's id.

    A vote that became void is put again in the same way.

    Args:
        hearing: how the member could defend themselves, where they wrote nothing here.

    Raises NotFound, NotEligible, TransitionNotAllowed (not complete, or a vote is held), Invalid ("past",
    "order", "hearing", "nobody"), RuleRefused (no defence, too late, the roll posted too late).
    """
    with transaction() as session:
        row = _lock(session, recall_id, actor)
        _check_presides(actor)
        before = lock_to_run(session, poll_id=row.poll_id, actor=actor) if row.poll_id else None
        if before is not None and before.state is not PollState.VOID:
            raise TransitionNotAllowed(before.state, "put_to_vote")
        state, heard = law.move(row.state, RecallState.VOTING), _line(hearing, "hearing")
        book = rules_of(row)
        require(law.judge_defence(book, was_heard=bool(row.defence or heard)))
        _check_times(row, book, opens_at, closes_at, now)
        poll = _make_poll(session, row, book, hours=(opens_at, closes_at), actor=actor, now=now)
        entries = _post_roll(session, row, poll, book, now=now)
        row.state, row.hearing, row.poll_id = state, heard, poll.id
        payload = {"poll": str(poll.id), "entries": entries, "opens_at": opens_at.isoformat()}
        _record(session, row, actor=actor, action="put_to_vote", payload=payload, now=now)
        return poll.id


def decide_recall(*, recall_id: uuid.UUID, actor: Actor, now: datetime) -> RecallState:
    """Take over what the certified vote decided; a recall that is carried ends the term on the day of voting.

    Raises NotFound, NotEligible, TransitionNotAllowed (no certified vote, or taken over before).
    """
    with transaction() as session:
        row = _lock(session, recall_id, actor)
        _check_presides(actor)
        if row.poll_id is None or row.state is not RecallState.VOTING:
            raise TransitionNotAllowed(row.state, "decide")
        poll = lock_to_run(session, poll_id=row.poll_id, actor=actor)
        if poll.state is not PollState.CERTIFIED or poll.result is None:
            raise TransitionNotAllowed(poll.state, "decide")
        is_carried = bool(poll.result.is_adopted)
        row.state = law.move(row.state, RecallState.CARRIED if is_carried else RecallState.FAILED)
        row.decided_at = now
        if is_carried:
            _recalled(session, row, poll, now=now)
        _record(session, row, actor=actor, action="decide", payload={"state": row.state.value}, now=now)
        return row.state


# Steps that the other ends of a post share. They take the session and commit nothing.


def lock_live_of(session: Session, term_id: uuid.UUID) -> Recall | None:
    """Return the demand under way against the holder of a post, locked."""
    return session.scalars(
        select(Recall)
        .where(Recall.term_id == term_id, Recall.state.in_(LIVE))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def end_without_vote(
    session: Session, row: Recall, *, resigned_at: datetime | None, reason: str, actor: Actor, now: datetime
) -> None:
    """End a recall whose post ended before the vote; one whose vote has opened is decided by it.

    Args:
        row: as `lock_live_of` returns it.
        resigned_at: when an assembly passed the resignation; None where the post ended by itself.
    """
    poll = lock_poll(session, poll_id=row.poll_id, community_id=row.community_id) if row.poll_id else None
    if poll is not None and poll.opened_at is not None and poll.state is not PollState.VOID:
        return
    polling_at = poll.opens_at if poll is not None and poll.opens_at is not None else now
    before = min(resigned_at, now) if resigned_at else None
    is_ended = resigned_at is None or poll is None or law.ends_recall(rules_of(row), before, polling_at)
    if not is_ended:
        return
    if poll is not None and poll.state in BEFORE_OPENING:
        void_locked(session, poll, ground=reason, actor=actor, now=now)
    row.state, row.decided_at, row.decision = law.move(row.state, RecallState.ENDED), now, reason
    _record(session, row, actor=actor, action="end", reason=reason, now=now)


def lock_held(session: Session, term_id: uuid.UUID, actor: Actor, now: datetime) -> Term:
    """Return the term of somebody who holds an elected post today, locked. Raises NotFound."""
    session.get(Term, term_id, with_for_update=True, populate_existing=True)
    return get_held(session, term_id, actor, now)


def get_held(session: Session, term_id: uuid.UUID, actor: Actor, now: datetime) -> Term:
    """Return the term of somebody who holds an elected post today. Raises NotFound."""
    term = get_term(session, term_id=term_id, community_id=actor.community_id)
    if term.post.body.kind not in ELECTED_BODIES or not _is_held(term, now):
        raise NotFound(term_id)
    return term


def end_post(session: Session, term: Term, *, on: date, reason: str, now: datetime) -> bool:
    """End a term on that day, and with it a resignation that nobody has decided on; False where it is over.

    Raises Invalid ("outside_term") for a day after the term.
    """
    lock_register(session, term.community_id)
    session.get(Term, term.id, with_for_update=True, populate_existing=True)
    if term.ended_on is not None:
        return False
    close_term(term, on=on, reason=reason)
    session.execute(
        update(Departure)
        .where(Departure.term_id == term.id, Departure.state == DepartureState.FILED)
        .values(state=DepartureState.LAPSED, decided_at=now)
    )
    return True


def rules_of(row: Recall) -> Rulebook:
    """Return the rules that the demand began under."""
    return rulebook.load(row.profile)


def _is_held(term: Term, now: datetime) -> bool:
    return term.ended_on is None and term.since <= day_of(now) <= term.until


def _lock(session: Session, recall_id: uuid.UUID, actor: Actor) -> Recall:
    row = session.get(Recall, recall_id, with_for_update={"key_share": True}, populate_existing=True)
    if row is None or row.community_id != actor.community_id:
        raise NotFound(recall_id)
    return row


def _lock_open(session: Session, recall_id: uuid.UUID, actor: Actor, now: datetime) -> Recall:
    """Return a demand that still looks for signatures, locked."""
    row = _lock(session, recall_id, actor)
    if row.state is not RecallState.DEMANDED or not _is_held(row.term, now):
        raise TransitionNotAllowed(row.state, "sign")
    return row


def _check_presides(actor: Actor) -> None:
    if not may_preside(actor):
        raise NotEligible(actor.person_id)


def _check_not_barred(session: Session, term: Term, book: Rulebook, new_facts: str, now: datetime) -> None:
    failed = queries.find_failed(session, term.id)
    if failed is not None and failed.decided_at is not None:
        same_facts = not new_facts.strip()
        require(law.judge_again(book, failed_at=failed.decided_at, demanded_at=now, same_facts=same_facts))


def _new(
    session: Session, term: Term, demand: Demand, book: Rulebook, *, actor: Actor, now: datetime
) -> Recall:
    election = queries.origin_of(session, term.id)
    way = election.way if election is not None else demand.way
    if way is None:
        raise Invalid("way", "way")
    return Recall(
        id=uuid.uuid4(),
        community_id=term.community_id,
        term_id=term.id,
        way=way,
        state=RecallState.DEMANDED,
        profile=book.name,
        profile_version=book.version,
        title=f"罢免{term.post.body.name}{term.post.title}{term.person.name}"[:200],
        reasons=_text(demand.reasons, "reasons"),
        new_facts=demand.new_facts.strip()[:LONGEST_TEXT],
        filed_at=now,
        filed_by_id=actor.person_id,
    )


def _text(text: str, field: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise Invalid(field, field)
    return text


def _line(text: str, field: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_HEARING:
        raise Invalid(field, field)
    return text


def _sign(
    session: Session,
    row: Recall,
    people: Sequence[uuid.UUID],
    entitled: frozenset[uuid.UUID],
    *,
    entered_by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Add signatures, count those of entitled people anew, and complete the demand once there are enough."""
    session.add_all(
        RecallSigner(
            community_id=row.community_id,
            recall_id=row.id,
            person_id=person_id,
            signed_at=now,
            entered_by_id=entered_by,
        )
        for person_id in people
    )
    session.flush()
    signers = queries.signers_of(session, row.id)
    row.signed, row.on_roll = len(signers & entitled), len(entitled)
    if law.judge_demand(rules_of(row), row.way, signers, entitled).holds:
        row.state, row.complete_at = law.move(row.state, RecallState.COMPLETE), now


def _signers_on_paper(
    session: Session, row: Recall, lines: Sequence[str], entitled: frozenset[uuid.UUID], now: datetime
) -> list[uuid.UUID]:
    found, unknown = find_people(session, community_id=row.community_id, lines=lines, day=day_of(now))
    signed = queries.signers_of(session, row.id)
    refused = [RefusedLine(line.number, line.text, line.problem) for line in unknown]
    for number, text, person in found:
        if person.id in signed:
            refused.append(RefusedLine(number, text, LineProblem.ALREADY))
        elif person.id not in entitled:
            refused.append(RefusedLine(number, text, SignatureProblem.NOT_ON_ROLL))
    if refused:
        raise SignaturesRefused(sorted(refused, key=lambda line: line.number))
    return [person.id for _number, _text, person in found]


def _check_times(row: Recall, book: Rulebook, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    if opens_at <= now:
        raise Invalid("past", "opens_at")
    if closes_at <= opens_at:
        raise Invalid("order", "closes_at")
    assert row.complete_at is not None  # noqa: S101
    # Once the time is over, as soon as possible is what is left.
    if law.judge_vote_day(book, row.complete_at, now).holds:
        require(law.judge_vote_day(book, row.complete_at, closes_at))


def _make_poll(
    session: Session,
    row: Recall,
    book: Rulebook,
    *,
    hours: tuple[datetime, datetime],
    actor: Actor,
    now: datetime,
) -> Poll:
    """Add the poll: one motion, in the way in which the member was elected."""
    subject, terms = _terms(row, book, hours)
    poll = for_elections.make_poll(
        session,
        community_id=row.community_id,
        election_id=row.id,
        kind=RECALL,
        subject=subject,
        terms=terms,
        book=book,
        created_by_id=actor.person_id,
        now=now,
    )
    motion = QuestionSpec(QuestionKind.MOTION, row.title, majority_rule="recall.majority")
    for_elections.set_paper(session, poll, [motion])
    return poll


def _terms(row: Recall, book: Rulebook, hours: tuple[datetime, datetime]) -> tuple[Subject, Terms]:
    preset = Preset.SEALED if book.switch("election.online").on else Preset.POLL
    terms = replace(
        first_terms(book, preset=preset, is_statutory=True),
        by_paper=True,
        quorum_rule=f"recall.validity.{row.way}",
        opens_at=hours[0],
        closes_at=hours[1],
    )
    question = f"要求罢免的理由：\n{row.reasons}\n\n被要求罢免成员的申辩意见，见本次罢免的页面。"
    return Subject(title=row.title, question=question, preset=preset, is_statutory=True), terms


def _post_roll(session: Session, row: Recall, poll: Poll, book: Rulebook, *, now: datetime) -> int:
    assert poll.opens_at is not None  # noqa: S101
    draw = queries.draw_of(session, row, book, opens_at=poll.opens_at, now=now)
    drawn = drawn_for(session, poll, draw, now=now)
    if not drawn:
        raise Invalid("nobody")
    write_roll(session, poll, draw, drawn)
    return post_locked(session, poll, now=now)


def _recalled(session: Session, row: Recall, poll: Poll, *, now: datetime) -> None:
    assert poll.closed_at is not None  # noqa: S101
    end_post(session, row.term, on=day_of(poll.closed_at), reason=RECALLED, now=now)


def _record(
    session: Session,
    row: Recall,
    *,
    actor: Actor,
    action: str,
    now: datetime,
    payload: dict[str, Any] | None = None,
    reason: str = "",
    is_public: bool = True,
) -> None:
    record(
        session,
        community_id=row.community_id,
        actor=actor,
        action=f"recall.{action}",
        subject_kind="recall",
        subject_id=row.id,
        subject_title=row.title,
        reason=reason,
        payload={"signed": row.signed, "on_roll": row.on_roll, **(payload or {})},
        now=now,
        is_public=is_public,
    )
