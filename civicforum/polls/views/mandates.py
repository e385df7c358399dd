"""Proxies: the posted list with both sides, and entering and withdrawing one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, RuleRefused
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.polls.forms.rolls import MandateForm, WithdrawalForm
from civicforum.polls.models import Poll
from civicforum.polls.queries import rolls as queries
from civicforum.polls.rules import may_keep_the_door
from civicforum.polls.rules_roll import CORRECTED_IN
from civicforum.polls.services import proxies
from civicforum.polls.services.steps import rules_of
from civicforum.polls.texts_rolls import refusal_text
from civicforum.polls.views.blueprint import bp
from civicforum.polls.views.roll_objections import entries_named, id_of, wanted_in

FIELD_OF_RULE = {"proxy.passed_on": "principal", "proxy.per_holder": "holder", "proxy.candidates": "holder"}


@bp.get("/<uuid:poll_id>/mandates")
@public
def mandates(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Who votes for whom: both names, as the law has them posted (art 19)."""
    session, actor = db.session(), current_actor()
    poll = queries.get_posted(session, poll_id=poll_id, community_id=require_community().id)
    keeps = actor is not None and may_keep_the_door(actor) and poll.state in CORRECTED_IN
    book = rules_of(poll)
    return render_template(
        "polls/mandates.html",
        poll=poll,
        page=queries.list_mandates(session, poll_id=poll.id, number=page_number()),
        may_enter=keeps and poll.by_proxy,
        sees_all=actor is not None and (may_keep_the_door(actor) or actor.has(Role.SUPERVISOR)),
        rules=[book.rule(rule) for rule in ("proxy.away_only", "proxy.per_holder", "proxy.candidates")],
    )


@bp.route("/<uuid:poll_id>/mandates/add", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE, Role.ELECTION_OFFICER)
def add_mandate(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = queries.get_posted(db.session(), poll_id=poll_id, community_id=require_actor().community_id)
    form = MandateForm()
    if request.method == "GET" or "search" in request.form:
        return _add_page(form, poll)
    if form.validate():
        try:
            _add(form, poll)
        except (Invalid, RuleRefused) as refusal:
            add_error(form, _field_of(refusal), refusal_text(refusal))
        else:
            flash(_("The proxy is entered and stands on the posted list."), "success")
            return redirect(url_for(".mandates", poll_id=poll_id), code=303)
    return _add_page(form, poll), 422


@bp.route("/<uuid:poll_id>/mandates/<uuid:mandate_id>/withdraw", methods=["GET", "POST"])
@roles(Role.CLERK, Role.COMMITTEE, Role.ELECTION_OFFICER)
def withdraw_mandate(poll_id: uuid.UUID, mandate_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), WithdrawalForm()
    poll = queries.get_posted(db.session(), poll_id=poll_id, community_id=actor.community_id)
    mandate = queries.get_mandate(db.session(), mandate_id=mandate_id, poll_id=poll.id)
    if form.validate_on_submit():
        try:
            proxies.withdraw_mandate(
                poll_id=poll_id,
                mandate_id=mandate_id,
                reason=form.reason.data,
                actor=actor,
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            flash(_("This proxy was withdrawn already."), "info")
            return redirect(url_for(".mandates", poll_id=poll_id), code=303)
        except Invalid as refusal:
            add_error(form, None, refusal_text(refusal))
        else:
            flash(_("The proxy is withdrawn. The voter votes in person again."), "success")
            return redirect(url_for(".mandates", poll_id=poll_id), code=303)
    page = render_template("polls/withdraw_mandate.html", poll=poll, form=form, mandate=mandate)
    return page, 422 if form.is_submitted() else 200


def _field_of(refusal: Invalid | RuleRefused) -> str | None:
    if isinstance(refusal, Invalid):
        return refusal.field
    return FIELD_OF_RULE.get(refusal.verdict.rule.id)


def _add(form: MandateForm, poll: Poll) -> None:
    principal_id, holder_id = id_of(form.principal.data), id_of(form.holder.data)
    if principal_id is None:
        raise Invalid("principal_not_on_roll", "principal")
    if holder_id is None:
        raise Invalid("holder_not_on_roll", "holder")
    assert form.written_on.day is not None  # noqa: S101, the form was validated
    proxies.add_mandate(
        poll_id=poll.id,
        principal_id=principal_id,
        holder_id=holder_id,
        reason=form.reason.data,
        written_on=form.written_on.day,
        actor=require_actor(),
        now=datetime.now(UTC),
    )


def _add_page(form: MandateForm, poll: Poll) -> str:
    from_whom, to_whom = wanted_in("from"), wanted_in("to")
    return render_template(
        "polls/add_mandate.html",
        poll=poll,
        form=form,
        from_whom=from_whom,
        to_whom=to_whom,
        principals=entries_named(poll, from_whom),
        holders=entries_named(poll, to_whom),
        clock=rules_of(poll).clock("proxy.apply"),
    )
