"""The operator's page, readiness and metrics."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from prometheus_client import CONTENT_TYPE_LATEST

from civicforum.access import public, require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import AlreadyDone
from civicforum.operating import exposing, overview, services, texts
from civicforum.operating.health import OK, Readiness

bp = Blueprint("operating", __name__)
# Whatever a proxy sets when it hands a request on.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


@bp.get("/operating")
@roles(Role.ADMIN)
def index() -> ResponseReturnValue:
    now = datetime.now(UTC)
    return render_template(
        "operating/index.html",
        view=overview.get_overview(db.session(), _settings(), now=now),
        features=texts.FEATURES,
        state=texts.state_in_page,
        folders=texts.FOLDERS,
        tones=texts.TONES,
        words=texts.in_page,
    )


@bp.post("/operating/jobs/<int:job_id>/retry")
@roles(Role.ADMIN)
def retry_job(job_id: int) -> ResponseReturnValue:
    try:
        services.retry_job(job_id=job_id, actor=require_actor(), now=datetime.now(UTC))
    except AlreadyDone:
        flash(_("Another job of this kind waits already and does the same."), "info")
    else:
        flash(_("The job runs again."), "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Say which checks hold; `?without=worker` leaves one out, for balancers that would end all machines."""
    readiness: Readiness = current_app.extensions.setdefault("civicforum_readiness", Readiness())
    checks = readiness.ask(_settings(), current_app.config["SQLALCHEMY_DATABASE_URI"])
    counted = {name: found for name, found in checks.items() if name not in request.args.getlist("without")}
    is_ready = all(found == OK for found in counted.values())
    answer = {"status": "ready" if is_ready else "not ready", "checks": checks}
    return answer, 200 if is_ready else 503, {"Cache-Control": "no-store"}


@bp.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    settings = _settings()
    if not settings.metrics:
        abort(404)
    direct = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    if not exposing.may_read(
        settings,
        address=direct.get("REMOTE_ADDR"),
        is_forwarded=any(name in request.headers for name in FORWARDED),
        authorization=request.headers.get("Authorization", ""),
    ):
        abort(403)
    body = exposing.expose(settings, db.engine, now=datetime.now(UTC))
    return body, 200, {"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"}


def _settings() -> Settings:
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings
