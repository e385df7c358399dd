"""The official notices of a recall: to read and print, and the officers' page on which one is issued."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.queries import recall_notices as queries
from civicforum.elections.queries.recalls import get_recall
from civicforum.elections.recalls import RecallNoticeKind
from civicforum.elections.services import recall_notices as services
from civicforum.elections.services.recall_steps import rules_of
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
    title, _space, subject = notice.title.partition("　")
    return render_template(
        "elections/recall_notice.html",
        row=row,
        notice=notice,
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
    wanted, actor, form = RecallNoticeKind(kind), require_actor(), FlaskForm()
    row = get_recall(db.session(), recall_id=recall_id, community_id=actor.community_id)
    if not queries.is_ready(row, wanted):
        abort(404)
    if form.validate_on_submit():
        try:
            notice_id = services.issue_recall_notice(
                recall_id=recall_id, kind=wanted, actor=actor, now=datetime.now(UTC)
            )
        except AlreadyDone:
            flash(_("This notice was issued already."), "info")
            return redirect(url_for(".recall", recall_id=recall_id), code=303)
        except Invalid as refusal:
            add_error(form, None, str(REFUSALS[refusal.reason]))
        else:
            flash(
                _("The notice is issued and posted on the notice board. Print it and put it up."), "success"
            )
            return redirect(url_for(".recall_notice", recall_id=recall_id, notice_id=notice_id), code=303)
    draft = queries.draft_notice(db.session(), row, wanted, book=rules_of(row))
    page = render_template(
        "elections/issue_recall_notice.html",
        row=row,
        kind=wanted,
        form=form,
        draft=draft,
        parts=parted(draft.text, names_of("additions")["closing"]),
        issuer=queries.issuer_of(db.session(), row),
        now=datetime.now(UTC),
    )
    return page, 422 if form.errors else 200
