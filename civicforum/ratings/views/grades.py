"""Bad grades, for those who answer for them: the call, the answer, the dispute and its ruling."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, RuleRefused, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.queries import rules_in
from civicforum.ratings.forms import (
    ActionForm,
    AnswerForm,
    CallBackForm,
    ContactForm,
    DisputeForm,
    RulingForm,
)
from civicforum.ratings.models import ServiceRating
from civicforum.ratings.queries import grades as queries
from civicforum.ratings.rules import may_rule
from civicforum.ratings.services import handling as services
from civicforum.ratings.services.actions import open_action
from civicforum.ratings.texts import REFUSALS
from civicforum.ratings.views.blueprint import bp
from civicforum.rulebook.days import are_holidays_known, day_of

FORMS: dict[str, type[FlaskForm]] = {
    "contact": ContactForm,
    "answer": AnswerForm,
    "call-back": CallBackForm,
    "action": ActionForm,
    "dispute": DisputeForm,
    "rule": RulingForm,
}


@bp.get("/grades")
@roles(Role.STATION_HEAD, Role.SUPERVISOR)
def grades() -> ResponseReturnValue:
    """List the bad grades that the actor answers for."""
    page = queries.list_grades(db.session(), actor=require_actor(), number=page_number())
    return render_template("ratings/grades.html", page=page, now=datetime.now(UTC))


@bp.get("/grades/<uuid:rating_id>")
@roles(Role.STATION_HEAD, Role.SUPERVISOR)
def grade(rating_id: uuid.UUID) -> ResponseReturnValue:
    return _page(rating_id, {})


@bp.post("/grades/<uuid:rating_id>/contact")
@roles(Role.STATION_HEAD, Role.SUPERVISOR)
def contact(rating_id: uuid.UUID) -> ResponseReturnValue:
    form = ContactForm()

    def act() -> None:
        services.contact(
            rating_id=rating_id,
            note=form.note.data,
            answer=form.given(),
            mended_by=form.mended_by.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _done(rating_id, "contact", form, act, _("The call is recorded."))


@bp.post("/grades/<uuid:rating_id>/answer")
@roles(Role.STATION_HEAD, Role.SUPERVISOR)
def answer(rating_id: uuid.UUID) -> ResponseReturnValue:
    form = AnswerForm()

    def act() -> None:
        services.answer_grade(
            rating_id=rating_id, answer=form.given(), actor=require_actor(), now=datetime.now(UTC)
        )

    return _done(rating_id, "answer", form, act, _("The answer is recorded."))


@bp.post("/grades/<uuid:rating_id>/call-back")
@roles(Role.STATION_HEAD, Role.SUPERVISOR)
def call_back(rating_id: uuid.UUID) -> ResponseReturnValue:
    form = CallBackForm()

    def act() -> None:
        services.call_back(
            rating_id=rating_id,
            is_content=form.is_content.data == "yes",
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _done(rating_id, "call-back", form, act, _("The call is recorded; name and number are forgotten."))


@bp.post("/grades/<uuid:rating_id>/dispute")
@roles(Role.STATION_HEAD)
def dispute(rating_id: uuid.UUID) -> ResponseReturnValue:
    form = DisputeForm()

    def act() -> None:
        services.dispute(
            rating_id=rating_id, reason=form.reason.data, actor=require_actor(), now=datetime.now(UTC)
        )

    return _done(rating_id, "dispute", form, act, _("The supervision committee rules on it."))


@bp.post("/grades/<uuid:rating_id>/action")
@roles(Role.STATION_HEAD, Role.SUPERVISOR)
def action(rating_id: uuid.UUID) -> ResponseReturnValue:
    form = ActionForm()

    def act() -> None:
        open_action(
            rating_id=rating_id,
            title=form.title.data,
            problem=form.problem.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _done(rating_id, "action", form, act, _("The corrective action is open."))


@bp.post("/grades/<uuid:rating_id>/rule")
@roles(Role.SUPERVISOR)
def rule(rating_id: uuid.UUID) -> ResponseReturnValue:
    form = RulingForm()

    def act() -> None:
        services.rule_on(
            rating_id=rating_id,
            ruling=form.chosen(),
            text=form.text.data,
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _done(rating_id, "rule", form, act, _("The ruling is recorded."))


def _done(
    rating_id: uuid.UUID, name: str, form: FlaskForm, act: Callable[[], None], said: str
) -> ResponseReturnValue:
    """Do what a valid form asks for, or show it again beside the grade with what is wrong."""
    if form.validate_on_submit():
        try:
            act()
            flash(said, "success")
            return redirect(url_for(".grade", rating_id=rating_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        except RuleRefused as refusal:
            sentence = f"{refusal.verdict.rule.text(str(get_locale()))} {refusal.verdict.arithmetic}"
            add_error(form, "mended_by", sentence)
        except (AlreadyDone, TransitionNotAllowed):
            flash(_("Somebody was quicker, or the grade is beyond this step."), "error")
            return redirect(url_for(".grade", rating_id=rating_id), code=303)
    return _page(rating_id, {name: form}), 422


def _page(rating_id: uuid.UUID, given: dict[str, FlaskForm]) -> str:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    rating = queries.get_grade(session, rating_id=rating_id, actor=actor)
    steps = _steps(rating, may_rule=may_rule(actor, rating.term.person_id))
    if not actor.has(Role.STATION_HEAD):
        steps.discard("dispute")
    action_id = queries.find_action_id(session, rating_id)
    if action_id is None and rating.published_in is not None and rating.ruling != "set_aside":
        steps.add("action")
    # A form refused a moment ago keeps what was typed; the others are new.
    forms = {name: given.get(name) or form(formdata=None) for name, form in FORMS.items() if name in steps}
    return render_template(
        "ratings/grade.html",
        rating=rating,
        forms=forms,
        action_id=action_id,
        refused=next(iter(given.values()), None),
        now=now,
        mend=rules_in(session, actor.community_id).clock("rating.mend"),
        contact_rule=rules_in(session, actor.community_id).clock("rating.contact"),
        holidays_known=are_holidays_known(day_of(now).year),
        year=day_of(now).year,
    )


def _steps(rating: ServiceRating, *, may_rule: bool) -> set[str]:
    """Return what can be done next."""
    steps: set[str] = set()
    if rating.ruling is None:
        steps.add("rule" if rating.disputed_at is not None else "dispute")
        if "rule" in steps and not may_rule:
            steps.discard("rule")
    if rating.ruling == "set_aside":
        return steps
    if rating.is_named_bad and rating.contacted_at is None:
        steps.add("contact")
    elif rating.answered_at is None:
        steps.add("answer")
    elif rating.is_named_bad and rating.called_back_at is None:
        steps.add("call-back")
    return steps
