"""Recalls: the public list and page, the demand, its signatures, the defence, the vote and its outcome."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.elections import recalls as law
from civicforum.elections.forms.recalls import DefenceForm, DemandForm, RecallSignaturesForm, VoteForm
from civicforum.elections.models import Recall
from civicforum.elections.queries import recall_notices
from civicforum.elections.queries import recalls as queries
from civicforum.elections.recalls import LIVE, RecallNoticeKind, RecallState
from civicforum.elections.services import recall_votes
from civicforum.elections.services import recalls as services
from civicforum.elections.services.recall_steps import presides_over, rules_of
from civicforum.elections.services.signatures import SignaturesRefused
from civicforum.elections.texts_candidates import lines_refused
from civicforum.elections.texts_recalls import STATES, refusal_text
from civicforum.elections.views.blueprint import bp
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, NotEligible, NotFound, RuleRefused
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.polls.rules import PollState
from civicforum.rulebook import Rule, Rulebook, load
from civicforum.rulebook.days import day_of

# Beside which field a refusal of the vote's day stands.
FIELD_OF = {"opens_at": "on", "closes_at": "closes", "recall.defence": "hearing"}


@bp.app_template_filter()
def recall_state(state: RecallState) -> tuple[str, str]:
    words, colour = STATES[state]
    return str(words), colour


@bp.get("/recalls")
@public
def recalls() -> ResponseReturnValue:
    community = require_community()
    book, actor, session = load(community.profile), current_actor(), db.session()
    elected = queries.list_elected(session, community_id=community.id, day=day_of(datetime.now(UTC)))
    return render_template(
        "elections/recalls.html",
        own=[term for term in elected if actor is not None and term.person_id == actor.person_id],
        page=queries.list_recalls(session, community_id=community.id, number=page_number()),
        rules=[book.rule(f"recall.demand.{way}") for way in ("voters", "households", "representatives")],
    )


@bp.route("/recalls/new", methods=["GET", "POST"])
@signed_in
def new_recall() -> ResponseReturnValue:
    """Begin a demand: who is to be recalled, and why."""
    actor, session, now = require_actor(), db.session(), datetime.now(UTC)
    terms = queries.list_elected(session, community_id=actor.community_id, day=day_of(now))
    form = DemandForm(term=request.args.get("term"))
    form.offer(terms, asks_way=any(queries.origin_of(session, term.id) is None for term in terms))
    if form.validate_on_submit():
        demand = form.demand()
        try:
            recall_id = services.demand_recall(demand=demand, actor=actor, now=now)
        except AlreadyDone:
            session.rollback()
            flash(_("A demand to recall this member is under way. Sign it here."), "info")
            found = queries.find_live(session, demand.term_id, LIVE)
            return _to_recall(found) if found else redirect(url_for(".recalls"), code=303)
        except (Invalid, RuleRefused) as refusal:
            field = getattr(refusal, "field", None)
            add_error(form, "new_facts" if isinstance(refusal, RuleRefused) else field, refusal_text(refusal))
        else:
            flash(_("The demand is filed, and you have signed it. Now others sign."), "success")
            return _to_recall(recall_id)
    book = load(require_community().profile)
    page = render_template("elections/new_recall.html", form=form, terms=terms, barred=_barred(book))
    return page, 422 if form.errors else 200


@bp.get("/recalls/<uuid:recall_id>")
@public
def recall(recall_id: uuid.UUID) -> ResponseReturnValue:
    return _page(recall_id)


@bp.post("/recalls/<uuid:recall_id>/sign")
@signed_in
def sign_recall(recall_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.sign_recall(recall_id=recall_id, actor=require_actor(), now=datetime.now(UTC))
    except AlreadyDone:
        flash(_("You have signed this demand already. Nobody is counted twice."), "info")
    except (NotEligible, NotFound):
        raise
    except CivicForumError as refusal:
        return _refused(recall_id, refusal)
    else:
        flash(_("You have signed the demand."), "success")
    return _to_recall(recall_id)


@bp.route("/recalls/<uuid:recall_id>/signatures", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def enter_recall_signatures(recall_id: uuid.UUID) -> ResponseReturnValue:
    """Enter signatures from paper under a demand."""
    row, form = _recall(recall_id), RecallSignaturesForm()
    if form.validate_on_submit():
        try:
            entered = services.enter_signatures(
                recall_id=recall_id,
                lines=form.lines.data.splitlines(),
                actor=require_actor(),
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
            return _to_recall(recall_id)
    return _form_page("enter_recall_signatures", row, form)


@bp.route("/recalls/<uuid:recall_id>/defence", methods=["GET", "POST"])
@signed_in
def defend(recall_id: uuid.UUID) -> ResponseReturnValue:
    """Answer to the reasons, as the member concerned."""
    row = _recall(recall_id)
    if row.term.person_id != require_actor().person_id:
        raise NotEligible(recall_id)
    form = DefenceForm(defence=row.defence)
    if form.validate_on_submit():
        try:
            services.defend(
                recall_id=recall_id, text=form.defence.data, actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            add_error(form, "defence", refusal_text(refusal))
        else:
            flash(_("Your defence is posted beside the reasons."), "success")
            return _to_recall(recall_id)
    return _form_page("defend", row, form)


@bp.route("/recalls/<uuid:recall_id>/vote", methods=["GET", "POST"])
@roles(Role.ELECTION_OFFICER)
def put_recall_to_vote(recall_id: uuid.UUID) -> ResponseReturnValue:
    """Set the day of the vote; the roll is drawn and posted with it."""
    row, now = _recall(recall_id), datetime.now(UTC)
    book = rules_of(row)
    posting = book.clock("roll.posting").earliest(now)
    usual = day_of(posting) + timedelta(days=1)
    form = VoteForm(on=usual, opens=time(8), closes=time(18), hearing=row.hearing)
    if form.validate_on_submit():
        try:
            recall_votes.put_to_vote(
                recall_id=recall_id,
                opens_at=form.opens_at,
                closes_at=form.closes_at,
                hearing=form.hearing.data,
                actor=require_actor(),
                now=now,
            )
        except (Invalid, RuleRefused) as refusal:
            named = refusal.field if isinstance(refusal, Invalid) else refusal.verdict.rule.id
            add_error(form, FIELD_OF.get(named or "", "on"), refusal_text(refusal))
        else:
            flash(_("The recall is put to the vote, and the roll is posted."), "success")
            return _to_recall(recall_id)
    return _form_page(
        "put_recall_to_vote",
        row,
        form,
        earliest=posting,
        due_at=book.clock("recall.vote").deadline(row.complete_at) if row.complete_at else None,
        laws=[
            book.rule(name) for name in ("roll.posting", "recall.vote", law.VALIDITY[row.way], law.MAJORITY)
        ],
    )


@bp.post("/recalls/<uuid:recall_id>/decide")
@roles(Role.ELECTION_OFFICER)
def decide_recall(recall_id: uuid.UUID) -> ResponseReturnValue:
    try:
        state = recall_votes.decide_recall(recall_id=recall_id, actor=require_actor(), now=datetime.now(UTC))
    except (NotEligible, NotFound):
        raise
    except CivicForumError as refusal:
        return _refused(recall_id, refusal)
    if state is RecallState.CARRIED:
        flash(_("The recall is carried: the post ends with the day of voting."), "success")
    else:
        flash(_("The recall is not carried: the member stays in the post."), "success")
    return _to_recall(recall_id)


def _recall(recall_id: uuid.UUID) -> Recall:
    return queries.get_recall(db.session(), recall_id=recall_id, community_id=require_community().id)


def _to_recall(recall_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".recall", recall_id=recall_id), code=303)


def _refused(recall_id: uuid.UUID, refusal: CivicForumError) -> ResponseReturnValue:
    db.session().rollback()
    return _page(recall_id, error=refusal_text(refusal)), 422


def _form_page(name: str, row: Recall, form: Any, **values: Any) -> ResponseReturnValue:
    page = render_template(f"elections/{name}.html", row=row, form=form, now=datetime.now(UTC), **values)
    return page, 422 if form.errors else 200


def _page(recall_id: uuid.UUID, *, error: str = "") -> str:
    session, now, actor = db.session(), datetime.now(UTC), current_actor()
    row = _recall(recall_id)
    book = rules_of(row)
    presides = actor is not None and presides_over(actor, row)
    is_member = actor is not None and actor.person_id == row.term.person_id
    may_sign = False
    if actor is not None and row.state is RecallState.DEMANDED:
        may_sign = actor.person_id in queries.entitled_to(session, row, book, now=now)
    signers = None
    if presides or is_member:
        signers = queries.list_signers(session, recall_id=row.id, number=page_number())
    return render_template(
        "elections/recall.html",
        row=row,
        verdict=law.judge_signed(book, row.way, row.signed, row.on_roll),
        due_at=book.clock("recall.vote").deadline(row.complete_at) if row.complete_at else None,
        voted_at=row.poll.closed_at if row.poll else None,
        laws=[book.rule(name) for name in ("recall.defence", law.VALIDITY[row.way], law.MAJORITY)],
        barred=_barred(book),
        is_member=is_member,
        may_defend=is_member and row.state in LIVE and not (row.poll and row.poll.opened_at),
        presides=presides,
        may_sign=may_sign,
        has_signed=actor is not None and actor.person_id in queries.signers_of(session, row.id),
        signers=signers,
        may_put=presides and _may_put(row),
        may_decide=presides and row.state is RecallState.VOTING and _is_certified(row),
        notices=recall_notices.list_issued(session, row.id),
        to_issue=[one for one in RecallNoticeKind if presides and recall_notices.is_ready(row, one)],
        error=error,
        now=now,
    )


def _barred(book: Rulebook) -> Rule:
    """Return the rule that says how long the same facts are barred here: for a time, or for the term."""
    for_term = book.switch("recall.barred_for_term")
    return for_term if for_term.on else book.rule("recall.barred")


def _may_put(row: Recall) -> bool:
    is_void = row.poll is not None and row.poll.state is PollState.VOID
    return row.state is RecallState.COMPLETE or (row.state is RecallState.VOTING and is_void)


def _is_certified(row: Recall) -> bool:
    return row.poll is not None and row.poll.state is PollState.CERTIFIED
