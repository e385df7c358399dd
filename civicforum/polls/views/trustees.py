"""The key ceremony: the officers' page, each trustee's own page, and what their browsers say."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import oneself, require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.error_pages import status_of
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, NotEligible
from civicforum.fields import add_error
from civicforum.polls.errors import KeyholderRefused
from civicforum.polls.forms.trustees import REFUSALS, ComplaintForm, TrusteesForm, trustees_form
from civicforum.polls.keyholders import KeyholderFault, Round
from civicforum.polls.models import KeyCeremony, Poll
from civicforum.polls.queries import trustees as queries
from civicforum.polls.rules import PollState
from civicforum.polls.services import drill, founding
from civicforum.polls.services import trustees as services
from civicforum.polls.texts_trustees import AWAITED, FAULTS, ROUNDS
from civicforum.polls.views.blueprint import bp
from civicforum.qr import draw_address
from civicforum.sealed import to_base64

WATCH = (Role.ELECTION_OFFICER, Role.COMMITTEE, Role.SUPERVISOR)


@bp.route("/<uuid:poll_id>/ceremony", methods=["GET", "POST"])
@roles(*WATCH)
def ceremony(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll = _poll(poll_id)
    form = trustees_form(poll.trustees)
    if form.validate_on_submit() and _has_named(poll, form):
        flash(_("The trustees are named. Each of them opens their own page now."), "success")
        return redirect(url_for(".ceremony", poll_id=poll_id), code=303)
    return render_template("polls/ceremony.html", **_page(poll), form=form), 422 if form.errors else 200


@bp.post("/<uuid:poll_id>/ceremony/found")
@roles(Role.ELECTION_OFFICER, Role.COMMITTEE)
def found(poll_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.found_sealed_poll(
            poll_id=poll_id,
            actor=require_actor(),
            settings=current_app.config["CIVICFORUM"],
            now=datetime.now(UTC),
        )
        flash(_("The sealed box is set up. The poll opens at its hour."), "success")
    except KeyholderRefused as refusal:
        flash(str(FAULTS[refusal.fault]), "error")
    return redirect(url_for(".ceremony", poll_id=poll_id), code=303)


@bp.route("/<uuid:poll_id>/ceremony/complain", methods=["GET", "POST"])
@oneself
def complain(poll_id: uuid.UUID) -> ResponseReturnValue:
    """End the ceremony: for trustees and for who runs the poll."""
    poll, actor = _poll(poll_id), require_actor()
    form = ComplaintForm()
    if form.validate_on_submit():
        services.complain(poll_id=poll_id, text=form.text.data, actor=actor, now=datetime.now(UTC))
        flash(_("The ceremony is ended. Destroy the slips; the next one needs new ones."), "success")
        return redirect(url_for(_own_page(actor.has(*WATCH)), poll_id=poll_id), code=303)
    back = url_for(_own_page(actor.has(*WATCH)), poll_id=poll_id)
    page = render_template("polls/complain.html", poll=poll, form=form, back=back)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<uuid:poll_id>/trustee")
@oneself
def trustee(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Show a trustee's own page: all that is secret happens in the browser."""
    poll, actor = _poll(poll_id), require_actor()
    own = queries.find_trustee(db.session(), poll_id=poll_id, person_id=actor.person_id)
    ended = queries.list_ended(db.session(), poll_id)
    was_trustee = any(actor.person_id == one.person_id for was in ended for one in was.trustees)
    if own is None and not was_trustee:
        raise NotEligible(actor.person_id)
    return render_template("polls/trustee.html", poll=poll, own=own, ended=ended)


