"""Reads of one cycle for its pages."""

from __future__ import annotations

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from civicforum.accounts.rules import Actor
from civicforum.appraisals.models import AppraisalSubject, Cycle
from civicforum.bodies.models import Post, Term
from civicforum.bodies.rules import Role
from civicforum.errors import NotFound
from civicforum.paging import Page, paginate
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
