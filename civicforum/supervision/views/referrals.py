"""Referrals upwards: the public list, one of them, writing it, its letter and package, and the answer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, TransitionNotAllowed
from civicforum.paging import page_number
from civicforum.supervision import services
from civicforum.supervision.forms import HandOverForm, LetterForm, ReferralForm
from civicforum.supervision.letters import title_of
from civicforum.supervision.models import Referral
from civicforum.supervision.queries.records import get_package, get_referral, list_offer, list_referrals
from civicforum.supervision.rules import (
    REFERRAL_RULE,
    OfficeLevel,
    ReferralGround,
    ReferralOutcome,
    may_supervise,
)
from civicforum.supervision.texts import GROUNDS, OUTCOMES
from civicforum.supervision.views.blueprint import bp
from civicforum.supervision.views.saying import say


@bp.get("/referrals")
@public
def referrals() -> ResponseReturnValue:
    return render_template(
        "supervision/referrals.html",
        page=list_referrals(db.session(), community_id=require_community().id, number=page_number()),
        grounds=GROUNDS,
        outcomes=OUTCOMES,
        may_write=may_supervise(current_actor()),
        now=datetime.now(UTC),
    )


@bp.get("/referrals/<uuid:referral_id>")
@public
def referral(referral_id: uuid.UUID) -> ResponseReturnValue:
    found = _referral(referral_id)
    return render_template(
        "supervision/referral.html",
        referral=found,
        rule=rulebook.load(found.profile).clock(REFERRAL_RULE),
        grounds=GROUNDS,
        outcomes=OUTCOMES,
        may_write=may_supervise(current_actor()),
        now=datetime.now(UTC),
    )


@bp.route("/referrals/new", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def refer() -> ResponseReturnValue:
    actor, form = require_actor(), ReferralForm()
    form.offer(list_offer(db.session(), community_id=actor.community_id))
    if form.validate_on_submit():
        try:
            referral_id = services.write_referral(wanted=_wanted(form), actor=actor, now=datetime.now(UTC))
        except Invalid as refused:
            say(form, refused)
        except AlreadyDone as done:
            flash(_("This referral is already written."), "info")
            return redirect(url_for(".referral", referral_id=done.args[0]), code=303)
        else:
            flash(_("The referral is written, and its package is frozen."), "success")
            return redirect(url_for(".referral", referral_id=referral_id), code=303)
    body = render_template("supervision/refer.html", form=form)
    return body, 422 if form.is_submitted() else 200


@bp.route("/referrals/<uuid:referral_id>/hand-over", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def hand_over(referral_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _referral(referral_id), HandOverForm()
    if form.validate_on_submit():
        try:
            services.hand_over(
                referral_id=referral_id, to=form.to.data, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refused:
            say(form, refused)
        except AlreadyDone:
            flash(_("It is already handed over."), "info")
            return redirect(url_for(".referral", referral_id=referral_id), code=303)
        else:
            flash(_("It is handed over, and the time for the answer has begun."), "success")
            return redirect(url_for(".referral", referral_id=referral_id), code=303)
    body = render_template("supervision/hand_over.html", form=form, referral=found)
    return body, 422 if form.is_submitted() else 200


@bp.route("/referrals/<uuid:referral_id>/answer", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def enter_answer(referral_id: uuid.UUID) -> ResponseReturnValue:
    found, form = _referral(referral_id), LetterForm()
    if form.validate_on_submit():
        try:
            services.enter_answer(
                referral_id=referral_id, letter=_letter(form), actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refused:
            say(form, refused)
        except TransitionNotAllowed:
            form.form_errors.append(_("Say first that it was handed over."))
        except AlreadyDone:
            flash(_("The answer is already entered."), "info")
            return redirect(url_for(".referral", referral_id=referral_id), code=303)
        else:
            flash(_("The answer is entered, and everybody can read it."), "success")
            return redirect(url_for(".referral", referral_id=referral_id), code=303)
    body = render_template("supervision/enter_answer.html", form=form, referral=found)
    return body, 422 if form.is_submitted() else 200


@bp.get("/referrals/<uuid:referral_id>/letter")
@roles(Role.SUPERVISOR)
def letter(referral_id: uuid.UUID) -> ResponseReturnValue:
    """Show the letter as it is printed."""
    found = _referral(referral_id)
    return render_template("supervision/letter.html", referral=found, letter_title=title_of(found))


@bp.get("/referrals/<uuid:referral_id>/package.zip")
@roles(Role.SUPERVISOR)
def package(referral_id: uuid.UUID) -> ResponseReturnValue:
    found = get_package(db.session(), referral_id=referral_id, community_id=require_actor().community_id)
    return zip_file(found.package, f"referral-{found.number}.zip")


def zip_file(content: bytes, name: str) -> Response:
    """Return a zip to be kept; only who may read it has it in a cache."""
    answer = Response(content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _referral(referral_id: uuid.UUID) -> Referral:
    return get_referral(db.session(), referral_id=referral_id, community_id=require_community().id)


def _wanted(form: ReferralForm) -> services.Wanted:
    return services.Wanted(
        level=OfficeLevel(form.level.data),
        ground=ReferralGround(form.ground.data),
        text=form.text.data,
        findings=form.chosen("finding"),
        matter_findings=form.chosen("matter"),
        questions=form.chosen("question"),
    )


def _letter(form: LetterForm) -> services.Letter:
    return services.Letter(
        outcome=ReferralOutcome(form.outcome.data),
        text=form.text.data,
        letter_on=form.letter_on.data,
        letter_number=form.letter_number.data,
    )
