"""The results of one subject over the cycles, as a picture with its table."""

from __future__ import annotations

import uuid

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.appraisals import texts_results as texts
from civicforum.appraisals.queries.result_history import list_history
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.result_pictures import history_picture
from civicforum.appraisals.views.blueprint import bp
from civicforum.database import db
from civicforum.errors import NotFound


@bp.get("/<uuid:cycle_id>/subjects/<uuid:subject_id>/history")
@public
def history(cycle_id: uuid.UUID, subject_id: uuid.UUID) -> ResponseReturnValue:
    """Every certified result of the same person in the same post, or of the same body."""
    session = db.session()
    cycle = get_cycle(session, cycle_id=cycle_id, community_id=require_community().id)
    subject = next((one for one in cycle.subjects if one.id == subject_id), None)
    if subject is None:
        raise NotFound(subject_id)
    lines = list_history(session, subject)
    return render_template(
        "appraisals/history.html",
        cycle=cycle,
        subject=subject,
        lines=lines,
        drawn=history_picture(lines, name="history") if lines else None,
        texts=texts,
    )
