"""Opinions for deputies: leaving one, entering one from paper, forwarding, and the answer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments.errors import TooManyWaiting
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.registers.forms_deputies import AnswerForm, ForwardForm, OpinionForm, PaperForm
from civicforum.registers.queries.deputies import get_deputy, get_opinion
from civicforum.registers.services import opinions as services
from civicforum.registers.texts_deputies import REFUSALS
from civicforum.registers.views.blueprint import bp
from civicforum.registers.views.deputies import deputy_page, to_deputy
from civicforum.security import by_person, limiter

# A person writes; a script floods.
MANY_OPINIONS = "10 per minute"


@bp.post("/deputies/<uuid:deputy_id>/opinions")
@signed_in
@limiter.limit(MANY_OPINIONS, key_func=by_person)
def send_opinion(deputy_id: uuid.UUID) -> ResponseReturnValue:
    form, actor, now = OpinionForm(), require_actor(), datetime.now(UTC)
    if form.validate():
        try:
            services.send_opinion(deputy_id=deputy_id, text=form.text.data, actor=actor, now=now)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        except TooManyWaiting:
            add_error(form, "text", _("As many of your opinions wait here as may: they are forwarded first."))
        except AlreadyDone:
            flash(_("These words wait here already."), "info")
            return to_deputy(deputy_id, "own")
        else:
            flash(_("Thank you. Your opinion is here, and will be forwarded."), "success")
            return to_deputy(deputy_id, "own")
    return deputy_page(deputy_id, form), 422


@bp.route("/deputies/<uuid:deputy_id>/paper", methods=["GET", "POST"])
@roles(Role.CLERK)
def enter_opinion(deputy_id: uuid.UUID) -> ResponseReturnValue:
    """Enter an opinion that came on paper."""
    form, actor, now = PaperForm(), require_actor(), datetime.now(UTC)
    found = get_deputy(db.session(), deputy_id=deputy_id, community_id=actor.community_id)
    if form.validate_on_submit():
        try:
            services.enter_paper(deputy_id=deputy_id, text=form.text.data, actor=actor, now=now)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        except AlreadyDone:
            flash(_("These words wait here already."), "info")
            return to_deputy(deputy_id, "opinions")
        else:
            flash(_("The opinion is entered."), "success")
            return to_deputy(deputy_id, "opinions")
    page = render_template("registers/enter_opinion.html", form=form, deputy=found)
    return page, 422 if form.is_submitted() else 200


@bp.route("/deputies/opinions/<uuid:opinion_id>/forward", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE)
def forward_opinion(opinion_id: uuid.UUID) -> ResponseReturnValue:
    """Enter on which day the deputy had an opinion."""
    form, actor, now = ForwardForm(), require_actor(), datetime.now(UTC)
    opinion = get_opinion(db.session(), opinion_id=opinion_id, actor=actor)
    if form.validate_on_submit():
        try:
            services.forward_opinion(opinion_id=opinion_id, on=form.forwarded_on.data, actor=actor, now=now)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        except AlreadyDone:
            flash(_("This opinion is forwarded already."), "info")
            return to_deputy(opinion.deputy_id, "opinions")
        else:
            flash(_("It is entered, and everybody can read the opinion."), "success")
            return to_deputy(opinion.deputy_id, f"opinion-{opinion.number}")
    page = render_template(
        "registers/forward_opinion.html", form=form, opinion=opinion, deputy=opinion.deputy, now=now
    )
    return page, 422 if form.is_submitted() else 200


@bp.route("/deputies/opinions/<uuid:opinion_id>/answer", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE)
def answer_opinion(opinion_id: uuid.UUID) -> ResponseReturnValue:
    """Enter the deputy's answer."""
    form, actor, now = AnswerForm(), require_actor(), datetime.now(UTC)
    opinion = get_opinion(db.session(), opinion_id=opinion_id, actor=actor)
    if form.validate_on_submit():
        try:
            services.answer_opinion(
                opinion_id=opinion_id,
                text=form.text.data,
                answered_by=form.answered_by.data,
                actor=actor,
                now=now,
            )
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        except AlreadyDone:
            flash(_("This opinion already has an answer."), "info")
            return to_deputy(opinion.deputy_id, "opinions")
        else:
            flash(_("The answer is entered and can be read."), "success")
            return to_deputy(opinion.deputy_id, f"opinion-{opinion.number}")
    page = render_template(
        "registers/answer_opinion.html", form=form, opinion=opinion, deputy=opinion.deputy, now=now
    )
    return page, 422 if form.is_submitted() else 200
