"""What a certified grade leads to: proposed by the rules with the certification, settled by people."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.consequences import (
    Graded,
    Proposal,
    Shares,
    as_grounds,
    judge_end,
    shares_of,
)
from civicforum.appraisals.consequences import (
    propose as propose_for,
)
from civicforum.appraisals.models import AppraisalSubject, Consequence, Cycle, SubjectResult
from civicforum.appraisals.queries.consequences import list_counting
from civicforum.appraisals.rules import ConsequenceKind, SubjectKind
from civicforum.appraisals.services.steps import lock_to_lead, record_cycle, rules_of
from civicforum.appraisals.services.support import end_by_result, end_of_post
from civicforum.bodies.models import Term
from civicforum.database import transaction
from civicforum.elections.services.resigning import end_after_appraisals
from civicforum.errors import AlreadyDone, Invalid, NotFound, RuleRefused
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of

LONGEST_TEXT, LONGEST_NAME, LONGEST_PAPER = 2000, 80, 120


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What was done about a consequence, and on which day; `talked_by` held a talk."""

    on: date
    text: str
    talked_by: str = ""


def propose(session: Session, cycle: Cycle, *, now: datetime) -> list[Consequence]:
    """Write what follows from the grades of a locked cycle that is certified in this use case.

    Called once, after the results are stored. For each person the rules propose, with their sums; a
    re-appraisal ends its support plan. What was proposed for a term that this cycle's grade breaks off, and
    nobody has settled, falls.
    """
    book = rules_of(cycle)
    people = [one for one in cycle.subjects if one.kind is SubjectKind.PERSON and one.result is not None]
    terms = [one.term_id for one in people if one.term_id is not None]
    histories = list_counting(session, term_ids=terms, also=cycle.id) if cycle.counts_for_37 else {}
    made: list[Consequence] = []
    for subject in people:
        history = histories.get(subject.term_id, []) if subject.term_id else []
        made += _propose(session, book, subject, history, now=now)
        if cycle.counts_for_37:
            _drop_broken(session, book, subject, history)
    end_by_result(session, cycle, now=now)
    if made:
        payload = {"consequences": [_told(one) for one in made]}
        record_cycle(session, cycle, action="propose_consequences", actor=None, payload=payload, now=now)
    return made


def settle(*, consequence_id: uuid.UUID, done: Settlement, actor: Actor, now: datetime) -> None:
    """Record what was done. The two strikes end the post on that day, and the notice of it is posted.

    Raises NotFound, NotEligible (not of the supervision committee, or graded in the cycle), AlreadyDone,
    RuleRefused (the two strikes no longer stand), Invalid ("on", "text", "talked_by").
    """
    with transaction() as session:
        cycle, found = _lock(session, consequence_id, actor)
        _check(cycle, found, done, now)
        if found.kind is ConsequenceKind.TWO_STRIKES:
            _end_post(session, cycle, found, done, actor=actor, now=now)
        found.settlement, found.settled_on = done.text.strip(), done.on
        found.talked_by = done.talked_by.strip()
        found.settled_at, found.settled_by_id = now, actor.person_id
        payload = {**_told(found), "on": done.on.isoformat()}
        record_cycle(
            session,
            cycle,
            action="settle_consequence",
            actor=actor,
            reason=_public_reason(found),
            payload=payload,
            now=now,
        )


def _lock(session: Session, consequence_id: uuid.UUID, actor: Actor) -> tuple[Cycle, Consequence]:
    """Return a consequence that nobody has settled, locked with its cycle.

    Another cycle whose certification shows it not to stand drops it, so that its own row is locked too.
    """
    cycle_id = session.scalar(
        select(AppraisalSubject.cycle_id)
        .join(Consequence, Consequence.subject_id == AppraisalSubject.id)
        .where(Consequence.id == consequence_id)
    )
    if cycle_id is None:
        raise NotFound(consequence_id)
    cycle = lock_to_lead(session, cycle_id=cycle_id, actor=actor)
    found = session.scalar(
        select(Consequence).where(Consequence.id == consequence_id).with_for_update(of=Consequence)
    )
    if found is None:
        raise NotFound(consequence_id)
    if found.settled_at is not None:
        raise AlreadyDone(consequence_id)
    return cycle, found


def shares_in(result: SubjectResult) -> Shares:
    """Return what the forms about one person say, of all groups whose boxes were opened."""
    scale = result.subject.scale
    return shares_of(
        [int(number) for number in result.figures["counts"]],
        points=scale.points,
        poor_from=scale.poor_from,
        ends_with_unfit=scale.ends_with_unfit,
    )


