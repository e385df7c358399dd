"""The page of a dossier for everybody, its PDF and its zip."""

from __future__ import annotations

import io
import logging
import uuid
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, current_app, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.dossiers import services
from civicforum.dossiers.contents import Dossier
from civicforum.dossiers.printed import content_key, dossier_html
from civicforum.dossiers.queries import get_dossier
from civicforum.keeping import keep_once
from civicforum.printing import NoPrinter, PrintFailed, PrintTooLong, find_chromium, print_once
from civicforum.records.queries import get_head
from civicforum.security import COSTLY, limiter

bp = Blueprint("dossiers", __name__, url_prefix="/dossiers")
# A browser is started, or archives are packed, by strangers: for each address, and what was made is kept.
LIMIT = "20 per minute"
log = logging.getLogger(__name__)


@bp.get("/<kind>/<uuid:subject_id>")
@public
@limiter.limit(COSTLY)
def show(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    dossier = _get(kind, subject_id)
    return render_template(
        "dossiers/show.html",
        dossier=dossier,
        head=get_head(db.session(), community_id=dossier.community_id),
        prints=find_chromium() is not None,
    )


@bp.get("/<kind>/<uuid:subject_id>.pdf")
@public
@limiter.limit(LIMIT)
def pdf(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    dossier = _get(kind, subject_id)
    head = get_head(db.session(), community_id=dossier.community_id)
    html = dossier_html(dossier, made_at=datetime.now(UTC), head=head)
    key = content_key(dossier)
    # The connection is not kept while a browser prints.
    db.session.rollback()
    try:
        content = print_once(lambda: html, key=key, folder=_folder())
    except NoPrinter:
        flash(
            _("No PDF is made on this site. Print the page with your browser, and choose “Save as PDF”."),
            "info",
        )
        return redirect(url_for(".show", kind=kind, subject_id=subject_id), code=303)
    except PrintFailed as failure:
        log.warning("no PDF of %s %s: %s", kind, subject_id, failure)
        flash(_why_no_pdf(failure), "error")
        return redirect(url_for(".show", kind=kind, subject_id=subject_id), code=303)
    return _download(content, dossier, "pdf", "application/pdf")


@bp.get("/<kind>/<uuid:subject_id>.zip")
@public
@limiter.limit(LIMIT)
def package(kind: str, subject_id: uuid.UUID) -> ResponseReturnValue:
    dossier = _get(kind, subject_id)
    head = get_head(db.session(), community_id=dossier.community_id)
    content = keep_once(
        lambda: services.pack(
            db.session(),
            subject_kind=kind,
            subject_id=subject_id,
            community_id=dossier.community_id,
            now=datetime.now(UTC),
        ),
        # While nothing new is in the journal, and the page says the same, the same file is handed out.
        key=f"{content_key(dossier)} {head.hash if head else ''}",
        folder=_folder(),
        suffix=".zip",
    )
    return _download(content, dossier, "zip", "application/zip")


def _get(kind: str, subject_id: uuid.UUID) -> Dossier:
    return get_dossier(
        db.session(),
        kind=kind,
        subject_id=subject_id,
        community_id=require_community().id,
        now=datetime.now(UTC),
    )


def _why_no_pdf(failure: PrintFailed) -> str:
    words: str = _("The PDF could not be made just now. Try again in a minute, or print the page.")
    if isinstance(failure, PrintTooLong):
        words = _(
            "This dossier is too long for a PDF made here. Print the page with your browser, and choose "
            "“Save as PDF”."
        )
    return words


def _folder() -> Path:
    instance: Path = current_app.config["CIVICFORUM"].instance
    return instance / "dossiers"


def _download(content: bytes, dossier: Dossier, suffix: str, mimetype: str) -> ResponseReturnValue:
    name = f"dossier-{dossier.kind}-{dossier.id}.{suffix}"
    return send_file(io.BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
