"""Keeping the register: a new entry, and a change of one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments import queries, services
from civicforum.departments.forms import DepartmentForm
from civicforum.departments.texts import REFUSALS
from civicforum.departments.views.blueprint import bp
from civicforum.errors import Invalid
from civicforum.fields import add_error


@bp.route("/new", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def add() -> ResponseReturnValue:
    form = DepartmentForm()
    if form.validate_on_submit():
        try:
            added = services.add_department(given=form.given(), actor=require_actor(), now=datetime.now(UTC))
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        else:
            flash(_("It is in the register."), "success")
            return redirect(url_for(".show", department_id=added), code=303)
    body = render_template("departments/add.html", form=form, department=None)
    return body, 422 if form.is_submitted() else 200


@bp.route("/<uuid:department_id>/change", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def change(department_id: uuid.UUID) -> ResponseReturnValue:
    department = queries.get_department(
        db.session(), department_id=department_id, community_id=require_community().id
    )
    form = DepartmentForm()
    if not form.is_submitted():
        form.fill(department)
    elif form.validate():
        try:
            services.change_department(
                department_id=department_id, given=form.given(), actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        else:
            flash(_("The register is changed."), "success")
            return redirect(url_for(".show", department_id=department_id), code=303)
    body = render_template("departments/change.html", form=form, department=department)
    return body, 422 if form.is_submitted() else 200
