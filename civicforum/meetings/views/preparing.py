"""The preparation of a session: agenda by the clock, papers, and the versions of a text."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import Invalid, NotFound
from civicforum.fields import add_error
from civicforum.matters.forms.fields import uploaded
from civicforum.meetings.differences import sides
from civicforum.meetings.forms.preparing import PaperForm
from civicforum.meetings.papers import SUFFIX
from civicforum.meetings.queries import get_item
from civicforum.meetings.queries.preparing import get_paper, get_preparation, get_versions
from civicforum.meetings.rules import check_run
from civicforum.meetings.services import papers as services
from civicforum.meetings.texts_before import PAPER_REFUSALS
from civicforum.meetings.views.blueprint import bp


@bp.get("/<uuid:meeting_id>/prepare")
@public
def prepare(meeting_id: uuid.UUID) -> ResponseReturnValue:
    now = datetime.now(UTC)
    page = get_preparation(
        db.session(),
        meeting_id=meeting_id,
        community_id=require_community().id,
        actor=current_actor(),
        now=now,
    )
    return render_template("meetings/prepare.html", page=page, now=now)


@bp.get("/items/<uuid:item_id>/versions")
@public
def versions(item_id: uuid.UUID) -> ResponseReturnValue:
    page = get_versions(
        db.session(),
        item_id=item_id,
        community_id=require_community().id,
        older=request.args.get("older", type=int),
        newer=request.args.get("newer", type=int),
    )
    return render_template("meetings/versions.html", page=page, sides=sides(page.parts))


@bp.route("/items/<uuid:item_id>/papers/add", methods=["GET", "POST"])
@signed_in
def add_paper(item_id: uuid.UUID) -> ResponseReturnValue:
    actor = require_actor()
    item = get_item(db.session(), item_id=item_id, community_id=actor.community_id)
    check_run(actor, chair_id=item.meeting.answering_id)
    form = PaperForm()
    if form.validate_on_submit():
        paper = services.NewPaper(
            title=form.title.data,
            author=form.author.data,
            text=form.text.data,
            data=uploaded(form.file) or b"",
            is_expert_opinion=form.is_expert_opinion.data,
        )
        try:
            meeting_id = services.add_paper(item_id=item_id, paper=paper, actor=actor, now=datetime.now(UTC))
        except Invalid as refusal:
            add_error(form, refusal.field, str(PAPER_REFUSALS[refusal.reason]))
        else:
            flash(_("The paper is added."), "success")
            return redirect(url_for(".prepare", meeting_id=meeting_id), code=303)
    page = render_template("meetings/add_paper.html", form=form, item=item)
    return page, 422 if form.errors else 200


@bp.get("/papers/<uuid:paper_id>")
@public
def paper(paper_id: uuid.UUID) -> ResponseReturnValue:
    """Show a paper's text on its own page."""
    found = get_paper(db.session(), paper_id=paper_id, community_id=require_community().id)
    item = get_item(db.session(), item_id=found.item_id, community_id=found.community_id)
    return render_template("meetings/paper.html", paper=found, item=item)


@bp.get("/papers/<uuid:paper_id>/file")
@public
def paper_file(paper_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out a paper's file to be kept, never to be shown: it came from outside."""
    found = get_paper(db.session(), paper_id=paper_id, community_id=require_community().id)
    if found.content is None:
        raise NotFound(paper_id)
    answer = Response(found.content, mimetype=found.media_type)
    name = f"{found.id}{SUFFIX[found.media_type]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.post("/papers/<uuid:paper_id>/remove")
@signed_in
def remove_paper(paper_id: uuid.UUID) -> ResponseReturnValue:
    meeting_id = services.remove_paper(paper_id=paper_id, actor=require_actor(), now=datetime.now(UTC))
    flash(_("The paper is taken back."), "success")
    return redirect(url_for(".prepare", meeting_id=meeting_id), code=303)
