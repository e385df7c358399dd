"""The home page: what needs me, and what goes on in the community; and the page about this site."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from civicforum import __version__
from civicforum.access import public
from civicforum.accounts.current import (
    current_actor,
    current_community,
    current_person,
    holds_post,
    require_community,
)
from civicforum.bodies.queries import post_text
from civicforum.bodies.rules import BodyKind
from civicforum.config import Settings
from civicforum.database import db
from civicforum.inbox import queries
from civicforum.inbox.current import current_needs
from civicforum.inbox.views.blueprint import bp
from civicforum.inbox.words import NEEDS, STEPS
from civicforum.kept.answering import keep_piece
from civicforum.rulebook.days import day_of

# Who answers for what in a community, in the order in which people ask for them.
RUN_BY = (
    BodyKind.RESIDENTS_COMMITTEE,
    BodyKind.PARTY_COMMITTEE,
    BodyKind.SUPERVISION_COMMITTEE,
    BodyKind.SERVICE_STATION,
    BodyKind.PLATFORM_OFFICE,
)
# The pieces of templates/inbox/_board.html, in its order.
PIECES = ("meetings", "notices", "overdue", "decisions", "steps")
NEXT_PIECE = "<!-- next -->"
# Needs beyond these are folded away: a list that fills the screen twice is read by nobody.
NEEDS_SHOWN = 6


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    community = require_community()
    session, actor, person, now = db.session(), current_actor(), current_person(), datetime.now(UTC)
    board = _board(community.id, now)
    if actor is None or person is None:
        return render_template("inbox/home.html", board=board, now=now)
    has_post = actor.assisted_by is None and holds_post()
    return render_template(
        "inbox/home.html",
        board=board,
        now=now,
        post=post_text(session, person_id=person.id, day=day_of(now)) if has_post else "",
        needs=current_needs(session, actor, now),
        need_words=NEEDS,
        needs_shown=NEEDS_SHOWN,
        mine=queries.list_mine(session, actor),
    )


def _board(community_id: uuid.UUID, now: datetime) -> dict[str, Markup]:
    """Return what goes on in the community, piece by piece; all who look within a moment get the same."""

    def make() -> str:
        board = queries.get_board(db.session(), community_id=community_id, now=now)
        return render_template("inbox/_board.html", board=board, steps=STEPS, now=now)

    pieces = keep_piece("inbox.board", make).split(NEXT_PIECE)
    # Markup: it comes from a template, which has escaped what is in it.
    return dict(zip(PIECES, map(Markup, pieces), strict=True))


@bp.get("/about")
@public
def about() -> ResponseReturnValue:
    community = current_community()
    settings: Settings = current_app.config["CIVICFORUM"]
    return render_template(
        "inbox/about.html",
        heads=queries.list_heads(db.session(), community_id=community.id, kinds=RUN_BY, now=datetime.now(UTC))
        if community
        else [],
        source_url=settings.source_url,
        version=__version__,
    )
