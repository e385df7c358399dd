"""Seconding, demanding, commenting and merging."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.fields import add_error
from civicforum.matters import services
from civicforum.matters.forms.supporting import (
    MERGE_REFUSALS,
    CommentForm,
    HideForm,
    LinesForm,
    MergeForm,
    refuse_lines,
)
from civicforum.matters.models import Matter
from civicforum.matters.queries.comments import ARGUMENT, get_comment, page_of_comment
from civicforum.matters.queries.demands import count_demands
from civicforum.matters.queries.one import find_number, get_seconds
from civicforum.matters.queries.similar import list_similar
from civicforum.matters.rules import Act
from civicforum.matters.rules import check as check_act
from civicforum.matters.services.seconding import SecondsSoFar
from civicforum.matters.views.blueprint import bp
from civicforum.matters.views.showing import get_visible, story_page
from civicforum.security import POSTING, PRESSING, by_person, limiter


@bp.post("/<uuid:matter_id>/second")
@signed_in
@limiter.limit(PRESSING, methods=["POST"], key_func=by_person)
def second(matter_id: uuid.UUID) -> ResponseReturnValue:
    try:
        so_far = services.second_matter(matter_id=matter_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("You second this matter. %(progress)s", progress=_progress(so_far)), "success")
    except AlreadyDone:
        flash(_("You already second this matter. Nobody is counted twice."), "info")
    return redirect(url_for(".show", matter_id=matter_id), code=303)


@bp.route("/<uuid:matter_id>/paper-seconds", methods=["GET", "POST"])
@roles(Role.CLERK)
def paper_seconds(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, matter = require_actor(), LinesForm(), get_visible(matter_id)
    if form.validate_on_submit():
        try:
            so_far = services.enter_paper_seconds(
                matter_id=matter_id, actor=actor, lines=form.lines.data.splitlines(), now=datetime.now(UTC)
            )
            flash(_("The signatures are entered. %(progress)s", progress=_progress(so_far)), "success")
            return redirect(url_for(".show", matter_id=matter_id), code=303)
        except Invalid as refusal:
            refuse_lines(form, refusal)
    check_act(Act.ENTER_PAPER_SECONDS, matter.stage, actor.roles)
    seconds = get_seconds(db.session(), matter=matter, person_id=None)
    return _form_page("paper_seconds", form, matter, seconds=seconds)


@bp.post("/<uuid:matter_id>/demand")
@signed_in
def demand(matter_id: uuid.UUID) -> ResponseReturnValue:
    try:
        figures = services.demand_assembly(matter_id=matter_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_demanded(figures.is_enough), "success")
    except AlreadyDone:
        flash(_("You have already demanded this. Nobody is counted twice."), "info")
    return redirect(url_for(".show", matter_id=matter_id, _anchor="demand"), code=303)


@bp.route("/<uuid:matter_id>/paper-demands", methods=["GET", "POST"])
@roles(Role.CLERK)
def paper_demands(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, matter, now = require_actor(), LinesForm(), get_visible(matter_id), datetime.now(UTC)
    if form.validate_on_submit():
        try:
            figures = services.enter_paper_demands(
                matter_id=matter_id, actor=actor, lines=form.lines.data.splitlines(), now=now
            )
            flash(_demanded(figures.is_enough), "success")
            return redirect(url_for(".show", matter_id=matter_id, _anchor="demand"), code=303)
        except Invalid as refusal:
            refuse_lines(form, refusal)
    check_act(Act.ENTER_PAPER_DEMANDS, matter.stage, actor.roles)
    figures = count_demands(db.session(), matter=matter, now=now)
    return _form_page("paper_demands", form, matter, demands=figures)


@bp.post("/<uuid:matter_id>/comments")
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def comment(matter_id: uuid.UUID) -> ResponseReturnValue:
    form = CommentForm()
    if not form.validate_on_submit():
        return story_page(get_visible(matter_id), form)
    comment_id = services.add_comment(
        matter_id=matter_id,
        actor=require_actor(),
        text=form.text.data,
        parent_id=None,
        now=datetime.now(UTC),
    )
    return redirect(url_for(".find_comment", matter_id=matter_id, comment_id=comment_id), code=303)


@bp.get("/<uuid:matter_id>/comments/<uuid:comment_id>")
@public
def find_comment(matter_id: uuid.UUID, comment_id: uuid.UUID) -> ResponseReturnValue:
    """Lead to a comment on whichever page it stands."""
    session = db.session()
    found = get_comment(session, matter=get_visible(matter_id), comment_id=comment_id)
    arguments: dict[str, Any] = {"matter_id": matter_id, ARGUMENT: page_of_comment(session, found)}
    return redirect(url_for(".show", _anchor=f"comment-{comment_id}", **arguments), code=303)


@bp.route("/<uuid:matter_id>/comments/<uuid:comment_id>/reply", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def reply(matter_id: uuid.UUID, comment_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, matter = require_actor(), CommentForm(), get_visible(matter_id)
    parent = get_comment(db.session(), matter=matter, comment_id=comment_id)
    check_act(Act.COMMENT, matter.stage, actor.roles)
    if form.validate_on_submit():
        new_id = services.add_comment(
            matter_id=matter_id,
            actor=actor,
            text=form.text.data,
            parent_id=comment_id,
            now=datetime.now(UTC),
        )
        return redirect(url_for(".find_comment", matter_id=matter_id, comment_id=new_id), code=303)
    return _form_page("reply", form, matter, parent=parent)


@bp.route("/<uuid:matter_id>/comments/<uuid:comment_id>/hide", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.CLERK)
def hide_comment(matter_id: uuid.UUID, comment_id: uuid.UUID) -> ResponseReturnValue:
    form, matter = HideForm(), get_visible(matter_id)
    found = get_comment(db.session(), matter=matter, comment_id=comment_id)
    if form.validate_on_submit():
        services.hide_comment(
            matter_id=matter_id,
            comment_id=comment_id,
            actor=require_actor(),
            reason=form.chosen,
            now=datetime.now(UTC),
        )
        flash(_("The comment is hidden. In its place everybody reads why."), "success")
        return redirect(url_for(".find_comment", matter_id=matter_id, comment_id=comment_id), code=303)
    return _form_page("hide_comment", form, matter, comment=found)


@bp.route("/<uuid:matter_id>/merge", methods=["GET", "POST"])
@roles(Role.COMMITTEE, Role.CLERK)
def merge(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, form, matter, session = require_actor(), MergeForm(), get_visible(matter_id), db.session()
    check_act(Act.MERGE, matter.stage, actor.roles)
    if form.validate_on_submit():
        into = find_number(session, community_id=matter.community_id, number=form.into.data)
        if into is None:
            add_error(form, "into", _("There is no matter of this number."))
        else:
            try:
                services.merge_matters(
                    matter_id=matter_id,
                    into_id=into.id,
                    actor=actor,
                    reason=form.reason.data,
                    now=datetime.now(UTC),
                )
                flash(_("The matters are merged. Nobody's second is lost, and none counts twice."), "success")
                return redirect(url_for(".show", matter_id=into.id), code=303)
            except Invalid as refusal:
                add_error(form, refusal.field, str(MERGE_REFUSALS[refusal.reason]))
    return _form_page("merge", form, matter, similar=list_similar(session, matter=matter))


def _progress(so_far: SecondsSoFar) -> str:
    missing = so_far.needed - so_far.count
    if so_far.went_to_review:
        words = _("That is enough: it goes to review now.")
    elif missing <= 0:
        words = ngettext("%(num)s resident seconds it.", "%(num)s residents second it.", so_far.count)
    else:
        words = ngettext("%(num)s more is needed.", "%(num)s more are needed.", missing)
    return str(words)


def _demanded(is_enough: bool) -> str:
    if is_enough:
        return str(_("The demand is strong enough: the matter goes to the assembly."))
    return str(_("The demand is recorded. The sums below show how many are still needed."))


def _form_page(
    name: str,
    form: LinesForm | CommentForm | HideForm | MergeForm,
    matter: Matter,
    **context: object,
) -> ResponseReturnValue:
    """Show a page with its form; one that was refused keeps what was typed."""
    page = render_template(f"matters/{name}.html", form=form, matter=matter, now=datetime.now(UTC), **context)
    return page, 422 if form.errors else 200
