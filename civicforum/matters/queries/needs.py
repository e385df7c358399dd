"""What waits for somebody up to the decision: drafts, returned matters, reviews, meetings to plan."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, select

from civicforum.accounts.rules import Actor
from civicforum.inbox.rules import NeedKind
from civicforum.inbox.waiting import HERE, ME, Part
from civicforum.matters.models import Matter
from civicforum.matters.rules import Act, Stage, may
from civicforum.meetings.models import AgendaItem, Meeting
from civicforum.meetings.rules import MeetingState

# The home page is no archive: of each kind the most urgent.
MOST = 20


def own_needs(actor: Actor) -> list[Part]:
    """Return what waits for the actor up to the decision."""
    mine = Matter.author_id == ME
    needs = [
        _needs(Stage.DRAFT, NeedKind.FINISH_DRAFT, "matters.check", mine),
        _needs(Stage.RETURNED, NeedKind.REVISE, "matters.check", mine),
    ]
    if may(Act.STUDY, actor.roles):
        needs.append(_needs(Stage.SECONDED, NeedKind.STUDY, "matters.review"))
    if may(Act.ACCEPT, actor.roles):
        needs.append(_needs(Stage.IN_REVIEW, NeedKind.REVIEW, "matters.review"))
    if may(Act.PLAN_MEETING, actor.roles):
        for stage in (Stage.DELIBERATING, Stage.TO_DECIDE):
            needs.append(_needs(stage, NeedKind.PLAN_MEETING, "matters.show", ~_has_meeting()))
    return needs


def _needs(stage: Stage, kind: NeedKind, endpoint: str, condition: ColumnElement[bool] | None = None) -> Part:
    rows = select(Matter.id, Matter.title, Matter.due_at).where(
        Matter.community_id == HERE, Matter.stage == stage
    )
    if condition is not None:
        rows = rows.where(condition)
    rows = rows.order_by(Matter.due_at.nulls_last(), Matter.created_at, Matter.id).limit(MOST)
    return Part(kind, endpoint, "matter_id", rows)


def _has_meeting() -> ColumnElement[bool]:
    """Tell whether the matter stands on the agenda of a meeting that is still to come, or going on."""
    return exists().where(
        AgendaItem.matter_id == Matter.id,
        AgendaItem.meeting_id == Meeting.id,
        AgendaItem.concluded_at.is_(None),
        Meeting.state.in_((MeetingState.PLANNED, MeetingState.OPEN)),
    )
