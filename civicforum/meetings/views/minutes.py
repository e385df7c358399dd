"""The minutes of a meeting: their page, the form in which they are written, and the signatures."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.access import public, require_actor, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.meetings import services
from civicforum.meetings.errors import MinutesChanged
from civicforum.meetings.forms.minutes import MinutesForm, PaperSignatureForm
from civicforum.meetings.queries.minutes import MinutesPage, get_minutes, list_changes
from civicforum.meetings.rules import MeetingState, Signer
from civicforum.meetings.services.minutes import draft_of
from civicforum.meetings.texts_after import SIGNERS
from civicforum.meetings.views.blueprint import bp

IDENTITY_NUMBER = _l("There is an identity number in the text. The minutes are posted.")


@bp.get("/<uuid:meeting_id>/minutes")
@public
def minutes(meeting_id: uuid.UUID) -> ResponseReturnValue:
    return _page(_get(meeting_id), PaperSignatureForm(formdata=None))


@bp.route("/<uuid:meeting_id>/minutes/edit", methods=["GET", "POST"])
@signed_in
def edit_minutes(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show what is written, else the draft from the records as they are at this moment."""
    page = _get(meeting_id)
    if not page.may_correct:
        raise NotEligible(require_actor().person_id)
    meeting = page.meeting
    draft = meeting.minutes_draft or draft_of(db.session(), meeting, closed_at=None)
    form = MinutesForm()
    if form.validate_on_submit():
        try:
            removed = services.write_minutes(
                meeting_id=meeting_id, text=form.text.data, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid:
            add_error(form, "text", str(IDENTITY_NUMBER))
        else:
            flash(_written(meeting.state, removed), "success")
            to = ".minutes" if meeting.state is MeetingState.CLOSED else ".show"
            return redirect(url_for(to, meeting_id=meeting_id), code=303)
    if not form.is_submitted():
        form.text.data = meeting.minutes if meeting.minutes and "draft" not in request.args else draft
    body = render_template(
        "meetings/edit_minutes.html",
        form=form,
        meeting=meeting,
        changes=list_changes(draft, form.text.data or ""),
        signatures=page.signatures,
        signers=SIGNERS,
    )
    return body, 422 if form.is_submitted() else 200


@bp.post("/<uuid:meeting_id>/minutes/sign")
@signed_in
def sign_minutes(meeting_id: uuid.UUID) -> ResponseReturnValue:
    signer = request.form.get("signer", "")
    if signer not in list(Signer):
        return redirect(url_for(".minutes", meeting_id=meeting_id), code=303)
    return _sign(meeting_id, Signer(signer), paper_file=None)


@bp.post("/<uuid:meeting_id>/minutes/paper")
@signed_in
def paper_signature(meeting_id: uuid.UUID) -> ResponseReturnValue:
    form = PaperSignatureForm()
    if form.validate_on_submit():
        return _sign(meeting_id, Signer(form.signer.data), paper_file=form.paper_file.data)
    return _page(_get(meeting_id), form), 422


def _sign(meeting_id: uuid.UUID, signer: Signer, *, paper_file: str | None) -> ResponseReturnValue:
    try:
        is_posted = services.sign_minutes(
            meeting_id=meeting_id,
            signer=signer,
            text_hash=request.form.get("text_hash", ""),
            paper_file=paper_file,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except MinutesChanged:
        flash(
            _("The minutes were corrected since you opened the page. Nothing was signed: read them again."),
            "error",
        )
    except Invalid as refused:
        if refused.reason != "identity_number":
            raise
        flash(str(IDENTITY_NUMBER), "error")
    except AlreadyDone:
        flash(_("That signature is there already. Nothing was changed."), "info")
    else:
        said = (
            _("Signed by both: the minutes are posted.")
            if is_posted
            else _("Signed. The other signature is missing.")
        )
        flash(said, "success")
    return redirect(url_for(".minutes", meeting_id=meeting_id), code=303)


def _written(state: MeetingState, removed: list[Signer]) -> str:
    if removed:
        return str(
            _("The minutes are corrected. The signature that was there is gone: it was for another text.")
        )
    if state is MeetingState.CLOSED:
        return str(_("The minutes are corrected. They now wait for both signatures."))
    return str(_("The minutes are kept. After the meeting chair and clerk correct and sign them."))


def _get(meeting_id: uuid.UUID) -> MinutesPage:
    return get_minutes(
        db.session(),
        meeting_id=meeting_id,
        community_id=require_community().id,
        actor=current_actor(),
    )


def _page(page: MinutesPage, form: PaperSignatureForm) -> str:
    form.signer.choices = [(signer.value, SIGNERS[signer]) for signer in page.on_paper]
    if len(page.on_paper) == 1 and not form.is_submitted():
        form.signer.data = page.on_paper[0].value
    return render_template(
        "meetings/minutes.html",
        page=page,
        meeting=page.meeting,
        form=form,
        signers=SIGNERS,
        now=datetime.now(UTC),
    )
