"""The list of drafts, the page of one, and putting one out."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.drafts import queries, services
from civicforum.drafts.forms import CommentForm, PutOutForm
from civicforum.drafts.rules import PUT_OUT_BY
from civicforum.drafts.texts import STATES
from civicforum.drafts.views.blueprint import bp
from civicforum.errors import NotFound, RuleRefused
from civicforum.fields import add_error
from civicforum.lawbook.texts import verdict_text
from civicforum.matters.models import Matter
from civicforum.meetings.models import AgendaItem
from civicforum.paging import page_number


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "drafts/index.html",
        page=queries.list_drafts(db.session(), community_id=require_community().id, number=page_number()),
        may_put_out=actor is not None and actor.holds(*PUT_OUT_BY),
        states=STATES,
        now=datetime.now(UTC),
    )


@bp.get("/<uuid:draft_id>")
@public
def show(draft_id: uuid.UUID) -> ResponseReturnValue:
    return show_page(draft_id, CommentForm(formdata=None))


@bp.route("/put-out", methods=["GET", "POST"])
@roles(Role.COMMITTEE)
def put_out() -> ResponseReturnValue:
    """Put out a text: one's own, or that of an item or a matter named in the address."""
    item, matter = _source()
    form = PutOutForm()
    if form.validate_on_submit():
        try:
            draft_id = services.put_out_draft(
                title=form.title.data,
                text=form.text.data,
                reason=form.reason.data,
                until=form.until_on.data,
                item_id=item.id if item else None,
                matter_id=matter.id if matter else None,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except RuleRefused as refused:
            add_error(form, "until_on", verdict_text(refused.verdict))
        else:
            flash(_("The draft is out for comment, and a notice is posted."), "success")
            return redirect(url_for(".show", draft_id=draft_id), code=303)
    if not form.is_submitted() and (item or matter):
        form.title.data = item.title if item else matter.title if matter else ""
        form.text.data = (item.outcome_text or item.text) if item else matter.resolution if matter else ""
    body = render_template("drafts/put_out.html", form=form, item=item, matter=matter)
    return body, 422 if form.is_submitted() else 200


def show_page(draft_id: uuid.UUID, form: CommentForm) -> str:
    session, actor, now = db.session(), current_actor(), datetime.now(UTC)
    page = queries.get_page(
        session, draft_id=draft_id, community_id=require_community().id, actor=actor, now=now
    )
    form.offer(page.draft.text)
    progress = queries.list_progress(session, draft_id=draft_id, community_id=page.draft.community_id)
    return render_template(
        "drafts/show.html",
        page=page,
        draft=page.draft,
        form=form,
        own=queries.list_own(session, draft_id=draft_id, person_id=actor.person_id) if actor else [],
        progress=progress,
        answers_deliveries=page.may_enter
        or (actor is not None and any(line.grid.worker_id == actor.person_id for line in progress)),
        states=STATES,
        now=now,
    )


def _source() -> tuple[AgendaItem | None, Matter | None]:
    """Return the item or matter that the address names. Raises NotFound for one from elsewhere."""
    community_id = require_community().id
    item_id, matter_id = (request.args.get(name, type=uuid.UUID) for name in ("item", "matter"))
    item = db.session.get(AgendaItem, item_id) if item_id else None
    matter = db.session.get(Matter, matter_id) if matter_id else None
    for asked, found in ((item_id, item), (matter_id, matter)):
        if asked is not None and (found is None or found.community_id != community_id):
            raise NotFound(asked)
    return item, matter
