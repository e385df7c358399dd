"""The station's page for everybody, and what the station itself keeps on it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.ratings.forms import CardForm, ItemForm, item_class
from civicforum.ratings.publishing import ITEM, NO_ITEM, SERVED, TOGETHER
from civicforum.ratings.queries import grades
from civicforum.ratings.queries import station as queries
from civicforum.ratings.rules import LEVELS, may_manage
from civicforum.ratings.services import station as services
from civicforum.ratings.texts import REFUSALS
from civicforum.ratings.views.blueprint import bp
from civicforum.rulebook import load
from civicforum.rulebook.days import are_holidays_known, day_of


@bp.get("/")
@public
def station() -> ResponseReturnValue:
    """What the station does, who serves, how it is rated, and what was answered to bad grades."""
    session, community, now = db.session(), require_community(), datetime.now(UTC)
    actor = current_actor()
    book = load(community.profile)
    return render_template(
        "ratings/station.html",
        card=queries.find_card(session, community.id),
        items=queries.list_items(session, community.id),
        serving=queries.names_by_post(queries.list_serving(session, community_id=community.id, now=now)),
        ratings=queries.find_ratings(session, community.id),
        printed=queries.count_printed(session, community.id),
        overdue=grades.count_overdue(session, community.id, now),
        answers=grades.list_answers(session, community_id=community.id, number=page_number("answers")),
        appraisals=queries.list_appraisals(session, community.id),
        may_manage=actor is not None and may_manage(actor),
        rules=[book.rule(name) for name in ("rating.once", "rating.contact", "rating.mend")],
        least=book.count("privacy.least").least,
        holidays_known=are_holidays_known(day_of(now).year),
        year=day_of(now).year,
        levels=LEVELS,
        SERVED=SERVED,
        ITEM=ITEM,
        NO_ITEM=NO_ITEM,
        TOGETHER=TOGETHER,
    )


@bp.route("/items", methods=["GET", "POST"])
@roles(Role.STATION_HEAD, Role.CLERK)
def items() -> ResponseReturnValue:
    """List what the station does, and add to it."""
    actor, form = require_actor(), ItemForm()
    if form.validate_on_submit():
        try:
            services.add_item(
                service_class=item_class(form),
                name=form.name.data,
                unit=form.unit.data,
                actor=actor,
                now=datetime.now(UTC),
            )
            flash(_("“%(name)s” is on the list.", name=form.name.data), "success")
            return redirect(url_for(".items"), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    found = queries.list_items(db.session(), actor.community_id)
    return render_template("ratings/items.html", form=form, items=found), 422 if form.errors else 200


@bp.post("/items/<uuid:item_id>/end")
@roles(Role.STATION_HEAD, Role.CLERK)
def end_item(item_id: uuid.UUID) -> ResponseReturnValue:
    services.end_item(item_id=item_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("It is off the list. Its ratings stay in the totals."), "success")
    return redirect(url_for(".items"), code=303)


@bp.route("/card", methods=["GET", "POST"])
@roles(Role.STATION_HEAD, Role.CLERK)
def card() -> ResponseReturnValue:
    """Say where the station is, when it is open and whom to call."""
    actor, form = require_actor(), CardForm()
    if form.validate_on_submit():
        services.write_card(card=form.given(), actor=actor, now=datetime.now(UTC))
        flash(_("The station's page says so now."), "success")
        return redirect(url_for(".station"), code=303)
    kept = queries.find_card(db.session(), actor.community_id)
    if kept is not None and not form.is_submitted():
        form.fill(kept)
    return render_template("ratings/card.html", form=form), 422 if form.errors else 200
