"""The rater's pages: the code on the slip, the rating on one screen, the answer by its number.

Nobody signs in for them; they ask nowhere who is signed in, and no sign-in is noted as seen on them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public
from civicforum.accounts.current import require_community
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.people.queries import rules_in
from civicforum.ratings import codes
from civicforum.ratings.errors import SlipRefused
from civicforum.ratings.forms import CodeForm, NumberForm, RateForm
from civicforum.ratings.models import ServiceSlip
from civicforum.ratings.queries import grades
from civicforum.ratings.queries import station as queries
from civicforum.ratings.rules import BAD_LEVELS, CONTACT, LEVELS, SlipStanding
from civicforum.ratings.services import rating as services
from civicforum.ratings.texts import REFUSALS, REFUSED
from civicforum.ratings.views.blueprint import MANY_RATINGS, WRONG_CODES, bp, is_unknown
from civicforum.sealed import base32
from civicforum.security import limiter

SHOWN_STATUS = {SlipStanding.USED: 200, SlipStanding.EXPIRED: 410, SlipStanding.WITHDRAWN: 410, None: 404}


@bp.route("/code", methods=["GET", "POST"])
@public
@limiter.limit(WRONG_CODES, methods=["POST"], deduct_when=is_unknown)
def code() -> ResponseReturnValue:
    """Ask for the code on the slip, for whoever cannot scan it."""
    form = CodeForm()
    if form.validate_on_submit():
        return redirect(url_for(".rate", typed=codes.read_code(form.code.data)), code=303)
    return render_template("ratings/code.html", form=form), 422 if form.errors else 200


@bp.route("/rate/<typed>", methods=["GET", "POST"])
@public
@limiter.limit(WRONG_CODES, deduct_when=is_unknown)
@limiter.limit(MANY_RATINGS, methods=["POST"])
def rate(typed: str) -> ResponseReturnValue:
    """Rate one service with one slip, on one screen."""
    session, now = db.session(), datetime.now(UTC)
    try:
        slip = _find(typed)
    except SlipRefused as refusal:
        return _refused(refusal)
    form = RateForm()
    items = queries.list_items(session, slip.community_id)
    form.offer(item for of_class in items.values() for item in of_class)
    form.number.data = number = form.proposed_number()
    if form.validate_on_submit():
        try:
            services.rate(code=codes.read_code(typed), number=number, given=form.given(), key=_key(), now=now)
            return render_template("ratings/done.html", number=number, is_first=True), 201
        except AlreadyDone:
            return render_template("ratings/done.html", number=number, is_first=False)
        except SlipRefused as refusal:
            return _refused(refusal)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    elif not form.is_submitted() and (standing := services.standing_of(session, slip, now)) != "open":
        return _refused(SlipRefused(standing))
    page = render_template(
        "ratings/rate.html",
        form=form,
        slip=slip,
        levels=LEVELS,
        bad=BAD_LEVELS,
        contact=rules_in(session, slip.community_id).clock(CONTACT),
    )
    return page, 422 if form.errors else 200


@bp.route("/mine", methods=["GET", "POST"])
@public
@limiter.limit(WRONG_CODES, methods=["POST"], deduct_when=is_unknown)
def mine() -> ResponseReturnValue:
    """Show what became of a rating to whoever has its number, but not its grade."""
    form, found = NumberForm(), None
    if form.validate_on_submit():
        found = grades.find_by_number(
            db.session(),
            community_id=require_community().id,
            number=codes.read_number(form.number.data),
        )
        if found is None:
            add_error(form, "number", _("There is no rating with this number. Look at it again."))
    page = render_template("ratings/mine.html", form=form, rating=found)
    return page, 422 if form.errors else 200


def _find(typed: str) -> ServiceSlip:
    try:
        found = services.find_slip(db.session(), code=codes.read_code(typed), key=_key())
    except base32.Mistyped:
        found = None
    if found is None:
        raise SlipRefused(None)
    return found


def _refused(refusal: SlipRefused) -> ResponseReturnValue:
    title, text = REFUSED[refusal.standing]
    page = render_template("ratings/refused.html", title=title, text=text, is_used=refusal.standing == "used")
    return page, SHOWN_STATUS[refusal.standing]


def _key() -> str:
    key: str = current_app.config["CIVICFORUM"].identity_key
    return key
