"""Reads for the page of what follows from one cycle."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from civicforum.appraisals.consequences import Graded, judge_end
from civicforum.appraisals.models import (
    AppraisalSubject,
    Consequence,
    CorrectiveAction,
    Cycle,
    SubjectResult,
    SupportPlan,
)
from civicforum.appraisals.queries.consequences import list_counting
from civicforum.appraisals.rules import ActionSource, CycleState, SubjectKind
from civicforum.appraisals.services.steps import rules_of
from civicforum.bodies.models import Post, Term
from civicforum.errors import NotFound
from civicforum.rulebook import Rule, Verdict


@dataclass(frozen=True)
class Proposed:
    """A consequence with the rule that proposes it."""

    consequence: Consequence
    rule: Rule


@dataclass(frozen=True)
class Standing:
    """What two unfit grades would do to the post of somebody with one, and the results that count so far.

    Of somebody who was appointed the verdict is of the rule that no appraisal ends that post.
    """

    subject: AppraisalSubject
    verdict: Verdict
    results: Sequence[Graded]


@dataclass(frozen=True)
class Poor:
    """A subject with a poor grade, and whether an action and a support plan answer it."""

    subject: AppraisalSubject
    has_action: bool
    plan: SupportPlan | None


def list_proposed(session: Session, cycle: Cycle) -> list[Proposed]:
    """Return what the rules proposed after a cycle, by the form's order and the gravest first."""
    book = rules_of(cycle)
    rows = session.scalars(
        select(Consequence)
        .join(AppraisalSubject, Consequence.subject_id == AppraisalSubject.id)
        .options(joinedload(Consequence.subject))
        .where(AppraisalSubject.cycle_id == cycle.id)
        .order_by(AppraisalSubject.position, Consequence.rule)
    )
    return [Proposed(one, book.rule(one.rule)) for one in rows]


def get_consequence(session: Session, *, consequence_id: uuid.UUID, community_id: uuid.UUID) -> Consequence:
    """Return a consequence with its subject, cycle and post. Raises NotFound."""
    found = session.scalars(
        select(Consequence)
        .options(
            joinedload(Consequence.subject).options(
                joinedload(AppraisalSubject.cycle),
                joinedload(AppraisalSubject.term).joinedload(Term.post).joinedload(Post.body),
            )
        )
        .where(Consequence.id == consequence_id, Consequence.community_id == community_id)
    ).one_or_none()
    if found is None:
        raise NotFound(consequence_id)
    return found


def list_standings(session: Session, cycle: Cycle, subjects: Sequence[AppraisalSubject]) -> list[Standing]:
    """Return where article 37 stands for each person found unfit in a certified cycle. One statement."""
    if cycle.state is not CycleState.CERTIFIED or not cycle.counts_for_37:
        return []
    unfit = [one for one in subjects if one.kind is SubjectKind.PERSON and one.result and one.result.is_unfit]
    counting = list_counting(session, term_ids=[one.term_id for one in unfit if one.term_id])
    book, found = rules_of(cycle), []
    for one in unfit:
        results = counting.get(one.term_id, []) if one.term_id else []
        verdict, run = judge_end(book, results, cycle.id, is_elected_member=one.is_elected_member)
        found.append(Standing(one, verdict, run))
    return found


def list_subjects(session: Session, cycle: Cycle) -> Sequence[AppraisalSubject]:
    """Return the subjects of a cycle with their results, in the form's order. One statement."""
    return session.scalars(
        select(AppraisalSubject)
        .options(joinedload(AppraisalSubject.result), joinedload(AppraisalSubject.scale))
        .where(AppraisalSubject.cycle_id == cycle.id)
        .order_by(AppraisalSubject.position)
    ).all()


def list_poor(session: Session, cycle: Cycle) -> list[Poor]:
    """Return whose certified grade is poor, with what answers it. One statement."""
    if cycle.state is not CycleState.CERTIFIED:
        return []
    has_action = exists().where(
        CorrectiveAction.source == ActionSource.GRADE, CorrectiveAction.source_id == AppraisalSubject.id
    )
    rows = session.execute(
        select(AppraisalSubject, has_action, SupportPlan)
        .join(AppraisalSubject.result)
        .outerjoin(SupportPlan, SupportPlan.subject_id == AppraisalSubject.id)
        .options(joinedload(AppraisalSubject.result), joinedload(AppraisalSubject.scale))
        .where(AppraisalSubject.cycle_id == cycle.id, SubjectResult.is_poor)
        .order_by(AppraisalSubject.position)
    )
    return [Poor(subject, bool(answered), plan) for subject, answered, plan in rows]


def get_poor_subject(session: Session, *, subject_id: uuid.UUID, community_id: uuid.UUID) -> AppraisalSubject:
    """Return a subject whose certified grade is poor, with its post and body. Raises NotFound."""
    found = session.scalars(
        select(AppraisalSubject)
        .options(
            joinedload(AppraisalSubject.cycle).selectinload(Cycle.subjects),
            joinedload(AppraisalSubject.result),
            joinedload(AppraisalSubject.scale),
            joinedload(AppraisalSubject.term).joinedload(Term.post),
        )
        .where(AppraisalSubject.id == subject_id, AppraisalSubject.community_id == community_id)
    ).one_or_none()
    is_poor = found is not None and found.result is not None and found.result.is_poor
    if found is None or not is_poor or found.cycle.state is not CycleState.CERTIFIED:
        raise NotFound(subject_id)
    return found
