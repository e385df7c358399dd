"""Reads of one cycle for its pages."""

from __future__ import annotations

import uuid

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import Role
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
from civicforum.people.models import Grid, Group
from civicforum.polls.electorates import draw_from_json
from civicforum.records.models import JournalEntry


def get_cycle(
    session: Session, *, cycle_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None = None
) -> Cycle:
    """Return a cycle with scales, subjects, reports, groups and meeting, in a bounded number of statements.

    Raises NotFound, also for a draft, which the supervision committee alone reads.
    """
    cycle = session.scalars(
        select(Cycle)
        .options(
            selectinload(Cycle.scales),
            selectinload(Cycle.groups),
            selectinload(Cycle.subjects).options(
                joinedload(AppraisalSubject.report),
                joinedload(AppraisalSubject.term).joinedload(Term.post).joinedload(Post.body),
            ),
            joinedload(Cycle.meeting),
            joinedload(Cycle.chaired_by),
        )
        .where(Cycle.id == cycle_id, Cycle.community_id == community_id)
    ).one_or_none()
    is_supervisor = actor is not None and actor.has(Role.SUPERVISOR)
    if cycle is None or (cycle.posted_at is None and not is_supervisor):
        raise NotFound(cycle_id)
    return cycle


def names_of_rolls(session: Session, cycle: Cycle) -> dict[uuid.UUID, str]:
    """Return the names of the bodies, residents' groups and grids that the cycle's rolls are drawn from."""
    draws = [draw_from_json(group.draw) for group in cycle.groups if group.draw]
    wanted = {body_id for draw in draws for body_id, _kind in draw.posts}
    wanted |= {one for draw in draws for one in (*draw.groups, *draw.grids)}
    if not wanted:
        return {}
    rows = session.execute(
        union_all(
            *(select(table.id, table.name).where(table.id.in_(wanted)) for table in (Body, Group, Grid))
        )
    )
    return {row[0]: row[1] for row in rows}


def list_journal(session: Session, cycle_id: uuid.UUID, *, number: int) -> Page[JournalEntry]:
    """Return a page of what was done about a cycle in public, the latest first, with who did it."""
    return paginate(
        session,
        select(JournalEntry)
        .options(joinedload(JournalEntry.actor), joinedload(JournalEntry.assisted_by))
        .where(
            JournalEntry.subject_kind == "appraisal",
            JournalEntry.subject_id == cycle_id,
            JournalEntry.is_public,
        )
        .order_by(JournalEntry.sequence.desc()),
        number=number,
    )
