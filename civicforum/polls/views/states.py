"""Opening, stopping, extending and voiding a poll, by who runs it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.polls.errors import StepBlocked
from civicforum.polls.forms.states import REFUSALS, ExtendForm, VoidForm
from civicforum.polls.models import Poll
from civicforum.polls.queries.polls import get_alone
from civicforum.polls.rules import RUN_SOME
from civicforum.polls.services import states as services
from civicforum.polls.texts_blockers import blocker_text
from civicforum.polls.views.blueprint import bp


@bp.post("/<uuid:poll_id>/open", endpoint="open")
@roles(*RUN_SOME)
def open_now(poll_id: uuid.UUID) -> ResponseReturnValue:
    def step() -> None:
        services.open_poll(
            poll_id=poll_id,
            actor=require_actor(),
            settings=current_app.config["CIVICFORUM"],
            now=datetime.now(UTC),
        )

    return _stepped(poll_id, step, _("Voting is open."))


@bp.post("/<uuid:poll_id>/stop")
@roles(*RUN_SOME)
def stop(poll_id: uuid.UUID) -> ResponseReturnValue:
    def step() -> None:
        services.stop_poll(poll_id=poll_id, actor=require_actor(), now=datetime.now(UTC))

    return _stepped(poll_id, step, _("Voting has ended. No ballot comes any more."))


@bp.route("/<uuid:poll_id>/extend", methods=["GET", "POST"])
@roles(*RUN_SOME)
def extend(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll_to_run(poll_id)
    form = ExtendForm(data=ExtendForm.values_of(poll))
    if form.validate_on_submit():
        try:
            services.extend_poll(
                poll_id=poll_id,
                closes_at=form.ends_at,
                reason=form.reason.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            flash(_("Voting lasts longer. Everybody sees until when, and why."), "success")
            return redirect(url_for(".manage", poll_id=poll_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    page = render_template("polls/extend.html", form=form, poll=poll, now=datetime.now(UTC))
    return page, 422 if form.errors else 200


@bp.route("/<uuid:poll_id>/void", methods=["GET", "POST"])
@roles(*RUN_SOME)
def void(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll_to_run(poll_id)
    form = VoidForm()
    if form.validate_on_submit():
        services.void_poll(
            poll_id=poll_id, ground=form.ground.data, actor=require_actor(), now=datetime.now(UTC)
        )
        flash(_("The vote is void. The reason stands beside it for everybody."), "success")
        return redirect(url_for(".show", poll_id=poll_id), code=303)
    return render_template("polls/void.html", form=form, poll=poll), 422 if form.errors else 200


def _poll_to_run(poll_id: uuid.UUID) -> Poll:
    actor = require_actor()
    poll = get_alone(db.session(), poll_id=poll_id, community_id=actor.community_id)
    if not poll.is_run_by(actor):
        raise NotEligible(actor.person_id)
    return poll


def _stepped(poll_id: uuid.UUID, step: Callable[[], None], done: str) -> ResponseReturnValue:
    """Take the step, and show the officer's page again, with what stood in the way if it was not taken."""
    try:
        step()
        flash(done, "success")
    except StepBlocked as refusal:
        flash(" ".join(blocker_text(one) for one in refusal.blockers), "error")
    return redirect(url_for(".manage", poll_id=poll_id), code=303)
