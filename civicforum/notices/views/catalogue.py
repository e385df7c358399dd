"""What must be posted, for everybody; and keeping the catalogue, for the committee."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import Invalid, RuleRefused
from civicforum.notices import queries, services
from civicforum.notices.forms import ItemForm, JoinForm, ReasonForm
from civicforum.notices.rules import POSTS, may_draft, may_post
from civicforum.notices.texts import CATEGORIES, RHYTHMS
from civicforum.notices.views.blueprint import bp
from civicforum.notices.views.refusing import refuse

RULES = ("disclosure.board", "disclosure.ordinary", "disclosure.day_of_month", "disclosure.ad_hoc")


@bp.get("/due")
@public
def due() -> ResponseReturnValue:
    """Show every item of the catalogue with what was posted, what is due, and what is missing."""
    community, actor, now = require_community(), current_actor(), datetime.now(UTC)
    book = rulebook.load(community.profile)
    lines = queries.list_catalogue(db.session(), community_id=community.id, book=book, now=now)
    return render_template(
        "notices/due.html",
        lines=lines,
        missing=[(line, one) for line in lines for one in line.missing],
        rules=[book.rule(rule_id) for rule_id in RULES],
        categories=CATEGORIES,
        rhythms=RHYTHMS,
        may_draft=actor is not None and may_draft(actor),
        may_post=actor is not None and may_post(actor),
        now=now,
    )


@bp.route("/items/new", methods=["GET", "POST"])
@roles(*POSTS)
def add_item() -> ResponseReturnValue:
    form = ItemForm()
    form.offer(queries.list_bodies(db.session(), community_id=require_community().id))
    if form.validate_on_submit():
        try:
            services.add_item(given=form.given(), actor=require_actor(), now=datetime.now(UTC))
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            flash(_("The item is in the catalogue."), "success")
            return redirect(url_for(".due"), code=303)
    body = render_template("notices/item.html", form=form, item=None, verdict=None)
    return body, 422 if form.is_submitted() else 200


@bp.route("/items/<uuid:item_id>/change", methods=["GET", "POST"])
@roles(*POSTS)
def change_item(item_id: uuid.UUID) -> ResponseReturnValue:
    community, session, verdict = require_community(), db.session(), None
    item = queries.get_item(session, item_id=item_id, community_id=community.id)
    form = ItemForm()
    form.offer(queries.list_bodies(session, community_id=community.id), item)
    if not form.is_submitted():
        form.fill(item)
    elif form.validate():
        try:
            services.change_item(
                item_id=item_id, given=form.given(), actor=require_actor(), now=datetime.now(UTC)
            )
        except Invalid as refusal:
            refuse(form, refusal)
        except RuleRefused as refusal:
            verdict = refusal.verdict
            form.rhythm.errors = [_("The law asks for it more often. You may choose a quicker rhythm.")]
        else:
            flash(_("The item is changed."), "success")
            return redirect(url_for(".due"), code=303)
    body = render_template("notices/item.html", form=form, item=item, verdict=verdict)
    return body, 422 if form.is_submitted() else 200


@bp.route("/items/<uuid:item_id>/end", methods=["GET", "POST"])
@roles(*POSTS)
def end_item(item_id: uuid.UUID) -> ResponseReturnValue:
    item = queries.get_item(db.session(), item_id=item_id, community_id=require_community().id)
    form = ReasonForm()
    if form.validate_on_submit():
        services.end_item(
            item_id=item_id, reason=form.reason.data, actor=require_actor(), now=datetime.now(UTC)
        )
        flash(_("The item has ended."), "success")
        return redirect(url_for(".due"), code=303)
    body = render_template("notices/end_item.html", form=form, item=item)
    return body, 422 if form.is_submitted() else 200


@bp.route("/due/<uuid:due_id>/join", methods=["GET", "POST"])
@roles(*POSTS)
def join(due_id: uuid.UUID) -> ResponseReturnValue:
    """Say which notice on the board is what was due."""
    session, now = db.session(), datetime.now(UTC)
    due = queries.get_due(session, due_id=due_id, community_id=require_community().id)
    form = JoinForm()
    form.offer(queries.list_to_join(session, due=due))
    if form.validate_on_submit():
        try:
            notice_id = uuid.UUID(form.notice_id.data)
            services.join_notice(due_id=due_id, notice_id=notice_id, actor=require_actor(), now=now)
        except Invalid as refusal:
            refuse(form, refusal)
        else:
            flash(_("The notice stands for what was due."), "success")
            return redirect(url_for(".due"), code=303)
    body = render_template("notices/join.html", form=form, due=due, now=now)
    return body, 422 if form.is_submitted() else 200
