"""The committee's own copy of the archive: asking for one, having it, and comparing it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import require_actor, roles
from civicforum.accounts.current import require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.paging import page_number
from civicforum.supervision import services
from civicforum.supervision.comparing import Comparison, compare_package
from civicforum.supervision.forms import CompareForm, CopyForm
from civicforum.supervision.queries.records import get_copy, list_copies
from civicforum.supervision.rules import ARCHIVE_RULE, CopyState, Period
from civicforum.supervision.texts import COPY_STATES, DIFFERENCES, SECTIONS
from civicforum.supervision.views.blueprint import bp
from civicforum.supervision.views.referrals import zip_file
from civicforum.supervision.views.saying import say


@bp.route("/archive", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def archive() -> ResponseReturnValue:
    actor, form = require_actor(), CopyForm()
    if form.validate_on_submit():
        try:
            services.ask_for_copy(
                period=Period(form.period_from.data, form.period_until.data),
                actor=actor,
                now=datetime.now(UTC),
            )
        except Invalid as refused:
            say(form, refused)
        except AlreadyDone:
            flash(_("A copy is already being made."), "info")
            return redirect(url_for(".archive"), code=303)
        else:
            flash(_("The copy is being made; this page shows how far it is."), "success")
            return redirect(url_for(".archive"), code=303)
    page = list_copies(db.session(), community_id=actor.community_id, number=page_number())
    body = render_template(
        "supervision/archive.html",
        form=form,
        page=page,
        is_making=any(copy.state in (CopyState.WAITING, CopyState.MAKING) for copy in page.items),
        states=COPY_STATES,
        rule=rulebook.load(require_community().profile).rule(ARCHIVE_RULE),
    )
    return body, 422 if form.is_submitted() else 200


@bp.get("/archive/<uuid:copy_id>.zip")
@roles(Role.SUPERVISOR)
def download_copy(copy_id: uuid.UUID) -> ResponseReturnValue:
    copy = get_copy(db.session(), copy_id=copy_id, community_id=require_actor().community_id)
    if copy.content is None:
        raise NotFound(copy_id)
    return zip_file(copy.content, f"archive-{copy.period_from}-{copy.period_until}.zip")


@bp.post("/archive/<uuid:copy_id>/compare")
@roles(Role.SUPERVISOR)
def compare_copy(copy_id: uuid.UUID) -> ResponseReturnValue:
    """Compare a copy that is kept here with today's database."""
    actor = require_actor()
    copy = get_copy(db.session(), copy_id=copy_id, community_id=actor.community_id)
    if copy.content is None:
        raise NotFound(copy_id)
    found = compare_package(db.session(), copy.content, community_id=actor.community_id)
    return _compared(CompareForm(formdata=None), found)


@bp.route("/archive/compare", methods=["GET", "POST"])
@roles(Role.SUPERVISOR)
def compare() -> ResponseReturnValue:
    """Compare a copy that somebody kept at home."""
    form = CompareForm()
    found: Comparison | None = None
    if form.validate_on_submit():
        content: bytes = form.package.data.read()
        try:
            found = compare_package(db.session(), content, community_id=require_actor().community_id)
        except Invalid as refused:
            say(form, refused)
    return _compared(form, found), 422 if form.is_submitted() and found is None else 200


def _compared(form: CompareForm, found: Comparison | None) -> str:
    return render_template(
        "supervision/compare.html", form=form, found=found, sections=SECTIONS, ways=DIFFERENCES
    )
