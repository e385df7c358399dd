"""The list of elections, the public page of one, and the officers' page of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from civicforum.access import ACCESS, public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.elections.blockers import Blocker, BlockerKind
from civicforum.elections.calendar import STAGE_OF, Milestone
from civicforum.elections.errors import BlockedStage
from civicforum.elections.models import Election
from civicforum.elections.queries import showing as queries
from civicforum.elections.queries.blockers import current_round, list_blockers
from civicforum.elections.queries.committee import list_places
from civicforum.elections.queries.dates import Dates, get_dates
from civicforum.elections.queries.voting import find_voting
from civicforum.elections.rules import NEXT_STAGES, ORDER, Stage, is_running, may_plan, may_preside
from civicforum.elections.services import stages as services
from civicforum.elections.services.planning import BEFORE_POLLING, BY_HAND
from civicforum.elections.stages import PAGES, PUBLIC_PAGES, due_of, stages_of
from civicforum.elections.texts import STAGE_NOTES, STAGES, WAY_NOTES
from civicforum.elections.texts_blockers import ACTIONS, NEXT, blocker_text
from civicforum.elections.texts_blockers import PAGES as PAGE_NAMES
from civicforum.elections.views.blueprint import bp
from civicforum.elections.views.committee import READERS
from civicforum.elections.views.planning import PLANNERS
from civicforum.paging import page_number
from civicforum.records.words import told
from civicforum.rulebook.days import day_ends, day_of

_M = Milestone
STEP_OF = {
    BlockerKind.PLAN_NOT_APPROVED: _M.PLAN_APPROVED,
    BlockerKind.CANDIDATES_NOT_MET: _M.CANDIDATES_MET,
}


@dataclass(frozen=True)
class ToClear:
    """A blocker as the page shows it, with the page on which it is cleared."""

    blocker: Blocker
    text: str
    action: str
    url: str


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    actor = current_actor()
    lists = queries.list_elections(
        db.session(),
        community_id=require_community().id,
        pages={name: page_number(name) for name in ("running", "over")},
    )
    return render_template(
        "elections/index.html", lists=lists, may_plan=actor is not None and may_plan(actor)
    )


@bp.get("/<uuid:election_id>")
@public
def show(election_id: uuid.UUID) -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), datetime.now(UTC)
    election = queries.get_election(session, election_id=election_id, community_id=require_community().id)
    known = get_dates(session, election)
    return render_template(
        "elections/show.html",
        election=election,
        known=known,
        stages=_marks(election, known),
        stage_note=STAGE_NOTES[election.stage],
        way_note=WAY_NOTES[election.way],
        members=[one for one in list_places(session, election.id) if one.joined_at and not one.left_at],
        pages=_links(PUBLIC_PAGES.get(election.stage, ()), election),
        notices_url=url_for(".notices", election_id=election.id),
        may_read=actor is not None and actor.has(*READERS),
        voting=find_voting(session, election, person_id=actor.person_id if actor else None, now=now),
        hall=_hall(election),
        now=now,
        today=day_of(now),
    )


@bp.get("/<uuid:election_id>/manage")
@roles(*READERS)
def manage(election_id: uuid.UUID) -> ResponseReturnValue:
    session, actor, now = db.session(), require_actor(), datetime.now(UTC)
    election = queries.get_election(session, election_id=election_id, community_id=actor.community_id)
    known = get_dates(session, election)
    to_clear = _to_clear(election, list_blockers(session, election, now=now))
    journal = queries.list_journal(session, election.id, number=page_number())
    due = due_of(election.stage, known.days, known.done)
    return render_template(
        "elections/manage.html",
        election=election,
        known=known,
        stages=_marks(election, known),
        due_at=day_ends(due) if due else None,
        to_clear=to_clear,
        pressing=[one for one in to_clear if not one.blocker.is_waiting],
        next_words=NEXT[election.stage],
        following=_following(election),
        pages=_links((name for name in PAGES[election.stage] if _may_open(name, actor)), election),
        by_hand=BY_HAND,
        journal=journal,
        entries=[told(entry) for entry in journal.items],
        may_change=_may_change(election, actor),
        may_be_void=Stage.VOID in NEXT_STAGES.get(election.stage, ()),
        may_move=election.stage in BEFORE_POLLING,
        stage_of=STAGE_OF,
        now=now,
        today=day_of(now),
    )


@bp.post("/<uuid:election_id>/advance")
@roles(*PLANNERS)
def advance(election_id: uuid.UUID) -> ResponseReturnValue:
    shown = request.form.get("stage")
    try:
        reached = services.advance(
            election_id=election_id,
            seen=Stage(shown) if shown in list(Stage) else None,
            actor=require_actor(),
            now=datetime.now(UTC),
        )
        flash(_("The election has reached its next stage: %(stage)s.", stage=STAGES[reached]), "success")
    except BlockedStage as refusal:
        flash(_in_a_row(blocker_text(one) for one in refusal.blockers), "error")
    return redirect(url_for(".manage", election_id=election_id), code=303)


def _hall(election: Election) -> uuid.UUID | None:
    """Return the poll that the screen in the hall follows: while people vote, and while it is counted."""
    if election.stage not in (Stage.POLLING, Stage.COUNT):
        return None
    latest = current_round(db.session(), election.id)
    return latest.poll_id if latest and latest.poll.opened_at else None


def _may_change(election: Election, actor: Actor) -> bool:
    return may_preside(actor) if election.presiding_id else may_plan(actor)


def _following(election: Election) -> str:
    """Return the next stage in words, or "" where nothing follows."""
    if not is_running(election.stage):
        return ""
    return str(STAGES[ORDER[ORDER.index(election.stage) + 1]])


def _marks(election: Election, known: Dates) -> list[dict[str, Any]]:
    return [
        {"label": STAGES[mark.stage], "standing": mark.standing, "due": mark.due}
        for mark in stages_of(election.stage, known.days, known.done)
    ]


def _links(endpoints: Iterable[str], election: Election) -> list[tuple[str, Any]]:
    return [(url_for(endpoint, election_id=election.id), PAGE_NAMES[endpoint]) for endpoint in endpoints]


def _may_open(endpoint: str, actor: Actor) -> bool:
    """Tell whether a page of officers is for the actor: some are for the election committee alone."""
    _label, _colon, allowed = str(getattr(current_app.view_functions[endpoint], ACCESS)).partition(":")
    return not allowed or any(role.value in allowed.split(",") for role in actor.roles)


def _to_clear(election: Election, blockers: Iterable[Blocker]) -> list[ToClear]:
    return [ToClear(one, blocker_text(one), str(ACTIONS[one.kind]), _url(election, one)) for one in blockers]


def _url(election: Election, blocker: Blocker) -> str:
    """Return the address of the page on which a blocker is cleared."""
    if blocker.endpoint == "elections.record_step":
        return url_for(blocker.endpoint, election_id=election.id, milestone=STEP_OF[blocker.kind].value)
    if blocker.endpoint.startswith("polls."):
        latest = current_round(db.session(), election.id)
        return url_for(blocker.endpoint, poll_id=latest.poll_id) if latest else ""
    if blocker.endpoint.startswith("bodies."):
        return url_for(blocker.endpoint)
    return url_for(blocker.endpoint, election_id=election.id)


def _in_a_row(sentences: Iterable[str]) -> str:
    return ("" if str(get_locale()) == "zh_Hans" else " ").join(sentences)
