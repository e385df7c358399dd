"""The register of the rules of procedure: what is in force, each version, and how it differs."""

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
from civicforum.meetings import default_rules, queries
from civicforum.meetings.differences import sides
from civicforum.meetings.forms.preparing import ProcedureForm
from civicforum.meetings.queries.procedures import get_procedure, list_books, list_versions
from civicforum.meetings.services.procedures import NewVersion, adopt_procedure, floor_rules_of
from civicforum.meetings.texts_before import PROCEDURE_REFUSALS
from civicforum.meetings.views.blueprint import bp
from civicforum.people.queries import rules_in
from civicforum.rulebook.days import day_of


@bp.get("/procedures")
@public
def procedures() -> ResponseReturnValue:
    community, actor = require_community(), current_actor()
    book = rules_in(db.session(), community.id)
    return render_template(
        "meetings/procedures.html",
        books=list_books(db.session(), community_id=community.id, day=day_of(datetime.now(UTC))),
        default_title=default_rules.TITLE,
        default_text=default_rules.text_for(book),
        default_limits=default_rules.limits_of(book),
        may_adopt=actor is not None and actor.has(Role.COMMITTEE),
    )


@bp.get("/procedures/<uuid:procedure_id>")
@public
def procedure(procedure_id: uuid.UUID) -> ResponseReturnValue:
    page = get_procedure(
        db.session(),
        procedure_id=procedure_id,
        community_id=require_community().id,
        day=day_of(datetime.now(UTC)),
    )
    return render_template(
        "meetings/procedure.html",
        page=page,
        sides=sides(page.parts),
        limits=floor_rules_of(rules_in(db.session(), page.procedure.community_id), page.procedure),
    )


@bp.route("/procedures/adopt", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def adopt_rules() -> ResponseReturnValue:
    """Write the next version, beginning from the one in force."""
    actor = require_actor()
    form = ProcedureForm()
    _set_choices(form)
    if not form.is_submitted():
        _start(form)
    if form.validate_on_submit():
        try:
            procedure_id = adopt_procedure(
                version=NewVersion(
                    title=form.title.data,
                    text=form.text.data,
                    limits=form.limits(),
                    in_force_from=form.in_force_from.data,
                    adopted_by=form.adopted_by.data,
                    body_id=uuid.UUID(form.body.data) if form.body.data else None,
                ),
                actor=actor,
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(PROCEDURE_REFUSALS[refusal.reason]))
        else:
            flash(_("The version is adopted, and a notice posts it."), "success")
            return redirect(url_for(".procedure", procedure_id=procedure_id), code=303)
    page = render_template("meetings/adopt_rules.html", form=form)
    return page, 422 if form.errors else 200


def _set_choices(form: ProcedureForm) -> None:
    bodies = queries.list_bodies_to_invite(db.session(), community_id=require_actor().community_id)
    form.body.choices = [
        ("", _("All sessions of the community")),
        *((str(body.id), body.name) for body in bodies),
    ]


def _start(form: ProcedureForm) -> None:
    community_id = require_actor().community_id
    book = rules_in(db.session(), community_id)
    last = next(iter(list_versions(db.session(), community_id=community_id, body_id=None)), None)
    form.title.data = last.title if last else _("Rules of procedure")
    form.text.data = last.text if last else default_rules.text_for(book)
    form.in_force_from.data = day_of(datetime.now(UTC))
    form.fill(floor_rules_of(book, last))
