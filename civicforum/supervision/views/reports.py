"""The half-yearly reports: the public list, one of them, and the steps to its posting."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.paging import page_number
from civicforum.rulebook.days import day_of
from civicforum.supervision import services
from civicforum.supervision.forms import ConclusionsForm
from civicforum.supervision.models import SupervisionReport
from civicforum.supervision.queries.figures import Figures, get_figures
from civicforum.supervision.queries.records import get_report, list_reports
from civicforum.supervision.reporting import title_of
from civicforum.supervision.rules import REPORT_RULE, Period, ReportState, may_supervise
from civicforum.supervision.texts import FIGURES, REPORT_STATES
from civicforum.supervision.views.blueprint import bp
from civicforum.supervision.views.saying import say


@bp.get("/reports")
@public
def reports() -> ResponseReturnValue:
    community = require_community()
    may_write = may_supervise(current_actor())
    return render_template(
        "supervision/reports.html",
        page=list_reports(db.session(), community_id=community.id, with_open=may_write, number=page_number()),
        rule=rulebook.load(community.profile).rule(REPORT_RULE),
        states=REPORT_STATES,
        title_of=lambda report: title_of(Period(report.period_from, report.period_until)),
        may_write=may_write,
        now=datetime.now(UTC),
    )


@bp.get("/reports/<uuid:report_id>")
@public
def report(report_id: uuid.UUID) -> ResponseReturnValue:
    """Show a posted report; one that is being written is shown to its authors alone."""
    found, actor, now, session = _report(report_id), current_actor(), datetime.now(UTC), db.session()
    may_write = may_supervise(actor)
    if found.state is not ReportState.POSTED and not may_write:
        raise NotFound(report_id)
    period = Period(found.period_from, found.period_until)
    figures = Figures(**found.figures) if found.figures else None
    signed = services.standing(found) if found.text_sha256 else []
    return render_template(
        "supervision/report.html",
        report=found,
        heading=title_of(period),
        figures=figures or get_figures(session, community_id=found.community_id, period=period, now=now),
        names=FIGURES,
        signed=signed,
        has_signed=actor is not None and any(one.person_id == actor.person_id for one in signed),
        verdict=services.judge(session, found, day=day_of(now))
        if found.state is ReportState.SIGNING
        else None,
        rule=rulebook.load(found.profile).clock(REPORT_RULE),
        states=REPORT_STATES,
        may_write=may_write,
        now=now,
    )


@bp.route("/reports/<uuid:report_id>/conclusions", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def conclusions(report_id: uuid.UUID) -> ResponseReturnValue:
    found = _report(report_id)
    form = ConclusionsForm(conclusions=found.conclusions)
    if form.validate_on_submit():
        try:
            services.write_conclusions(
                report_id=report_id,
                text=form.conclusions.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            say(form, refused)
        except TransitionNotAllowed:
            form.form_errors.append(_("The report is up for signature: take it back first."))
        else:
            flash(_("The conclusions are kept."), "success")
            return redirect(url_for(".report", report_id=report_id), code=303)
    period = Period(found.period_from, found.period_until)
    body = render_template("supervision/conclusions.html", form=form, report=found, heading=title_of(period))
    return body, 422 if form.is_submitted() else 200


@bp.post("/reports/<uuid:report_id>/put-up")
@roles(Role.SUPERVISOR)
def put_up(report_id: uuid.UUID) -> ResponseReturnValue:
    return _step(report_id, services.put_up, _("Figures and conclusions are fixed: members can sign."))


@bp.post("/reports/<uuid:report_id>/take-back")
@roles(Role.SUPERVISOR)
def take_back(report_id: uuid.UUID) -> ResponseReturnValue:
    return _step(report_id, services.take_back, _("The report is taken back and can be changed."))


@bp.post("/reports/<uuid:report_id>/sign")
@roles(Role.SUPERVISOR)
def sign(report_id: uuid.UUID) -> ResponseReturnValue:
    """Sign what the page showed: it sends the hash of the words and figures that were read."""
    digest = request.form.get("text_sha256", "")

    def service(**arguments: object) -> None:
        services.sign_report(text_sha256=digest, **arguments)  # type: ignore[arg-type]

    return _step(report_id, service, _("You have signed."))


@bp.post("/reports/<uuid:report_id>/post")
@roles(Role.SUPERVISOR)
def post(report_id: uuid.UUID) -> ResponseReturnValue:
    return _step(report_id, services.post_report, _("The report is posted as a notice and stays as it is."))


def _step(report_id: uuid.UUID, service: Callable[..., object], words: str) -> ResponseReturnValue:
    try:
        service(report_id=report_id, actor=require_actor(), now=datetime.now(UTC))
        flash(words, "success")
    except AlreadyDone:
        flash(_("You have already signed."), "info")
    except Invalid:
        flash(_("Write the conclusions first."), "error")
    except RuleRefused as refused:
        flash(_("Too few members have signed: %(sum)s", sum=refused.verdict.arithmetic), "error")
    except TransitionNotAllowed:
        flash(_("The report has changed meanwhile: read it as it is now."), "error")
    return redirect(url_for(".report", report_id=report_id), code=303)


def _report(report_id: uuid.UUID) -> SupervisionReport:
    return get_report(db.session(), report_id=report_id, community_id=require_community().id)
