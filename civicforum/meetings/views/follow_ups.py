"""What follows meetings: the public list, the page of one meeting, and the forms."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.matters.forms.fields import uploaded
from civicforum.meetings import queries, services
from civicforum.meetings.forms.follow_ups import AGENDA, TASK, FinishForm, FollowUpForm
from civicforum.meetings.models import AgendaItem
from civicforum.meetings.queries.follow_ups import (
    count_follow_ups,
    get_follow_up,
    get_item_to_follow,
    list_after,
    list_follow_ups,
    list_owners,
)
from civicforum.meetings.rules_after import check_run_after
from civicforum.meetings.texts_after import FOLLOW_UPS, REFUSALS
from civicforum.meetings.views.blueprint import bp
from civicforum.paging import page_number
from civicforum.records.forms import photo_words
from civicforum.records.photos import PhotoRefused


@bp.get("/follow-ups")
@public
def follow_ups() -> ResponseReturnValue:
    community, actor, now = require_community(), current_actor(), datetime.now(UTC)
    is_done = request.args.get("show") == "done"
    return render_template(
        "meetings/follow_ups.html",
        page=list_follow_ups(
            db.session(),
            community_id=community.id,
            is_done=is_done,
            actor=actor,
            now=now,
            number=page_number(),
        ),
        figures=count_follow_ups(db.session(), community_id=community.id, now=now),
        is_done=is_done,
        kinds=FOLLOW_UPS,
        now=now,
    )


@bp.get("/<uuid:meeting_id>/follow-ups")
@signed_in
def what_follows(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show every item with what follows it, for whoever has to say so."""
    actor, now = require_actor(), datetime.now(UTC)
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=actor.community_id)
    check_run_after(actor, chair_id=meeting.answering_id, clerk_id=meeting.clerk_id)
    return render_template(
        "meetings/what_follows.html",
        meeting=meeting,
        after=list_after(db.session(), meeting=meeting, actor=actor, now=now),
        kinds=FOLLOW_UPS,
        now=now,
    )


@bp.route("/items/<uuid:item_id>/follow-up", methods=["GET", "POST"])
@signed_in
def add_follow_up(item_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    item = get_item_to_follow(db.session(), item_id=item_id, actor=actor)
    form = FollowUpForm()
    form.offer(list_owners(db.session(), community_id=actor.community_id))
    if form.validate_on_submit():
        if form.kind.data == TASK and form.due_on.data is None:
            add_error(form, "due_on", _("Enter the day."))
        else:
            try:
                _add(form, item)
            except Invalid as refused:
                add_error(form, refused.field, str(REFUSALS[refused.reason]))
            except AlreadyDone:
                add_error(form, "kind", _("That is entered already, or something else follows this item."))
            else:
                flash(_("Entered."), "success")
                return redirect(url_for(".what_follows", meeting_id=item.meeting_id), code=303)
    body = render_template("meetings/add_follow_up.html", form=form, item=item, meeting=item.meeting)
    return body, 422 if form.is_submitted() else 200


@bp.post("/follow-ups/<uuid:follow_up_id>/drop")
@signed_in
def drop_follow_up(follow_up_id: uuid.UUID) -> ResponseReturnValue:
    meeting_id = services.drop_follow_up(
        follow_up_id=follow_up_id, actor=require_actor(), now=datetime.now(UTC)
    )
    flash(_("Taken back."), "success")
    return redirect(url_for(".what_follows", meeting_id=meeting_id), code=303)


@bp.route("/follow-ups/<uuid:follow_up_id>/done", methods=["GET", "POST"])
@signed_in
def finish_follow_up(follow_up_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    found = get_follow_up(db.session(), follow_up_id=follow_up_id, community_id=actor.community_id)
    form = FinishForm()
    if form.validate_on_submit():
        try:
            services.finish_task(
                follow_up_id=follow_up_id,
                note=form.note.data,
                photo=uploaded(form.photo),
                photo_description=form.photo_description.data,
                actor=actor,
                now=datetime.now(UTC),
            )
        except PhotoRefused as refused:
            add_error(form, "photo", photo_words(refused))
        except AlreadyDone:
            flash(_("It was reported done already. Nothing was changed."), "info")
            return redirect(url_for(".follow_ups", show="done"), code=303)
        else:
            flash(_("Reported done."), "success")
            return redirect(url_for(".follow_ups"), code=303)
    body = render_template("meetings/finish_follow_up.html", form=form, follow_up=found)
    return body, 422 if form.is_submitted() else 200


def _add(form: FollowUpForm, item: AgendaItem) -> None:
    actor, now = require_actor(), datetime.now(UTC)
    if form.kind.data == TASK:
        services.add_task(
            item_id=item.id,
            text=form.text.data,
            owner_id=uuid.UUID(form.owner.data),
            due_on=form.due_on.data,
            actor=actor,
            now=now,
        )
    elif form.kind.data == AGENDA:
        services.put_on_agenda(item_id=item.id, text=form.text.data, actor=actor, now=now)
    else:
        services.say_nothing_follows(item_id=item.id, because=form.text.data, actor=actor, now=now)
