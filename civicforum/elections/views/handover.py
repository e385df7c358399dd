"""The handover: what the old committee hands to the new one, and when the new terms begin."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, roles
from civicforum.bodies.errors import NoSeatLeft, PairForbidden
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.calendar import Milestone
from civicforum.elections.forms.handover import ItemForm, TermsForm, TickForm
from civicforum.elections.models import Election
from civicforum.elections.queries.dates import get_dates
from civicforum.elections.queries.results import get_winners, list_items
from civicforum.elections.rules import Stage, may_preside
from civicforum.elections.services import handover as services
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_rounds import refusal_text
from civicforum.elections.views.blueprint import bp
from civicforum.elections.views.rounds import READERS, election_to_run
from civicforum.errors import AlreadyDone, CivicForumError, NotEligible, NotFound
from civicforum.fields import add_error
from civicforum.lawbook.texts import verdict_text
from civicforum.rulebook.days import day_of


@bp.get("/<uuid:election_id>/handover")
@roles(*READERS)
def handover(election_id: uuid.UUID) -> ResponseReturnValue:
    return _page(election_to_run(election_id))


@bp.post("/<uuid:election_id>/handover/items")
@roles(Role.ELECTION_OFFICER)
def add_item(election_id: uuid.UUID) -> ResponseReturnValue:
    form = ItemForm()
    if form.validate_on_submit():
        services.add_item(
            election_id=election_id, title=form.title.data, actor=require_actor(), now=datetime.now(UTC)
        )
        return redirect(url_for(".handover", election_id=election_id), code=303)
    return _page(election_to_run(election_id), item_form=form), 422


@bp.post("/<uuid:election_id>/handover/items/<uuid:item_id>")
@roles(Role.ELECTION_OFFICER)
def tick_item(election_id: uuid.UUID, item_id: uuid.UUID) -> ResponseReturnValue:
    form = TickForm()
    if not form.validate_on_submit():
        return _page(election_to_run(election_id), tick_form=form, ticked=item_id), 422
    try:
        services.tick_item(
            item_id=item_id,
            election_id=election_id,
            note=form.note.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except AlreadyDone:
        flash(_("This is handed over already; somebody else was quicker."), "info")
    return redirect(url_for(".handover", election_id=election_id), code=303)


@bp.post("/<uuid:election_id>/handover/terms")
@roles(Role.ELECTION_OFFICER)
def begin_terms(election_id: uuid.UUID) -> ResponseReturnValue:
    form = TermsForm()
    if form.validate_on_submit():
        try:
            number = services.begin_terms(
                election_id=election_id, since=form.since.data, actor=require_actor(), now=datetime.now(UTC)
            )
        except (NotEligible, NotFound):
            raise
        except CivicForumError as refusal:
            db.session().rollback()
            add_error(form, "since", _refused(refusal))
        else:
            flash(ngettext("%(num)s term begins.", "%(num)s terms begin.", number), "success")
            return redirect(url_for(".handover", election_id=election_id), code=303)
    return _page(election_to_run(election_id), terms_form=form), 422


def _refused(refusal: CivicForumError) -> str:
    if isinstance(refusal, NoSeatLeft):
        return str(
            _("%(post)s has no seat left on that day: end the terms of others first.", post=refusal.title)
        )
    if isinstance(refusal, PairForbidden):
        return f"{refusal.verdict.arithmetic}: {verdict_text(refusal.verdict)}"
    return refusal_text(refusal)


def _page(election: Election, **forms: Any) -> str:
    session, now = db.session(), datetime.now(UTC)
    book, dates = rules_of(election), get_dates(session, election)
    announced = next(
        (step.done_at for step in dates.steps if step.milestone is Milestone.RESULT_ANNOUNCED), None
    )
    clock = book.clock("committee.handover")
    elected = get_winners(session, election).elected
    return render_template(
        "elections/handover.html",
        election=election,
        items=list_items(session, election.id),
        elected=elected,
        waiting=[winner for winner in elected if winner.term_id is None],
        clock=clock,
        due_at=clock.deadline(announced) if announced else None,
        seal=book.rule("committee.seal_handover"),
        may_run=may_preside(require_actor()),
        may_tick=election.stage in services.HANDING_OVER,
        may_begin=election.stage is Stage.HANDOVER,
        item_form=forms.get("item_form") or ItemForm(formdata=None),
        tick_form=forms.get("tick_form") or TickForm(formdata=None),
        ticked=forms.get("ticked"),
        terms_form=forms.get("terms_form") or TermsForm(formdata=None, data={"since": day_of(now)}),
        now=now,
    )
