"""A voter's own page of proxies: asking another for it, answering who asks, and the written form to print."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.polls.forms.rolls import ProxyForm
from civicforum.polls.models import Poll
from civicforum.polls.queries import proxies as queries
from civicforum.polls.queries import rolls
from civicforum.polls.rules import may_keep_the_door
from civicforum.polls.rules_roll import MandateFault
from civicforum.polls.services import proxy_requests as services
from civicforum.polls.services.proxies import check_time
from civicforum.polls.services.proxy_requests import Wish
from civicforum.polls.services.states import BEFORE_OPENING
from civicforum.polls.services.steps import rules_of
from civicforum.polls.texts_rolls import refusal_text
from civicforum.polls.views.blueprint import bp
from civicforum.polls.views.roll_objections import entries_named, id_of, wanted_in

FIELD_OF_RULE = {
    "proxy.away_only": "away_until",
    "proxy.candidates": "holder",
    "proxy.near_relatives_only": "holder",
    "proxy.passed_on": "holder",
    "proxy.per_holder": "holder",
}
RULES = ("proxy.away_only", "proxy.per_holder", "proxy.candidates", "proxy.passed_on")


@bp.route("/<uuid:poll_id>/proxy", methods=["GET", "POST"])
@signed_in
def proxy(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Where the visitor stands with proxies, and the form to ask somebody."""
    form = ProxyForm()
    poll = rolls.get_posted(db.session(), poll_id=poll_id, community_id=require_actor().community_id)
    if request.method == "GET" or "search" in request.form:
        return _page(poll, form)
    if form.validate():
        try:
            _ask(poll_id, form)
        except (Invalid, RuleRefused) as refusal:
            add_error(form, _field_of(refusal), refusal_text(refusal))
        else:
            flash(_("Asked. Once they accept, the proxy stands on the posted list."), "success")
            return redirect(url_for(".proxy", poll_id=poll_id), code=303)
    return _page(poll, form), 422


@bp.post("/<uuid:poll_id>/proxy/requests/<uuid:request_id>/answer")
@signed_in
def answer_proxy(poll_id: uuid.UUID, request_id: uuid.UUID) -> ResponseReturnValue:
    """Accept or decline to vote for somebody."""
    accepts = request.form.get("answer") == "accept"
    try:
        services.answer_request(
            poll_id=poll_id,
            request_id=request_id,
            accepts=accepts,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except (Invalid, RuleRefused) as refusal:
        flash(refusal_text(refusal), "error")
    else:
        said = _("You vote for this voter. Your names stand on the posted list.")
        flash(said if accepts else _("Declined. The voter sees that."), "success")
    return redirect(url_for(".proxy", poll_id=poll_id), code=303)


@bp.post("/<uuid:poll_id>/proxy/take-back")
@signed_in
def take_back_proxy(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Vote oneself after all: what was asked, or the proxy, ends."""
    try:
        services.take_back(poll_id=poll_id, actor=require_actor(), now=datetime.now(UTC))
    except AlreadyDone:
        flash(_("There is no proxy to take back."), "info")
    except TransitionNotAllowed:
        flash(
            _("Voting has begun. Come to the polling station before the proxy does, or ask there."), "error"
        )
    else:
        flash(_("Taken back. You vote yourself again."), "success")
    return redirect(url_for(".proxy", poll_id=poll_id), code=303)


@bp.get("/<uuid:poll_id>/proxy/requests/<uuid:request_id>/form")
@signed_in
def proxy_form(poll_id: uuid.UUID, request_id: uuid.UUID) -> ResponseReturnValue:
    """The written proxy on A4, with both names and lines to sign: for both sides, and for the desk."""
    session, actor = db.session(), require_actor()
    poll = rolls.get_posted(session, poll_id=poll_id, community_id=actor.community_id)
    asked = queries.get_request(session, request_id=request_id, poll_id=poll.id)
    sides = (asked.principal.person_id, asked.holder.person_id)
    if actor.person_id not in sides and not may_keep_the_door(actor):
        raise NotEligible(actor.person_id)
    return render_template(
        "polls/proxy_form.html",
        poll=poll,
        asked=asked,
        rules=[rules_of(poll).rule(one) for one in ("proxy.in_writing", *RULES)],
    )


def _ask(poll_id: uuid.UUID, form: ProxyForm) -> None:
    holder_id = id_of(form.holder.data)
    if holder_id is None:
        raise Invalid(MandateFault.HOLDER_NOT_ON_ROLL, "holder")
    services.ask_for_proxy(
        poll_id=poll_id,
        wish=Wish(holder_id, form.reason.data, form.away_from.data, form.away_until.data),
        actor=require_actor(),
        now=datetime.now(UTC),
    )


def _field_of(refusal: Invalid | RuleRefused) -> str | None:
    """Return the field that the words belong beside; of the voter's own side there is none on this form."""
    if isinstance(refusal, Invalid):
        return None if refusal.field == "principal" else refusal.field
    return FIELD_OF_RULE.get(refusal.verdict.rule.id)


def _page(poll: Poll, form: ProxyForm) -> str:
    now, wanted = datetime.now(UTC), wanted_in("to")
    own = queries.get_own(db.session(), poll=poll, person_id=require_actor().person_id)
    book = rules_of(poll)
    clock = book.clock("proxy.apply")
    return render_template(
        "polls/proxy.html",
        poll=poll,
        own=own,
        form=form,
        wanted=wanted,
        found=[one for one in entries_named(poll, wanted) if own.entry and one[0] != str(own.entry.id)],
        closed=_why_closed(poll, now),
        may_take_back=poll.state in BEFORE_OPENING,
        clock=clock,
        last_day=clock.latest(poll.opens_at) if poll.opens_at else None,
        rules=[book.rule(one) for one in RULES],
    )


def _why_closed(poll: Poll, now: datetime) -> str:
    """Return why nobody gives a proxy in this poll now; "" where one may."""
    try:
        check_time(poll, now)
    except (Invalid, RuleRefused) as refusal:
        return refusal_text(refusal)
    except TransitionNotAllowed:
        return str(_("Voting has ended."))
    return ""
