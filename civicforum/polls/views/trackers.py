"""The page on which anybody asks what became of a ballot, by its tracker."""

from __future__ import annotations

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.polls.queries import ballots as queries
from civicforum.polls.queries.polls import get_alone
from civicforum.polls.trackers import clean_tracker, shown_tracker
from civicforum.polls.views.blueprint import bp
from civicforum.sealed import Mistyped


@bp.get("/<uuid:poll_id>/tracker")
@public
def tracker(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = get_alone(db.session(), poll_id=poll_id, community_id=require_community().id)
    typed = request.args.get("tracker", "").strip()
    error, found = "", None
    if typed:
        try:
            found = queries.find_tracked(db.session(), poll_id=poll.id, typed=clean_tracker(typed))
        except Mistyped:
            error = _("A tracker has 20 letters and digits in five groups. Please compare it again.")
    page = render_template(
        "polls/tracker.html",
        poll=poll,
        typed=typed,
        error=error,
        found=found,
        shown=shown_tracker(found.tracker) if found else "",
    )
    return page, 422 if error else 200
