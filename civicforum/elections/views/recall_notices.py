"""The official notices of a recall: to read and print, and the officers' page on which one is issued."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.forms.notices import RecallNoticeForm, recall_notice_form
from civicforum.elections.queries import recall_notices as queries
from civicforum.elections.queries.recalls import get_recall
from civicforum.elections.recalls import RecallNoticeKind
from civicforum.elections.services import recall_notices as services
from civicforum.elections.services.recall_steps import presides_over, rules_of
from civicforum.elections.texts_notices import RECALL_KINDS, REFUSALS
from civicforum.elections.views.blueprint import bp
from civicforum.elections.wording import names_of, parted
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error


@bp.app_template_filter()
def recall_notice_kind(kind: RecallNoticeKind) -> str:
    return str(RECALL_KINDS[kind])


@bp.get("/recalls/<uuid:recall_id>/notices/<uuid:notice_id>")
@public
def recall_notice(recall_id: uuid.UUID, notice_id: uuid.UUID) -> ResponseReturnValue:
    """Show a notice as it was issued, to read and to print on A4."""
    session = db.session()
    row = get_recall(session, recall_id=recall_id, community_id=require_community().id)
    notice = queries.get_notice(session, recall_id=row.id, notice_id=notice_id)
    latest = queries.latest_of(queries.list_issued(session, row.id), notice.kind)
    actor = current_actor()
    title, _space, subject = notice.title.partition("　")
    return render_template(
        "elections/recall_notice.html",
        row=row,
        notice=notice,
        corrected_by=latest if latest is not None and latest.number > notice.number else None,
        may_issue=actor is not None and presides_over(actor, row) and queries.is_ready(row, notice.kind),
        title=title,
        subject=subject,
        parts=parted(notice.text, names_of("additions")["closing"]),
    )


@bp.route("/recalls/<uuid:recall_id>/notices/<kind>/issue", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def issue_recall_notice(recall_id: uuid.UUID, kind: str) -> ResponseReturnValue:
    """Show the notice filled from the data, and issue it."""
    if kind not in list(RecallNoticeKind):
        abort(404)
    wanted = RecallNoticeKind(kind)
    row = get_recall(db.session(), recall_id=recall_id, community_id=require_actor().community_id)
    if not queries.is_ready(row, wanted):
        abort(404)
    latest = queries.latest_of(queries.list_issued(db.session(), row.id), wanted)
    # What the page said when it was opened: of two clicks, the second is no correction of the first.
    is_correction = bool(request.form.get("corrects")) if request.method == "POST" else latest is not None
    form = recall_notice_form(is_correction=is_correction)
    if not form.is_submitted():
        form.corrects.data = str(latest.number) if latest else ""
    elif form.validate() and (answer := _issued(row.id, wanted, form)):
        return answer
    draft = queries.draft_notice(db.session(), row, wanted, book=rules_of(row), wish=form.wish())
    page = render_template(
        "elections/issue_recall_notice.html",
        row=row,
        kind=wanted,
        form=form,
        latest=latest,
        draft=draft,
        parts=parted(draft.text, names_of("additions")["closing"]),
        issuer=queries.issuer_of(db.session(), row),
        now=datetime.now(UTC),
    )
    return page, 422 if form.errors else 200


def _issued(
    recall_id: uuid.UUID, kind: RecallNoticeKind, form: RecallNoticeForm
) -> ResponseReturnValue | None:
    """Issue the notice and go to it; None when something is in the way, which the form then says."""
    try:
        notice_id = services.issue_recall_notice(
            recall_id=recall_id,
            kind=kind,
            wish=form.wish(),
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except AlreadyDone:
        flash(_("This notice was issued already."), "info")
        return redirect(url_for(".recall", recall_id=recall_id), code=303)
    except Invalid as refusal:
        add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        return None
    flash(_("The notice is issued and posted on the notice board. Print it and put it up."), "success")
    return redirect(url_for(".recall_notice", recall_id=recall_id, notice_id=notice_id), code=303)
