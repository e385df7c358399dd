"""Printing slips for a counter, and withdrawing them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.qr import draw_code
from civicforum.ratings.forms import SheetForm, WithdrawForm
from civicforum.ratings.queries import station as queries
from civicforum.ratings.rules import SLIPS_PER_SHEET, default_valid_until
from civicforum.ratings.services import slips as services
from civicforum.ratings.services.slips import Printed
from civicforum.ratings.texts import REFUSALS
from civicforum.ratings.views.blueprint import bp
from civicforum.rulebook.days import day_of


@bp.route("/slips", methods=["GET", "POST"])
@roles(Role.STATION_HEAD, Role.CLERK)
def slips() -> ResponseReturnValue:
    """List the sheets and print another one."""
    actor, session, now = require_actor(), db.session(), datetime.now(UTC)
    form = SheetForm()
    form.offer(queries.list_serving(session, community_id=actor.community_id, now=now))
    if form.validate_on_submit():
        try:
            printed = services.print_sheet(
                term_id=uuid.UUID(form.term.data),
                counter=form.counter.data,
                valid_until=form.valid_until.data,
                key=current_app.config["CIVICFORUM"].identity_key,
                actor=actor,
                now=now,
            )
            return _sheet(printed)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    if not form.is_submitted():
        form.valid_until.data = default_valid_until(day_of(now))
    page = render_template(
        "ratings/slips.html",
        form=form,
        page=queries.list_sheets(session, community_id=actor.community_id, number=page_number()),
        number=SLIPS_PER_SHEET,
        today=day_of(now),
    )
    return page, 422 if form.errors else 200


@bp.route("/slips/<uuid:sheet_id>/withdraw", methods=["GET", "POST"])
@roles(Role.STATION_HEAD, Role.CLERK)
def withdraw(sheet_id: uuid.UUID) -> ResponseReturnValue:
    """Withdraw a sheet, as after a loss."""
    actor, form = require_actor(), WithdrawForm()
    sheet = queries.get_sheet(db.session(), sheet_id=sheet_id, community_id=actor.community_id)
    if form.validate_on_submit():
        services.withdraw_sheet(
            sheet_id=sheet_id, reason=form.reason.data, actor=actor, now=datetime.now(UTC)
        )
        flash(_("The slips of this sheet open nothing any more."), "success")
        return redirect(url_for(".slips"), code=303)
    return render_template("ratings/withdraw.html", form=form, sheet=sheet), 422 if form.errors else 200


def _sheet(printed: Printed) -> ResponseReturnValue:
    """Show the codes this once: not redirected to, for they are kept nowhere."""
    lines = [
        (code, draw_code(url_for(".rate", typed=code, _external=True), border=1)) for code in printed.codes
    ]
    return render_template("ratings/sheet.html", sheet=printed.sheet, slips=lines), 201
