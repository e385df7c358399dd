"""The delivery list of a draft: its pages, its print, and entering who got it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, signed_in
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.drafts import queries, services
from civicforum.drafts.forms import DeliveryForm
from civicforum.drafts.models import Draft
from civicforum.drafts.queries.deliveries import MOST_PRINTED
from civicforum.drafts.rules import DraftState, check_deliver
from civicforum.drafts.texts import REFUSALS
from civicforum.drafts.views.blueprint import bp, draft_of
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.queries import get_grid, list_groups
from civicforum.rulebook.days import day_of


@bp.get("/<uuid:draft_id>/deliveries")
@signed_in
def deliveries(draft_id: uuid.UUID) -> ResponseReturnValue:
    form = DeliveryForm(formdata=None)
    form.delivered_on.data = day_of(datetime.now(UTC))
    return _list(draft_of(draft_id), form)


@bp.post("/<uuid:draft_id>/deliveries")
@signed_in
def deliver(draft_id: uuid.UUID) -> ResponseReturnValue:
    draft = draft_of(draft_id)
    form = DeliveryForm()
    if form.validate_on_submit():
        try:
            entered = services.record_deliveries(
                draft_id=draft_id,
                household_ids=request.form.getlist("household", type=uuid.UUID),
                delivered_on=form.delivered_on.data,
                delivered_by_id=_went(require_actor()),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        else:
            flash(
                ngettext("%(num)s household entered.", "%(num)s households entered.", entered),
                "success" if entered else "info",
            )
            return redirect(url_for(".deliveries", draft_id=draft_id, **_filters()), code=303)
    return _list(draft, form), 422


@bp.post("/<uuid:draft_id>/deliveries/<uuid:household_id>/take-back")
@signed_in
def take_back_delivery(draft_id: uuid.UUID, household_id: uuid.UUID) -> ResponseReturnValue:
    services.take_back_delivery(
        draft_id=draft_id, household_id=household_id, actor=require_actor(), now=datetime.now(UTC)
    )
    flash(_("Taken back: the household waits for the draft again."), "success")
    return redirect(url_for(".deliveries", draft_id=draft_id, **_filters()), code=303)


@bp.get("/<uuid:draft_id>/deliveries/print")
@signed_in
def delivery_print(draft_id: uuid.UUID) -> ResponseReturnValue:
    """Show the households of one grid without pages, with room for a signature."""
    draft, actor = draft_of(draft_id), require_actor()
    grid_id = request.args.get("grid", type=uuid.UUID)
    if grid_id is None:
        return redirect(url_for(".deliveries", draft_id=draft_id), code=303)
    grid = get_grid(db.session(), grid_id=grid_id, community_id=draft.community_id)
    check_deliver(actor, is_grid_worker=grid.worker_id == actor.person_id)
    page = queries.list_households(
        db.session(),
        draft_id=draft.id,
        community_id=draft.community_id,
        grid_id=grid.id,
        per_page=MOST_PRINTED,
    )
    return render_template("drafts/delivery_print.html", draft=draft, grid=grid, page=page)


def _list(draft: Draft, form: DeliveryForm) -> str:
    """Show the list of one grid, one group, or all; a grid's worker sees the own grid."""
    session, actor = db.session(), require_actor()
    progress = queries.list_progress(session, draft_id=draft.id, community_id=draft.community_id)
    grid_id = request.args.get("grid", type=uuid.UUID)
    own = next((line.grid for line in progress if line.grid.worker_id == actor.person_id), None)
    if grid_id is None and own is not None:
        grid_id = own.id
    chosen = next((line.grid for line in progress if line.grid.id == grid_id), None)
    check_deliver(actor, is_grid_worker=chosen is not None and chosen.worker_id == actor.person_id)
    return render_template(
        "drafts/deliveries.html",
        draft=draft,
        form=form,
        progress=progress,
        grid=chosen,
        groups=list_groups(session, community_id=draft.community_id),
        group_id=request.args.get("group", type=uuid.UUID),
        only_waiting="waiting" in request.args,
        is_out=draft.state is DraftState.OUT,
        page=queries.list_households(
            session,
            draft_id=draft.id,
            community_id=draft.community_id,
            grid_id=chosen.id if chosen else None,
            group_id=request.args.get("group", type=uuid.UUID),
            only_waiting="waiting" in request.args,
            number=page_number(),
        ),
    )


def _filters() -> dict[str, Any]:
    return {name: request.args[name] for name in ("grid", "group", "waiting", "page") if name in request.args}


def _went(actor: Actor) -> uuid.UUID | None:
    """Return who carried the papers: the worker of the grid, where a clerk says so, else the actor."""
    return request.form.get("delivered_by", type=uuid.UUID) or actor.person_id
