"""Deciding requests to delete personal data: what waits, what would be done, and doing or refusing it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import TransitionNotAllowed
from civicforum.paging import page_number
from civicforum.rulebook.days import day_of
from civicforum.transfer import queries, services
from civicforum.transfer.blocking import list_blocks
from civicforum.transfer.errors import StillNeeded
from civicforum.transfer.forms import CarryOutForm, RefuseForm
from civicforum.transfer.rules import ANSWER_RULE, RequestState
from civicforum.transfer.texts import BLOCKS, KEPT_ANYHOW, KEPT_BECAUSE, PLACES, STATES
from civicforum.transfer.views.blueprint import bp


@bp.get("/requests")
@roles(Role.ADMIN, Role.CLERK)
def requests() -> ResponseReturnValue:
    community = require_community()
    return render_template(
        "transfer/requests.html",
        page=queries.list_requests(db.session(), community_id=community.id, number=page_number()),
        rule=rulebook.load(community.profile).rule(ANSWER_RULE),
        states=STATES,
        asked=RequestState.ASKED,
        now=datetime.now(UTC),
    )


@bp.get("/requests/<uuid:request_id>")
@roles(Role.ADMIN, Role.CLERK)
def request(request_id: uuid.UUID) -> ResponseReturnValue:
    return _page(request_id, CarryOutForm(formdata=None), RefuseForm(formdata=None))


@bp.post("/requests/<uuid:request_id>/deletion")
@roles(Role.ADMIN, Role.CLERK)
def carry_out(request_id: uuid.UUID) -> ResponseReturnValue:
    form = CarryOutForm()
    if not form.validate_on_submit():
        return _page(request_id, form, RefuseForm(formdata=None)), 422
    try:
        services.carry_out_deletion(request_id=request_id, actor=require_actor(), now=datetime.now(UTC))
    except StillNeeded:
        flash(_("Something that runs still needs to know who this is: it is listed below."), "error")
    except TransitionNotAllowed:
        flash(_("This request is decided already."), "error")
    else:
        flash(_("It is done. What the law keeps stays without the name."), "success")
    return redirect(url_for(".request", request_id=request_id), code=303)


@bp.post("/requests/<uuid:request_id>/refusal")
@roles(Role.ADMIN, Role.CLERK)
def refuse(request_id: uuid.UUID) -> ResponseReturnValue:
    form = RefuseForm()
    if not form.validate_on_submit():
        return _page(request_id, CarryOutForm(formdata=None), form), 422
    try:
        services.refuse_deletion(
            request_id=request_id, ground=form.ground.data, actor=require_actor(), now=datetime.now(UTC)
        )
    except TransitionNotAllowed:
        flash(_("This request is decided already."), "error")
    else:
        flash(_("It is refused, and the resident reads why."), "success")
    return redirect(url_for(".request", request_id=request_id), code=303)


def _page(request_id: uuid.UUID, carry_out_form: CarryOutForm, refuse_form: RefuseForm) -> str:
    session, actor, now = db.session(), require_actor(), datetime.now(UTC)
    found = queries.get_request(session, request_id=request_id, community_id=actor.community_id)
    waits = found.state is RequestState.ASKED
    return render_template(
        "transfer/request.html",
        found=found,
        waits=waits,
        is_own=found.person_id == actor.person_id,
        lines=queries.list_lines(session, person_id=found.person_id) if waits else [],
        left=queries.list_left(session, person=found.person) if waits else None,
        blocks=list_blocks(session, person_id=found.person_id, today=day_of(now)) if waits else [],
        carry_out_form=carry_out_form,
        refuse_form=refuse_form,
        states=STATES,
        places=PLACES,
        because=KEPT_BECAUSE,
        anyhow=KEPT_ANYHOW,
        block_names=BLOCKS,
        now=now,
    )
