"""Complaints to the subdistrict office: filed, printed, handed over, answered, and what was done."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.notices.forms.complaining import ComplaintForm, OutcomeForm, RemedyForm
from civicforum.notices.queries.complaining import (
    ComplaintPage,
    get_complaint,
    get_readable,
    list_complaints,
)
from civicforum.notices.rules import ComplaintGround, ComplaintOutcome
from civicforum.notices.rules_asking import (
    ENTERS_OUTCOME,
    HANDS_OVER,
    REMEDIES,
    ComplaintState,
    office_name,
)
from civicforum.notices.services import complaining as services
from civicforum.notices.texts import item_name
from civicforum.notices.texts_asking import (
    COMPLAINT_STATES,
    GROUNDS,
    LETTER_GROUNDS,
    OUTCOMES,
    REFUSALS,
)
from civicforum.notices.views.blueprint import bp
from civicforum.paging import page_number
from civicforum.security import COSTLY, limiter


@bp.app_template_filter()
def complaint_ground(ground: ComplaintGround) -> str:
    return str(GROUNDS[ground])


@bp.app_template_filter()
def complaint_state(state: ComplaintState) -> str:
    return str(COMPLAINT_STATES[state])


@bp.app_template_filter()
def complaint_outcome(outcome: ComplaintOutcome) -> str:
    return str(OUTCOMES[outcome])


@bp.get("/complaints")
@public
def complaints() -> ResponseReturnValue:
    community = require_community()
    return render_template(
        "notices/complaints.html",
        office=office_name(community.subdistrict.name),
        page=list_complaints(db.session(), community_id=community.id, number=page_number()),
    )


@bp.get("/complaints/<uuid:complaint_id>")
@public
def complaint(complaint_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    page = get_complaint(
        db.session(), complaint_id=complaint_id, community_id=require_community().id, actor=actor
    )
    roles_here = actor.roles if actor is not None and actor.assisted_by is None else frozenset()
    return render_template(
        "notices/complaint.html",
        page=page,
        may_hand_over=page.state is ComplaintState.FILED and not roles_here.isdisjoint(HANDS_OVER),
        may_answer=page.state is ComplaintState.HANDED_OVER and not roles_here.isdisjoint(ENTERS_OUTCOME),
        may_remedy=page.state is ComplaintState.ANSWERED
        and page.complaint.outcome is ComplaintOutcome.ORDERED
        and not roles_here.isdisjoint(REMEDIES),
    )


@bp.route("/complaints/file", methods=["GET", "POST"])
@signed_in
@limiter.limit(COSTLY)
def complain() -> ResponseReturnValue:
    """File a complaint about what the address names: `notice`, `due` or `query`."""
    actor, now = require_actor(), datetime.now(UTC)
    ids = {f"{name}_id": request.args.get(name, type=uuid.UUID) for name in ("notice", "due", "query")}
    about = services.find_about(db.session(), community_id=actor.community_id, **ids)
    form = ComplaintForm()
    form.offer(services.grounds_of(about))
    if form.validate_on_submit():
        try:
            complaint_id = services.file_complaint(
                ground=ComplaintGround(form.ground.data), text=form.text.data, **ids, actor=actor, now=now
            )
        except AlreadyDone:
            flash(_("You have already complained about this; it waits for the office."), "info")
            return redirect(url_for(".complaints"), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("The complaint is filed. Print the letter, sign it, and hand it in."), "success")
            return redirect(url_for(".complaint", complaint_id=complaint_id), code=303)
    title = item_name(about.due.item) if about.due else about.notice.title if about.notice else ""
    page = render_template(
        "notices/complain.html",
        form=form,
        caption=title,
        office=office_name(require_community().subdistrict.name),
        back=_("Back to the notice") if about.notice else _("All notices"),
        back_url=url_for(".show", notice_id=about.notice_id) if about.notice else url_for(".index"),
    )
    return page, 422 if form.errors else 200


@bp.get("/complaints/<uuid:complaint_id>/letter")
@signed_in
def complaint_letter(complaint_id: uuid.UUID) -> ResponseReturnValue:
    """Show the letter to the office, for printing and signing."""
    page = get_readable(db.session(), complaint_id=complaint_id, actor=require_actor())
    return render_template("notices/complaint_letter.html", page=page, grounds=LETTER_GROUNDS)


@bp.get("/complaints/<uuid:complaint_id>/package.zip")
@signed_in
def complaint_package(complaint_id: uuid.UUID) -> ResponseReturnValue:
    page = get_readable(db.session(), complaint_id=complaint_id, actor=require_actor(), with_package=True)
    return send_file(
        io.BytesIO(page.complaint.package),
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"{page.complaint.number}.zip",
    )


@bp.post("/complaints/<uuid:complaint_id>/hand-over")
@roles(*HANDS_OVER)
def hand_over(complaint_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.hand_over(complaint_id=complaint_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("It is recorded that the complaint was handed over today."), "success")
    except AlreadyDone:
        flash(_("This was recorded before."), "info")
    return redirect(url_for(".complaint", complaint_id=complaint_id), code=303)


@bp.route("/complaints/<uuid:complaint_id>/answer", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def enter_outcome(complaint_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), OutcomeForm()
    page = _get(complaint_id)
    if form.validate_on_submit():
        try:
            services.enter_outcome(
                complaint_id=complaint_id,
                outcome=ComplaintOutcome(form.outcome.data),
                answer=form.answer.data,
                actor=actor,
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("The office's answer is public."), "success")
            return redirect(url_for(".complaint", complaint_id=complaint_id), code=303)
    if page.state is not ComplaintState.HANDED_OVER:
        raise TransitionNotAllowed(page.state, "answer")
    return _form_page("enter_outcome", form, page)


@bp.route("/complaints/<uuid:complaint_id>/remedy", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def enter_remedy(complaint_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), RemedyForm()
    page = _get(complaint_id)
    if form.validate_on_submit():
        try:
            services.enter_remedy(
                complaint_id=complaint_id, text=form.text.data, actor=actor, now=datetime.now(UTC)
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("What was done is public, with your name."), "success")
            return redirect(url_for(".complaint", complaint_id=complaint_id), code=303)
    if page.complaint.outcome is not ComplaintOutcome.ORDERED or page.state is ComplaintState.REMEDIED:
        raise TransitionNotAllowed(page.state, "remedy")
    return _form_page("enter_remedy", form, page)


def _get(complaint_id: uuid.UUID) -> ComplaintPage:
    actor = require_actor()
    return get_complaint(
        db.session(), complaint_id=complaint_id, community_id=actor.community_id, actor=actor
    )


def _form_page(name: str, form: OutcomeForm | RemedyForm, page: ComplaintPage) -> ResponseReturnValue:
    shown = render_template(
        f"notices/{name}.html",
        form=form,
        page=page,
        caption=f"{page.complaint.number} · {page.about}",
        back=_("Back to the complaint"),
        back_url=url_for(".complaint", complaint_id=page.complaint.id),
    )
    return shown, 422 if form.errors else 200
