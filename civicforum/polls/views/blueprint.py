"""The blueprint that every page of polls hangs on, and the filters that put polls into words."""

from __future__ import annotations

from flask import Blueprint
from flask_babel import gettext as _

from civicforum.counting import Rule
from civicforum.polls import texts
from civicforum.polls.integrity import integrity_of
from civicforum.polls.models import Poll
from civicforum.polls.questions import QuestionSpec
from civicforum.polls.rules import PollState, Preset, VoteChannel

bp = Blueprint("polls", __name__, url_prefix="/polls")


@bp.app_template_filter()
def poll_state(state: PollState) -> tuple[str, str]:
    """Return a state in words, and the colour of its tag."""
    return str(texts.STATES[state]), texts.STATE_COLOURS[state]


@bp.app_template_filter()
def secrecy_name(poll: Poll) -> str:
    """Return how secret a poll is; on paper alone nobody keeps a key."""
    if poll.preset is Preset.OPEN or poll.by_screen:
        return preset_name(poll.preset)
    return str(_("Secret vote, on paper alone"))


@bp.app_template_filter()
def preset_name(preset: Preset) -> str:
    return str(texts.PRESETS[preset])


@bp.app_template_filter()
def vote_channel(channel: VoteChannel) -> str:
    return str(texts.CHANNELS[channel])


@bp.app_template_filter()
def roll_ground(ground: str) -> str:
    return texts.ground_text(ground)


@bp.app_template_filter()
def count_method(method: str) -> str:
    return str(texts.METHODS[Rule(method)])


@bp.app_template_filter()
def limits(spec: QuestionSpec) -> str:
    return texts.limits_text(spec)


@bp.app_template_filter()
def script_integrity(script: str) -> str:
    """Return the hash by which a browser checks a built script: the one that voting cards print."""
    return integrity_of(script)
