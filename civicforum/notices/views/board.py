"""The notice board, the page of a notice, and posting one."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import segno
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.notices import queries, services
from civicforum.notices.forms import NoticeForm
from civicforum.notices.rules import NoticeCategory
from civicforum.notices.texts import CATEGORIES
from civicforum.notices.views.blueprint import bp
from civicforum.notices.views.querying import queries_of
from civicforum.paging import page_number


@bp.app_template_filter()
def notice_category(category: NoticeCategory) -> str:
    return str(CATEGORIES[category])


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    community = require_community()
    asked = request.args.get("category", "")
    category = NoticeCategory(asked) if asked in list(NoticeCategory) else None
    text = request.args.get("q", "").strip()
    now, actor, session = datetime.now(UTC), current_actor(), db.session()
    is_running = request.args.get("posted") == "now"
    return render_template(
        "notices/index.html",
        page=queries.list_notices(
            session,
            community_id=community.id,
            category=category,
            text=text,
            posted_at=now if is_running else None,
            number=page_number(),
        ),
        counts=queries.count_by_category(session, community_id=community.id),
        categories=CATEGORIES,
        category=category,
        text=text,
        is_running=is_running,
        may_post=actor is not None and actor.has(*services.POSTS),
        now=now,
    )


@bp.get("/<uuid:notice_id>")
@public
def show(notice_id: uuid.UUID) -> ResponseReturnValue:
    community = require_community()
    notice = queries.get_notice(db.session(), notice_id=notice_id, community_id=community.id)
    address = url_for(".show", notice_id=notice.id, _external=True)
    # Drawn in the page: a code on paper leads back to the notice, where it can be compared.
    code = Markup(segno.make(address, error="m").svg_inline(omitsize=True, border=2))  # noqa: S704
    now = datetime.now(UTC)
    return render_template(
        "notices/show.html",
        notice=notice,
        address=address,
        code=code,
        **queries_of(notice, now=now),
        now=now,
    )


@bp.route("/publish", methods=["GET", "POST"])
@roles(*services.POSTS)
def publish() -> ResponseReturnValue:
    form = NoticeForm()
    if form.validate_on_submit():
        try:
            notice_id = services.publish_notice(
                actor=require_actor(),
                category=NoticeCategory(form.category.data),
                title=form.title.data or "",
                text=form.text.data or "",
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            form[refusal.field or "text"].errors = [
                _("This looks like an identity number. A notice names people, and nothing more.")
            ]
        else:
            flash(_("The notice is posted."), "success")
            return redirect(url_for(".show", notice_id=notice_id), code=303)
    return render_template("notices/publish.html", form=form), 422 if form.is_submitted() else 200
