"""What the law says of a plan besides its calendar: how soon it comes, and for how many households.

None of it refuses the plan: a seat is filled late rather than never, and art 13 says what is usual.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Post, Term
from civicforum.elections.calendar import judge_renewal
from civicforum.elections.plans import Plan
from civicforum.elections.queries.recalls import list_vacancies
from civicforum.elections.recalls import judge_by_election_day
from civicforum.elections.representatives import judge_number
from civicforum.elections.rules import ElectionKind
from civicforum.people.models import Community, Household
from civicforum.rulebook import Verdict, load
from civicforum.rulebook.days import day_starts


def judge_plan(session: Session, plan: Plan, community: Community, *, today: date) -> list[Verdict]:
    """Return what is judged of a plan before it is saved; empty where no rule speaks of it."""
    judging = {
        ElectionKind.BY_ELECTION: _by_election,
        ElectionKind.COMMITTEE: _renewal,
        ElectionKind.REPRESENTATIVES: _number,
    }.get(plan.kind)
    found = judging(session, plan, community, today) if judging else None
    return [found] if found is not None else []


def _by_election(session: Session, plan: Plan, community: Community, today: date) -> Verdict | None:
    vacancies = list_vacancies(session, community_id=community.id, day=today)
    since = next((one.since for one in vacancies if one.body.id == plan.body_id), None)
    if since is None:
        return None
    return judge_by_election_day(load(community.profile), day_starts(since), plan.opens_at)


def _renewal(session: Session, plan: Plan, community: Community, _today: date) -> Verdict | None:
    """Judge how late the committee is renewed; None where its term still runs on that day."""
    until = session.scalar(
        select(func.max(Term.until)).join(Post).where(Post.body_id == plan.body_id, Term.ended_on.is_(None))
    )
    if until is None or plan.day <= until:
        return None
    return judge_renewal(load(community.profile), day_starts(until), plan.opens_at)


def _number(session: Session, plan: Plan, community: Community, _today: date) -> Verdict | None:
    """Judge how many a residents' group elects for its households (art 13)."""
    if plan.group_id is None:
        return None
    households = session.scalar(
        select(func.count()).select_from(Household).where(Household.group_id == plan.group_id)
    )
    return judge_number(load(community.profile), sum(plan.seats.values()), households or 0)
