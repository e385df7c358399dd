"""Queries about notices: all that wait, asking, asking on, and answering."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.fields import add_error
from civicforum.matters.rules import HideReason
from civicforum.matters.texts import HIDE_REASONS
from civicforum.notices.forms.querying import AnswerForm, QueryForm
from civicforum.notices.models import Notice
from civicforum.notices.queries.board import get_notice
from civicforum.notices.queries.complaining import list_of_notice
from civicforum.notices.queries.querying import (
    QUERIES_SHOWN,
    Thread,
    count_waiting,
    get_query,
    list_queries,
)
from civicforum.notices.rules_asking import ANSWERS, QUERY_RULE, QueryState, office_name
from civicforum.notices.services.querying import answer_query, ask_about, ask_again
from civicforum.notices.texts_asking import REFUSALS
from civicforum.notices.views.blueprint import bp
from civicforum.paging import page_number
from civicforum.security import POSTING, by_person, limiter


@bp.app_template_filter()
def hidden_because(reason: str) -> str:
    """Return why something is hidden: in the words of the list, or as it was written."""
    return str(HIDE_REASONS[HideReason(reason)]) if reason in list(HideReason) else reason


@bp.get("/queries")
@public
def queries() -> ResponseReturnValue:
    """List the queries that wait, or all of them, or those about one notice."""
    session, community, actor, now = db.session(), require_community(), current_actor(), datetime.now(UTC)
    notice_id = request.args.get("notice", type=uuid.UUID)
    notice = (
        get_notice(session, notice_id=notice_id, community_id=community.id) if notice_id is not None else None
    )
    only_waiting = notice is None and request.args.get("show") != "all"
    return render_template(
        "notices/queries.html",
        notice=notice,
        only_waiting=only_waiting,
        figures=count_waiting(session, community_id=community.id, now=now),
        page=list_queries(
            session,
            community_id=community.id,
            notice_id=notice_id,
            only_waiting=only_waiting,
            person_id=actor.person_id if actor else None,
            number=page_number(),
            now=now,
        ),
        rule=rulebook.load(community.profile).rule(QUERY_RULE),
        may_answer=may_answer(),
        now=now,
    )


@bp.route("/<uuid:notice_id>/ask", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def ask(notice_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, now = require_actor(), QueryForm(), datetime.now(UTC)
    notice = get_notice(db.session(), notice_id=notice_id, community_id=actor.community_id)
    if form.validate_on_submit():
        try:
            query_id = ask_about(notice_id=notice_id, text=form.text.data, actor=actor, now=now)
        except AlreadyDone:
            flash(_("You have already put this query; it waits for an answer."), "info")
            return redirect(url_for(".show", notice_id=notice_id, _anchor="queries"), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("Your query is public, and the time for its answer has begun."), "success")
            return _to_thread(notice_id, query_id)
    return _form_page("ask", form, notice, now)


@bp.route("/queries/<uuid:query_id>/ask-again", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def ask_on(query_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, now = require_actor(), QueryForm(), datetime.now(UTC)
    thread = _get(query_id, now)
    if not thread.is_own:
        raise NotEligible(actor.person_id)
    if form.validate_on_submit():
        try:
            ask_again(query_id=query_id, text=form.text.data, actor=actor, now=now)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("Your question is public, and the time for its answer has begun anew."), "success")
            return _to_thread(thread.query.notice_id, query_id)
    if thread.state is not QueryState.ANSWERED:
        raise TransitionNotAllowed(thread.state, "ask again")
    return _form_page("ask_on", form, thread.query.notice, now, thread=thread)


@bp.route("/queries/<uuid:query_id>/answer", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def answer(query_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, now = require_actor(), AnswerForm(), datetime.now(UTC)
    thread = _get(query_id, now)
    if form.validate_on_submit():
        try:
            answer_query(query_id=query_id, text=form.text.data, actor=actor, now=now)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
        else:
            flash(_("Your answer is public, with your name and post."), "success")
            return _to_thread(thread.query.notice_id, query_id)
    if thread.state is QueryState.ANSWERED:
        raise AlreadyDone(query_id)
    if thread.state is QueryState.HIDDEN:
        raise TransitionNotAllowed(thread.state, "answer")
    return _form_page("answer", form, thread.query.notice, now, thread=thread)


def queries_of(notice: Notice, *, now: datetime) -> dict[str, Any]:
    """Return what the sections of queries and complaints on the page of a notice show."""
    actor = current_actor()
    return {
        "queries": list_queries(
            db.session(),
            community_id=notice.community_id,
            notice_id=notice.id,
            person_id=actor.person_id if actor else None,
            number=1,
            per_page=QUERIES_SHOWN,
            now=now,
        ),
        "may_answer": may_answer(),
        "complaints": list_of_notice(db.session(), notice_id=notice.id),
        "office": office_name(require_community().subdistrict.name),
    }


def may_answer() -> bool:
    """Tell whether the page offers to answer queries."""
    actor = current_actor()
    return actor is not None and actor.holds(*ANSWERS)


def _get(query_id: uuid.UUID, now: datetime) -> Thread:
    actor = require_actor()
    return get_query(
        db.session(),
        query_id=query_id,
        community_id=actor.community_id,
        person_id=actor.person_id,
        now=now,
    )


def _to_thread(notice_id: uuid.UUID, query_id: uuid.UUID) -> ResponseReturnValue:
    """Lead to the query, on the page with all of its notice: that of the notice shows the first few."""
    return redirect(url_for(".queries", notice=notice_id, _anchor=f"query-{query_id}"), code=303)


def _form_page(
    name: str,
    form: QueryForm | AnswerForm,
    notice: Notice,
    now: datetime,
    thread: Thread | None = None,
) -> ResponseReturnValue:
    clock = rulebook.load(require_community().profile).clock(QUERY_RULE)
    page = render_template(
        f"notices/query_{name}.html",
        form=form,
        thread=thread,
        caption=notice.title,
        back=_("Back to the notice"),
        back_url=url_for(".show", notice_id=notice.id),
        rule=clock,
        due_at=clock.deadline(now),
        now=now,
    )
    return page, 422 if form.errors else 200
