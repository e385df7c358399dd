"""Votes of an assembly: put in one of three ways, closed and counted, or declared void; raised hands.

Each is on the text of an item or, with `motion` named, on a motion on it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, signed_in
from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed
from civicforum.meetings import queries, services
from civicforum.meetings.errors import HandsNotCounted, NothingToVoteOn, PapersNotCounted, VoteIsOpen
from civicforum.meetings.floor import FloorRefused, VoteWay
from civicforum.meetings.forms.floor import HandsForm, WayForm
from civicforum.meetings.forms.planning import ReasonForm, key_of
from civicforum.meetings.models import AgendaItem, Motion
from civicforum.meetings.queries.floor import find_hands, get_floor
from civicforum.meetings.rules import ASSEMBLIES, check_conclude, check_run
from civicforum.meetings.services import Hands
from civicforum.meetings.texts_floor import WAY_NOTES, fault_text
from civicforum.meetings.views.blueprint import bp
from civicforum.polls.errors import BelowLeast, StepBlocked
from civicforum.polls.models import Poll
from civicforum.polls.queries.named import list_hands
from civicforum.polls.rules import Choice, PollState

NAMED_BY_DEFAULT = VoteWay.NAMED


@dataclass(frozen=True)
class Put:
    """What a vote is on, as the address names it."""

    item: AgendaItem
    motion: Motion | None
    actor: Actor

    @property
    def motion_id(self) -> uuid.UUID | None:
        return self.motion.id if self.motion else None

    @property
    def poll(self) -> Poll | None:
        return self.motion.poll if self.motion else self.item.poll

    @property
    def args(self) -> dict[str, Any]:
        """Return the arguments of its addresses."""
        return {"item_id": self.item.id, **({"motion": self.motion.id} if self.motion else {})}


@bp.get("/items/<uuid:item_id>/vote")
@signed_in
def put_to_vote(item_id: uuid.UUID) -> ResponseReturnValue:
    """Choose how a vote is taken, with what it needs before one's eyes."""
    put = _put(item_id)
    check_conclude(put.actor, chair_id=put.item.meeting.presiding_id)
    form = WayForm(formdata=None)
    form.way.data = form.way.data or NAMED_BY_DEFAULT.value
    return _way_page(put, form)


@bp.post("/items/<uuid:item_id>/vote/open")
@signed_in
def open_vote(item_id: uuid.UUID) -> ResponseReturnValue:
    put, form = _put(item_id), WayForm()
    if "way" in request.form and not form.validate():
        return _way_page(put, form), 422
    way = VoteWay(request.form.get("way", NAMED_BY_DEFAULT))
    try:
        poll_id = services.open_vote(
            item_id=item_id,
            motion_id=put.motion_id,
            way=way,
            by_paper=way is VoteWay.SEALED and form.paper.data == "yes",
            settings=_settings(),
            actor=put.actor,
            now=datetime.now(UTC),
        )
        flash(
            _("The vote is open. Raise hands, count, and enter the numbers.")
            if way is VoteWay.HANDS
            else _("The vote is open. Everybody present can vote now."),
            "success",
        )
    except AlreadyDone:
        poll = _put(item_id).poll
        if poll is None:
            raise
        poll_id = poll.id
        flash(_("The vote is open already; somebody else was quicker."), "info")
    except VoteIsOpen:
        flash(_("Another vote is open: on another item, or on this matter in another meeting."), "error")
        return _to_item(put)
    except NothingToVoteOn:
        flash(_("The item has no text, so there is nothing to vote on."), "error")
        return _to_item(put)
    except FloorRefused as refusal:
        flash(fault_text(refusal), "error")
        return _to_item(put)
    return redirect(url_for("polls.show", poll_id=poll_id), code=303)


@bp.post("/items/<uuid:item_id>/vote/close")
@signed_in
def close_vote(item_id: uuid.UUID) -> ResponseReturnValue:
    put = _put(item_id)

    def close() -> None:
        is_adopted = services.close_vote(
            item_id=item_id,
            motion_id=put.motion_id,
            settings=_settings(),
            actor=put.actor,
            now=datetime.now(UTC),
        )
        flash(_result_words(is_adopted, is_motion=put.motion is not None), "success")

    poll_id = put.poll.id if put.poll else None
    return _close(close, put, poll_id)


def _close(close: Callable[[], None], put: Put, poll_id: uuid.UUID | None) -> ResponseReturnValue:
    try:
        close()
    except AlreadyDone:
        flash(_("The vote is closed already; somebody else was quicker."), "info")
    except HandsNotCounted:
        flash(_("Count the raised hands first, and enter the numbers."), "error")
        return redirect(url_for(".count_hands", **put.args), code=303)
    except (PapersNotCounted, StepBlocked):
        flash(_("The voting has ended. Two people count the papers; then the box is opened."), "info")
        return redirect(url_for(".count_papers", **put.args), code=303)
    except BelowLeast as refusal:
        flash(
            ngettext(
                "Only %(num)s ballot is in the sealed box. So few are never opened, and they would not carry "
                "the motion. Declare the vote void.",
                "Only %(num)s ballots are in the sealed box. So few are never opened, and they would not "
                "carry the motion. Declare the vote void.",
                refusal.counted,
            ),
            "error",
        )
    return redirect(url_for("polls.show", poll_id=poll_id), code=303)


@bp.route("/items/<uuid:item_id>/vote/void", methods=["GET", "POST"])
@signed_in
def stop_vote(item_id: uuid.UUID) -> ResponseReturnValue:
    put = _put(item_id)
    check_conclude(put.actor, chair_id=put.item.meeting.presiding_id)
    form = ReasonForm()
    if form.validate_on_submit():
        services.stop_vote(
            item_id=item_id,
            motion_id=put.motion_id,
            ground=form.reason.data or "",
            actor=put.actor,
            now=datetime.now(UTC),
        )
        flash(_("The vote is void. It can be taken anew."), "success")
        return _to_item(put)
    page = render_template("meetings/stop_vote.html", form=form, item=put.item, motion=put.motion)
    return page, 422 if form.is_submitted() else 200


