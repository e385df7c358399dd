"""Keys of authorities: making one, entering one, and the page of each that everybody compares."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.reports import queries, services
from civicforum.reports.forms import KeyForm
from civicforum.reports.texts import REFUSALS
from civicforum.reports.views.blueprint import bp


@bp.get("/keys/<uuid:key_id>")
@public
def key(key_id: uuid.UUID) -> ResponseReturnValue:
    """One key: whose it is said to be, its fingerprint, who entered it, since when it is proved."""
    found = queries.get_key(db.session(), key_id=key_id, community_id=require_community().id)
    return render_template("reports/key.html", key=found)


@bp.get("/keys/make")
@public
def make_key() -> ResponseReturnValue:
    """Where an authority makes its pair of keys, in its own browser."""
    return render_template("reports/make_key.html")


@bp.route("/keys/new", methods=["GET", "POST"])
@roles(Role.ADMIN)
def enter_key() -> ResponseReturnValue:
    """Enter the key that an authority gave, or replace the one before."""
    actor = require_actor()
    before = queries.find_live_key(db.session(), actor.community_id)
    form = KeyForm(
        authority=before.authority if before else "",
        phone=before.phone if before else "",
        address=before.address if before else "",
    )
    if form.validate_on_submit():
        try:
            key_id = services.enter_key(
                authority=form.given(), actor=actor, now=datetime.now(UTC), reason=form.reason.data
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(
                _("The key is entered. Reports can be sent once the authority has passed a test with it."),
                "success",
            )
            return redirect(url_for(".key", key_id=key_id), code=303)
    page = render_template("reports/enter_key.html", form=form, before=before)
    return page, 422 if form.errors else 200
