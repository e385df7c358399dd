"""Nominations: putting somebody forward, signing, agreeing to stand, and the officers' list."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.forms.nomination import (
    DecisionForm,
    EntryForm,
    NominateForm,
    ReasonForm,
    SignaturesForm,
)
from civicforum.elections.models import Election, Nomination
from civicforum.elections.queries import nominations as queries
from civicforum.elections.queries.candidates import find_refused
from civicforum.elections.queries.registrations import electors_among, get_election
from civicforum.elections.registers import OWN_WISH
from civicforum.elections.rules import NominationRoute, NominationState, Stage, may_preside
from civicforum.elections.services import nominating as services
from civicforum.elections.services import reviewing
from civicforum.elections.services.nominating import PutForward
from civicforum.elections.services.registering import born_by
from civicforum.elections.services.signatures import SignaturesRefused
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_candidates import (
    ROUTES,
    STATE_COLOURS,
    STATES,
    decision_text,
    lines_refused,
    refusal_text,
)
from civicforum.elections.texts_register import details_of
from civicforum.elections.views.blueprint import bp
from civicforum.errors import AlreadyDone, Invalid, RuleRefused
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.queries import find_people
from civicforum.polls.views.roll_objections import id_of, wanted_in
from civicforum.rulebook.days import day_of

# The field beside which the refusal of a rule stands.
FIELD_OF_RULE = {"roll.voting_age": "person", "election.nomination.self": "person"}


@bp.app_template_filter()
def nomination_decision(row: Nomination) -> str:
    return decision_text(row)


@bp.route("/<uuid:election_id>/nominate", methods=["GET", "POST"])
@signed_in
def nominate(election_id: uuid.UUID) -> ResponseReturnValue:
    """Put somebody forward as a voter; sign what others began; agree to stand."""
    actor, form = require_actor(), NominateForm()
    election = get_election(db.session(), election_id=election_id, community_id=actor.community_id)
    form.offer(election.seats)
    if request.method == "GET" or "search" in request.form:
        return _nominate_page(form, election)
    if form.validate():
        try:
            nomination_id = services.nominate(
                election_id=election_id, who=_put_forward(form), actor=actor, now=datetime.now(UTC)
            )
        except (Invalid, RuleRefused) as refusal:
            _refuse(form, refusal)
        else:
            flash(_("The nomination is filed, and you have signed it. Now others sign."), "success")
            return _to_nomination(election_id, nomination_id)
    return _nominate_page(form, election), 422


@bp.route("/<uuid:election_id>/nominations/<uuid:nomination_id>/sign", methods=["GET", "POST"])
@signed_in
def sign_nomination(election_id: uuid.UUID, nomination_id: uuid.UUID) -> ResponseReturnValue:
    """One nomination: who, for what, how many signed; a voter signs it with one tap."""
    if request.method == "GET":
        return _nomination_page(election_id, nomination_id)
    try:
        services.sign_nomination(
            election_id=election_id,
            nomination_id=nomination_id,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except AlreadyDone:
        flash(_("You have signed this nomination already. Nobody is counted twice."), "info")
    except (Invalid, RuleRefused) as refusal:
        return _nomination_page(election_id, nomination_id, refusal_text(refusal)), 422
    else:
        flash(_("You have signed the nomination."), "success")
    return _to_nomination(election_id, nomination_id)


@bp.post("/<uuid:election_id>/nominations/<uuid:nomination_id>/consent")
@signed_in
def consent_nomination(election_id: uuid.UUID, nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Agree to stand; an officer enters what the nominee wrote."""
    try:
        services.consent(
            election_id=election_id,
            nomination_id=nomination_id,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except AlreadyDone:
        flash(_("This consent is recorded already."), "info")
    except RuleRefused as refusal:
        return _nomination_page(election_id, nomination_id, refusal_text(refusal)), 422
    else:
        flash(_("The consent is recorded."), "success")
    return _to_nomination(election_id, nomination_id)


@bp.route("/<uuid:election_id>/nominations/<uuid:nomination_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_nomination(election_id: uuid.UUID, nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Decline as the nominee, or take back what one filed."""
    actor, form, session = require_actor(), ReasonForm(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    row = queries.get_nomination(session, nomination_id=nomination_id, election_id=election.id)
    if form.validate_on_submit():
        services.withdraw_nomination(
            election_id=election_id,
            nomination_id=nomination_id,
            reason=form.reason.data or OWN_WISH,
            actor=actor,
            now=datetime.now(UTC),
        )
        flash(_("The nomination is withdrawn."), "success")
        return _to_nomination(election_id, nomination_id)
    page = render_template("elections/withdraw_nomination.html", election=election, row=row, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.get("/<uuid:election_id>/nominations")
@roles(Role.ELECTION_OFFICER, Role.SUPERVISOR)
def nominations(election_id: uuid.UUID) -> ResponseReturnValue:
    """Every nomination with its sum of signatures: what waits for the committee first."""
    actor, session = require_actor(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    asked = request.args.get("state", "")
    page = queries.list_nominations(
        session,
        election=election,
        book=rules_of(election),
        states=(NominationState(asked),) if asked in list(NominationState) else tuple(NominationState),
        day=day_of(datetime.now(UTC)),
        number=page_number(),
    )
    return render_template(
        "elections/nominations.html",
        election=election,
        page=page,
        asked=asked,
        counts=queries.count_by_state(session, election_id=election.id),
        may_enter=may_preside(actor) and election.stage is Stage.NOMINATION,
        may_decide=may_preside(actor) and election.stage in (Stage.NOMINATION, Stage.REVIEW),
        **_words(),
    )


@bp.route("/<uuid:election_id>/nominations/enter", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def enter_nomination(election_id: uuid.UUID) -> ResponseReturnValue:
    """Enter a nomination from paper: of the party organisation, or signed by voters."""
    actor, form = require_actor(), EntryForm()
    election = get_election(db.session(), election_id=election_id, community_id=actor.community_id)
    form.offer(election.seats)
    if request.method == "GET" or "search" in request.form:
        return _entry_page(form, election)
    if form.validate():
        try:
            nomination_id = _enter(form, election_id)
        except SignaturesRefused as refusal:
            form.lines.errors = lines_refused(refusal)
        except (Invalid, RuleRefused) as refusal:
            _refuse(form, refusal)
        else:
            flash(_("The nomination is entered."), "success")
            return _to_nomination(election_id, nomination_id)
    return _entry_page(form, election), 422


@bp.route("/<uuid:election_id>/nominations/<uuid:nomination_id>/signatures", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def enter_signatures(election_id: uuid.UUID, nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Enter signatures from paper under a joint nomination."""
    actor, form, session = require_actor(), SignaturesForm(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    row = queries.get_nomination(session, nomination_id=nomination_id, election_id=election.id)
    if form.validate_on_submit():
        try:
            entered = services.enter_signatures(
                election_id=election_id,
                nomination_id=nomination_id,
                lines=form.lines.data.splitlines(),
                actor=actor,
                now=datetime.now(UTC),
            )
        except SignaturesRefused as refusal:
            form.lines.errors = lines_refused(refusal)
        except Invalid as refusal:
            add_error(form, "lines", refusal_text(refusal))
        else:
            flash(
                ngettext("%(num)s signature is entered.", "%(num)s signatures are entered.", entered),
                "success",
            )
            return _to_nomination(election_id, nomination_id)
    line = _line(election, row)
    page = render_template("elections/enter_signatures.html", election=election, line=line, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.route("/<uuid:election_id>/nominations/<uuid:nomination_id>", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER, Role.SUPERVISOR)
def decide_nomination(election_id: uuid.UUID, nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Everything about a nomination, its signers too; accept it onto the preliminary list, or refuse it."""
    actor, form, session = require_actor(), DecisionForm(), db.session()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    row = queries.get_nomination(session, nomination_id=nomination_id, election_id=election.id)
    if form.validate_on_submit():
        try:
            _decide(form, election_id, nomination_id)
        except (Invalid, RuleRefused) as refusal:
            add_error(form, "decision", refusal_text(refusal))
        else:
            flash(_("The decision is recorded."), "success")
            return redirect(url_for(".nominations", election_id=election_id), code=303)
    signers = queries.signers_of(session, nomination_id)
    page = render_template(
        "elections/decide_nomination.html",
        election=election,
        line=_line(election, row),
        form=form,
        details=details_of(row.person),
        signers=[(signer, details_of(signer.person)) for signer in signers],
        electors=_electors(election, [signer.person_id for signer in signers]),
        others=_others(election, row),
        may_enter=may_preside(actor) and election.stage is Stage.NOMINATION,
        may_decide=may_preside(actor) and election.stage in (Stage.NOMINATION, Stage.REVIEW),
        **_words(),
    )
    return page, 422 if form.is_submitted() else 200


def _words() -> dict[str, Any]:
    return {"states": STATES, "colours": STATE_COLOURS, "routes": ROUTES}


def _refuse(form: NominateForm, refusal: Invalid | RuleRefused) -> None:
    field = refusal.field if isinstance(refusal, Invalid) else FIELD_OF_RULE.get(refusal.verdict.rule.id)
    add_error(form, field, refusal_text(refusal))


def _put_forward(form: NominateForm) -> PutForward:
    reason = form.said if isinstance(form, EntryForm) else form.reason.data
    return PutForward(seat_id=id_of(form.seat.data), person_id=id_of(form.person.data), reason=reason)


def _enter(form: EntryForm, election_id: uuid.UUID) -> uuid.UUID:
    actor, now, who = require_actor(), datetime.now(UTC), _put_forward(form)
    if form.by_party:
        return services.enter_party_nomination(election_id=election_id, who=who, actor=actor, now=now)
    lines = form.lines.data.splitlines()
    return services.enter_joint_nomination(
        election_id=election_id, who=who, lines=lines, actor=actor, now=now
    )


def _decide(form: DecisionForm, election_id: uuid.UUID, nomination_id: uuid.UUID) -> None:
    actor, now = require_actor(), datetime.now(UTC)
    if form.is_accepted:
        reviewing.accept_nomination(
            election_id=election_id, nomination_id=nomination_id, actor=actor, now=now
        )
    else:
        reviewing.refuse_nomination(
            election_id=election_id,
            nomination_id=nomination_id,
            reason=form.reason.data,
            actor=actor,
            now=now,
        )


def _to_nomination(election_id: uuid.UUID, nomination_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(
        url_for(".sign_nomination", election_id=election_id, nomination_id=nomination_id), code=303
    )


def _line(election: Election, row: Nomination) -> queries.Line:
    return queries.get_line(
        db.session(),
        election=election,
        book=rules_of(election),
        nomination=row,
        person_id=require_actor().person_id,
        day=day_of(datetime.now(UTC)),
    )


def _electors(election: Election, people: list[uuid.UUID]) -> set[uuid.UUID]:
    return electors_among(db.session(), election=election, people=people, day=day_of(datetime.now(UTC)))


def _others(election: Election, row: Nomination) -> list[Nomination]:
    """Return the nominee's nominations for other posts, of which one has to be chosen."""
    live = queries.list_live_of(db.session(), election_id=election.id, person_id=row.person_id)
    return [one for one in live if one.seat_id != row.seat_id]


def _nomination_page(election_id: uuid.UUID, nomination_id: uuid.UUID, error: str = "") -> str:
    session, actor = db.session(), require_actor()
    election = get_election(session, election_id=election_id, community_id=actor.community_id)
    row = queries.get_nomination(session, nomination_id=nomination_id, election_id=election.id)
    return render_template(
        "elections/sign_nomination.html",
        election=election,
        line=_line(election, row),
        error=error,
        is_open=election.stage is Stage.NOMINATION and row.state is NominationState.FILED,
        is_joint=row.route is NominationRoute.JOINT,
        is_nominee=row.person_id == actor.person_id,
        is_filer=row.filed_by_id == actor.person_id,
        is_elector=bool(_electors(election, [actor.person_id])),
        presides=may_preside(actor),
        others=_others(election, row),
        one_post=rules_of(election).switch("election.nomination.one_post"),
        leaves=rules_of(election).rule("posts.candidate"),
        **_words(),
    )


def _nominate_page(form: NominateForm, election: Election) -> str:
    session, actor, book = db.session(), require_actor(), rules_of(election)
    today, text = day_of(datetime.now(UTC)), wanted_in("q")
    found = queries.find_nominees(
        session, election=election, text=text, born_by=born_by(book, election, today=today)
    )
    return render_template(
        "elections/nominate.html",
        election=election,
        form=form,
        wanted=text,
        found=[(str(person.id), person.name, details_of(person)) for person in found],
        mine=queries.list_of_nominee(session, election_id=election.id, person_id=actor.person_id),
        refused=find_refused(session, election_id=election.id, person_id=actor.person_id),
        page=queries.list_open(
            session,
            election=election,
            book=book,
            person_id=actor.person_id,
            day=today,
            number=page_number(),
        ),
        is_open=election.stage is Stage.NOMINATION,
        is_elector=bool(_electors(election, [actor.person_id])),
        needed=book.count("election.nomination.voters"),
        within_seats=book.switch("election.nomination.within_seats"),
        **_words(),
    )


def _entry_page(form: EntryForm, election: Election) -> str:
    text = wanted_in("q")
    found = find_people(db.session(), community_id=election.community_id, text=text) if text else []
    return render_template(
        "elections/enter_nomination.html",
        election=election,
        form=form,
        wanted=text,
        found=[(str(person.id), person.name, details_of(person)) for person in found],
        is_open=election.stage is Stage.NOMINATION,
    )
