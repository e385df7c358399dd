"""The list of cycles, and what the half-year still lacks."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.appraisals import law
from civicforum.appraisals.duty_reports import ReportState, days_late, state_of
from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.appraisals.plans import half_year
from civicforum.appraisals.queries.history import COUNTED_AS_HELD
from civicforum.appraisals.queries.offers import REPORTING
from civicforum.appraisals.rules import CycleKind, CycleState
from civicforum.appraisals.services.steps import rules_of
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.paging import Page, paginate
from civicforum.rulebook import Rulebook, Verdict
from civicforum.rulebook.days import add_months, day_ends, day_of

RUNNING = (CycleState.POSTED, CycleState.RATING, CycleState.COUNTED)
OVER = (CycleState.CERTIFIED, CycleState.VOID)


@dataclass(frozen=True)
class CycleLine:
    """A cycle of the list, with its next date: `due` names it ("reports", "held", "closes" or "result")."""

    cycle: Cycle
    due: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class CycleLists:
    """The page of all cycles."""

    drafts: Sequence[Cycle]
    running: Page[CycleLine]
    over: Page[Cycle]


def list_cycles(
    session: Session,
    *,
    community_id: uuid.UUID,
    kind: CycleKind | None,
    with_drafts: bool,
    pages: dict[str, int],
    now: datetime,
) -> CycleLists:
    """Return the cycles of a community; what is due first, first. `pages` says which page of each list."""
    every = select(Cycle).where(Cycle.community_id == community_id)
    if kind is not None:
        every = every.where(Cycle.kind == kind)
    drafts = every.where(Cycle.state == CycleState.DRAFT).order_by(Cycle.held_on, Cycle.id)
    running = paginate(
        session,
        every.options(
            selectinload(Cycle.groups),
            selectinload(Cycle.subjects).joinedload(AppraisalSubject.report),
        )
        .where(Cycle.state.in_(RUNNING))
        .order_by(Cycle.held_on, Cycle.id),
        number=pages.get("running", 1),
        argument="running",
    )
    return CycleLists(
        drafts=session.scalars(drafts).all() if with_drafts else [],
        running=running.map(lambda cycle: line_of(cycle, now)),
        over=paginate(
            session,
            # A draft that was dropped was never seen by anybody.
            every.where(Cycle.state.in_(OVER), Cycle.posted_at.is_not(None)).order_by(
                Cycle.held_on.desc(), Cycle.id
            ),
            number=pages.get("over", 1),
            argument="over",
        ),
    )


def line_of(cycle: Cycle, now: datetime) -> CycleLine:
    """Return a cycle with what it waits for next."""
    if cycle.state is CycleState.POSTED:
        waiting = [
            one.report.due_at for one in cycle.subjects if one.report and one.report.submitted_at is None
        ]
        if waiting:
            return CycleLine(cycle, "reports", min(waiting))
        return CycleLine(cycle, "held", day_ends(cycle.held_on))
    if cycle.state is CycleState.RATING:
        closing = [one.closes_at for one in cycle.groups if one.closes_at is not None]
        return CycleLine(cycle, "closes", max(closing)) if closing else CycleLine(cycle)
    if cycle.state is CycleState.COUNTED and cycle.counted_at and cycle.result_posted_at is None:
        return CycleLine(cycle, "result", law.result_due_at(rules_of(cycle), cycle.counted_at))
    return CycleLine(cycle)


@dataclass(frozen=True)
class Reporter:
    """One of the three who report every half-year; `name` is "" while the post is vacant.

    `state` is None where no plan with their report is posted; `late` in days.
    """

    body: BodyKind
    post: PostKind
    name: str
    cycle_id: uuid.UUID | None = None
    state: ReportState | None = None
    due_at: datetime | None = None
    late: int = 0


@dataclass(frozen=True)
class Member:
    """An elected member of the committee, and the appraisals of the last year that count (art 37).

    `is_missing`: in office for a year without one.
    """

    name: str
    last_on: date | None
    verdict: Verdict
    is_missing: bool


@dataclass(frozen=True)
class Glance:
    """The half-year in brief."""

    first: date
    last: date
    reporters: Sequence[Reporter]
    members: Sequence[Member]


def get_glance(session: Session, *, community_id: uuid.UUID, book: Rulebook, now: datetime) -> Glance:
    """Return what the three reports of the half-year and the yearly appraisals stand at: two statements."""
    today = day_of(now)
    first, last = half_year(today)
    terms = session.scalars(
        select(Term)
        .join(Post, Post.id == Term.post_id)
        .join(Body, Body.id == Post.body_id)
        .options(joinedload(Term.person), joinedload(Term.post).joinedload(Post.body))
        .where(Term.community_id == community_id, Body.dissolved_on.is_(None), is_running(today))
        .where(or_(Body.kind == BodyKind.RESIDENTS_COMMITTEE, *(_holds(*key) for key in REPORTING)))
        .order_by(Post.position, Term.since, Term.id)
    ).all()
    since = min(first, add_months(today, -12))
    subjects = session.scalars(
        select(AppraisalSubject)
        .join(Cycle, Cycle.id == AppraisalSubject.cycle_id)
        .options(joinedload(AppraisalSubject.cycle), joinedload(AppraisalSubject.report))
        .where(
            AppraisalSubject.person_id.in_([term.person_id for term in terms]),
            Cycle.state.in_(COUNTED_AS_HELD),
            or_(Cycle.held_on >= since, Cycle.period_until >= since),
        )
        .order_by(Cycle.held_on.desc(), Cycle.id)
    ).all()
    return Glance(
        first,
        last,
        [_reporter(key, terms, subjects, (first, last), now) for key in REPORTING],
        [_member(term, subjects, book, today) for term in _elected(terms)],
    )


def _holds(body: BodyKind, post: PostKind) -> ColumnElement[bool]:
    return (Body.kind == body) & (Post.kind == post)


def _reporter(
    key: tuple[BodyKind, PostKind],
    terms: Iterable[Term],
    subjects: Iterable[AppraisalSubject],
    half: tuple[date, date],
    now: datetime,
) -> Reporter:
    term = next((one for one in terms if (one.post.body.kind, one.post.kind) == key), None)
    if term is None:
        return Reporter(*key, name="")
    for one in subjects:
        of_half = half[0] <= one.cycle.period_until <= half[1]
        if one.person_id == term.person_id and one.report is not None and of_half:
            report = one.report
            return Reporter(
                *key,
                name=term.person.name,
                cycle_id=one.cycle_id,
                state=state_of(
                    due_at=report.due_at,
                    submitted_at=report.submitted_at,
                    check=report.check_result,
                    now=now,
                ),
                due_at=report.due_at,
                late=days_late(report.due_at, report.first_submitted_at, now),
            )
    return Reporter(*key, name=term.person.name)


def _elected(terms: Iterable[Term]) -> list[Term]:
    """Return the term of each elected member, the longest one where somebody holds two posts."""
    found: dict[uuid.UUID, Term] = {}
    for term in terms:
        is_elected = term.appointed is Appointed.ELECTED
        if is_elected and term.post.body.kind is BodyKind.RESIDENTS_COMMITTEE:
            found.setdefault(term.person_id, term)
    return list(found.values())


def _member(term: Term, subjects: Iterable[AppraisalSubject], book: Rulebook, today: date) -> Member:
    year_ago = add_months(today, -12)
    counted = [
        day_of(one.cycle.counted_at)
        for one in subjects
        if one.person_id == term.person_id and one.cycle.counts_for_37 and one.cycle.counted_at is not None
    ]
    verdict = law.judge_per_year(book, sum(day > year_ago for day in counted))
    is_missing = not verdict.holds and term.since <= year_ago
    return Member(term.person.name, max(counted, default=None), verdict, is_missing)
