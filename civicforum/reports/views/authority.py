"""The authority's pages: it has no account here, and comes in by proving that it holds the private key."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import (
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.reports import exporting, possession, queries, services
from civicforum.reports.forms import AnswerForm, TestForm, decoded
from civicforum.reports.models import Report, ReportKey
from civicforum.reports.rules import LONGEST_ANSWER, Came, due_on, standing
from civicforum.reports.texts import KINDS, REFUSALS
from civicforum.reports.views.blueprint import bp
from civicforum.rulebook.days import day_of
from civicforum.sealed import to_base64
from civicforum.security import COSTLY, limiter

VISIT = "report_visit"


@bp.route("/keys/<uuid:key_id>/prove", methods=["GET", "POST"])
@public
@limiter.limit(COSTLY)
def prove(key_id: uuid.UUID) -> ResponseReturnValue:
    """Open a sealed word with the private key, and be let in."""
    key = queries.get_key(db.session(), key_id=key_id, community_id=require_community().id)
    form, now = TestForm(), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            visit_id = possession.passed(
                text=form.test.data or "",
                answer=form.answer.data,
                key_id=key.id,
                server_secret=_secret(),
                now=now,
            )
            services.begin_visit(visit_id=visit_id, key_id=key.id, now=now)
        except (possession.TestFailed, AlreadyDone):
            db.session().rollback()
            add_error(
                form, "answer", _("This is not what the test asks for, or it is too old. Here is a new one.")
            )
        else:
            session[VISIT] = str(visit_id)
            return redirect(url_for(".inbox"), code=303)
    test = possession.make_test(key_id=key.id, public=key.public, server_secret=_secret(), now=now)
    form.test.data, form.answer.data = test.text, ""
    page = render_template("reports/prove.html", form=form, key=key, sealed=to_base64(test.sealed))
    return page, 422 if form.errors else 200


@bp.get("/inbox")
@public
def inbox() -> ResponseReturnValue:
    """The sealed reports of the key: number, day, where each stands."""
    key, today = _key_of_visit(), day_of(datetime.now(UTC))
    page = queries.list_reports(db.session(), key_id=key.id, number=page_number())
    clock = queries.clock_of(require_community())

    def line(report: Report) -> dict[str, Any]:
        came = Came(report.received_on, report.answered_on)
        return {
            "report": report,
            "due": due_on(clock, report.received_on),
            "standing": standing(clock, came, today),
        }

    return render_template("reports/inbox.html", key=key, page=page.map(line))


@bp.get("/inbox/all")
@public
def all_sealed() -> ResponseReturnValue:
    """All sealed reports of the key in one file, for the command on the authority's own computer."""
    key = _key_of_visit()

    def lines() -> Iterator[str]:
        for line in exporting.lines(db.session(), key):
            yield json.dumps(line, ensure_ascii=False) + "\n"

    answer = Response(stream_with_context(lines()), mimetype="application/jsonl")
    answer.headers["Content-Disposition"] = 'attachment; filename="reports.jsonl"'
    return answer


@bp.route("/inbox/<number>", methods=["GET", "POST"])
@public
def opened(number: str) -> ResponseReturnValue:
    """One report, opened in the browser, and its answer, sealed there."""
    key, form = _key_of_visit(), AnswerForm()
    report = queries.get_sealed(db.session(), key_id=key.id, number=number)
    if form.validate_on_submit():
        try:
            services.answer_report(
                visit_id=uuid.UUID(session[VISIT]),
                number=number,
                answer=decoded(form.sealed.data or ""),
                now=datetime.now(UTC),
            )
        except Invalid:
            form.form_errors.append(str(REFUSALS["answer"]))
        except AlreadyDone:
            flash(_("This report has an answer already."), "info")
            return redirect(url_for(".opened", number=number), code=303)
        else:
            flash(_("The answer is kept, sealed for whoever reported."), "success")
            return redirect(url_for(".opened", number=number), code=303)
    page = render_template(
        "reports/opened.html",
        form=form,
        key=key,
        report=report,
        due=due_on(queries.clock_of(require_community()), report.received_on),
        kinds={kind.value: str(words) for kind, words in KINDS.items()},
        longest=LONGEST_ANSWER,
    )
    return page, 422 if form.errors else 200


@bp.get("/inbox/<number>/sealed")
@public
def sealed(number: str) -> ResponseReturnValue:
    """The sealed bytes of one report."""
    report = queries.get_sealed(db.session(), key_id=_key_of_visit().id, number=number)
    return Response(report.sealed, mimetype="application/octet-stream")


@bp.post("/leave")
@public
def leave() -> ResponseReturnValue:
    """End the visit."""
    visit = session.pop(VISIT, None)
    if visit is not None:
        services.end_visit(visit_id=uuid.UUID(visit), now=datetime.now(UTC))
    flash(_("You have left the reports."), "success")
    return redirect(url_for(".index"), code=303)


def _key_of_visit() -> ReportKey:
    """Return the key whose holder visits; with no visit, or after its end, answer how one is begun."""
    community_id = require_community().id
    try:
        if VISIT not in session:
            raise NotEligible(request.path)
        visit = queries.get_visit(db.session(), uuid.UUID(session[VISIT]), datetime.now(UTC))
    except NotEligible:
        key = queries.find_live_key(db.session(), community_id)
        abort(make_response(render_template("reports/no_visit.html", key=key), 403))
    return queries.get_key(db.session(), key_id=visit.key_id, community_id=community_id)


def _secret() -> str:
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings.secret_key
