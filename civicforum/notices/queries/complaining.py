"""Reads of complaints: what everybody sees of them, and what only their author and supervisors see."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from civicforum.accounts.rules import Actor
from civicforum.errors import NotEligible, NotFound
from civicforum.notices.models import Complaint, DisclosureDue
from civicforum.notices.rules_asking import ComplaintState, complaint_state
from civicforum.notices.texts import item_name
from civicforum.paging import Page, paginate
from civicforum.supervision.rules import may_supervise


@dataclass(frozen=True)
class ComplaintLine:
    """A complaint without its words and its author. `about`: the notice or the item, in words."""

    complaint: Complaint
    state: ComplaintState
    about: str


@dataclass(frozen=True)
class ComplaintPage(ComplaintLine):
    """A complaint as one visitor sees it; `may_read`: the words, the letter and the package too."""

    may_read: bool
    is_own: bool


def list_complaints(session: Session, *, community_id: uuid.UUID, number: int) -> Page[ComplaintLine]:
    """Return a page of the complaints, the newest first. Two statements."""
    statement = (
        _with_about()
        .where(Complaint.community_id == community_id)
        .order_by(Complaint.filed_at.desc(), Complaint.id)
    )
    return paginate(session, statement, number=number).map(_line)


def list_of_notice(session: Session, *, notice_id: uuid.UUID) -> Sequence[ComplaintLine]:
    """Return the complaints about a notice, or about queries on it, the newest first."""
    statement = (
        _with_about()
        .where(Complaint.notice_id == notice_id)
        .order_by(Complaint.filed_at.desc(), Complaint.id)
    )
    return [_line(complaint) for complaint in session.scalars(statement)]


def get_complaint(
    session: Session, *, complaint_id: uuid.UUID, community_id: uuid.UUID, actor: Actor | None
) -> ComplaintPage:
    """Return one complaint. Raises NotFound, also for another community's."""
    complaint = session.scalars(
        _with_about().where(Complaint.id == complaint_id, Complaint.community_id == community_id)
    ).one_or_none()
    if complaint is None:
        raise NotFound(complaint_id)
    is_own = actor is not None and complaint.author_id == actor.person_id
    line = _line(complaint)
    return ComplaintPage(
        complaint, line.state, line.about, may_read=is_own or may_supervise(actor), is_own=is_own
    )


def get_readable(
    session: Session, *, complaint_id: uuid.UUID, actor: Actor, with_package: bool = False
) -> ComplaintPage:
    """Return a complaint whose words and package the actor may have: its author and supervisors.

    The residents' committee is not among them: who complains about it would not be safe from it otherwise.
    Raises NotFound, NotEligible.
    """
    page = get_complaint(session, complaint_id=complaint_id, community_id=actor.community_id, actor=actor)
    if not page.may_read:
        raise NotEligible(actor.person_id)
    if with_package:
        session.refresh(page.complaint, ["package"])
    return page


def about_text(complaint: Complaint) -> str:
    """Return what a complaint is about: the item that was due, or the notice."""
    if complaint.due is not None:
        return item_name(complaint.due.item)
    return complaint.notice.title if complaint.notice else ""


def _with_about() -> Select[Complaint]:
    return select(Complaint).options(
        joinedload(Complaint.notice),
        joinedload(Complaint.query),
        joinedload(Complaint.due).joinedload(DisclosureDue.item),
    )


def _line(complaint: Complaint) -> ComplaintLine:
    state = complaint_state(
        is_handed_over=complaint.handed_over_at is not None,
        is_answered=complaint.answered_at is not None,
        is_remedied=complaint.remedied_at is not None,
    )
    return ComplaintLine(complaint, state, about_text(complaint))
