"""Pages of an outside organ's sheet: each of two people enters it, and both see where they differ."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.appraisals.forms.rating import OutsideForm, typed_of_sheet
from civicforum.appraisals.models import OutsideCount, RaterGroup
from civicforum.appraisals.outside_sheets import SheetPair, SheetRow, pairs_of_sheets
from civicforum.appraisals.queries import rating as queries
from civicforum.appraisals.rules import CycleState
from civicforum.appraisals.services import outside as services
from civicforum.appraisals.services.hearing import may_note
from civicforum.appraisals.texts_rating import SHEET_FAULTS
from civicforum.appraisals.views.blueprint import bp
from civicforum.appraisals.views.rating import NOTERS
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, TransitionNotAllowed


@bp.route("/outside/<uuid:group_id>", methods=["GET", "POST"])
@roles(*NOTERS)
def outside_sheet(group_id: uuid.UUID) -> ResponseReturnValue:
    """Enter what the actor reads off the sheet."""
    group, actor = _group(group_id), require_actor()
    counts, rows = group.outside_counts, services.rows_of(group.cycle)
    if group.cycle.state is not CycleState.RATING or services.agreed(counts) is not None:
        raise TransitionNotAllowed(group.cycle.state, "outside_sheet")
    own = next((one for one in counts if one.entered_by_id == actor.person_id), None)
    if own is None and len(counts) == len(services.HANDS):
        raise NotEligible(actor.person_id)
    typed = typed_of_sheet(rows, services.sheet_of(own)) if own else {}
    form = OutsideForm(rows, request.form if request.method == "POST" else typed)
    if request.method == "POST" and (sheet := form.read()) is not None:
        try:
            services.enter_outside(group_id=group_id, sheet=sheet, actor=actor, now=datetime.now(UTC))
            flash(_("What you read off the sheet is entered."), "success")
            return redirect(url_for(".outside_compare", group_id=group_id), code=303)
        except Invalid as refusal:
            form.add_error(refusal.field, str(SHEET_FAULTS[refusal.reason]))
    page = render_template(
        "appraisals/outside_sheet.html", form=form, rows=rows, group=group, cycle=group.cycle, own=own
    )
    return page, 422 if form.errors else 200


@bp.get("/outside/<uuid:group_id>/compare")
@roles(*NOTERS)
def outside_compare(group_id: uuid.UUID) -> ResponseReturnValue:
    """Show both readings side by side, and not one number before both are entered."""
    group, actor = _group(group_id), require_actor()
    counts, rows = group.outside_counts, services.rows_of(group.cycle)
    return render_template(
        "appraisals/outside_compare.html",
        group=group,
        cycle=group.cycle,
        counts=counts,
        names=queries.names_of_hands(db.session(), counts),
        pairs=_pairs(counts, rows) if len(counts) == len(services.HANDS) else [],
        own=next((one for one in counts if one.entered_by_id == actor.person_id), None),
        is_agreed=services.agreed(counts) is not None,
    )


def _pairs(counts: Sequence[OutsideCount], rows: Sequence[SheetRow]) -> list[SheetPair]:
    first, second = map(services.sheet_of, counts)
    return pairs_of_sheets(first, second, rows)


def _group(group_id: uuid.UUID) -> RaterGroup:
    community_id, actor = require_community().id, require_actor()
    group = queries.get_outside(db.session(), group_id=group_id, community_id=community_id)
    if not may_note(actor, group.cycle):
        raise NotEligible(actor.person_id)
    return group
