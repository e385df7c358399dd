"""What a meeting comes to: outcomes, votes, raised hands."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, signed_in
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.meetings import queries, services
from civicforum.meetings.errors import NothingToVoteOn, VoteIsOpen
from civicforum.meetings.forms import OutcomeForm, ReasonForm
from civicforum.meetings.models import AgendaItem
from civicforum.meetings.rules import Outcome, check_conclude, check_run
from civicforum.meetings.views.blueprint import bp
from civicforum.polls.queries.named import list_hands
from civicforum.polls.rules import Choice, PollState


@bp.route("/items/<uuid:item_id>/outcome", methods=["GET", "POST"])
@signed_in
def outcome(item_id: uuid.UUID) -> ResponseReturnValue:
    item, actor = _item(item_id)
    check_conclude(actor, chair_id=item.meeting.chair_id)
    has_matter = item.matter_id is not None
    form = OutcomeForm()
    form.set_choices(has_matter=has_matter)
    if form.validate_on_submit():
        try:
            meeting_id = services.conclude_item(
                item_id=item_id,
                outcome=Outcome(form.outcome.data),
                text=form.text.data or "",
                dissent=form.dissent.data or "",
                actor=actor,
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            # The one that the form cannot know: dissent is noted, and nobody wrote it down.
            form[refusal.field or "outcome"].errors = [
                _("Write down the dissent, or choose another outcome.")
            ]
        else:
            flash(_("The outcome is recorded."), "success")
            return redirect(url_for(".show", meeting_id=meeting_id, _anchor=f"item-{item_id}"), code=303)
    elif not form.is_submitted():
        form.text.data = item.text
    room = queries.list_door(db.session(), meeting=item.meeting, now=datetime.now(UTC))[1]
    page = render_template(
        "meetings/outcome.html", form=form, item=item, room=room, hints=form.hints(has_matter=has_matter)
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/items/<uuid:item_id>/vote/open")
@signed_in
def open_vote(item_id: uuid.UUID) -> ResponseReturnValue:
    try:
        poll_id = services.open_vote(item_id=item_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The vote is open. Everybody present can vote now."), "success")
    except AlreadyDone:
        item, _actor = _item(item_id)
        if item.poll_id is None:
            raise
        poll_id = item.poll_id
        flash(_("The vote is open already; somebody else was quicker."), "info")
    except VoteIsOpen:
        flash(_("Another meeting is voting on this matter."), "error")
        return _to_item(item_id)
    except NothingToVoteOn:
        flash(_("The item has no text, so there is nothing to vote on."), "error")
        return _to_item(item_id)
    return redirect(url_for("polls.show", poll_id=poll_id), code=303)


@bp.post("/items/<uuid:item_id>/vote/close")
@signed_in
def close_vote(item_id: uuid.UUID) -> ResponseReturnValue:
    try:
        is_adopted = services.close_vote(item_id=item_id, actor=require_actor(), now=datetime.now(UTC))
        said = (
            _("Adopted. The resolution is posted.") if is_adopted else _("Not adopted. The result is posted.")
        )
        flash(said, "success")
    except AlreadyDone:
        flash(_("The vote is closed already; somebody else was quicker."), "info")
    item, _actor = _item(item_id)
    return redirect(url_for("polls.show", poll_id=item.poll_id), code=303)


@bp.route("/items/<uuid:item_id>/vote/void", methods=["GET", "POST"])
@signed_in
def stop_vote(item_id: uuid.UUID) -> ResponseReturnValue:
    item, actor = _item(item_id)
    check_conclude(actor, chair_id=item.meeting.chair_id)
    form = ReasonForm()
    if form.validate_on_submit():
        services.stop_vote(item_id=item_id, ground=form.reason.data or "", actor=actor, now=datetime.now(UTC))
        flash(_("The vote is void. The item can be voted on anew."), "success")
        return _to_item(item_id)
    page = render_template("meetings/stop_vote.html", form=form, item=item)
    return page, 422 if form.is_submitted() else 200


@bp.route("/items/<uuid:item_id>/hands", methods=["GET", "POST"])
@signed_in
def hands(item_id: uuid.UUID) -> ResponseReturnValue:
    """Enter raised hands for members who do not vote on a phone."""
    item, actor = _item(item_id)
    check_run(actor, chair_id=item.meeting.chair_id)
    if item.poll is None or item.poll.state is not PollState.OPEN:
        raise TransitionNotAllowed(item.id, "hands")
    if request.method == "POST":
        raised = {
            uuid.UUID(name.removeprefix("hand-")): Choice(value)
            for name, value in request.form.items()
            if name.startswith("hand-") and value in list(Choice)
        }
        entered = services.enter_raised_hands(
            item_id=item_id, hands=raised, actor=actor, now=datetime.now(UTC)
        )
        flash(ngettext("%(num)s raised hand entered.", "%(num)s raised hands entered.", entered), "success")
        if entered < len(raised):
            kept = len(raised) - entered
            flash(
                ngettext(
                    "%(num)s member had voted already and keeps that vote.",
                    "%(num)s members had voted already and keep that vote.",
                    kept,
                ),
                "info",
            )
        return redirect(url_for("polls.show", poll_id=item.poll_id), code=303)
    return render_template(
        "meetings/hands.html", item=item, lines=list_hands(db.session(), poll_id=item.poll.id), choices=Choice
    )


def _item(item_id: uuid.UUID) -> tuple[AgendaItem, Actor]:
    actor = require_actor()
    return queries.get_item(db.session(), item_id=item_id, community_id=actor.community_id), actor


def _to_item(item_id: uuid.UUID) -> ResponseReturnValue:
    item, _actor = _item(item_id)
    return redirect(url_for(".show", meeting_id=item.meeting_id, _anchor=f"item-{item_id}"), code=303)