@bp.route("/items/<uuid:item_id>/hands", methods=["GET", "POST"])
@signed_in
def hands(item_id: uuid.UUID) -> ResponseReturnValue:
    """Enter, in a vote by name, the raised hands of members who do not vote on a phone."""
    put = _put(item_id)
    check_run(put.actor, chair_id=put.item.meeting.presiding_id)
    poll = _open_poll(put, "hands")
    if request.method == "GET":
        lines = list_hands(db.session(), poll_id=poll.id)
        return render_template("meetings/hands.html", item=put.item, poll=poll, lines=lines, choices=Choice)
    raised = {
        entry_id: Choice(value)
        for name, value in request.form.items()
        if name.startswith("hand-") and value in list(Choice)
        if (entry_id := key_of(name.removeprefix("hand-")))
    }
    entered = services.enter_raised_hands(
        item_id=item_id, motion_id=put.motion_id, hands=raised, actor=put.actor, now=datetime.now(UTC)
    )
    flash(ngettext("%(num)s raised hand entered.", "%(num)s raised hands entered.", entered), "success")
    if entered < len(raised):
        kept = len(raised) - entered
        flash(
            ngettext(
                "%(num)s member had voted already and keeps that vote.",
                "%(num)s members had voted already and keep that vote.",
                kept,
            ),
            "info",
        )
    return redirect(url_for("polls.show", poll_id=poll.id), code=303)


@bp.route("/items/<uuid:item_id>/hands/count", methods=["GET", "POST"])
@signed_in
def count_hands(item_id: uuid.UUID) -> ResponseReturnValue:
    """Enter how many hands were raised, for, against and to abstain."""
    put = _put(item_id)
    check_run(put.actor, chair_id=put.item.meeting.presiding_id)
    poll = _open_poll(put, "count_hands")
    count = find_hands(db.session(), poll)
    if count is None:
        raise TransitionNotAllowed(poll.id, "count_hands")
    form = HandsForm(obj=count if count.counted_at else None)
    if form.validate_on_submit():
        try:
            services.count_hands(
                item_id=item_id,
                motion_id=put.motion_id,
                hands=_counted(form),
                actor=put.actor,
                now=datetime.now(UTC),
            )
        except Invalid as refusal:
            form[refusal.field or "in_favour"].errors = [_hands_fault(refusal, count.present)]
        else:
            flash(_("The numbers are entered. Whoever presides closes the vote."), "success")
            return redirect(url_for("polls.show", poll_id=poll.id), code=303)
    page = render_template("meetings/count_hands.html", form=form, put=put, poll=poll, count=count)
    return page, 422 if form.is_submitted() else 200


@bp.get("/items/<uuid:item_id>/papers")
@signed_in
def count_papers(item_id: uuid.UUID) -> ResponseReturnValue:
    """Lead whoever counts to the papers of a sealed vote, before its box is opened."""
    put = _put(item_id)
    check_run(put.actor, chair_id=put.item.meeting.presiding_id)
    if put.poll is None:
        raise NotFound(item_id)
    return redirect(url_for("polls.paper_account", poll_id=put.poll.id))


def _counted(form: HandsForm) -> Hands:
    return Hands(
        form.in_favour.data or 0,
        form.against.data or 0,
        form.abstained.data or 0,
        form.checked_by.data or "",
    )


def _hands_fault(refusal: Invalid, present: int) -> str:
    words = {
        "too_many": ngettext(
            "More hands than people: %(num)s was present when the vote was opened.",
            "More hands than people: %(num)s were present when the vote was opened.",
            present,
        ),
        "second": _("Name somebody else than yourself, who counted too."),
    }
    return str(words.get(refusal.reason, _("Enter a number; 0 if nobody raised a hand.")))


def _result_words(is_adopted: bool, *, is_motion: bool) -> str:
    if is_motion:
        return str(_("Adopted.") if is_adopted else _("Not adopted."))
    return str(
        _("Adopted. The resolution is posted.") if is_adopted else _("Not adopted. The result is posted.")
    )


def _way_page(put: Put, form: WayForm) -> str:
    meeting = put.item.meeting
    if meeting.form not in ASSEMBLIES:
        raise TransitionNotAllowed(meeting.form, "put_to_vote")
    page = get_floor(db.session(), meeting_id=meeting.id, actor=put.actor, now=datetime.now(UTC))
    hints = {"items": [{"hint": {"text": WAY_NOTES[way]}} for way in VoteWay]}
    return render_template("meetings/put_to_vote.html", put=put, form=form, page=page, hints=hints)


def _open_poll(put: Put, act: str) -> Poll:
    if put.poll is None or put.poll.state is not PollState.OPEN:
        raise TransitionNotAllowed(put.item.id, act)
    return put.poll


def _settings() -> Settings:
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings


def _put(item_id: uuid.UUID) -> Put:
    actor, session = require_actor(), db.session()
    item = queries.get_item(session, item_id=item_id, community_id=actor.community_id)
    asked = request.values.get("motion", type=uuid.UUID)
    motion = session.get(Motion, asked) if asked else None
    if asked and (motion is None or motion.item_id != item.id):
        raise NotFound(asked)
    return Put(item, motion, actor)


def _to_item(put: Put) -> ResponseReturnValue:
    where = url_for(".show", meeting_id=put.item.meeting_id, _anchor=f"item-{put.item.id}")
    return redirect(where, code=303)
