"""The blueprint of the reserve list, and what its views share."""

from __future__ import annotations

import uuid

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from civicforum.access import require_actor
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.reserve import queries
from civicforum.reserve.models import Selection
from civicforum.reserve.rules import check_run

bp = Blueprint("reserve", __name__, url_prefix="/reserve")


def selection_to_run(selection_id: uuid.UUID) -> Selection:
    """Return the selection for whoever runs it. Raises NotFound, NotEligible (also a candidate of it)."""
    actor = require_actor()
    selection = queries.get_selection(
        db.session(), selection_id=selection_id, community_id=require_community().id, actor=actor
    )
    check_run(actor, [one.person_id for one in selection.candidates])
    return selection


def back_to(selection_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("reserve.show", selection_id=selection_id), code=303)
