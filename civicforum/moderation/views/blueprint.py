"""The blueprint of moderation, and what its templates and those of other features call it with."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask import Blueprint, abort, redirect, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from civicforum import rulebook
from civicforum.accounts.current import current_actor, require_community
from civicforum.database import db
from civicforum.moderation import queries, texts
from civicforum.moderation.errors import Held
from civicforum.moderation.models import HideDecision
from civicforum.moderation.rules import HIDDEN_WORDS, Kind, may_moderate
from civicforum.rulebook import Rule

bp = Blueprint("moderation", __name__, url_prefix="/moderation")


@bp.context_processor
def words() -> dict[str, object]:
    return {
        "kinds": texts.KINDS,
        "decisions": texts.DECISIONS,
        "decision_colours": texts.DECISION_COLOURS,
        "held_states": texts.HELD,
        "held_colours": texts.HELD_COLOURS,
        "outcomes": texts.OUTCOMES,
    }


@bp.record_once
def give_to_templates(state: BlueprintSetupState) -> None:
    """Give every template, macros too, what the note in the place of a hidden text needs."""
    state.app.jinja_env.globals.update(
        hidings_of=hidings_of,
        moderation_reasons=texts.REASONS,
        may_moderate=may_moderate,
        hidden_words=HIDDEN_WORDS,
    )


def hidings_of(kind: str, subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, HideDecision]:
    """Return the hidings in force of texts on a page; no statement where there are none to ask for."""
    return queries.hidings_of(db.session(), kind=Kind(kind), subject_ids=list(subject_ids))


@bp.app_errorhandler(Held)
def held_back(held: Held) -> ResponseReturnValue:
    """Lead the author of a text that is held to its page, whichever feature it was written in."""
    return redirect(url_for("moderation.held", held_id=held.held_id), code=303)


def kind_of(value: str) -> Kind:
    """Return the kind that an address names, or answer 404."""
    if value not in set(Kind):
        abort(404)
    return Kind(value)


def rule(rule_id: str) -> Rule:
    """Return a rule in force in the visitor's community."""
    return rulebook.load(require_community().profile).rule(rule_id)


def is_own(author_id: uuid.UUID | None) -> bool:
    actor = current_actor()
    return actor is not None and author_id == actor.person_id
