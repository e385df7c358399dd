"""The reporter's pages: what the channel is, the report, the answer. Nobody signs in for them.

They ask nowhere who is signed in, and no sign-in is noted as seen on them (accounts/__init__.py).
"""

from __future__ import annotations

import base64
import uuid
from datetime import UTC, datetime

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, NotFound
from civicforum.fields import add_error
from civicforum.layout import day as day_words
from civicforum.reports import boxes, contents, queries, rules, services
from civicforum.reports.forms import ReadForm, ReportForm, decoded
from civicforum.reports.models import Report, ReportKey
from civicforum.reports.rules import due_on
from civicforum.reports.texts import REFUSALS
from civicforum.reports.views.blueprint import MANY_REPORTS, bp
from civicforum.rulebook.days import day_of
from civicforum.sealed import base32, to_base64
from civicforum.security import COSTLY, limiter


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What the channel promises, whose key is in force, and how its answers keep their time."""
    session, community, today = db.session(), require_community(), day_of(datetime.now(UTC))
    keys = queries.list_keys(session, community.id)
    return render_template(
        "reports/index.html",
        key=next((key for key in keys if key.retired_at is None), None),
        former=[key for key in keys if key.retired_at is not None],
        counts=queries.count_reports(session, community, today),
        rule=queries.clock_of(community),
    )


@bp.route("/new", methods=["GET", "POST"])
@public
@limiter.limit(MANY_REPORTS, methods=["POST"])
def new() -> ResponseReturnValue:
    """The form. Without a script the server seals what was typed, and keeps nothing else."""
    key = _key_in_force()
    form = ReportForm()
    if form.validate_on_submit():
        try:
            return _seal_here(form)
        except (Invalid, AlreadyDone) as refusal:
            form.form_errors.append(_refusal_text(refusal))
    # Anew each time, except that a form sent twice stays one form.
    form.ticket.data = str(form.ticket_id or uuid.uuid4())
    form.key.data = str(key.id)
    due = due_on(queries.clock_of(require_community()), day_of(datetime.now(UTC)))
    page = render_template(
        "reports/new.html", form=form, key=key, kept=_kept(form), due=due, longest=rules.LONGEST
    )
    return page, 422 if form.errors else 200


@bp.post("/sealed")
@public
@limiter.limit(MANY_REPORTS)
def file_sealed() -> ResponseReturnValue:
    """Keep a report that the browser sealed; answer with its number."""
    try:
        number = services.file_report(
            report_id=_id("ticket"),
            key_id=_id("key"),
            salt=decoded(request.form.get("salt", "")),
            reply=decoded(request.form.get("reply", "")),
            sealed=request.files["sealed"].read() if "sealed" in request.files else b"",
            now=datetime.now(UTC),
        )
    except (Invalid, AlreadyDone, NotFound) as refusal:
        return jsonify(message=_refusal_text(refusal)), 422
    return jsonify(number=base32.grouped(number, 4)), 201


@bp.route("/answer", methods=["GET", "POST"])
@public
@limiter.limit(COSTLY, methods=["POST"])
def answer() -> ResponseReturnValue:
    """Read the answer with number and code."""
    form, report, text = ReadForm(), None, ""
    if form.validate_on_submit():
        found = queries.find_report(
            db.session(),
            number=base32.canonical(form.number.data),
            community_id=require_community().id,
        )
        code = boxes.read_code(form.code.data)
        if found is None or not _is_code_of(found, code):
            # The same words for both: a number is not shown to be one by itself.
            add_error(form, "number", _("There is no report with this number and this code."))
        else:
            report, text = found, _answer_of(found, code)
    due = due_on(queries.clock_of(require_community()), report.received_on) if report else None
    page = render_template("reports/answer.html", form=form, report=report, text=text, due=due)
    return page, 422 if form.errors else 200


@bp.post("/answer/sealed")
@public
@limiter.limit(COSTLY)
def sealed_answer() -> ResponseReturnValue:
    """Return what a browser opens with the code: the sealed answer of a number, and whose it is."""
    community = require_community()
    number = base32.canonical(request.form.get("number", ""))
    report = queries.find_report(db.session(), number=number, community_id=community.id)
    if report is None:
        return jsonify(message=_("There is no report with this number and this code.")), 404
    due = due_on(queries.clock_of(community), report.received_on)
    return jsonify(
        salt=to_base64(report.salt),
        reply=to_base64(report.reply),
        public=to_base64(report.key.public),
        authority=report.key.authority,
        phone=report.key.phone,
        answer=to_base64(report.answer) if report.answer else None,
        answered=_("Answer of %(day)s", day=day_words(report.answered_on)) if report.answered_on else "",
        waiting=_("There is no answer yet. The authority has until %(day)s.", day=day_words(due)),
    )


def _seal_here(form: ReportForm) -> ResponseReturnValue:
    """Seal and keep what was typed, and show number and code this once."""
    key_id, now = form.key_id, datetime.now(UTC)
    key = db.session().get(ReportKey, key_id) if key_id else None
    if key is None or form.ticket_id is None or key.community_id != require_community().id:
        raise Invalid("replaced")
    sealed = contents.seal_report(form.content(), key.public)
    number = services.file_report(
        report_id=form.ticket_id,
        key_id=key.id,
        salt=sealed.salt,
        reply=sealed.reply,
        sealed=sealed.sealed,
        now=now,
    )
    due = due_on(queries.clock_of(require_community()), day_of(now))
    # Not redirected to: the code is kept nowhere, and a form sent again is recognised.
    return render_template("reports/sent.html", key=key, number=number, code=sealed.code, due=due), 201


def _key_in_force() -> ReportKey:
    """Return the key that reports are sealed for. Raises NotFound: there is none that is proved."""
    key = queries.find_live_key(db.session(), require_community().id)
    if key is None or key.proved_at is None:
        raise NotFound("no key")
    return key


def _kept(form: ReportForm) -> list[str]:
    """Return the photos of a refused form as the page carries them, in base64."""
    return [base64.b64encode(photo).decode() for photo in form.photos.kept]


def _is_code_of(report: Report, code: str) -> bool:
    secret = boxes.reader_secret(code, salt=report.salt, authority=report.key.public)
    return boxes.public_of(secret) == report.reply


def _answer_of(report: Report, code: str) -> str:
    if report.answer is None:
        return ""
    try:
        return contents.read_answer(report.answer, code=code, salt=report.salt, authority=report.key.public)
    except (boxes.NotOpened, contents.NotAReport):
        return str(_("An answer lies here that is not from the authority. Please call the authority."))


def _id(name: str) -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get(name, ""))
    except ValueError:
        raise Invalid("malformed") from None


def _refusal_text(refusal: CivicForumError) -> str:
    if isinstance(refusal, Invalid) and refusal.reason in REFUSALS:
        return str(REFUSALS[refusal.reason])
    if isinstance(refusal, AlreadyDone):
        return str(_("This report has already been sent. Its code was shown then, and is kept nowhere."))
    return str(REFUSALS["replaced"])
