"""Messages that were given up: the administrator sees why, and lets them go out again."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.inbox import queries_told
from civicforum.inbox.services.outbox import retry_failed
from civicforum.inbox.views.blueprint import bp
from civicforum.inbox.words_told import CHANNELS, FAULTS
from civicforum.paging import page_number


@bp.get("/outbox")
@roles(Role.ADMIN)
def outbox() -> ResponseReturnValue:
    session, community_id, now = db.session(), require_actor().community_id, datetime.now(UTC)
    return render_template(
        "inbox/outbox.html",
        page=queries_told.list_failures(session, community_id=community_id, number=page_number()),
        counts=queries_told.count_outbox(session, now=now, community_id=community_id),
        channels=CHANNELS,
        faults=FAULTS,
    )


@bp.post("/outbox/retry")
@roles(Role.ADMIN)
def retry_all() -> ResponseReturnValue:
    return _retry(None)


@bp.post("/outbox/<uuid:message_id>/retry")
@roles(Role.ADMIN)
def retry(message_id: uuid.UUID) -> ResponseReturnValue:
    return _retry(message_id)


def _retry(message_id: uuid.UUID | None) -> ResponseReturnValue:
    count = retry_failed(
        community_id=require_actor().community_id, message_id=message_id, now=datetime.now(UTC)
    )
    words = ngettext("%(num)s message goes out again.", "%(num)s messages go out again.", count)
    flash(words, "success" if count else "info")
    return redirect(url_for(".outbox"), code=303)
