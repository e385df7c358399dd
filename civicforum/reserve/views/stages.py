"""Taking a selection from stage to stage: the appraisal, the exam, the inspection."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.reserve import services
from civicforum.reserve.errors import NotAllDone
from civicforum.reserve.rules import plain
from civicforum.reserve.texts import REFUSALS
from civicforum.reserve.views.blueprint import back_to, bp, selection_to_run
from civicforum.reserve.views.showing import offered, show_page


@bp.post("/<uuid:selection_id>/begin-appraisal")
@roles(Role.PARTY)
def begin_appraisal(selection_id: uuid.UUID) -> ResponseReturnValue:
    return _go_on(services.begin_appraisal, selection_id)


@bp.post("/<uuid:selection_id>/link-appraisal")
@roles(Role.PARTY)
def link_appraisal(selection_id: uuid.UUID) -> ResponseReturnValue:
    selection_to_run(selection_id)
    form = offered(from_request=True)
    if form.validate_on_submit():
        try:
            services.link_appraisal(
                selection_id=selection_id,
                cycle_id=uuid.UUID(form.cycle.data),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            add_error(form, refused.field, str(REFUSALS[refused.reason]))
        except AlreadyDone:
            add_error(form, "cycle", _("An appraisal already belongs to this selection."))
        else:
            flash(_("The appraisal belongs to this selection now."), "success")
            return back_to(selection_id)
    return show_page(selection_id, form), 422


@bp.post("/<uuid:selection_id>/take-appraisal")
@roles(Role.PARTY)
def take_appraisal(selection_id: uuid.UUID) -> ResponseReturnValue:
    try:
        return _go_on(services.take_appraisal, selection_id)
    except TransitionNotAllowed:
        flash(_("The result of the appraisal is not certified yet."), "error")
        return back_to(selection_id)


@bp.route("/<uuid:selection_id>/exam", methods=["GET", "POST"])
@roles(Role.PARTY)
def exam(selection_id: uuid.UUID) -> ResponseReturnValue:
    """Enter the points of all who sit the exam, on one page."""
    selection = selection_to_run(selection_id)
    candidates = [one for one in selection.candidates if one.ended_at_stage is None]
    typed = {one.id: plain(Fraction(one.exam_points)) if one.exam_points else "" for one in candidates}
    error: tuple[str, str] | None = None
    if request.method == "POST":
        typed = {one.id: request.form.get(f"points-{one.id}", "").strip() for one in candidates}
        try:
            services.enter_exam(
                selection_id=selection_id,
                points={key: points for key, points in typed.items() if points},
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            error = (refused.field or "", str(REFUSALS[refused.reason]))
        else:
            flash(_("The points are entered."), "success")
            return back_to(selection_id)
    body = render_template(
        "reserve/exam.html", selection=selection, candidates=candidates, typed=typed, error=error
    )
    return body, 422 if error else 200


@bp.post("/<uuid:selection_id>/finish-exam")
@roles(Role.PARTY)
def finish_exam(selection_id: uuid.UUID) -> ResponseReturnValue:
    return _go_on(services.finish_exam, selection_id)


@bp.post("/<uuid:selection_id>/finish-inspection")
@roles(Role.PARTY)
def finish_inspection(selection_id: uuid.UUID) -> ResponseReturnValue:
    return _go_on(services.finish_inspection, selection_id)


def _go_on(step: Callable[..., None], selection_id: uuid.UUID) -> ResponseReturnValue:
    """Take a step that asks nothing more, and say why it was refused where it was."""
    try:
        step(selection_id=selection_id, actor=require_actor(), now=datetime.now(UTC))
    except NotAllDone as refused:
        names = _(", ").join(refused.names)
        flash(_("Without a result so far: %(names)s.", names=names), "error")
    except Invalid as refused:
        flash(str(REFUSALS[refused.reason]), "error")
    else:
        flash(_("The selection has reached its next stage."), "success")
    return back_to(selection_id)
