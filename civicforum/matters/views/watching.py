"""Pages of watching: findings, queries and answers, and what the supervision committee looks at."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, current_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.fields import add_error
from civicforum.matters.forms.watching import REFUSALS, AnswerForm, FindingForm, QueryForm
from civicforum.matters.models import Matter
from civicforum.matters.queries.after import get_matter_for
from civicforum.matters.queries.watching import Watch, count_watched, get_query, list_queries, list_watched
from civicforum.matters.rules import PUBLIC, Act, FindingKind, allowed_acts, check
from civicforum.matters.services import watching as services
from civicforum.matters.services.steps import rules_of
from civicforum.matters.texts_after import watch_text
from civicforum.matters.views.blueprint import bp
from civicforum.paging import PER_PAGE, page_number
from civicforum.security import POSTING, by_person, limiter


@bp.route("/<uuid:matter_id>/findings/new", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def file_finding(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    matter = get_matter_for(db.session(), act=Act.FILE_FINDING, matter_id=matter_id, actor=actor)
    form = FindingForm(task_id=request.args.get("task", ""))
    form.offer(matter.tasks)
    if form.validate_on_submit():
        try:
            services.file_finding(
                matter_id=matter_id,
                actor=actor,
                kind=FindingKind(form.kind.data),
                text=form.text.data,
                task_id=form.about,
                now=datetime.now(UTC),
            )
            flash(_("The finding is filed and public."), "success")
            return redirect(url_for(".show", matter_id=matter_id, _anchor="findings"), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    return render_template("matters/file_finding.html", form=form, matter=matter), 422 if form.errors else 200


@bp.route("/<uuid:matter_id>/ask", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def ask(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, now = require_actor(), datetime.now(UTC)
    matter = get_matter_for(db.session(), act=Act.ASK, matter_id=matter_id, actor=actor)
    form = QueryForm()
    if form.validate_on_submit():
        try:
            services.ask(matter_id=matter_id, actor=actor, text=form.text.data, now=now)
            flash(_("Your query is public, and the time for its answer has begun."), "success")
        except AlreadyDone:
            flash(_("You have already put this query; it waits for an answer."), "info")
        return redirect(url_for(".show", matter_id=matter_id, _anchor="queries"), code=303)
    clock = rules_of(matter).clock("matter.answer_query")
    page = render_template(
        "matters/ask.html", form=form, matter=matter, rule=clock, due_at=clock.deadline(now)
    )
    return page, 422 if form.errors else 200


@bp.route("/queries/<uuid:query_id>/answer", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.PARTY, Role.STATION_HEAD)
def answer(query_id: uuid.UUID) -> ResponseReturnValue:
    actor, now = require_actor(), datetime.now(UTC)
    query = get_query(db.session(), query_id=query_id, community_id=actor.community_id)
    check(Act.ANSWER, query.matter.stage, actor.roles)
    if query.answered_at is not None:
        raise AlreadyDone(query_id)
    form = AnswerForm()
    if form.validate_on_submit():
        matter_id = services.answer(query_id=query_id, actor=actor, text=form.text.data, now=now)
        flash(_("Your answer is public, with your name and post."), "success")
        return redirect(url_for(".show", matter_id=matter_id, _anchor=f"query-{query_id}"), code=303)
    page = render_template("matters/answer.html", form=form, query=query, matter=query.matter, now=now)
    return page, 422 if form.errors else 200


@bp.get("/<uuid:matter_id>/queries")
@public
def queries(matter_id: uuid.UUID) -> ResponseReturnValue:
    session, actor, community, now = db.session(), current_actor(), current_community(), datetime.now(UTC)
    matter = session.get(Matter, matter_id)
    if (
        matter is None
        or matter.stage not in PUBLIC
        or community is None
        or matter.community_id != community.id
    ):
        raise NotFound(matter_id)
    page = list_queries(session, matter_id=matter_id, number=page_number(), per_page=PER_PAGE, now=now)
    acts = allowed_acts(matter.stage, actor.roles) if actor else frozenset()
    return render_template("matters/queries.html", matter=matter, page=page, acts=acts, now=now)


@bp.get("/supervision")
@roles(Role.SUPERVISOR)
def supervision() -> ResponseReturnValue:
    actor, now, session = require_actor(), datetime.now(UTC), db.session()
    chosen = request.args.get("show", Watch.ALL.value)
    if chosen not in list(Watch):
        abort(404)
    watch = Watch(chosen)
    figures = count_watched(session, community_id=actor.community_id, now=now)
    return render_template(
        "matters/supervision.html",
        watch=watch,
        watches=[(each, watch_text(each)) for each in Watch],
        figures=figures,
        page=list_watched(
            session,
            community_id=actor.community_id,
            watch=watch,
            number=page_number(),
            now=now,
            total=figures[watch],
        ),
        now=now,
    )
