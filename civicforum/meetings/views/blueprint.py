"""The one blueprint of meetings, and the filters that put their enums into words in every template."""

from __future__ import annotations

from flask import Blueprint

from civicforum.meetings import texts, texts_floor
from civicforum.meetings.floor import MotionKind, MotionState, Stance, VoteWay
from civicforum.meetings.rules import (
    Answer,
    MeetingForm,
    MeetingState,
    Outcome,
    ParticipantClass,
    PresenceChannel,
    Seat,
)
from civicforum.meetings.texts_before import ANSWERS

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
def answer_name(answer: Answer) -> str:
    return str(ANSWERS[answer])


@bp.app_template_filter()
def seat_name(seat: Seat) -> str:
    return str(texts.SEATS[seat])


@bp.app_template_filter()
def stance_name(stance: Stance) -> str:
    return str(texts_floor.STANCES[stance])


@bp.app_template_filter()
def motion_name(kind: MotionKind) -> str:
    return str(texts_floor.MOTIONS[kind])


@bp.app_template_filter()
def motion_state(state: MotionState) -> tuple[str, str]:
    """Return the state of a motion in words, and the colour of its tag."""
    return str(texts_floor.MOTION_STATES[state]), texts_floor.MOTION_COLOURS[state]


@bp.app_template_filter()
def vote_way(way: VoteWay) -> str:
    return str(texts_floor.WAYS[way])


@bp.app_template_filter()
def presence_channel(channel: PresenceChannel) -> str:
    return str(texts_floor.CHANNELS[channel])
