"""Planning, changing, opening and closing a conversation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.matters.models import Matter
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries import list_bodies_to_invite
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_of
from civicforum.statements import queries, services
from civicforum.statements.forms import CloseForm, PlanForm
from civicforum.statements.models import Conversation
from civicforum.statements.queries.listing import ConversationPage
from civicforum.statements.rules import Fault, check_convene
from civicforum.statements.texts import FAULTS
from civicforum.statements.views.blueprint import bp

# How long a conversation stays open unless somebody says otherwise.
OPEN_FOR = timedelta(days=14)
CLOSES_AT = time(20, 0)


@bp.route("/plan", methods=["GET", "POST"])
@signed_in
def plan() -> ResponseReturnValue:
    """Plan a conversation; ?meeting= or ?matter= says what it belongs to."""
    meeting, matter = _subject()
    check_convene(require_actor(), chair_id=meeting.chair_id if meeting else None)
    form, now = PlanForm(), datetime.now(UTC)
    _set_choices(form, has_meeting=meeting is not None)
    if not form.is_submitted():
        closes_at = datetime.combine(day_of(now + OPEN_FOR), CLOSES_AT, SHANGHAI)
        form.start(opens_at=now, closes_at=closes_at, conversation=None)
        form.topic.data = matter.title if matter else ""

    def save() -> uuid.UUID:
        return services.plan_conversation(
            plan=form.plan(),
            meeting_id=meeting.id if meeting else None,
            matter_id=matter.id if matter else None,
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _plan_page(form, save, None, meeting=meeting, matter=matter)


@bp.route("/<uuid:conversation_id>/change", methods=["GET", "POST"])
@signed_in
def change_plan(conversation_id: uuid.UUID) -> ResponseReturnValue:
    page = _page_to_convene(conversation_id)
    conversation, form = page.conversation, PlanForm()
    _set_choices(form, has_meeting=conversation.meeting is not None)
    if not form.is_submitted():
        form.start(
            opens_at=conversation.opens_at, closes_at=conversation.closes_at, conversation=conversation
        )

    def save() -> uuid.UUID:
        services.change_conversation(
            conversation_id=conversation_id, plan=form.plan(), actor=require_actor(), now=datetime.now(UTC)
        )
        return conversation_id

    return _plan_page(form, save, conversation, meeting=conversation.meeting, matter=conversation.matter)


@bp.post("/<uuid:conversation_id>/open")
@signed_in
def open_now(conversation_id: uuid.UUID) -> ResponseReturnValue:
    services.open_conversation(conversation_id=conversation_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("The conversation is open."), "success")
    return redirect(url_for(".show", conversation_id=conversation_id), code=303)


@bp.route("/<uuid:conversation_id>/close", methods=["GET", "POST"])
@signed_in
def close(conversation_id: uuid.UUID) -> ResponseReturnValue:
    page, form = _page_to_convene(conversation_id), CloseForm()
    if form.validate_on_submit():
        services.close_conversation(
            conversation_id=conversation_id,
            reason=form.reason.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
        flash(_("The conversation is closed. Its results are computed within a minute or two."), "success")
        return redirect(url_for(".show", conversation_id=conversation_id), code=303)
    shown = render_template("statements/close.html", form=form, conversation=page.conversation)
    return shown, 422 if form.is_submitted() else 200


def _plan_page(
    form: PlanForm,
    save: Callable[[], uuid.UUID],
    conversation: Conversation | None,
    *,
    meeting: Meeting | None,
    matter: Matter | None,
) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            conversation_id = save()
        except Invalid as refusal:
            add_error(form, refusal.field, str(FAULTS[Fault(refusal.reason)]))
        else:
            flash(_("The conversation is kept."), "success")
            return redirect(url_for(".show", conversation_id=conversation_id), code=303)
    shown = render_template(
        "statements/plan.html", form=form, conversation=conversation, meeting=meeting, matter=matter
    )
    return shown, 422 if form.is_submitted() else 200


def _set_choices(form: PlanForm, *, has_meeting: bool) -> None:
    bodies = list_bodies_to_invite(db.session(), community_id=require_actor().community_id)
    form.set_choices(bodies=[(str(body.id), body.name) for body in bodies], has_meeting=has_meeting)


def _subject() -> tuple[Meeting | None, Matter | None]:
    """Return what the conversation is planned for; what is not of this community is nothing."""
    meeting_id = request.args.get("meeting", type=uuid.UUID)
    matter_id = request.args.get("matter", type=uuid.UUID)
    community_id = require_actor().community_id
    meeting = db.session.get(Meeting, meeting_id) if meeting_id else None
    matter = db.session.get(Matter, matter_id) if matter_id and not meeting else None
    return (
        meeting if meeting and meeting.community_id == community_id else None,
        matter if matter and matter.community_id == community_id else None,
    )


def _page_to_convene(conversation_id: uuid.UUID) -> ConversationPage:
    actor = require_actor()
    page = queries.get_page(
        db.session(),
        conversation_id=conversation_id,
        community_id=actor.community_id,
        actor=actor,
        now=datetime.now(UTC),
    )
    if not page.may_convene:
        raise NotEligible(actor.person_id)
    return page
