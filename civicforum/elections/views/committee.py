"""The election committee: who was chosen, forming it, who leaves it, and who follows."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.bodies.errors import PairForbidden
from civicforum.bodies.labels import refusal_text
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections.forms.committee import FormCommitteeForm, MeetingForm
from civicforum.elections.models import Election
from civicforum.elections.queries import committee as queries
from civicforum.elections.queries.showing import get_election
from civicforum.elections.rules import Stage, may_plan, may_preside
from civicforum.elections.services import committee as services
from civicforum.elections.services.steps import rules_of
from civicforum.elections.texts import FAULTS
from civicforum.elections.views.blueprint import bp
from civicforum.elections.views.planning import PLANNERS
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, NotFound, RuleRefused
from civicforum.fields import add_error
from civicforum.lawbook.texts import verdict_text
from civicforum.people.queries import find_people

READERS = (*PLANNERS, Role.SUPERVISOR)
LAWS = ("election.committee.size", "election.committee.odd", "posts.election_committee", "posts.candidate")
# More votes than anybody has.
MOST_VOTES = 99_999


@bp.get("/<uuid:election_id>/committee")
@roles(*READERS)
def committee(election_id: uuid.UUID) -> ResponseReturnValue:
    return _page(_election(election_id), FormCommitteeForm(), MeetingForm())


@bp.post("/<uuid:election_id>/committee/form")
@roles(*PLANNERS)
def form_committee(election_id: uuid.UUID) -> ResponseReturnValue:
    election, form = _election(election_id), FormCommitteeForm()
    form.offer(queries.list_places(db.session(), election_id))
    if form.validate_on_submit():
        try:
            services.form_committee(
                election_id=election_id,
                size=form.size.data,
                director_id=uuid.UUID(form.director.data),
                deputy_ids=[uuid.UUID(one) for one in form.deputies.data or ()],
                actor=require_actor(),
                now=datetime.now(UTC),
            )
            flash(
                _("The election committee is formed. It presides over the election from now on."), "success"
            )
            return redirect(url_for(".committee", election_id=election_id), code=303)
        except (Invalid, RuleRefused) as refusal:
            field = refusal.field if isinstance(refusal, Invalid) else "size"
            add_error(form, field, _words(refusal))
    return _page(election, form, MeetingForm()), 422


@bp.post("/<uuid:election_id>/committee/places")
@roles(*PLANNERS)
def add_place(election_id: uuid.UUID) -> ResponseReturnValue:
    votes = request.form.get("votes", type=int)
    if votes is None or not 0 <= votes <= MOST_VOTES:
        flash(_("Enter the number of votes."), "error")
        return _back(election_id, q=request.form.get("q", ""))

    def act() -> None:
        services.add_place(
            election_id=election_id,
            person_id=_person(),
            votes=votes,
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return _done(election_id, act, _("Entered."), already=_("This person is on the list already."))


@bp.post("/<uuid:election_id>/committee/places/remove")
@roles(*PLANNERS)
def remove_place(election_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> None:
        services.remove_place(
            election_id=election_id, person_id=_person(), actor=require_actor(), now=datetime.now(UTC)
        )

    return _done(election_id, act, _("Taken off the list."))


@bp.post("/<uuid:election_id>/committee/resign")
@roles(*PLANNERS)
def resign(election_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> None:
        services.resign(
            election_id=election_id, person_id=_person(), actor=require_actor(), now=datetime.now(UTC)
        )

    return _done(
        election_id,
        act,
        _("The member has left, and the next one follows where there is one."),
        already=_("This person is no member any more."),
    )


@bp.post("/<uuid:election_id>/committee/meetings")
@roles(*PLANNERS)
def record_meeting(election_id: uuid.UUID) -> ResponseReturnValue:
    election, form = _election(election_id), MeetingForm()
    places = queries.list_places(db.session(), election_id)
    form.offer([place for place in places if place.joined_at and not place.left_at])
    if not form.validate_on_submit():
        return _page(election, FormCommitteeForm(), form), 422
    absent = [uuid.UUID(one) for one in form.absent.data or ()]

    def act() -> None:
        services.record_meeting(
            election_id=election_id, absent=absent, actor=require_actor(), now=datetime.now(UTC)
        )

    return _done(election_id, act, _("The meeting is recorded."))


def _page(election: Election, form: FormCommitteeForm, meeting: MeetingForm) -> str:
    session, actor = db.session(), require_actor()
    places = queries.list_places(session, election.id)
    members = [place for place in places if place.joined_at and not place.left_at]
    form.offer(places)
    meeting.offer(members)
    kin = queries.kin_among(session, [place.person_id for place in places])
    text = request.args.get("q", "").strip()
    found = find_people(session, community_id=election.community_id, text=text) if text else []
    book = rules_of(election)
    size = book.count("election.committee.size")
    return render_template(
        "elections/committee.html",
        election=election,
        form=form,
        meeting=meeting,
        members=members,
        waiting=[place for place in places if not place.joined_at],
        left=[place for place in places if place.left_at],
        relatives=queries.names_of_kin(places, kin),
        taken={place.person_id for place in places},
        text=text,
        found=found,
        laws=[book.rule(rule_id) for rule_id in LAWS],
        size_hint=size.least,
        is_formed=election.presiding_id is not None,
        is_over=election.stage in (Stage.CLOSED, Stage.VOID),
        may_change=may_preside(actor) if election.presiding_id else may_plan(actor),
    )


def _election(election_id: uuid.UUID) -> Election:
    return get_election(db.session(), election_id=election_id, community_id=require_actor().community_id)


def _person() -> uuid.UUID:
    person_id = request.form.get("person", type=uuid.UUID)
    if person_id is None:
        raise NotFound("person")
    return person_id


def _done(
    election_id: uuid.UUID, act: Callable[[], None], done: str, *, already: str = ""
) -> ResponseReturnValue:
    """Do something to the list, and show it again, with why it was not done where it was not."""
    try:
        act()
        flash(done, "success")
    except AlreadyDone:
        flash(already, "error")
    except (Invalid, RuleRefused) as refusal:
        flash(_words(refusal), "error")
    return _back(election_id)


def _back(election_id: uuid.UUID, q: str | None = None) -> ResponseReturnValue:
    return redirect(url_for(".committee", election_id=election_id, q=q), code=303)


def _words(refusal: CivicForumError) -> str:
    if isinstance(refusal, PairForbidden):
        return refusal_text(refusal)
    if isinstance(refusal, Invalid):
        return str(FAULTS[refusal.reason])
    assert isinstance(refusal, RuleRefused)  # noqa: S101
    return verdict_text(refusal.verdict)
