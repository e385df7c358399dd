"""The list of conversations, the page of one, and what came of it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.paging import page_number
from civicforum.statements import queries
from civicforum.statements.pictures import groups_picture
from civicforum.statements.rules import may_convene
from civicforum.statements.views.blueprint import bp


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    actor = current_actor()
    return render_template(
        "statements/index.html",
        conversations=queries.list_conversations(
            db.session(), community_id=require_community().id, number=page_number()
        ),
        may_convene=actor is not None and may_convene(actor, chair_id=None),
    )


@bp.get("/<uuid:conversation_id>")
@public
def show(conversation_id: uuid.UUID) -> ResponseReturnValue:
    page = queries.get_page(
        db.session(),
        conversation_id=conversation_id,
        community_id=require_community().id,
        actor=current_actor(),
        now=datetime.now(UTC),
    )
    return render_template("statements/show.html", page=page, conversation=page.conversation)


@bp.get("/<uuid:conversation_id>/results")
@public
def results(conversation_id: uuid.UUID) -> ResponseReturnValue:
    """Say what came of it: what all share, the groups as a picture and as tables, and every statement."""
    session, actor = db.session(), current_actor()
    page = queries.get_page(
        session,
        conversation_id=conversation_id,
        community_id=require_community().id,
        actor=actor,
        now=datetime.now(UTC),
    )
    standing = (
        queries.get_standing(session, grouping=page.grouping, person_id=actor.person_id) if actor else None
    )
    found = queries.get_results(
        session, conversation=page.conversation, grouping=page.grouping, number=page_number()
    )
    return render_template(
        "statements/results.html",
        page=page,
        conversation=page.conversation,
        results=found,
        standing=standing,
        picture=groups_picture(found.shown, standing) if found.shown and found.shown.groups else "",
    )