@bp.get("/<uuid:poll_id>/ceremony/state")
@signed_in
def ceremony_state(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Say how far the ceremony is, with every public message of it."""
    _poll(poll_id)
    actor = require_actor()
    current = queries.find_ceremony(db.session(), poll_id)
    if current is None:
        return jsonify(round=Round.ENDED)
    if not actor.has(*WATCH):
        services.own_trustee(current, actor)
    return jsonify(_state(current))


@bp.post("/<uuid:poll_id>/ceremony/<step>")
@oneself
def say(poll_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """Take what a trustee's browser says in a round."""
    take = _TAKE.get(step)
    sent: Any = request.get_json(silent=True)
    if take is None or not isinstance(sent, dict):
        abort(400)
    return answer_to(
        lambda: take(sent, {"poll_id": poll_id, "actor": require_actor(), "now": datetime.now(UTC)})
    )


def answer_to(act: Callable[[], None]) -> ResponseReturnValue:
    """Return what a script is told: nothing but the status where it went well, else what is the matter."""
    try:
        act()
    except KeyholderRefused as refusal:
        is_strange = refusal.fault is KeyholderFault.BAD_MESSAGE
        message = str(FAULTS[refusal.fault])
        return jsonify(fault=refusal.fault, message=message), 422 if is_strange else 409
    except CivicForumError as refusal:
        status = status_of(refusal)
        message = _("This is not possible now. Load the page again to see how things stand.")
        return jsonify(fault=type(refusal).__name__, message=message), status
    return "", 204


_TAKE: dict[str, Callable[[dict[str, Any], dict[str, Any]], None]] = {
    Round.HELLO: lambda sent, act: services.take_hello(message=sent, **act),
    Round.HEARD: lambda sent, act: services.take_heard(characters=str(sent.get("characters")), **act),
    Round.DEAL: lambda sent, act: services.take_deal(message=sent, **act),
    Round.CONFIRM: lambda sent, act: services.take_confirm(message=sent, **act),
    Round.DRILL: lambda sent, act: services.take_drill_share(line=str(sent.get("line")).encode(), **act),
}


def _poll(poll_id: uuid.UUID) -> Poll:
    community_id = require_actor().community_id
    return queries.get_sealed_poll(db.session(), poll_id=poll_id, community_id=community_id)


def _own_page(is_officer: bool) -> str:
    return ".ceremony" if is_officer else ".trustee"


def _has_named(poll: Poll, form: TrusteesForm) -> bool:
    """Name the trustees that were entered; tell whether that went well; faults go beside lines."""
    people: list[uuid.UUID] = []
    for line in form.lines:
        found = queries.find_person(db.session(), typed=line.data, community_id=poll.community_id)
        if len(found) != 1:
            add_error(form, line.name, str(REFUSALS["several" if found else "unknown"]))
        people += found[:1]
    if form.errors:
        return False
    try:
        services.name_trustees(
            poll_id=poll.id, person_ids=people, actor=require_actor(), now=datetime.now(UTC)
        )
    except AlreadyDone:
        return True
    except Invalid as refusal:
        add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        return False
    return True


def _page(poll: Poll) -> dict[str, Any]:
    session, actor, now = db.session(), require_actor(), datetime.now(UTC)
    current = queries.find_ceremony(session, poll.id)
    address = url_for(".trustee", poll_id=poll.id, _external=True)
    may_name = poll.is_run_by(actor) and poll.state is PollState.ROLL_POSTED
    return {
        "poll": poll,
        "ceremony": current,
        "round": queries.current_round(current) if current else None,
        "rounds": ROUNDS,
        "ended": queries.list_ended(session, poll.id),
        "warnings": queries.list_warnings(session, current, now=now) if current else [],
        "awaited": [_awaited(what, poll) for what in queries.list_awaited(session, poll)],
        "officers": queries.list_officers(session, community_id=poll.community_id, now=now),
        "characters": _characters(current),
        "key": _fingerprint(current),
        "drill": drill.counts_of_drill(current.drill) if current else None,
        "tried": drill.shares_of(current.drill.get("lines", [])) if current else [],
        "address": address,
        "code": draw_address(address),
        "may_name": may_name,
        "is_founded": poll.state not in (PollState.DRAFT, PollState.ROLL_POSTED),
    }


def _awaited(what: queries.Awaited, poll: Poll) -> tuple[str, str]:
    """Return what is awaited in words, and the page where it is done, or "" for this one."""
    page = {queries.Awaited.FROZEN_ROLL: ".freeze_roll", queries.Awaited.CARDS: ".cards"}.get(what)
    return str(AWAITED[what]), url_for(page, poll_id=poll.id) if page else ""


def _characters(ceremony: KeyCeremony | None) -> str:
    has_all = ceremony is not None and all(one.hello is not None for one in ceremony.trustees)
    return services.characters_of(ceremony) if ceremony is not None and has_all else ""


def _fingerprint(ceremony: KeyCeremony | None) -> str:
    is_finished = ceremony is not None and ceremony.finished_at is not None
    return services.fingerprint(founding.key_of_ceremony(ceremony)) if ceremony and is_finished else ""


def _state(ceremony: KeyCeremony) -> dict[str, Any]:
    """Return what a trustee's browser needs: all of it public."""
    lines = ceremony.drill.get("lines", [])
    return {
        "id": to_base64(bytes(ceremony.sealed_id)),
        "threshold": ceremony.threshold,
        "size": ceremony.size,
        "round": queries.current_round(ceremony),
        "drill": {"lines": lines, "shares": drill.shares_of(lines)},
        "found": drill.counts_of_drill(ceremony.drill),
        "trustees": [
            {
                "number": one.number,
                "name": one.name,
                "hello": one.hello,
                "heard": one.has_heard,
                "deal": one.deal,
                "confirm": one.confirm,
            }
            for one in ceremony.trustees
        ],
    }
