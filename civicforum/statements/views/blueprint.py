"""The one blueprint of conversations, its filters, and how its refusals are said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.accounts.current import current_actor
from civicforum.database import db
from civicforum.matters.models import Matter
from civicforum.meetings.models import Meeting
from civicforum.opinions import Tally
from civicforum.statements import texts
from civicforum.statements.errors import HasVotes, NotInvited, NotOpen, NotShown
from civicforum.statements.models import Conversation
from civicforum.statements.queries import list_of_subject
from civicforum.statements.rules import (
    Answer,
    Audience,
    ConversationState,
    RejectReason,
    StatementState,
    may_convene,
)

bp = Blueprint("statements", __name__, url_prefix="/statements")


@bp.app_template_filter()
def conversation_state(state: ConversationState) -> tuple[str, str]:
    """Return a state in words, and the colour of its tag."""
    return str(texts.STATES[state]), texts.STATE_COLOURS[state]


@bp.app_template_filter()
def statement_state(state: StatementState) -> tuple[str, str]:
    """Return a state in words, and the colour of its tag."""
    return str(texts.STATEMENT_STATES[state]), texts.STATEMENT_COLOURS[state]


@bp.app_template_filter()
def reject_reason(reason: RejectReason) -> str:
    return str(texts.REASONS[reason])


@bp.app_template_filter()
def conversation_audience(audience: Audience) -> str:
    return str(texts.AUDIENCES[audience])


@bp.app_template_filter()
def statement_answer(answer: Answer) -> str:
    return str(texts.ANSWERS[answer])


@bp.app_template_filter()
def group_letter(name: int) -> str:
    return texts.group_letter(name)


@bp.app_template_filter()
def percent_of(tally: Tally, agrees: bool) -> int:
    """Return the share of a tally with at least one answer in whole per cent, halves up."""
    return (200 * tally.count(agrees=agrees) + tally.total) // (2 * tally.total)


@dataclass(frozen=True)
class OfSubject:
    """What the page of a meeting or a matter says: its conversations, and where to plan one, or ""."""

    conversations: Sequence[Conversation]
    plan_url: str


@bp.app_template_global()
def conversations_of(*, meeting: Meeting | None = None, matter: Matter | None = None) -> OfSubject:
    """Return the conversations of one of the two, for templates/statements/_of_subject.html."""
    actor = current_actor()
    may_plan = actor is not None and may_convene(actor, chair_id=meeting.chair_id if meeting else None)
    given = {"meeting": meeting.id} if meeting else {"matter": matter.id if matter else None}
    return OfSubject(
        list_of_subject(
            db.session(),
            meeting_id=meeting.id if meeting else None,
            matter_id=matter.id if matter else None,
        ),
        url_for("statements.plan", **given) if may_plan else "",
    )


@bp.errorhandler(NotOpen)
def not_open(refusal: NotOpen) -> ResponseReturnValue:
    flash(_("This conversation takes no answers now."), "error")
    return redirect(url_for("statements.show", conversation_id=refusal.args[0]), code=303)


@bp.errorhandler(NotInvited)
def not_invited(refusal: NotInvited) -> ResponseReturnValue:
    flash(_("This conversation is for others: you can read what comes of it."), "error")
    return redirect(url_for("statements.index"), code=303)


@bp.errorhandler(NotShown)
def not_shown(refusal: NotShown) -> ResponseReturnValue:
    flash(_("This statement is not shown any more."), "info")
    return redirect(url_for("statements.answer", conversation_id=refusal.args[0]), code=303)


@bp.errorhandler(HasVotes)
def has_votes(refusal: HasVotes) -> ResponseReturnValue:
    flash(_("Somebody has answered this statement. Its words stay as they are."), "error")
    return redirect(url_for("statements.index"), code=303)
