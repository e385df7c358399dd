"""What is shown: the queue, reports of one text, one decision, one's own texts, and the public log."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public, require_actor, roles, signed_in
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.moderation import queries
from civicforum.moderation.registry import adapter_of
from civicforum.moderation.rules import (
    APPEAL_RULE,
    HELD_RULE,
    RULING_RULE,
    WORDS_SHOWN_TO,
    may_moderate,
    may_rule,
)
from civicforum.moderation.views.blueprint import bp, is_own, rule
from civicforum.paging import page_number

HELD_SHOWN = 20


@bp.get("")
@roles(Role.COMMITTEE, Role.CLERK, Role.PARTY, Role.SUPERVISOR)
def queue() -> ResponseReturnValue:
    """List what waits for those who moderate, and for those who watch them."""
    actor = require_actor()
    return render_template(
        "moderation/queue.html",
        queue=queries.get_queue(db.session(), community_id=actor.community_id, number=page_number()),
        moderates=may_moderate(actor),
        rules_on=may_rule(actor),
        sees_words=actor.has(*WORDS_SHOWN_TO),
        held_rule=rule(HELD_RULE),
        now=datetime.now(UTC),
    )


@bp.get("/cases/<uuid:case_id>")
@roles(Role.COMMITTEE, Role.CLERK, Role.PARTY, Role.SUPERVISOR)
def case(case_id: uuid.UUID) -> ResponseReturnValue:
    actor, session = require_actor(), db.session()
    found = queries.get_case(session, case_id=case_id, community_id=actor.community_id)
    thing = adapter_of(found.kind).find(session, subject_id=found.subject_id, community_id=actor.community_id)
    concerned = actor.person_id in (thing.author_id, thing.helper_id)
    return render_template(
        "moderation/case.html",
        case=found,
        thing=thing,
        may_decide=may_moderate(actor) and not concerned,
        is_concerned=concerned,
    )


@bp.get("/decisions/<uuid:decision_id>")
@public
def decision(decision_id: uuid.UUID) -> ResponseReturnValue:
    """Show who hid a text, when and why, and what became of the appeal; the text to its author alone."""
    found = queries.get_decision(
        db.session(),
        decision_id=decision_id,
        community_id=require_community().id,
        actor=current_actor(),
        now=datetime.now(UTC),
    )
    return render_template(
        "moderation/decision.html",
        decision=found,
        row=found.row,
        appeal_rule=rule(APPEAL_RULE),
        ruling_rule=rule(RULING_RULE),
        now=datetime.now(UTC),
    )


@bp.get("/mine")
@signed_in
def mine() -> ResponseReturnValue:
    """List one's own texts that were hidden, refused or held."""
    found = queries.list_mine(
        db.session(), person_id=require_actor().person_id, number=page_number(), limit=HELD_SHOWN
    )
    return render_template(
        "moderation/mine.html", mine=found, appeal_rule=rule(APPEAL_RULE), now=datetime.now(UTC)
    )


@bp.get("/held/<uuid:held_id>")
@signed_in
def held(held_id: uuid.UUID) -> ResponseReturnValue:
    """Show a held text to its author, to those who moderate and to the supervision committee."""
    actor = require_actor()
    found = queries.get_held(db.session(), held_id=held_id, actor=actor)
    concerned = actor.person_id in (found.author_id, found.entered_by_id)
    return render_template(
        "moderation/held.html",
        held=found,
        is_own=is_own(found.author_id),
        may_decide=may_moderate(actor) and not concerned,
        rule=rule(HELD_RULE),
        now=datetime.now(UTC),
    )


@bp.get("/log")
@public
def log() -> ResponseReturnValue:
    """Show what moderation did, month by month, without texts and names."""
    community, now = require_community(), datetime.now(UTC)
    return render_template(
        "moderation/log.html",
        log=queries.get_log(db.session(), community_id=community.id, now=now),
        words=queries.count_words(db.session(), community_id=community.id),
        held_rule=rule(HELD_RULE),
        ruling_rule=rule(RULING_RULE),
    )
