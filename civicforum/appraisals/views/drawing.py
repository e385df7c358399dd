"""Who is on the roll of a group of raters: the draw of polls, chosen while the cycle is planned."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from civicforum.access import require_actor, roles
from civicforum.appraisals.models import Cycle
from civicforum.appraisals.plans import Plan
from civicforum.appraisals.queries.showing import get_cycle
from civicforum.appraisals.rules import CycleState, RaterBasis
from civicforum.appraisals.services import planning as services
from civicforum.appraisals.services.plan_rows import read_plan
from civicforum.appraisals.services.steps import require_state, rules_of
from civicforum.appraisals.texts import refusal_text
from civicforum.appraisals.views.blueprint import bp
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import Invalid, NotFound, RuleRefused
from civicforum.fields import add_error
from civicforum.matters.services.people import MOST_LINES, find_people
from civicforum.matters.texts import LINE_PROBLEMS
from civicforum.people.queries import list_grids, list_groups
from civicforum.polls.electorates import (
    Basis,
    Draw,
    DrawFault,
    Drawn,
    Terms,
    draw_as_json,
    draw_from_json,
    fault_of_draw,
    natural_key,
    terms_of,
)
from civicforum.polls.forms.rolls import DrawForm
from civicforum.polls.queries import rolls as queries
from civicforum.polls.texts_rolls import BASES
from civicforum.polls.texts_rolls import refusal_text as draw_text
from civicforum.rulebook.days import day_of, day_starts

FIELD_OF_FAULT = {
    DrawFault.NO_CAPACITY: "capacities",
    DrawFault.NO_POST: "posts",
    DrawFault.NOT_ENTITLED: "chosen",
    DrawFault.TWO_OF_A_HOUSEHOLD: "chosen",
}


@bp.route("/<uuid:cycle_id>/plan/raters/<int:position>/roll", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def plan_draw(cycle_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Choose from what the roll of a group is drawn, then who exactly, and see how many it has."""
    cycle, plan, before = _roll_to_plan(cycle_id, position)
    basis = _basis(before)
    page = {"cycle": cycle, "group": plan.groups[position - 1], "position": position}
    if basis is None:
        return render_template("appraisals/plan_draw.html", bases=BASES, **page)
    form, now = DrawForm(), datetime.now(UTC)
    terms = terms_of(rules_of(cycle), opens_at=day_starts(cycle.held_on), now=now)
    _offer(form, cycle, basis, terms)
    draw: Draw | None = None
    if request.method == "GET":
        draw = before if before is not None and before.basis is basis else None
        _fill(form, draw)
    elif form.validate() and (chosen := _chosen(form, cycle, now)) is not None:
        draw = form.draw(basis, chosen)
    preview = _preview(form, cycle, draw, terms) if draw is not None else None
    is_to_save = request.method == "POST" and "preview" not in request.form
    if is_to_save and draw is not None and preview is not None and _saved(form, plan, cycle, position, draw):
        return redirect(url_for(".plan_groups", cycle_id=cycle_id), code=303)
    html = render_template(
        "appraisals/plan_draw_by.html", form=form, words=BASES[basis], preview=preview, **page
    )
    return html, 422 if form.errors else 200


def _roll_to_plan(cycle_id: uuid.UUID, position: int) -> tuple[Cycle, Plan, Draw | None]:
    """Return a draft with its plan, and how the roll of the group at a place is drawn so far.

    Raises NotFound, also where that group is no roll, and TransitionNotAllowed (posted already).
    """
    actor = require_actor()
    cycle = get_cycle(db.session(), cycle_id=cycle_id, community_id=actor.community_id, actor=actor)
    require_state(cycle, CycleState.DRAFT)
    plan = read_plan(cycle)
    if not 1 <= position <= len(plan.groups) or plan.groups[position - 1].basis is not RaterBasis.ROLL:
        raise NotFound(position)
    written = plan.groups[position - 1].draw
    return cycle, plan, draw_from_json(written) if written else None


def _basis(before: Draw | None) -> Basis | None:
    """Return from what the roll is drawn: as the address says, else as before; None to choose it anew."""
    asked = request.args.get("by", "")
    if asked in list(Basis):
        return Basis(asked)
    return None if before is None or "again" in request.args else before.basis


def _offer(form: DrawForm, cycle: Cycle, basis: Basis, terms: Terms) -> None:
    session = db.session()
    groups = list_groups(session, community_id=cycle.community_id)
    form.offer(
        basis,
        is_statutory=False,
        seats=queries.list_seats(session, community_id=cycle.community_id, terms=terms),
        groups=sorted(groups, key=lambda group: natural_key(group.name)),
        grids=list_grids(session, community_id=cycle.community_id),
    )


def _fill(form: DrawForm, before: Draw | None) -> None:
    """Show how the roll was drawn before, or else the first two capacities."""
    if before is not None:
        form.fill(before)
        if "chosen" in form:
            form.chosen.data = "\n".join(queries.numbers_of(db.session(), before.chosen))
    elif "capacities" in form:
        form.capacities.data = ["hukou", "usual_residence"]


def _chosen(form: DrawForm, cycle: Cycle, now: datetime) -> Sequence[uuid.UUID] | None:
    """Return whom the lines name, or None with the words beside a line that names nobody."""
    if "chosen" not in form or not form.chosen.data:
        return []
    lines = form.chosen.data.splitlines()[:MOST_LINES]
    found, refused = find_people(db.session(), community_id=cycle.community_id, lines=lines, day=day_of(now))
    for line in refused:
        words = LINE_PROBLEMS[line.problem] % {"number": line.number, "text": line.text}
        add_error(form, "chosen", words)
    return None if refused else [person.id for _number, _text, person in found]


def _preview(form: DrawForm, cycle: Cycle, draw: Draw, terms: Terms) -> queries.Preview | None:
    """Return how many a draw gives, or None with the words beside what is wrong. Nothing is written."""
    fault = fault_of_draw(draw, is_statutory=False, book=rules_of(cycle))
    drawn: list[Drawn] | DrawFault = fault or queries.draw_people(
        db.session(), community_id=cycle.community_id, draw=draw, terms=terms
    )
    if isinstance(drawn, DrawFault):
        add_error(form, FIELD_OF_FAULT.get(drawn), draw_text(Invalid(drawn.value)))
        return None
    return queries.preview_of(drawn)


def _saved(form: DrawForm, plan: Plan, cycle: Cycle, position: int, draw: Draw) -> bool:
    groups = list(plan.groups)
    groups[position - 1] = replace(groups[position - 1], draw=draw_as_json(draw))
    try:
        services.edit_plan(
            cycle_id=cycle.id,
            plan=replace(plan, groups=tuple(groups)),
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except (Invalid, RuleRefused) as refusal:
        add_error(form, None, refusal_text(refusal))
        return False
    return True
