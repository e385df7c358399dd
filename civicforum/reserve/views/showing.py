"""The list of selections, and the page of one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from fractions import Fraction

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum import rulebook
from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.notices.queries import list_of_subject as list_notices
from civicforum.paging import page_number
from civicforum.reserve import queries
from civicforum.reserve.forms import LinkForm
from civicforum.reserve.models import Selection
from civicforum.reserve.queries import SelectionPage
from civicforum.reserve.rules import PER_YEAR_RULE, STAGES_RULE, SelectionState, Stage, plain
from civicforum.reserve.texts import STAGES, STATE_COLOURS, STATES, TIES
from civicforum.reserve.views.blueprint import bp


@bp.get("")
@public
def index() -> ResponseReturnValue:
    community, actor = require_community(), current_actor()
    return render_template(
        "reserve/index.html",
        page=queries.list_selections(
            db.session(), community_id=community.id, actor=actor, number=page_number()
        ),
        may_plan=queries.is_party(actor),
        rule=rulebook.load(community.profile).rule(PER_YEAR_RULE),
        stages=STAGES,
        states=STATES,
        colours=STATE_COLOURS,
    )


@bp.get("/<uuid:selection_id>")
@public
def show(selection_id: uuid.UUID) -> ResponseReturnValue:
    return show_page(selection_id, None)


def show_page(selection_id: uuid.UUID, form: LinkForm | None) -> str:
    """Return the page of a selection; `form` is the one for the appraisal, where it was refused."""
    session, community = db.session(), require_community()
    page = queries.get_page(
        session, selection_id=selection_id, community_id=community.id, actor=current_actor()
    )
    selection = page.selection
    return render_template(
        "reserve/show.html",
        page=page,
        selection=selection,
        form=form or _link_form(page),
        steps=steps_of(selection),
        notices=list_notices(session, subject_kind="selection", subject_id=selection.id),
        rule=rulebook.load(community.profile).rule(STAGES_RULE),
        now=datetime.now(UTC),
        plain=lambda text: plain(Fraction(text)),
        stages=STAGES,
        states=STATES,
        colours=STATE_COLOURS,
        ties=TIES,
    )


def _link_form(page: SelectionPage) -> LinkForm | None:
    """Return the form that links an appraisal, at its stage and for whoever runs the selection."""
    selection = page.selection
    at_stage = selection.state is SelectionState.POSTED and selection.stage is Stage.APPRAISAL
    if not (page.may_run and at_stage):
        return None
    return offered()


def offered(*, from_request: bool = False) -> LinkForm:
    """Return the form with the appraisals that can be linked."""
    form = LinkForm() if from_request else LinkForm(formdata=None)
    form.offer(queries.list_linkable(db.session(), community_id=require_community().id))
    return form


def steps_of(selection: Selection) -> list[dict[str, object]]:
    """Return the five stages as components/path.html shows them."""
    order = list(Stage)
    reached = order.index(selection.stage)
    is_over = selection.state in (SelectionState.DECIDED, SelectionState.VOID)
    steps: list[dict[str, object]] = []
    for place, stage in enumerate(order):
        state = "done" if place < reached else "current" if place == reached else "next"
        if selection.state is SelectionState.DRAFT:
            state = "next"
        elif is_over and state == "current":
            state = "done" if selection.state is SelectionState.DECIDED else "ended"
        steps.append({"label": STAGES[stage], "state": state})
    return steps
