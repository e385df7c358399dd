"""The whole community in one file: asked for, made by a job, fetched by the administrator."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Response, current_app, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import proven_lately, require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import AlreadyDone
from civicforum.rulebook.days import day_of
from civicforum.transfer import queries, services
from civicforum.transfer.blockers import polls_in_the_way
from civicforum.transfer.errors import PollsInTheWay
from civicforum.transfer.forms import ExportForm
from civicforum.transfer.rules import EXPORT_KEPT, ExportState
from civicforum.transfer.texts import EXPORTS
from civicforum.transfer.views.blueprint import bp


@bp.route("/community", methods=["GET", "POST"])
@roles(Role.ADMIN)
@proven_lately("POST")
def community() -> ResponseReturnValue:
    """Show the exports, and ask for another."""
    form = ExportForm()
    if form.validate_on_submit():
        try:
            services.ask_export(actor=require_actor(), now=datetime.now(UTC), settings=_settings())
        except AlreadyDone:
            flash(_("One is being made already."), "info")
        except PollsInTheWay:
            flash(_("Votes that are not over keep the community here: they are listed below."), "error")
        else:
            flash(_("The file is being made. This page shows how far it is."), "success")
        return redirect(url_for(".community"), code=303)
    session, community_id = db.session(), require_actor().community_id
    exports = queries.list_exports(session, community_id=community_id)
    body = render_template(
        "transfer/community.html",
        form=form,
        exports=exports,
        running=[each for each in exports if each.state in services.exports.RUNNING],
        ready=ExportState.READY,
        polls=polls_in_the_way(session, community_id=community_id, instance=_settings().instance),
        states=EXPORTS,
        kept=EXPORT_KEPT,
    )
    return body, 422 if form.is_submitted() else 200


@bp.get("/community/<uuid:export_id>/file")
@roles(Role.ADMIN)
@proven_lately("GET")
def file(export_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the file of an export, a part at a time."""
    session = db.session()
    export = queries.get_ready_export(session, export_id=export_id, community_id=require_actor().community_id)
    parts = stream_with_context(queries.read_parts(session, export_id=export.id))
    answer = Response(parts, mimetype="application/zip")
    answer.content_length = export.size
    name = f"community-{day_of(export.asked_at)}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _settings() -> Settings:
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings
