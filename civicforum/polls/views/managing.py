"""The officer's page of a poll: where it stands, what is to be done next, and what stands in the way."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, roles
from civicforum.database import db
from civicforum.paging import page_number
from civicforum.polls.blockers import Blocker, BlockerKind, Requirement, Who
from civicforum.polls.models import Poll
from civicforum.polls.queries.blockers import list_next_blockers, list_requirements, list_shortfall
from civicforum.polls.queries.drafting import READERS
from civicforum.polls.queries.polls import get_alone
from civicforum.polls.queries.standing import get_turnout, list_journal
from civicforum.polls.rules import NEXT_STATES, PollState
from civicforum.polls.services.states import BEFORE_OPENING
from civicforum.polls.stages import pages_of, stages_of
from civicforum.polls.texts import STATES
from civicforum.polls.texts_blockers import ACTIONS, REQUIREMENTS, WHO, blocker_text
from civicforum.polls.texts_stages import NEXT, PAGES
from civicforum.polls.views.blueprint import bp
from civicforum.records.words import told

# What an election or an appraisal sets for its poll.
SET_ELSEWHERE = frozenset({"polls.edit", "polls.terms", "polls.questions", "polls.draw_roll"})
OBJECTIONS = frozenset({BlockerKind.OBJECTIONS_RUNNING, BlockerKind.OBJECTIONS_UNRULED})


@dataclass(frozen=True)
class ToClear:
    """A blocker as the page shows it; without `url` it is waited for, or cleared elsewhere."""

    blocker: Blocker
    text: str
    who: str
    action: str
    url: str


@dataclass(frozen=True)
class Act:
    """A button: a link, or with `is_post` a form."""

    label: str
    url: str
    is_post: bool = False


@bp.get("/<uuid:poll_id>/manage")
@roles(*READERS)
def manage(poll_id: uuid.UUID) -> ResponseReturnValue:
    session, actor, now = db.session(), require_actor(), datetime.now(UTC)
    poll = get_alone(session, poll_id=poll_id, community_id=actor.community_id)
    if not poll.stands_alone:
        # A meeting runs its sealed votes itself.
        return redirect(url_for(".show", poll_id=poll_id))
    required = _required(poll, now)
    later = [*list_next_blockers(session, poll, now=now), *list_shortfall(session, poll)]
    to_clear = _to_clear(poll, _in_turn(one for found in required.values() for one in found) or later)
    journal = list_journal(session, poll.id, number=page_number())
    return render_template(
        "polls/manage.html",
        poll=poll,
        stages=_stages(poll),
        required=[(REQUIREMENTS[which], _to_clear(poll, found)) for which, found in required.items()],
        to_clear=to_clear,
        pressing=[one for one in to_clear if one.blocker.who is not Who.CLOCK],
        act=_act(poll, to_clear, now),
        next_words=NEXT[poll.state],
        pages=[(url_for(name, poll_id=poll.id), PAGES[name]) for name in _pages(poll)],
        turnout=get_turnout(session, poll) if poll.opened_at else None,
        journal=journal,
        entries=[told(entry) for entry in journal.items],
        may_run=poll.is_run_by(actor),
        may_be_void=PollState.VOID in NEXT_STATES.get(poll.state, ()),
        is_late=poll.state in BEFORE_OPENING and poll.opens_at is not None and poll.opens_at <= now,
        now=now,
    )


def _pages(poll: Poll) -> list[str]:
    return [name for name in pages_of(poll) if not poll.is_set_elsewhere or name not in SET_ELSEWHERE]


def _required(poll: Poll, now: datetime) -> dict[Requirement, list[Blocker]]:
    if poll.state not in BEFORE_OPENING:
        return {}
    return list_requirements(db.session(), poll, settings=current_app.config["CIVICFORUM"], now=now)


def _in_turn(blockers: Iterable[Blocker]) -> list[Blocker]:
    """Return them in the order in which they can be cleared: a roll is frozen after its objections."""
    found = list(blockers)
    is_objected = any(one.kind in OBJECTIONS for one in found)
    return sorted(found, key=lambda one: is_objected and one.kind is BlockerKind.ROLL_NOT_FROZEN)


def _to_clear(poll: Poll, blockers: Iterable[Blocker]) -> list[ToClear]:
    return [
        ToClear(
            one,
            blocker_text(one),
            str(WHO[one.who]),
            str(ACTIONS.get(one.kind, "")),
            url_for(one.endpoint, **(one.where or {"poll_id": poll.id})) if one.kind in ACTIONS else "",
        )
        for one in blockers
    ]


def _act(poll: Poll, to_clear: list[ToClear], now: datetime) -> Act | None:
    """Return the one button: what clears the first blocker, else the next step, where a person takes it."""
    for one in to_clear:
        if one.url:
            return Act(one.action, one.url)
    if any(one.blocker.who is not Who.CLOCK for one in to_clear):
        return None
    if poll.state is PollState.READY and poll.opens_at is not None and poll.opens_at <= now:
        return Act(_("Open voting now"), url_for(".open", poll_id=poll.id), is_post=True)
    if poll.state is PollState.OPEN and poll.closes_at is not None and poll.closes_at <= now:
        return Act(_("End voting now"), url_for(".stop", poll_id=poll.id), is_post=True)
    if poll.state is PollState.CLOSED and poll.sealed_at is None:
        return Act(_("Close the ballot box"), url_for(".seal_count", poll_id=poll.id))
    if poll.state is PollState.CLOSED:
        return Act(_("Count the ballots"), url_for(".count", poll_id=poll.id))
    if poll.state is PollState.COUNTED:
        return Act(_("Certify the result"), url_for(".certify", poll_id=poll.id))
    return None


def _stages(poll: Poll) -> list[dict[str, object]]:
    """Return the way of the poll as components/path.html takes it."""
    return [
        {"label": STATES[stage.state], "state": stage.standing, "at": stage.at} for stage in stages_of(poll)
    ]
