"""The same notice for the board in the street and for a wall screen: its text comes from one macro."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import NotFound
from civicforum.notices import queries
from civicforum.notices.models import Notice
from civicforum.notices.views.blueprint import bp
from civicforum.notices.views.board import code_of, may_read_notice
from civicforum.notices.wall import fit
from civicforum.printing import NoPrinter, PrintFailed, find_chromium, print_once, styles
from civicforum.security import limiter

# A browser is started by strangers: for each address.
PDF_LIMIT = "20 per minute"
# How long a notice stands on the wall before the next: time to read it at a glance, longer for a long one.
SECONDS_EACH, CHARACTERS_A_SECOND, MOST_SECONDS = 15, 10, 90


@bp.get("/<uuid:notice_id>/sheet")
@public
def sheet(notice_id: uuid.UUID) -> ResponseReturnValue:
    notice = _readable(notice_id)
    return render_template(
        "notices/sheet.html", **_on_paper(notice), css="", has_printer=bool(find_chromium())
    )


@bp.get("/<uuid:notice_id>/sheet.pdf")
@public
@limiter.limit(PDF_LIMIT)
def sheet_pdf(notice_id: uuid.UUID) -> ResponseReturnValue:
    """Answer with the sheet as PDF; where nothing here prints, with the sheet, which says how to."""
    notice = _readable(notice_id)
    # What hangs in the street is in Chinese, whoever has it printed.
    with force_locale("zh_Hans"):
        html = render_template("notices/sheet.html", **_on_paper(notice), css=styles(), has_printer=True)
    folder = current_app.config["CIVICFORUM"].instance / "printed"
    try:
        content = print_once(lambda: html, key=html, folder=folder)
    except (NoPrinter, PrintFailed):
        return redirect(url_for(".sheet", notice_id=notice_id), code=303)
    name = f"notice-{notice.posted_at:%Y%m%d}.pdf"
    return Response(
        content,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@bp.get("/screen")
@public
def screen() -> ResponseReturnValue:
    """Show one running notice in large type; the page itself goes on to the next."""
    community, session, now = require_community(), db.session(), datetime.now(UTC)
    running = queries.list_running(session, community_id=community.id, now=now)
    place = request.args.get("n", 0, type=int) % len(running) if running else 0
    notice = running[place] if running else None
    size, parts = fit(notice.text) if notice else ("", [""])
    part = max(0, min(request.args.get("part", 0, type=int), len(parts) - 1))
    following = _following(place, part, notices=len(running), parts=len(parts))
    html = render_template(
        "notices/screen.html",
        notice=notice,
        words=parts[part],
        part=part,
        parts=len(parts),
        place=place,
        total=len(running),
        following=following,
        size=size,
        code=code_of(notice)[1] if notice else "",
        missing=queries.list_missing(session, community_id=community.id, now=now),
        now=now,
    )
    # The page turns itself, for nobody stands before a wall with a mouse.
    return Response(html, headers={"Refresh": f"{_seconds(parts[part])}; url={following}"})


def _following(place: int, part: int, *, notices: int, parts: int) -> str:
    """Return the address of the next part of a notice, or the next notice; after the last, of the first."""
    if part + 1 < parts:
        return url_for(".screen", n=place, part=part + 1)
    return url_for(".screen", n=(place + 1) % notices if notices else 0)


def _readable(notice_id: uuid.UUID) -> Notice:
    """Return the notice. Raises NotFound for a removed one, of which no sheet is hung up."""
    notice = queries.get_notice(db.session(), notice_id=notice_id, community_id=require_community().id)
    if not may_read_notice(notice, current_actor()):
        raise NotFound(notice_id)
    return notice


def _on_paper(notice: Notice) -> dict[str, Any]:
    address, code = code_of(notice)
    return {"notice": notice, "address": address, "code": code}


def _seconds(words: str) -> int:
    return min(MOST_SECONDS, max(SECONDS_EACH, len(words) // CHARACTERS_A_SECOND))
