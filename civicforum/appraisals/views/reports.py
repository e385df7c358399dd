"""The duty reports of a cycle: who handed in what when, and what the supervision committee said."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.appraisals.forms.reports import ACCEPT, CheckForm, EnterForm, ReportForm
from civicforum.appraisals.queries import reports as queries
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.report_files import SUFFIX
from civicforum.appraisals.rules import check_lead
from civicforum.appraisals.services import reporting as services
from civicforum.appraisals.services.steps import rules_of
from civicforum.appraisals.texts import refusal_text
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, NotFound
from civicforum.fields import add_error
from civicforum.rulebook.days import day_of


@bp.get("/<uuid:cycle_id>/reports")
@public
def reports(cycle_id: uuid.UUID) -> ResponseReturnValue:
    actor, now = current_actor(), datetime.now(UTC)
    cycle = get_cycle(db.session(), cycle_id=cycle_id, community_id=require_community().id, actor=actor)
    return render_template(
        "appraisals/reports.html",
        cycle=cycle,
        lines=queries.list_reports(cycle, actor, now),
        law=rules_of(cycle).rule("appraisal.self_report"),
        now=now,
    )


@bp.route("/reports/<uuid:subject_id>/hand-in", methods=["GET", "POST"])
@signed_in
def report_submit(subject_id: uuid.UUID) -> ResponseReturnValue:
    actor, now = require_actor(), datetime.now(UTC)
    line = _line(subject_id, now)
    if not line.may_submit:
        raise NotEligible(actor.person_id)
    form = ReportForm(data={"text": line.report.text})
    if form.validate_on_submit():
        try:
            services.submit_report(
                subject_id=subject_id, text=form.text.data, file=form.chosen(), actor=actor, now=now
            )
            flash(_("Your report is handed in. The supervision committee checks it."), "success")
            return redirect(url_for(".reports", cycle_id=line.subject.cycle_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, refusal_text(refusal))
    page = render_template("appraisals/report_submit.html", form=form, line=line, cycle=line.subject.cycle)
    return page, 422 if form.errors else 200


@bp.route("/reports/<uuid:subject_id>/enter", methods=["GET", "POST"])
@roles(Role.CLERK)
def report_enter(subject_id: uuid.UUID) -> ResponseReturnValue:
    """Enter what was handed in on paper."""
    actor, now = require_actor(), datetime.now(UTC)
    line = _line(subject_id, now)
    if not services.may_enter(actor, line.subject.cycle):
        raise NotEligible(actor.person_id)
    form = EnterForm(data={"text": line.report.text, "came_on": day_of(now)})
    if form.validate_on_submit():
        try:
            services.enter_report(
                subject_id=subject_id,
                text=form.text.data,
                file=form.chosen(),
                came_on=form.came_on.data,
                actor=actor,
                now=now,
            )
            flash(_("The report is entered. The supervision committee checks it."), "success")
            return redirect(url_for(".reports", cycle_id=line.subject.cycle_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, refusal_text(refusal))
    page = render_template("appraisals/report_enter.html", form=form, line=line, cycle=line.subject.cycle)
    return page, 422 if form.errors else 200


@bp.route("/reports/<uuid:subject_id>/check", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def report_check(subject_id: uuid.UUID) -> ResponseReturnValue:
    actor, now, form = require_actor(), datetime.now(UTC), CheckForm()
    line = _line(subject_id, now)
    check_lead(actor, line.subject.cycle.people)
    if form.validate_on_submit():
        try:
            services.check_report(
                subject_id=subject_id,
                accepts=form.result.data == ACCEPT,
                note=form.note.data or "",
                actor=actor,
                now=now,
            )
            words = _("The report is accepted and published.") if form.result.data == ACCEPT else None
            flash(words or _("The report is returned, with your note."), "success")
            return redirect(url_for(".reports", cycle_id=line.subject.cycle_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, refusal_text(refusal))
    page = render_template("appraisals/report_check.html", form=form, line=line, cycle=line.subject.cycle)
    return page, 422 if form.errors else 200


@bp.get("/reports/<uuid:subject_id>/file")
@public
def report_file(subject_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a report's file to be kept, never to be shown: it came from outside."""
    line = queries.get_report(
        db.session(),
        subject_id=subject_id,
        community_id=require_community().id,
        actor=current_actor(),
        now=datetime.now(UTC),
        with_file=True,
    )
    if line.report.content is None or not line.is_readable:
        raise NotFound(subject_id)
    answer = Response(line.report.content, mimetype=line.report.media_type)
    plain = f"{line.report.id}{SUFFIX[line.report.media_type]}"
    answer.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(line.report.file_name)}"
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _line(subject_id: uuid.UUID, now: datetime) -> queries.ReportLine:
    actor = require_actor()
    return queries.get_report(
        db.session(), subject_id=subject_id, community_id=actor.community_id, actor=actor, now=now
    )
