"""The bodies of a community, and the forms with which an administrator fills their posts."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies import queries, services
from civicforum.bodies.errors import MustBeElected, NoSeatLeft, PairForbidden
from civicforum.bodies.forms import AppointForm, BodyForm, EndForm, PostForm
from civicforum.bodies.labels import appointed_name, body_kind_name, refusal_text
from civicforum.bodies.models import Post
from civicforum.bodies.rules import (
    CENTRE,
    ELECTED_BODIES,
    Appointed,
    BodyKind,
    PostKind,
    Role,
    composition,
    default_until,
)
from civicforum.database import db
from civicforum.errors import AlreadyDone, CivicForumError, Invalid
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.models import Community
from civicforum.people.queries import count_households, find_people
from civicforum.records.models import JournalEntry
from civicforum.records.queries import list_entries_of
from civicforum.records.words import ACTIONS, Told, told
from civicforum.rulebook.days import day_of

bp = Blueprint("bodies", __name__, url_prefix="/bodies")
ENTRIES_SHOWN = 8
# Which field of the form the words of a refusal belong beside.
FIELD_OF_REFUSAL: dict[type[CivicForumError], str] = {
    NoSeatLeft: "since",
    MustBeElected: "appointed",
    PairForbidden: "person",
    AlreadyDone: "person",
}


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    community = require_community()
    lines = queries.list_bodies(db.session(), community_id=community.id, day=_today())
    return render_template(
        "bodies/index.html",
        centre={kind: [line for line in lines if line.body.kind is kind] for kind in CENTRE},
        others=[line for line in lines if line.body.kind not in CENTRE],
    )


@bp.get("/<uuid:body_id>")
@public
def show(body_id: uuid.UUID) -> ResponseReturnValue:
    community = require_community()
    session, today = db.session(), _today()
    line = queries.get_body(session, body_id=body_id, community_id=community.id, day=today)
    recent = list_entries_of(session, subject_kind="body", subject_id=body_id)[: -ENTRIES_SHOWN - 1 : -1]
    return render_template(
        "bodies/show.html",
        line=line,
        verdicts=composition(
            line.body.kind,
            holders=len(line.holders),
            women=line.women,
            households=count_households(session, community_id=community.id),
            book=rulebook.load(community.profile),
        ),
        others=queries.list_other_terms(session, body_id=body_id, day=today, number=page_number()),
        entries=[_told_here(entry) for entry in recent if entry.is_public],
        today=today,
    )


@bp.route("/new", methods=["GET", "POST"])
@roles(Role.ADMIN)
def found() -> ResponseReturnValue:
    form, actor = BodyForm(), require_actor()
    form.offer()
    if not form.is_submitted():
        form.founded_on.data = _today().isoformat()
        return render_template("bodies/found.html", form=form)
    if form.validate() and form.founded_on.day is not None:
        try:
            body_id = services.found_body(
                community_id=actor.community_id,
                kind=BodyKind(form.kind.data),
                name=form.name.data,
                duty=form.duty.data,
                founded_on=form.founded_on.day,
                actor=actor,
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            add_error(form, "name", _("There is a body of this name already."))
        else:
            flash(_("The body is founded. Now add its posts."), "success")
            return redirect(url_for(".show", body_id=body_id), code=303)
    return render_template("bodies/found.html", form=form), 422


@bp.route("/<uuid:body_id>/posts/new", methods=["GET", "POST"])
@roles(Role.ADMIN)
def add_post(body_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = PostForm(), require_actor()
    form.offer()
    line = queries.get_body(db.session(), body_id=body_id, community_id=actor.community_id, day=_today())
    if not form.is_submitted():
        return render_template("bodies/add_post.html", form=form, body=line.body)
    if form.validate():
        try:
            services.add_post(
                body_id=body_id,
                kind=PostKind(form.kind.data),
                title=form.title.data,
                seats=form.seats.data,
                actor=actor,
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            add_error(form, "title", _("This body has a post of this title already, or was dissolved."))
        else:
            flash(_("The post is added."), "success")
            return redirect(url_for(".show", body_id=body_id), code=303)
    return render_template("bodies/add_post.html", form=form, body=line.body), 422


@bp.route("/posts/<uuid:post_id>/appoint", methods=["GET", "POST"])
@roles(Role.ADMIN)
def appoint(post_id: uuid.UUID) -> ResponseReturnValue:
    """Find somebody, then give them the post; the search is a button of the same form, so nothing is lost."""
    actor = require_actor()
    post = queries.get_post(db.session(), post_id=post_id, community_id=actor.community_id)
    form = AppointForm()
    form.offer(post.body.kind)
    if not form.is_submitted() or "search" in request.form:
        return _appoint_page(form, post, 200)
    if not form.validate() or not _give(form, post):
        return _appoint_page(form, post, 422)
    return redirect(url_for(".show", body_id=post.body_id), code=303)


@bp.route("/terms/<uuid:term_id>/end", methods=["GET", "POST"])
@roles(Role.ADMIN)
def end_term(term_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = EndForm(), require_actor()
    term = queries.get_term(db.session(), term_id=term_id, community_id=actor.community_id)
    body_id = term.post.body_id
    if not form.is_submitted():
        form.on.data = _today().isoformat()
        return render_template("bodies/end_term.html", form=form, term=term)
    if _end(form, partial(services.end_term, term_id=term_id)):
        flash(_("The term is ended."), "success")
        return redirect(url_for(".show", body_id=body_id), code=303)
    return render_template("bodies/end_term.html", form=form, term=term), 422


@bp.route("/<uuid:body_id>/dissolve", methods=["GET", "POST"])
@roles(Role.ADMIN)
def dissolve(body_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = EndForm(), require_actor()
    line = queries.get_body(db.session(), body_id=body_id, community_id=actor.community_id, day=_today())
    if not form.is_submitted():
        form.on.data = _today().isoformat()
        return render_template("bodies/dissolve.html", form=form, line=line)
    if _end(form, partial(services.dissolve_body, body_id=body_id)):
        flash(_("The body is dissolved, and every term in it has ended."), "success")
        return redirect(url_for(".index"), code=303)
    return render_template("bodies/dissolve.html", form=form, line=line), 422


def _end(form: EndForm, end: Callable[..., None]) -> bool:
    """End a term or a body as the form says, or put the refusal beside its field."""
    if not form.validate() or form.on.day is None:
        return False
    try:
        end(on=form.on.day, reason=form.reason.data, actor=require_actor(), now=datetime.now(UTC))
    except Invalid as refusal:
        add_error(form, refusal.field or "on", refusal_text(refusal))
        return False
    return True


def _give(form: AppointForm, post: Post) -> bool:
    """Fill the post, or put the refusal beside its field."""
    try:
        person_id = uuid.UUID(form.person.data)
    except ValueError:
        add_error(form, "person", _("Choose the person."))
        return False
    try:
        services.appoint(
            post_id=post.id,
            person_id=person_id,
            appointed=Appointed(form.appointed.data),
            since=form.since.day or _today(),
            until=form.until.day,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except (AlreadyDone, Invalid, MustBeElected, NoSeatLeft, PairForbidden) as refusal:
        field = refusal.field if isinstance(refusal, Invalid) else FIELD_OF_REFUSAL[type(refusal)]
        add_error(form, field or "person", refusal_text(refusal))
        return False
    flash(_("The post is filled."), "success")
    return True


def _appoint_page(form: AppointForm, post: Post, status: int) -> ResponseReturnValue:
    session, community = db.session(), db.session.get_one(Community, post.community_id)
    wanted = request.values.get("q", "").strip()[:80]
    if not form.since.data:
        form.since.data = _today().isoformat()
    if post.body.kind in ELECTED_BODIES:
        form.appointed.data = Appointed.ELECTED.value
    page = render_template(
        "bodies/appoint.html",
        form=form,
        post=post,
        wanted=wanted,
        found=find_people(session, community_id=community.id, text=wanted),
        term_ends=default_until(post.body.kind, form.since.day or _today(), rulebook.load(community.profile)),
    )
    return page, status


def _told_here(entry: JournalEntry) -> Told:
    """Put an entry into words for its own body's page: who and which post instead of the body's name."""
    act = str(ACTIONS[entry.action])
    post, name = entry.payload.get("post"), entry.payload.get("name")
    if name:
        act = _("%(act)s: %(name)s, %(post)s", act=act, name=name, post=post)
    elif post:
        act = _("%(act)s: %(post)s", act=act, post=post)
    return replace(told(entry), what=act, url="")


def _today() -> date:
    return day_of(datetime.now(UTC))


bp.add_app_template_filter(body_kind_name, "body_kind")
bp.add_app_template_filter(appointed_name, "appointed")


@bp.context_processor
def may_administer() -> dict[str, bool]:
    actor = current_actor()
    return {"may_administer": actor is not None and actor.has(Role.ADMIN)}
