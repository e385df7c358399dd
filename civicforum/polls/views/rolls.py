"""Drawing, posting and freezing a roll, and the posted roll that everybody may read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import Invalid, NotEligible, RuleRefused
from civicforum.fields import add_error
from civicforum.matters.services.people import MOST_LINES, find_people
from civicforum.matters.texts import LINE_PROBLEMS
from civicforum.paging import page_number
from civicforum.people.queries import list_grids, list_groups
from civicforum.polls import texts
from civicforum.polls.electorates import Basis, draw_from_json, natural_key
from civicforum.polls.errors import RollHindered
from civicforum.polls.forms.rolls import DrawForm
from civicforum.polls.models import Poll
from civicforum.polls.queries import rolls as queries
from civicforum.polls.queries.namesakes import marks_of
from civicforum.polls.queries.polls import get_alone
from civicforum.polls.questions import SpecFault
from civicforum.polls.rules import RUN_SOME, CorrectionKind, ObjectionKind, PollState, Ruling
from civicforum.polls.rules_roll import CORRECTED_IN
from civicforum.polls.services import rolls as services
from civicforum.polls.services.steps import rules_of
from civicforum.polls.texts_rolls import BASES, HINDRANCES, refusal_text
from civicforum.polls.views.blueprint import bp
from civicforum.rulebook.days import day_of


@bp.app_template_filter()
def objection_kind(kind: ObjectionKind) -> str:
    return str(texts.OBJECTION_KINDS[kind])


@bp.app_template_filter()
def ruling_name(ruling: Ruling) -> str:
    return str(texts.RULINGS[ruling])


@bp.app_template_filter()
def correction_name(kind: CorrectionKind) -> str:
    return str(texts.CORRECTIONS[kind])


FIELD_OF_FAULT = {
    "no_capacity": "capacities",
    "not_statutory": "capacities",
    "no_post": "posts",
    "not_entitled": "chosen",
    "two_of_a_household": "chosen",
}


def poll_to_run(poll_id: uuid.UUID) -> Poll:
    """Return a poll that the actor runs. Raises NotFound, NotEligible."""
    actor = require_actor()
    poll = get_alone(db.session(), poll_id=poll_id, community_id=actor.community_id)
    if not poll.is_run_by(actor):
        raise NotEligible(actor.person_id)
    return poll


@bp.route("/<uuid:poll_id>/roll/draw", methods=["GET", "POST"])
@roles(*RUN_SOME)
def draw_roll(poll_id: uuid.UUID) -> ResponseReturnValue:
    """Choose from what the roll is drawn, then who exactly, and see the counts before drawing."""
    poll = poll_to_run(poll_id)
    if poll.state is not PollState.DRAFT:
        return redirect(url_for(".roll", poll_id=poll_id))
    if poll.is_set_elsewhere:
        return redirect(url_for("elections.rounds", election_id=poll.election_id))
    asked = request.args.get("by")
    if asked not in list(Basis):
        return _start_page(poll)
    basis, form, now = Basis(asked), DrawForm(), datetime.now(UTC)
    try:
        _offer(form, poll, basis, now)
    except Invalid as refusal:
        return _start_page(poll, refusal_text(refusal)), 422
    if request.method == "GET":
        _fill(form, poll, basis)
        return render_template(
            "polls/draw_roll_by.html", poll=poll, form=form, basis=basis, words=BASES[basis]
        )
    preview = None
    if form.validate() and (chosen := _chosen(form, poll)) is not None:
        try:
            drawn = services.drawn_for(db.session(), poll, form.draw(basis, chosen), now=now)
            preview = queries.preview_of(drawn)
            if "preview" not in request.form:
                return _drawn(poll, form, basis, chosen, now)
        except Invalid as refusal:
            add_error(form, FIELD_OF_FAULT.get(refusal.reason), refusal_text(refusal))
    return _draw_page(form, poll, basis, preview), 422 if form.errors else 200


@bp.post("/<uuid:poll_id>/roll/post")
@roles(*RUN_SOME)
def post_roll(poll_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.post_roll(poll_id=poll_id, actor=require_actor(), now=datetime.now(UTC))
    except (Invalid, RuleRefused) as refusal:
        return _start_page(poll_to_run(poll_id), refusal_text(refusal), _page_to_mend(refusal)), 422
    flash(_("The roll is posted. Residents can read it and object to it."), "success")
    return redirect(url_for(".roll", poll_id=poll_id), code=303)


@bp.get("/<uuid:poll_id>/roll")
@public
def roll(poll_id: uuid.UUID) -> ResponseReturnValue:
    """The posted roll: name, group and ground, and nothing else about anybody."""
    session, actor, now = db.session(), current_actor(), datetime.now(UTC)
    poll = queries.get_posted(session, poll_id=poll_id, community_id=require_community().id)
    text = request.args.get("q", "").strip()[:40]
    own = queries.find_entry_of(session, poll_id=poll.id, person_id=actor.person_id) if actor else None
    period = services.period_of(poll)
    is_run = actor is not None and poll.is_run_by(actor)
    page = queries.list_entries(session, poll_id=poll.id, text=text, number=page_number())
    return render_template(
        "polls/roll.html",
        poll=poll,
        page=page,
        marks=marks_of(session, poll_id=poll.id, names={entry.name for entry in page.items}),
        wanted=text,
        total=queries.count_entries(session, poll_id=poll.id),
        corrections=queries.list_corrections(session, poll_id=poll.id),
        objections=queries.count_objections(session, poll_id=poll.id),
        period=period,
        may_object=period is not None and period.runs(now) and poll.roll_frozen_at is None,
        may_run=is_run,
        may_correct=is_run and poll.state in CORRECTED_IN,
        own=own,
        graded=("、" if str(get_locale()) == "zh_Hans" else ", ").join(queries.list_barred(session, poll)),
        now=now,
    )


@bp.get("/<uuid:poll_id>/roll/sheet")
@public
def roll_sheet(poll_id: uuid.UUID) -> ResponseReturnValue:
    """The whole roll on one page, to print for the notice board."""
    session = db.session()
    poll = queries.get_posted(session, poll_id=poll_id, community_id=require_community().id)
    return render_template(
        "polls/roll_sheet.html",
        poll=poll,
        groups=queries.list_sheet(session, poll_id=poll.id),
        marks=marks_of(session, poll_id=poll.id),
        total=queries.count_entries(session, poll_id=poll.id),
        corrections=queries.list_corrections(session, poll_id=poll.id),
        period=services.period_of(poll),
        address=url_for(".roll", poll_id=poll_id, _external=True),
    )


@bp.route("/<uuid:poll_id>/roll/freeze", methods=["GET", "POST"])
@roles(*RUN_SOME)
def freeze_roll(poll_id: uuid.UUID) -> ResponseReturnValue:
    poll, now = poll_to_run(poll_id), datetime.now(UTC)
    if request.method == "POST":
        settings = current_app.config["CIVICFORUM"]
        try:
            services.freeze_roll(poll_id=poll_id, actor=require_actor(), settings=settings, now=now)
        except RollHindered:
            return _freeze_page(poll_to_run(poll_id), now), 409
        flash(_("The roll is frozen."), "success")
        return redirect(url_for(".roll", poll_id=poll_id), code=303)
    if poll.roll_posted_at is None or poll.roll_frozen_at is not None:
        return redirect(url_for(".roll" if poll.roll_posted_at else ".draw_roll", poll_id=poll_id))
    return _freeze_page(poll, now)


def _freeze_page(poll: Poll, now: datetime) -> str:
    return render_template(
        "polls/freeze_roll.html",
        poll=poll,
        hindrances=services.find_hindrances(db.session(), poll, now=now),
        names=HINDRANCES,
        total=queries.count_entries(db.session(), poll_id=poll.id),
    )


def _draw_page(form: DrawForm, poll: Poll, basis: Basis, preview: queries.Preview | None = None) -> str:
    return render_template(
        "polls/draw_roll_by.html", poll=poll, form=form, basis=basis, words=BASES[basis], preview=preview
    )


def _page_to_mend(refusal: Invalid | RuleRefused) -> str:
    """Return the page of the draft on which what was refused can be changed."""
    if isinstance(refusal, RuleRefused):
        return ".edit" if refusal.verdict.rule.id == "election.secret_ballot" else ".terms"
    if isinstance(refusal.reason, SpecFault) or refusal.field == "majority_rule":
        return ".questions"
    if refusal.reason == "nobody":
        return ".draw_roll"
    return ".edit" if refusal.field in ("title", "question") else ".terms"


def _start_page(poll: Poll, error: str = "", page_to_mend: str = ".terms") -> str:
    return render_template(
        "polls/draw_roll.html",
        poll=poll,
        bases=BASES,
        drawn=draw_from_json(poll.draw) if poll.draw else None,
        preview=queries.preview_of_poll(db.session(), poll_id=poll.id),
        posting=rules_of(poll).clock("roll.posting"),
        error=error,
        mended_at=url_for(page_to_mend, poll_id=poll.id),
    )


def _offer(form: DrawForm, poll: Poll, basis: Basis, now: datetime) -> None:
    session, community_id = db.session(), poll.community_id
    terms = services.roll_terms(poll, now=now)
    groups = list_groups(session, community_id=community_id)
    form.offer(
        basis,
        is_statutory=poll.is_statutory,
        seats=queries.list_seats(session, community_id=community_id, terms=terms),
        groups=sorted(groups, key=lambda group: natural_key(group.name)),
        grids=list_grids(session, community_id=community_id),
    )


def _fill(form: DrawForm, poll: Poll, basis: Basis) -> None:
    """Show how the roll was drawn before, or else the first two capacities."""
    before = draw_from_json(poll.draw) if poll.draw else None
    if before is not None and before.basis is basis:
        form.fill(before)
        if "chosen" in form:
            form.chosen.data = "\n".join(queries.numbers_of(db.session(), before.chosen))
    elif "capacities" in form:
        form.capacities.data = ["hukou", "usual_residence"]


def _chosen(form: DrawForm, poll: Poll) -> Sequence[uuid.UUID] | None:
    """Return whom the lines name, or None where one of them names nobody; the form then says which."""
    if "chosen" not in form or not form.chosen.data:
        return []
    lines, today = form.chosen.data.splitlines(), day_of(datetime.now(UTC))
    people, refused = [], []
    for start in range(0, len(lines), MOST_LINES):
        part = lines[start : start + MOST_LINES]
        if any(line.strip() for line in part):
            found, wrong = find_people(db.session(), community_id=poll.community_id, lines=part, day=today)
            people += [person.id for _number, _text, person in found]
            refused += [(start + line.number, line) for line in wrong]
    for number, line in refused:
        add_error(form, "chosen", LINE_PROBLEMS[line.problem] % {"number": number, "text": line.text})
    return None if refused else people


def _drawn(
    poll: Poll, form: DrawForm, basis: Basis, chosen: Sequence[uuid.UUID], now: datetime
) -> ResponseReturnValue:
    draw = form.draw(basis, chosen)
    drawn = services.draw_roll(poll_id=poll.id, draw=draw, actor=require_actor(), now=now)
    flash(
        ngettext(
            "The roll is drawn: %(num)s person is on it. Nobody else sees it before it is posted.",
            "The roll is drawn: %(num)s people are on it. Nobody else sees it before it is posted.",
            drawn,
        ),
        "success",
    )
    return redirect(url_for(".draw_roll", poll_id=poll.id), code=303)
