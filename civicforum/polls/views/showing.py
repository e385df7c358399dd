"""The public page of a poll that stands alone: what is asked, of whom, until when, and how secretly."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from civicforum.accounts.current import current_actor
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.meetings.queries.items import find_item_of_poll, find_motion_of_poll
from civicforum.meetings.rules import may_conclude, may_run
from civicforum.polls.models import Poll
from civicforum.polls.queries.ballots import list_stations
from civicforum.polls.queries.drafting import READERS
from civicforum.polls.queries.named import show_verdicts
from civicforum.polls.queries.standing import (
    get_turnout,
    list_extensions,
    list_group_turnout,
    list_own_places,
)
from civicforum.polls.queries.trustees import find_trustee
from civicforum.polls.queries.votes import shows_votes
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.texts import KINDS, preset_note

# From when on the turnout is public; that of a void poll is not told any more.
WITH_TURNOUT = frozenset({PollState.OPEN, PollState.CLOSED, PollState.COUNTED, PollState.CERTIFIED})


def show_alone(poll: Poll) -> str:
    """Return the page for whoever asks, signed in or not."""
    session, actor, now = db.session(), current_actor(), datetime.now(UTC)
    places = list_own_places(session, poll, person_id=actor.person_id, now=now) if actor else []
    return render_template(
        "polls/show_alone.html",
        poll=poll,
        specs=poll.specs,
        kinds=KINDS,
        places=places,
        is_open=poll.state is PollState.OPEN and (poll.closes_at is None or now < poll.closes_at),
        note=_note(poll),
        turnout=get_turnout(session, poll) if poll.state in WITH_TURNOUT else None,
        groups=list_group_turnout(session, poll),
        verdicts=show_verdicts(poll),
        stations=list_stations(session, poll.id) if poll.by_paper else [],
        may_manage=_may_manage(poll, actor),
        extensions=list_extensions(session, poll.id) if poll.opened_at else [],
        trustee_url=_trustee_url(poll, actor),
        shows_votes=shows_votes(poll),
        now=now,
        **session_of(poll, actor),
    )


def _may_manage(poll: Poll, actor: Actor | None) -> bool:
    is_officer = actor is not None and actor.holds(*READERS)
    return is_officer and poll.stands_alone


def session_of(poll: Poll, actor: Actor | None) -> dict[str, Any]:
    """Return the session that put a poll, and what the visitor does there; of any other poll nothing."""
    item = None if poll.stands_alone else find_item_of_poll(db.session(), poll_id=poll.id)
    if item is None:
        return {"item": None, "motion": None, "may_run": False, "may_conclude": False}
    chair_id = item.meeting.presiding_id
    return {
        "item": item,
        "motion": find_motion_of_poll(db.session(), poll_id=poll.id),
        "may_run": actor is not None and may_run(actor, chair_id=chair_id),
        "may_conclude": actor is not None and may_conclude(actor, chair_id=chair_id),
    }


def _note(poll: Poll) -> str:
    """Return in plain words who can learn what."""
    if poll.has_board or poll.preset is Preset.OPEN:
        return preset_note(poll.preset, threshold=poll.threshold, trustees=poll.trustees)
    return str(_("Papers are marked where nobody looks on, carry no name, and are counted in public."))


def _trustee_url(poll: Poll, actor: Actor | None) -> str:
    """Return where somebody who keeps a part of the key is awaited; empty for everybody else."""
    is_opening = poll.state is PollState.CLOSED and poll.sealed_at is not None
    if actor is None or not (is_opening or poll.state is PollState.ROLL_POSTED):
        return ""
    if find_trustee(db.session(), poll_id=poll.id, person_id=actor.person_id) is None:
        return ""
    return url_for("polls.opening_trustee" if is_opening else "polls.trustee", poll_id=poll.id)
