"""Everything a matter's page shows from the decision on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.errors import NotFound
from civicforum.matters.models import Finding, Matter
from civicforum.matters.queries.appraising import Grades, get_grades
from civicforum.matters.queries.carrying_out import TaskLine, list_tasks
from civicforum.matters.queries.watching import QUERIES_SHOWN, QueryLine, list_findings, list_queries
from civicforum.matters.rules import PUBLIC, Act, allowed_acts, check
from civicforum.matters.rules_after import Overall, overall
from civicforum.paging import Page
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class After:
    """Tasks, findings, queries and grades of a matter, and what the viewer may do about them now."""

    acts: frozenset[Act]
    tasks: Sequence[TaskLine]
    overall: Overall
    money_cents: int
    findings: Sequence[Finding]
    queries: Page[QueryLine]
    grades: Grades


def get_after(session: Session, *, matter: Matter, actor: Actor | None, now: datetime) -> After:
    """Return what a matter's page shows from the decision on, in at most ten statements."""
    findings = list_findings(session, matter_id=matter.id)
    tasks = list_tasks(session, matter=matter, findings=findings, actor=actor, today=day_of(now))
    return After(
        acts=allowed_acts(matter.stage, actor.roles) if actor else frozenset(),
        tasks=tasks,
        overall=overall((line.task.progress, line.is_late) for line in tasks),
        money_cents=sum(line.task.money_cents for line in tasks),
        findings=findings,
        queries=list_queries(session, matter_id=matter.id, number=1, per_page=QUERIES_SHOWN, now=now),
        grades=get_grades(session, matter=matter, actor=actor, now=now),
    )


def get_matter_for(session: Session, *, act: Act, matter_id: uuid.UUID, actor: Actor) -> Matter:
    """Return the matter that the actor is about to do something with.

    Raises NotFound, also for a draft, of which nothing is said; NotEligible and TransitionNotAllowed, as the
    service will.
    """
    matter = session.get(Matter, matter_id)
    if matter is None or matter.community_id != actor.community_id or matter.stage not in PUBLIC:
        raise NotFound(matter_id)
    check(act, matter.stage, actor.roles)
    return matter
