"""What the supervision committee has to plan, for its members' home page."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.appraisals import law
from civicforum.appraisals.queries.listing import Glance, get_glance
from civicforum.bodies.rules import Role
from civicforum.inbox.rules import Need, NeedKind
from civicforum.people.models import Community
from civicforum.rulebook import Rulebook

# About as long as notice, reports and the call of an assembly take.
PLAN_BEFORE = timedelta(days=60)


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return the reports of a half-year that ends soon or has ended, and members a year without appraisal.

    They wait from when they are to be planned. They have no day on which they are late: what is planned too
    late is seen on the page of appraisals.
    """
    if not actor.has(Role.SUPERVISOR):
        return []
    community = session.get_one(Community, actor.community_id)
    book = rulebook.load(community.profile)
    glance = get_glance(session, community_id=community.id, book=book, now=now)
    waiting = {
        NeedKind.PLAN_REPORTS: _who_report(book, glance, now),
        NeedKind.PLAN_APPRAISAL: [one.name for one in glance.members if one.is_missing],
    }
    return [Need(kind, "、".join(names), "appraisals.plan_new") for kind, names in waiting.items() if names]


def _who_report(book: Rulebook, glance: Glance, now: datetime) -> list[str]:
    if now < law.period_ends_at(book, glance.first) - PLAN_BEFORE:
        return []
    return [one.name for one in glance.reporters if one.name and one.state is None]
