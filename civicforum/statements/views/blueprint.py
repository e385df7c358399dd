"""The one blueprint of conversations, its filters, and how its refusals are said."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.opinions import Tally
from civicforum.statements import texts
from civicforum.statements.errors import HasVotes, NotInvited, NotOpen
from civicforum.statements.rules import Answer, Audience, ConversationState, RejectReason, StatementState

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


@bp.errorhandler(NotOpen)
def not_open(refusal: NotOpen) -> ResponseReturnValue:
    flash(_("This conversation takes no answers now."), "error")
    return redirect(url_for("statements.show", conversation_id=refusal.args[0]), code=303)


@bp.errorhandler(NotInvited)
def not_invited(refusal: NotInvited) -> ResponseReturnValue:
    flash(_("This conversation is for others: you can read what comes of it."), "error")
    return redirect(url_for("statements.index"), code=303)


@bp.errorhandler(HasVotes)
def has_votes(refusal: HasVotes) -> ResponseReturnValue:
    flash(_("Somebody has answered this statement. Its words stay as they are."), "error")
    return redirect(url_for("statements.index"), code=303)
