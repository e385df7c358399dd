"""The notice board, its archive, the page of a notice, and posting one at once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.notices import queries, services
from civicforum.notices.calendar import POSTING_RULE
from civicforum.notices.excerpts import Piece, excerpt, mark
from civicforum.notices.forms import NoticeForm
from civicforum.notices.models import DisclosureItem, Notice
from civicforum.notices.pii import Kind, Place
from civicforum.notices.rules import (
    DRAFTS,
    REVIEWS,
    NoticeCategory,
    NoticeState,
    may_draft,
    may_post,
)
from civicforum.notices.texts import CATEGORIES, NUMBERS, item_name
from civicforum.notices.views.blueprint import bp
from civicforum.notices.views.querying import queries_of
from civicforum.notices.views.refusing import refuse
from civicforum.paging import page_number
from civicforum.qr import draw_address
from civicforum.rulebook.days import day_of


@bp.app_template_filter()
def notice_category(category: NoticeCategory) -> str:
    return str(CATEGORIES[category])


@bp.app_template_filter()
def disclosure_item(item: DisclosureItem) -> str:
    return item_name(item)


@bp.app_template_filter()
def number_kind(kind: Kind) -> str:
    return str(NUMBERS[kind])


@bp.app_template_filter()
def notice_excerpt(notice: Notice, words: list[str]) -> list[Piece]:
    return excerpt(notice.text, words)


@bp.app_template_filter()
def marked(text: str, words: list[str]) -> list[Piece]:
    return mark(text, words)


@bp.app_template_global()
def may_read_notice(notice: Notice, actor: Actor | None) -> bool:
    """Tell whether the text is shown: that of a removed notice is for the committees alone."""
    is_officer = actor is not None and actor.holds(*DRAFTS, *REVIEWS)
    return notice.state is not NoticeState.REMOVED or is_officer


def code_of(notice: Notice) -> tuple[str, Markup]:
    """Return the address of a notice and the QR code that leads to it, drawn in the page."""
    address = url_for("notices.show", notice_id=notice.id, _external=True)
    return address, draw_address(address)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    community = require_community()
    asked, asked_state = request.args.get("category", ""), request.args.get("state", "")
    category = NoticeCategory(asked) if asked in list(NoticeCategory) else None
    state = NoticeState(asked_state) if asked_state in list(NoticeState) else None
    text = request.args.get("q", "").strip()[:100]
    now, actor, session = datetime.now(UTC), current_actor(), db.session()
    return render_template(
        "notices/index.html",
        page=queries.list_notices(
            session,
            community_id=community.id,
            category=category,
            state=state,
            text=text,
            now=now,
            number=page_number(),
        ),
        counts=queries.count_by_category(session, community_id=community.id),
        missing=queries.list_missing(session, community_id=community.id, now=now),
        categories=CATEGORIES,
        category=category,
        state=state,
        states=NoticeState,
        text=text,
        words=queries.search_words(text),
        may_draft=actor is not None and may_draft(actor),
        may_see_drafts=actor is not None and actor.holds(*DRAFTS, *REVIEWS),
        now=now,
    )


@bp.get("/archive")
@public
def archive() -> ResponseReturnValue:
    community, session, now = require_community(), db.session(), datetime.now(UTC)
    years = queries.list_years(session, community_id=community.id)
    asked = request.args.get("year", type=int)
    known = [year for year, _count in years] or [day_of(now).year]
    year = asked if asked in known else known[0]
    return render_template(
        "notices/archive.html",
        years=years,
        year=year,
        page=queries.list_year(session, community_id=community.id, year=year, number=page_number()),
        now=now,
    )


@bp.get("/<uuid:notice_id>")
@public
def show(notice_id: uuid.UUID) -> ResponseReturnValue:
    community, session, actor, now = require_community(), db.session(), current_actor(), datetime.now(UTC)
    notice = queries.get_notice(session, notice_id=notice_id, community_id=community.id)
    address, code = code_of(notice)
    return render_template(
        "notices/show.html",
        notice=notice,
        address=address,
        code=code,
        follower=queries.get_follower(session, notice_id=notice.id),
        way=queries.get_way(session, notice_id=notice.id),
        posting_rule=rulebook.load(community.profile).clock(POSTING_RULE),
        may_draft=actor is not None and may_draft(actor),
        may_post=actor is not None and may_post(actor),
        now=now,
        **queries_of(notice, now=now),
    )


@bp.route("/publish", methods=["GET", "POST"])
@roles(*services.POSTS)
def publish() -> ResponseReturnValue:
    form = NoticeForm()
    places: Sequence[Place] = []
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
            places = refuse(form, refusal)
        else:
            flash(_("The notice is posted."), "success")
            return redirect(url_for(".show", notice_id=notice_id), code=303)
    body = render_template("notices/publish.html", form=form, places=places)
    return body, 422 if form.is_submitted() else 200
