"""Letters on paper: whom they go to, the run with its progress, and its file."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.inbox import queries_paper
from civicforum.inbox.forms_paper import LetterForm
from civicforum.inbox.letters import address_of
from civicforum.inbox.rules_paper import FILE_KEPT, LETTER_CODE_LASTS, PRINTS, RUNNING, RunState
from civicforum.inbox.services import paper
from civicforum.inbox.views.blueprint import bp
from civicforum.inbox.words_paper import REFUSALS, RUNS
from civicforum.notices.errors import PersonalData
from civicforum.paging import page_number
from civicforum.rulebook.days import day_of


@bp.route("/letters", methods=["GET", "POST"])
@roles(*PRINTS)
def letters() -> ResponseReturnValue:
    """Show whom letters would go to, and have them printed."""
    form = LetterForm()
    if form.validate_on_submit() and (answer := _ask(form)):
        return answer
    session, community_id, now = db.session(), require_actor().community_id, datetime.now(UTC)
    if not form.is_submitted():
        form.key.data = str(uuid.uuid4())
    body = render_template(
        "inbox/paper_runs.html",
        form=form,
        preview=queries_paper.preview(session, community_id=community_id, now=now, number=page_number()),
        runs=queries_paper.list_runs(session, community_id=community_id),
        running=queries_paper.get_running(session, community_id=community_id),
        states=RUNS,
        days=LETTER_CODE_LASTS.days,
    )
    return body, 422 if form.is_submitted() else 200


@bp.get("/letters/<uuid:run_id>")
@roles(*PRINTS)
def letter_run(run_id: uuid.UUID) -> ResponseReturnValue:
    session = db.session()
    run = queries_paper.get_run(session, run_id=run_id, community_id=require_actor().community_id)
    return render_template(
        "inbox/paper_run.html",
        run=run,
        used=queries_paper.count_used(session, run_id=run_id),
        is_running=run.state in RUNNING,
        is_ready=run.state is RunState.READY,
        states=RUNS,
        kept=FILE_KEPT,
        lasts=LETTER_CODE_LASTS,
    )


@bp.post("/letters/<uuid:run_id>/file")
@roles(*PRINTS)
def letters_file(run_id: uuid.UUID) -> ResponseReturnValue:
    """Hand over the file of a run, after writing down who fetched it."""
    actor, session = require_actor(), db.session()
    paper.note_download(run_id=run_id, actor=actor, now=datetime.now(UTC))
    run = queries_paper.get_run(session, run_id=run_id, community_id=actor.community_id)
    kind, ending = ("application/pdf", "pdf") if run.is_pdf else ("text/html; charset=utf-8", "html")
    parts = stream_with_context(queries_paper.read_parts(session, run=run))
    answer = Response(parts, content_type=kind)
    answer.content_length = run.size
    name = f"letters-{day_of(run.asked_at)}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/letters/<uuid:run_id>/delete")
@roles(*PRINTS)
def delete_letters(run_id: uuid.UUID) -> ResponseReturnValue:
    try:
        paper.delete_letters(run_id=run_id, actor=require_actor(), now=datetime.now(UTC))
    except TransitionNotAllowed:
        flash(_("The file is gone already."), "info")
    else:
        flash(_("The file is deleted. The codes on the printed letters still work."), "success")
    return redirect(url_for(".letter_run", run_id=run_id), code=303)


def _ask(form: LetterForm) -> ResponseReturnValue | None:
    """Ask for the letters of a valid form; None when the page has to be shown again."""
    actor, run_id = require_actor(), form.key.key
    # The site's own address where it knows one; otherwise that by which it was reached.
    target = address_of("accounts.sign_in_code", {}) or url_for("accounts.sign_in_code", _external=True)
    try:
        paper.ask_letters(
            run_id=run_id,
            title=form.title.data,
            text=form.text.data,
            call=form.call.data,
            sign_in_url=target,
            actor=actor,
            now=datetime.now(UTC),
        )
    except AlreadyDone:
        flash(_("These letters are being printed already."), "info")
        found = queries_paper.get_running(db.session(), community_id=actor.community_id)
        return redirect(url_for(".letter_run", run_id=found or run_id), code=303)
    except PersonalData as refusal:
        add_error(form, refusal.field, str(REFUSALS["number"]))
        return None
    except Invalid as refusal:
        add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        return None
    flash(_("The letters are being printed. This page shows how far they are."), "success")
    return redirect(url_for(".letter_run", run_id=run_id), code=303)
