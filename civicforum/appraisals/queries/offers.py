"""Who and what can be appraised in a cycle of each kind, and the plan it begins with."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from civicforum.appraisals.models import SupportPlan
from civicforum.appraisals.plans import Plan, SubjectPlan
from civicforum.appraisals.presets import IN_THE_ASSEMBLY, Offer, period_of, usual_plan
from civicforum.appraisals.rules import CycleKind, SubjectKind
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.bodies.rules import Appointed, BodyKind, PostKind
from civicforum.departments.models import Department
from civicforum.departments.rules import DepartmentKind
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState
from civicforum.people.models import Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import Basis, Draw, draw_as_json
from civicforum.reserve.models import ReserveCandidate, Selection
from civicforum.reserve.rules import SelectionState, Stage
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_of, day_starts

_B, _P, _K = BodyKind, PostKind, CycleKind
# The three who report every half-year (DOMAIN.md row 0-02), in this order.
REPORTING = (
    (_B.PARTY_COMMITTEE, _P.SECRETARY),
    (_B.SERVICE_STATION, _P.STATION_HEAD),
    (_B.RESIDENTS_COMMITTEE, _P.DIRECTOR),
)
# Days between the planning and the day, where no assembly is planned: the notice, and some to prepare it.
USUAL_AHEAD = timedelta(days=21)
SHORTEST_AHEAD = timedelta(days=11)
CADRES = (_B.PARTY_COMMITTEE, _B.RESIDENTS_COMMITTEE, _B.SERVICE_STATION)


def usual_day(session: Session, community_id: uuid.UUID, today: date) -> date:
    """Return the day of the next session of the assembly that leaves time for the notice, or a later one."""
    meetings = list_assemblies(session, community_id=community_id, since=today + SHORTEST_AHEAD)
    return day_of(meetings[0].starts_at) if meetings else today + USUAL_AHEAD


def begin_plan(
    session: Session,
    book: Rulebook,
    *,
    community_id: uuid.UUID,
    kind: CycleKind,
    today: date,
    held_on: date,
) -> Plan:
    """Return the plan that a cycle of this kind begins with today; one in the assembly has its session."""
    plan = usual_plan(
        book,
        kind,
        today=today,
        held_on=held_on,
        offers=list_offers(session, community_id=community_id, kind=kind, today=today),
        committee=_draw_of_committee(session, community_id, today),
        residents=draw_as_json(
            Draw(Basis.CAPACITIES, capacities=(CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE))
        ),
    )
    if kind not in IN_THE_ASSEMBLY:
        return plan
    meetings = list_assemblies(session, community_id=community_id, since=held_on)
    meeting = next((one for one in meetings if day_of(one.starts_at) == held_on), None)
    return replace(plan, meeting_id=meeting.id if meeting else None)


def list_offers(session: Session, *, community_id: uuid.UUID, kind: CycleKind, today: date) -> list[Offer]:
    """Return the subjects that a cycle of this kind may have, those it usually has ticked."""
    if kind in (_K.DEPARTMENTS, _K.PROVIDERS):
        return _departments(session, community_id, kind, today)
    if kind is _K.RESERVE:
        return _recommended(session, community_id)
    if kind is _K.SUPPORT:
        return _supported(session, community_id)
    bodies = {_K.MEMBERS: (_B.RESIDENTS_COMMITTEE,), _K.STATION: (_B.SERVICE_STATION,)}.get(kind, CADRES)
    terms = _terms(session, community_id, bodies, today)
    if kind is _K.DUTY_REPORTS:
        return sorted(
            (_person(term, needs_report=True, is_usual=_key(term) in REPORTING) for term in terms),
            key=lambda offer: not offer.is_usual,
        )
    elected_only = kind is _K.MEMBERS
    people = [
        _person(
            term,
            needs_report=elected_only,
            is_usual=not elected_only or term.appointed is Appointed.ELECTED,
        )
        for term in terms
    ]
    found: dict[uuid.UUID, Body] = {term.post.body_id: term.post.body for term in terms}
    return _once([*(_body(body) for body in found.values()), *people])


def list_assemblies(session: Session, *, community_id: uuid.UUID, since: date) -> list[Meeting]:
    """Return the planned sessions of the representative assembly from a day on."""
    return list(
        session.scalars(
            select(Meeting)
            .where(
                Meeting.community_id == community_id,
                Meeting.form == MeetingForm.REPRESENTATIVE_ASSEMBLY,
                Meeting.state == MeetingState.PLANNED,
                Meeting.starts_at >= day_starts(since),
            )
            .order_by(Meeting.starts_at, Meeting.id)
        )
    )


def _terms(
    session: Session, community_id: uuid.UUID, bodies: Collection[BodyKind], today: date
) -> list[Term]:
    order = [*CADRES]
    found = session.scalars(
        select(Term)
        .join(Post, Post.id == Term.post_id)
        .join(Body, Body.id == Post.body_id)
        .join(Person, Person.id == Term.person_id)
        .options(joinedload(Term.person), joinedload(Term.post).joinedload(Post.body))
        .where(
            Term.community_id == community_id,
            Body.kind.in_(bodies),
            Body.dissolved_on.is_(None),
            is_running(today),
        )
        .order_by(Post.position, Person.number)
    ).all()
    # In the order in which the three reports are heard: secretary, station head, director.
    heads = [*REPORTING]

    def place(term: Term) -> tuple[int, int]:
        key = _key(term)
        return (heads.index(key) if key in heads else len(heads), order.index(term.post.body.kind))

    return sorted(found, key=place)


def _key(term: Term) -> tuple[BodyKind, PostKind]:
    return term.post.body.kind, term.post.kind


def _person(term: Term, *, needs_report: bool, is_usual: bool = True) -> Offer:
    post = f"{term.post.body.name}{term.post.title}"
    subject = SubjectPlan(
        kind=SubjectKind.PERSON,
        name=f"{term.person.name}（{term.post.title}）",
        person_id=term.person_id,
        term_id=term.id,
        body_id=term.post.body_id,
        needs_report=needs_report,
    )
    return Offer(subject, post, is_usual)


def _body(body: Body) -> Offer:
    """Return the body itself, which the second scale of its kind is for."""
    return Offer(SubjectPlan(kind=SubjectKind.BODY, name=body.name, scale=1, body_id=body.id))


def _once(offers: list[Offer]) -> list[Offer]:
    """Tick each person once: who holds two posts is graded in the first."""
    seen: set[uuid.UUID] = set()
    kept = []
    for offer in offers:
        person_id = offer.subject.person_id
        is_usual = offer.is_usual and person_id not in seen
        if person_id is not None and is_usual:
            seen.add(person_id)
        kept.append(Offer(offer.subject, offer.note, is_usual))
    return kept


def _departments(session: Session, community_id: uuid.UUID, kind: CycleKind, today: date) -> list[Offer]:
    """Return those that worked here in the period: nobody else is appraised (DOMAIN.md row 2-15)."""
    first, last = period_of(kind, today)
    is_provider = Department.kind == DepartmentKind.PROVIDER
    found = session.scalars(
        select(Department)
        .where(
            Department.community_id == community_id,
            is_provider if kind is _K.PROVIDERS else ~is_provider,
            Department.since <= last,
            or_(Department.until.is_(None), Department.until >= first),
        )
        .order_by(Department.kind, Department.name)
    ).all()
    what = SubjectKind.PROVIDER if kind is _K.PROVIDERS else SubjectKind.DEPARTMENT
    return [Offer(SubjectPlan(kind=what, name=one.name, department_id=one.id), one.duty) for one in found]


def _supported(session: Session, community_id: uuid.UUID) -> list[Offer]:
    """Return whom a support plan helps that a re-appraisal ends (DOMAIN.md row 4-19)."""
    plans = session.scalars(
        select(SupportPlan)
        .options(joinedload(SupportPlan.subject), joinedload(SupportPlan.person))
        .where(SupportPlan.community_id == community_id, SupportPlan.closed_at.is_(None))
        .order_by(SupportPlan.until_on, SupportPlan.id)
    ).all()
    return [
        Offer(
            SubjectPlan(
                kind=SubjectKind.PERSON,
                name=plan.subject.name,
                person_id=plan.person_id,
                term_id=plan.subject.term_id,
                body_id=plan.subject.body_id,
            ),
            plan.trigger,
            is_usual=number == 0,
        )
        for number, plan in enumerate(plans)
    ]


def _recommended(session: Session, community_id: uuid.UUID) -> list[Offer]:
    """Return the candidates of the reserve list whose stage of appraisal it is (DOMAIN.md row 1-27)."""
    candidates = session.scalars(
        select(ReserveCandidate)
        .join(Selection, Selection.id == ReserveCandidate.selection_id)
        .options(joinedload(ReserveCandidate.person))
        .where(
            Selection.community_id == community_id,
            Selection.state == SelectionState.POSTED,
            Selection.stage == Stage.APPRAISAL,
            ReserveCandidate.ended_at_stage.is_(None),
        )
        .order_by(ReserveCandidate.position)
    ).all()
    return [
        Offer(
            SubjectPlan(kind=SubjectKind.PERSON, name=one.person.name, person_id=one.person_id),
            one.recommended_by,
        )
        for one in candidates
    ]


def _draw_of_committee(session: Session, community_id: uuid.UUID, today: date) -> dict[str, object]:
    terms = _terms(session, community_id, (_B.RESIDENTS_COMMITTEE,), today)
    posts = dict.fromkeys((term.post.body_id, term.post.kind) for term in terms)
    return draw_as_json(Draw(Basis.POSTS, posts=tuple(posts))) if posts else {}
