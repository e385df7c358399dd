"""The one blueprint of meetings, and the filters that put their enums into words in every template."""

from __future__ import annotations

from flask import Blueprint

from civicforum.meetings import texts
from civicforum.meetings.rules import MeetingForm, MeetingState, Outcome, ParticipantClass, Seat

bp = Blueprint("meetings", __name__, url_prefix="/meetings")


@bp.app_template_filter()
def meeting_form(form: MeetingForm) -> str:
    return str(texts.FORMS[form])


@bp.app_template_filter()
def meeting_state(state: MeetingState) -> tuple[str, str]:
    """Return a state in words, and the colour of its tag."""
    return str(texts.STATES[state]), texts.STATE_COLOURS[state]


@bp.app_template_filter()
def meeting_outcome(outcome: Outcome) -> tuple[str, str]:
    """Return an outcome in words, and the colour of its tag."""
    return str(texts.OUTCOMES[outcome]), texts.OUTCOME_COLOURS[outcome]


@bp.app_template_filter()
def participant_class(kind: ParticipantClass) -> str:
    return str(texts.CLASSES[kind])


@bp.app_template_filter()
def seat_name(seat: Seat) -> str:
    return str(texts.SEATS[seat])
