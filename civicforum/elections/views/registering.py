"""Registration: the resident's own statement, where one stands, and the officers' lists."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections import registers
from civicforum.elections.calendar import Milestone
from civicforum.elections.forms.registration import (
    DecisionForm,
    EntryForm,
    OfficerWithdrawForm,
    StatementForm,
    WithdrawForm,
)
from civicforum.elections.models import Election, Registration
from civicforum.elections.queries import registrations as queries
from civicforum.elections.queries.doors import grounds_of
from civicforum.elections.registers import OWN_WISH
from civicforum.elections.rules import RegistrationState, Stage, Way, may_preside
from civicforum.elections.services import registering as services
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts_register import (
    GROUND_NAMES,
    STATE_COLOURS,
    STATES,
    decision_text,
    details_of,
    ground_name,
    refusal_text,
)
from civicforum.elections.views.blueprint import bp
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.queries import find_people, get_person, list_groups
from civicforum.people.rules import CapacityKind
from civicforum.polls.services.rolls import period_of
from civicforum.polls.views.roll_objections import id_of, wanted_in
from civicforum.rulebook import Verdict
from civicforum.rulebook.days import day_of

# The field beside which the refusal of a rule stands.
FIELD_OF_RULE = {
    "roll.one_place": "declared",
    "roll.social_worker": "employed_since",
    "roll.usual_residents": "ground",
    "roll.voting_age": "person",
    "roll.per_household": "person",
}
# What the page of a resident's statement cites.
RULES = ("roll.voting_age", "roll.usual_residents", "roll.social_worker", "roll.one_place")


@bp.app_template_filter()
def registration_ground(ground: CapacityKind) -> str:
    return ground_name(ground)


@bp.app_template_filter()
def registration_decision(row: Registration) -> str:
    return decision_text(row)


@bp.route("/<uuid:election_id>/register", methods=["GET", "POST"])
@signed_in
def register(election_id: uuid.UUID) -> ResponseReturnValue:
    """State that one takes part: one tap for whoever has hukou here. A clerk does it for somebody."""
    actor, form = require_actor(), StatementForm()
    election = queries.get_election(db.session(), election_id=election_id, community_id=actor.community_id)
    if form.validate_on_submit():
        try:
            state = services.register(
                election_id=election_id, said=form.said, actor=actor, now=datetime.now(UTC)
            )
        except AlreadyDone:
            flash(_("You have said so already. Nobody is registered twice."), "info")
            return redirect(url_for(".am_i_on", election_id=election_id), code=303)
        except (Invalid, RuleRefused) as refusal:
            refuse(form, refusal)
        else:
            flash(_said_so(state), "success")
            return redirect(url_for(".am_i_on", election_id=election_id), code=303)
    return _register_page(form, election), 422 if form.is_submitted() else 200


@bp.get("/<uuid:election_id>/am-i-on")
@signed_in
def am_i_on(election_id: uuid.UUID) -> ResponseReturnValue:
    """Whether one may vote: on the posted roll, or registered before there is one; and what to do if not."""
    actor, session, now = require_actor(), db.session(), datetime.now(UTC)
    election = queries.get_election(session, election_id=election_id, community_id=actor.community_id)
    roll = queries.find_roll(session, election_id=election.id)
    return render_template(
        "elections/am_i_on.html",
        election=election,
        roll=roll,
        entry=queries.find_entry(session, poll_id=roll.id, person_id=actor.person_id) if roll else None,
        period=period_of(roll) if roll else None,
        mine=queries.find_registration(session, election_id=election.id, person_id=actor.person_id),
        is_open=is_open(election),
        by_representatives=election.way is Way.REPRESENTATIVES,
        states=STATES,
        now=now,
    )


@bp.route("/<uuid:election_id>/registrations/<uuid:registration_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw_registration(election_id: uuid.UUID, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Take one's own statement back, or as an officer somebody's, for a reason."""
    actor, session = require_actor(), db.session()
    election = queries.get_election(session, election_id=election_id, community_id=actor.community_id)
    row = queries.get_registration(session, registration_id=registration_id, election_id=election.id)
    is_own = row.person_id == actor.person_id
    if not is_own and not may_preside(actor):
        raise NotEligible(actor.person_id)
    form = WithdrawForm() if is_own else OfficerWithdrawForm()
    if form.validate_on_submit():
        services.withdraw_registration(
            election_id=election_id,
            registration_id=registration_id,
            reason=form.reason.data or OWN_WISH,
            actor=actor,
            now=datetime.now(UTC),
        )
        flash(_("The registration is withdrawn."), "success")
        back = ".am_i_on" if is_own else ".registrations"
        return redirect(url_for(back, election_id=election_id), code=303)
    page = render_template(
        "elections/withdraw_registration.html", election=election, row=row, form=form, is_own=is_own
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/<uuid:election_id>/registrations")
@roles(Role.ELECTION_OFFICER, Role.SUPERVISOR)
def registrations(election_id: uuid.UUID) -> ResponseReturnValue:
    """Who stated that they take part: paged, searched, by state and group."""
    actor, session = require_actor(), db.session()
    election = queries.get_election(session, election_id=election_id, community_id=actor.community_id)
    text, asked = wanted_in("q"), request.args.get("state", "")
    is_double, is_elsewhere = asked == "double", asked == "elsewhere"
    page = queries.list_registrations(
        session,
        election=election,
        text=text,
        state=RegistrationState(asked) if asked in list(RegistrationState) else None,
        group_id=id_of(request.args.get("group")),
        is_elsewhere=is_elsewhere,
        is_double=is_double,
        number=page_number(),
    )
    return render_template(
        "elections/registrations.html",
        election=election,
        page=page,
        figures=queries.count_registrations(session, election_id=election.id),
        representatives=_count_representatives(election),
        groups=list_groups(session, community_id=actor.community_id),
        wanted=text,
        asked=asked,
        asked_group=request.args.get("group", ""),
        states=STATES,
        colours=STATE_COLOURS,
        grounds=GROUND_NAMES,
        may_decide=may_preside(actor) and is_open(election),
    )


@bp.route("/<uuid:election_id>/registrations/enter", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def enter_registration(election_id: uuid.UUID) -> ResponseReturnValue:
    """Enter what somebody stated on paper; whoever has no phone is found by name or number."""
    actor, form = require_actor(), EntryForm()
    election = queries.get_election(db.session(), election_id=election_id, community_id=actor.community_id)
    if request.method == "GET" or "search" in request.form:
        return _entry_page(form, election)
    if form.validate():
        try:
            state = _enter(form, election_id)
        except AlreadyDone:
            add_error(form, "person", _("This person has said so already. Nobody is registered twice."))
        except (Invalid, RuleRefused) as refusal:
            refuse(form, refusal)
        else:
            flash(_entered(state), "success")
            return redirect(url_for(".enter_registration", election_id=election_id), code=303)
    return _entry_page(form, election), 422


@bp.route("/<uuid:election_id>/registrations/<uuid:registration_id>", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def decide_registration(election_id: uuid.UUID, registration_id: uuid.UUID) -> ResponseReturnValue:
    """Confirm or refuse what waits, as the application of a community worker does (art 16)."""
    actor, form, session = require_actor(), DecisionForm(), db.session()
    election = queries.get_election(session, election_id=election_id, community_id=actor.community_id)
    row = queries.get_registration(session, registration_id=registration_id, election_id=election.id)
    if form.validate_on_submit():
        services.decide_registration(
            election_id=election_id,
            registration_id=registration_id,
            is_confirmed=form.is_confirmed,
            reason=form.reason.data,
            actor=actor,
            now=datetime.now(UTC),
        )
        flash(_("The decision is recorded. The applicant reads it here."), "success")
        return redirect(url_for(".registrations", election_id=election_id), code=303)
    page = render_template(
        "elections/decide_registration.html",
        election=election,
        row=row,
        form=form,
        employed=_employment(election, row.employed_since),
        details=details_of(row.person),
        states=STATES,
        grounds=GROUND_NAMES,
    )
    return page, 422 if form.is_submitted() else 200


def refuse(form: StatementForm, refusal: Invalid | RuleRefused) -> None:
    """Say beside its field why a statement was refused."""
    field = refusal.field if isinstance(refusal, Invalid) else FIELD_OF_RULE.get(refusal.verdict.rule.id)
    add_error(form, field, refusal_text(refusal))


def is_open(election: Election) -> bool:
    """Tell whether residents state now that they take part."""
    return election.stage is Stage.REGISTRATION and election.way is not Way.REPRESENTATIVES


def _closes_on(election: Election) -> date | None:
    return next(
        (step.planned_on for step in election.steps if step.milestone is Milestone.REGISTRATION_CLOSES), None
    )


def _said_so(state: RegistrationState) -> str:
    if state is RegistrationState.APPLIED:
        return str(_("Your application is filed. The election committee confirms it, or says why not."))
    return str(_("You are registered. Your name will stand on the roll."))


def _entered(state: RegistrationState) -> str:
    if state is RegistrationState.APPLIED:
        return str(_("The application is entered. It waits in the list for the committee's decision."))
    return str(_("Registered. Enter the next person, or go back to the list."))


def _enter(form: EntryForm, election_id: uuid.UUID) -> RegistrationState:
    person_id = id_of(form.person.data)
    if person_id is None:
        raise Invalid(registers.RegisterFault.NO_PERSON, "person")
    return services.enter_registration(
        election_id=election_id,
        person_id=person_id,
        said=form.said,
        actor=require_actor(),
        now=datetime.now(UTC),
    )


def _register_page(form: StatementForm, election: Election) -> str:
    session, actor, today = db.session(), require_actor(), day_of(datetime.now(UTC))
    own = get_person(session, person_id=actor.person_id, community_id=actor.community_id)
    grounds = grounds_of(own, today)
    if not form.is_submitted():
        form.ground.data = grounds[0].value if grounds else None
    return render_template(
        "elections/register.html",
        election=election,
        form=form,
        own=own,
        mine=queries.find_registration(session, election_id=election.id, person_id=own.id),
        of_household=queries.find_of_household(
            session, election_id=election.id, household_id=own.household_id, but=own.id
        )
        if election.way is Way.HOUSEHOLDS
        else None,
        has_hukou="hukou" in grounds and "other" not in request.args,
        age=registers.judge_age(
            rules_of(election), own.born_on, polling_day=services.polling_day(election), today=today
        ),
        rules=[rules_of(election).rule(rule) for rule in RULES],
        is_open=is_open(election),
        by_representatives=election.way is Way.REPRESENTATIVES,
        by_households=election.way is Way.HOUSEHOLDS,
        representatives=_count_representatives(election),
        closes_on=_closes_on(election),
    )


def _count_representatives(election: Election) -> int | None:
    if election.way is not Way.REPRESENTATIVES:
        return None
    return queries.count_representatives(
        db.session(), community_id=election.community_id, day=services.polling_day(election)
    )


def _entry_page(form: EntryForm, election: Election) -> str:
    text = wanted_in("q")
    found = find_people(db.session(), community_id=election.community_id, text=text) if text else []
    return render_template(
        "elections/enter_registration.html",
        election=election,
        form=form,
        wanted=text,
        found=[(str(person.id), person.name, details_of(person)) for person in found],
        is_open=is_open(election),
    )


def _employment(election: Election, since: date | None) -> Verdict | None:
    if since is None:
        return None
    return registers.judge_employment(rules_of(election), since, services.polling_day(election))
