"""The list of what somebody was told."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from civicforum.access import oneself, require_actor
from civicforum.database import db
from civicforum.inbox import queries_told
from civicforum.inbox.services.reading import read_all, read_one
from civicforum.inbox.views.blueprint import bp
from civicforum.inbox.words_told import TOPICS
from civicforum.paging import page_number


@bp.get("/inbox")
@oneself
def notifications() -> ResponseReturnValue:
    page = queries_told.list_notifications(
        db.session(), person_id=require_actor().person_id, number=page_number()
    )
    return render_template("inbox/notifications.html", page=page, topics=TOPICS)


@bp.post("/inbox/<uuid:notification_id>/open")
@oneself
def open_notification(notification_id: uuid.UUID) -> ResponseReturnValue:
    """Mark it read, and go where it leads."""
    endpoint, arguments = read_one(
        notification_id=notification_id, actor=require_actor(), now=datetime.now(UTC)
    )
    try:
        return redirect(url_for(endpoint, **arguments), code=303)  # type: ignore[arg-type]
    except BuildError:
        # What was told long ago may lead to a page that a later version has no more.
        flash(_("This page is no longer there."))
        return redirect(url_for(".notifications"), code=303)


@bp.post("/inbox/read")
@oneself
def read_notifications() -> ResponseReturnValue:
    read_all(actor=require_actor(), now=datetime.now(UTC))
    flash(_("Everything is marked as read."), "success")
    return redirect(url_for(".notifications"), code=303)
