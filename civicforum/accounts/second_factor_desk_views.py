"""Who of those in posts with powers has a second factor, and whether one is asked of them."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civicforum.access import proven_lately, require_actor, roles
from civicforum.accounts import second_factor_queries as queries
from civicforum.accounts import second_factor_services as services
from civicforum.accounts.current import require_community
from civicforum.accounts.second_factor_views import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid

__all__ = ["bp"]


@bp.get("/administration/second-factor")
@roles(Role.ADMIN)
def officers() -> ResponseReturnValue:
    community = require_community()
    found = queries.list_officers(db.session(), community_id=community.id, now=datetime.now(UTC))
    return render_template(
        "accounts/officers_factors.html",
        officers=found,
        missing=[one for one in found if not one.has_factor],
        is_needed=community.needs_second_factor,
        is_proven=current_user.factor_at is not None,
    )


@bp.post("/administration/second-factor")
@roles(Role.ADMIN)
@proven_lately("POST")
def switch() -> ResponseReturnValue:
    is_needed = request.form.get("need") == "yes"
    try:
        services.require(
            is_needed=is_needed,
            session_id=current_user.session_id,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except Invalid:
        flash(_("Add a second factor to your own account first, so that you are not locked out."), "error")
    except AlreadyDone:
        flash(_("Somebody has changed this already."), "info")
    else:
        words = _("From now on posts with powers count only with a second factor.")
        flash(words if is_needed else _("Posts with powers count without a second factor again."), "success")
    return redirect(url_for(".officers"), code=303)
