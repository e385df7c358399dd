"""The choice of the best, with the written decision on a tie."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.reserve import queries, services
from civicforum.reserve.errors import TieUndecided
from civicforum.reserve.forms import DecideForm
from civicforum.reserve.rules import SelectionState, Stage, TieDecision
from civicforum.reserve.texts import REFUSALS
from civicforum.reserve.views.blueprint import back_to, bp, selection_to_run


@bp.route("/<uuid:selection_id>/decide", methods=["GET", "POST"])
@roles(Role.PARTY)
def decide(selection_id: uuid.UUID) -> ResponseReturnValue:
    selection, form = selection_to_run(selection_id), DecideForm()
    if selection.state is not SelectionState.POSTED or selection.stage is not Stage.CHOICE:
        raise TransitionNotAllowed(selection.stage, Stage.CHOICE)
    if form.validate_on_submit():
        try:
            services.decide_selection(
                selection_id=selection_id,
                tie_decision=TieDecision(form.tie_decision.data) if form.tie_decision.data else None,
                tie_reason=form.tie_reason.data,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except TieUndecided:
            add_error(form, "tie_decision", _("Say what becomes of those who share the last place."))
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        else:
            flash(_("The choice is made and posted."), "success")
            return back_to(selection_id)
    lines = queries.list_standing(selection)
    body = render_template("reserve/decide.html", form=form, selection=selection, standing=lines)
    return body, 422 if form.is_submitted() else 200
