"""Reports at the place of residence: counts, one's own report, and confirming."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.layout import day
from civicforum.paging import page_number
from civicforum.registers.errors import AlreadyReported
from civicforum.registers.forms import ReportForm
from civicforum.registers.queries.residence import (
    count_reports,
    get_own_report,
    list_reports,
    term_start,
)
from civicforum.registers.rules import CONFIRMS
from civicforum.registers.services.residence import confirm_report, report_in
from civicforum.registers.texts import REFUSALS
from civicforum.registers.views.blueprint import bp
from civicforum.rulebook.days import day_of


@bp.get("/residence")
@public
def residence() -> ResponseReturnValue:
    return _page(ReportForm(formdata=None))


@bp.post("/residence/report")
@signed_in
def report() -> ResponseReturnValue:
    form = ReportForm()
    if form.validate():
        try:
            report_in(unit=form.unit.data, actor=require_actor(), now=datetime.now(UTC))
        except AlreadyReported as refusal:
            add_error(
                form, "unit", _("You reported in on %(day)s. Once a term is enough.", day=day(refusal.day))
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("You have reported in. The party organisation confirms it."), "success")
            return redirect(url_for(".residence"), code=303)
    return _page(form)


@bp.get("/residence/reports")
@roles(Role.PARTY)
def reports() -> ResponseReturnValue:
    actor, session = require_actor(), db.session()
    term_from = term_start(session, community_id=actor.community_id, day=day_of(datetime.now(UTC)))
    return render_template(
        "registers/reports.html",
        term_from=term_from,
        page=list_reports(session, actor=actor, term_from=term_from, number=page_number()),
    )


@bp.post("/residence/reports/<uuid:report_id>/confirm")
@roles(Role.PARTY)
def confirm(report_id: uuid.UUID) -> ResponseReturnValue:
    try:
        confirm_report(report_id=report_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The report is confirmed."), "success")
    except AlreadyDone:
        flash(_("It was confirmed before."), "info")
    return redirect(url_for(".reports"), code=303)


def _page(form: ReportForm) -> ResponseReturnValue:
    community, actor, session = require_community(), current_actor(), db.session()
    counts = count_reports(session, community_id=community.id, day=day_of(datetime.now(UTC)))
    page = render_template(
        "registers/residence.html",
        form=form,
        counts=counts,
        own=get_own_report(session, person_id=actor.person_id, term_from=counts.term_from) if actor else None,
        may_confirm=actor is not None and actor.holds(*CONFIRMS),
    )
    return page, 422 if form.errors else 200