def _propose(
    session: Session, book: Rulebook, subject: AppraisalSubject, history: Sequence[Graded], *, now: datetime
) -> list[Consequence]:
    result, cycle = subject.result, subject.cycle
    assert result is not None  # noqa: S101
    if result.raters < cycle.least:
        return []
    proposals = propose_for(
        book,
        graded=Graded(cycle.id, cycle.title, cycle.held_on, result.grade, result.is_unfit),
        history=history,
        shares=shares_in(result),
        is_elected_member=subject.is_elected_member and subject.term is not None,
    )
    made = [
        _consequence(subject, one, now)
        for one in proposals
        if one.kind is not ConsequenceKind.TWO_STRIKES or _can_end(session, subject)
    ]
    session.add_all(made)
    return made


def _consequence(subject: AppraisalSubject, proposal: Proposal, now: datetime) -> Consequence:
    return Consequence(
        community_id=subject.community_id,
        subject_id=subject.id,
        subject=subject,
        kind=proposal.kind,
        rule=proposal.verdict.rule.id,
        arithmetic=proposal.verdict.arithmetic,
        grounds=as_grounds(proposal.grounds),
        proposed_at=now,
    )


def _can_end(session: Session, subject: AppraisalSubject) -> bool:
    """Tell whether the post still runs, and nobody has proposed its end already."""
    waiting = (
        select(Consequence.id)
        .join(AppraisalSubject, Consequence.subject_id == AppraisalSubject.id)
        .where(
            AppraisalSubject.term_id == subject.term_id,
            Consequence.kind == ConsequenceKind.TWO_STRIKES,
            Consequence.settled_at.is_(None),
        )
    )
    has_ended = subject.term is None or subject.term.ended_on is not None
    return not has_ended and session.scalar(waiting) is None


def _drop_broken(
    session: Session, book: Rulebook, subject: AppraisalSubject, history: Sequence[Graded]
) -> None:
    """Drop an unsettled end of the post that this cycle, held in between, shows not to be two running."""
    waiting = session.scalars(
        select(Consequence)
        .join(AppraisalSubject, Consequence.subject_id == AppraisalSubject.id)
        .where(
            AppraisalSubject.term_id == subject.term_id,
            AppraisalSubject.term_id.is_not(None),
            Consequence.kind == ConsequenceKind.TWO_STRIKES,
            Consequence.settled_at.is_(None),
        )
        # What is being settled at this moment is settled, and stays.
        .with_for_update(of=Consequence)
    )
    for one in waiting:
        verdict, _run = judge_end(
            book, history, one.subject.cycle_id, is_elected_member=one.subject.is_elected_member
        )
        if not verdict.holds:
            session.delete(one)


def _check(cycle: Cycle, found: Consequence, done: Settlement, now: datetime) -> None:
    certified = cycle.certified_at or found.proposed_at
    if not day_of(certified) <= done.on <= day_of(now):
        raise Invalid("on", "on")
    longest = LONGEST_PAPER if found.kind is ConsequenceKind.TWO_STRIKES else LONGEST_TEXT
    if not done.text.strip() or len(done.text.strip()) > longest:
        raise Invalid("text", "text")
    is_talk = found.kind is ConsequenceKind.WARNING_TALK
    if is_talk and not 0 < len(done.talked_by.strip()) <= LONGEST_NAME:
        raise Invalid("talked_by", "talked_by")


def _end_post(
    session: Session, cycle: Cycle, found: Consequence, done: Settlement, *, actor: Actor, now: datetime
) -> None:
    """End the elected post; one that ended in another way meanwhile stays as it is."""
    subject = found.subject
    history = list_counting(session, term_ids=[subject.term_id] if subject.term_id else [])
    verdict, _run = judge_end(
        rules_of(cycle),
        history.get(subject.term_id, []) if subject.term_id else [],
        cycle.id,
        is_elected_member=subject.is_elected_member,
    )
    if not verdict.holds or subject.term_id is None:
        raise RuleRefused(verdict)
    term = session.get_one(Term, subject.term_id)
    # A post that somebody was appointed to is ended by whoever gave it, even where a profile counts it alike.
    if subject.is_elected_member and term.ended_on is None and day_of(now) <= term.until:
        end_after_appraisals(session, term_id=term.id, on=done.on, paper=done.text, actor=actor, now=now)
    end_of_post(session, term_id=term.id, now=now)


def _told(one: Consequence) -> dict[str, Any]:
    return {"name": one.subject.name, "kind": one.kind.value, "rule": one.rule, "sum": one.arithmetic}


def _public_reason(one: Consequence) -> str:
    """Return what the register says. What was agreed in a talk is between those who talked."""
    return "" if one.kind is ConsequenceKind.WARNING_TALK else one.settlement
