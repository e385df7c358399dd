"""Invitations: who is asked, for which side and topic; what they answer; letters on paper."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.matters.forms.supporting import LINES_REFUSALS
from civicforum.matters.services.people import LinesRefused
from civicforum.matters.texts import LINE_PROBLEMS
from civicforum.meetings import queries
from civicforum.meetings.documents import CLASS, FORM, moment
from civicforum.meetings.forms.preparing import (
    InviteBodyForm,
    InviteForm,
    InviteGuestForm,
    InvitePeopleForm,
)
from civicforum.meetings.forms_of_session import TEMPLATES
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries.invitations import get_invitations, list_invitations
from civicforum.meetings.rules import Answer, check_run
from civicforum.meetings.services import invitations as services
from civicforum.meetings.texts_before import INVITATION_REFUSALS
from civicforum.meetings.views.blueprint import bp

FORMS = {"people": InvitePeopleForm, "body": InviteBodyForm, "guest": InviteGuestForm}


@bp.get("/<uuid:meeting_id>/invitations")
@signed_in
def invitations(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show who is asked, and how the sides are balanced, to those who run the meeting."""
    meeting = _meeting_to_run(meeting_id)
    page = get_invitations(db.session(), meeting=meeting, now=datetime.now(UTC))
    return render_template("meetings/invitations.html", page=page, template=TEMPLATES[meeting.form])


@bp.route("/<uuid:meeting_id>/invitations/<kind>", methods=["GET", "POST"])
@signed_in
def invite(meeting_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    if kind not in FORMS:
        abort(404)
    meeting = _meeting_to_run(meeting_id)
    form = FORMS[kind]()
    form.offer(meeting.agenda, by_post=kind != "guest")
    if isinstance(form, InviteBodyForm):
        bodies = queries.list_bodies_to_invite(db.session(), community_id=meeting.community_id)
        form.body.choices = [(str(body.id), body.name) for body in bodies]
    if request.method == "GET":
        form.as_class.data = request.args.get("side", "")
    if form.validate_on_submit():
        try:
            number = _save(form, meeting_id)
        except Invalid as refusal:
            _show_refusal(form, refusal)
        else:
            flash(ngettext("%(num)s more is invited.", "%(num)s more are invited.", number), "success")
            return redirect(url_for(".invitations", meeting_id=meeting_id), code=303)
    page = render_template("meetings/invite.html", form=form, kind=kind, meeting=meeting)
    return page, 422 if form.errors else 200


@bp.post("/invitations/<uuid:invitation_id>/withdraw")
@signed_in
def withdraw_invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    meeting_id = services.withdraw_invitation(
        invitation_id=invitation_id, actor=require_actor(), now=datetime.now(UTC)
    )
    flash(_("The invitation is taken back."), "success")
    return redirect(url_for(".invitations", meeting_id=meeting_id), code=303)


@bp.post("/invitations/<uuid:invitation_id>/answer")
@signed_in
def enter_answer(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Write down what somebody said who has no phone."""
    meeting_id = services.enter_answer(
        invitation_id=invitation_id, answer=_answer(), actor=require_actor(), now=datetime.now(UTC)
    )
    flash(_("The answer is entered, with your name."), "success")
    return redirect(url_for(".invitations", meeting_id=meeting_id), code=303)


@bp.post("/<uuid:meeting_id>/answer")
@signed_in
def answer(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Say whether one comes oneself."""
    services.answer_invitation(
        meeting_id=meeting_id, answer=_answer(), actor=require_actor(), now=datetime.now(UTC)
    )
    flash(_("Thank you. The organisers see your answer."), "success")
    return redirect(url_for(".prepare", meeting_id=meeting_id), code=303)


@bp.get("/<uuid:meeting_id>/letters")
@signed_in
def letters(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the invitations as letters, one a page: all of them, or of those without a phone."""
    meeting = _meeting_to_run(meeting_id)
    rows = list_invitations(db.session(), meeting_id=meeting.id)
    only_paper = request.args.get("all") is None
    chosen = [row for row in rows if not only_paper or row.person is None or not row.person.phone]
    return render_template(
        "meetings/letters.html",
        meeting=meeting,
        letters=chosen,
        number_of_all=len(rows),
        only_paper=only_paper,
        form_name=FORM[meeting.form],
        classes=CLASS,
        when=moment(meeting.starts_at),
    )


def _meeting_to_run(meeting_id: uuid.UUID) -> Meeting:
    actor = require_actor()
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=actor.community_id)
    check_run(actor, chair_id=meeting.answering_id)
    return meeting


def _answer() -> Answer:
    said = request.form.get("answer", "")
    if said not in list(Answer):
        abort(400)
    return Answer(said)


def _save(form: InviteForm, meeting_id: uuid.UUID) -> int:
    actor, now, asked = require_actor(), datetime.now(UTC), form.asked()
    if isinstance(form, InvitePeopleForm):
        lines = form.lines.data.splitlines()
        return services.invite_people(meeting_id=meeting_id, lines=lines, asked=asked, actor=actor, now=now)
    if isinstance(form, InviteBodyForm):
        body_id = uuid.UUID(form.body.data)
        return services.invite_body(meeting_id=meeting_id, body_id=body_id, asked=asked, actor=actor, now=now)
    assert isinstance(form, InviteGuestForm)  # noqa: S101
    services.invite_guest(
        meeting_id=meeting_id,
        name=form.name.data,
        unit=form.unit.data,
        asked=asked,
        actor=actor,
        now=now,
    )
    return 1


def _show_refusal(form: InviteForm, refusal: Invalid) -> None:
    if isinstance(refusal, LinesRefused):
        for line in refusal.lines:
            words = LINE_PROBLEMS[line.problem] % {"number": line.number, "text": line.text[:40]}
            add_error(form, "lines", words)
    elif refusal.reason in INVITATION_REFUSALS:
        add_error(form, refusal.field, str(INVITATION_REFUSALS[refusal.reason]))
    else:
        add_error(form, refusal.field, str(LINES_REFUSALS[refusal.reason]))
