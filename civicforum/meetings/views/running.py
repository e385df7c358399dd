"""A meeting while it runs: opening, attendance, minutes, closing."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from civicforum.access import require_actor, signed_in
from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid
from civicforum.meetings import queries, services
from civicforum.meetings.errors import FollowUpMissing, NotYetTheDay, VoteIsOpen
from civicforum.meetings.forms import GuestForm
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import ASSEMBLIES, MeetingState, ParticipantClass, Seat, check_run
from civicforum.meetings.texts import CLASSES
from civicforum.meetings.views.blueprint import bp
from civicforum.people.queries import find_people
from civicforum.security import by_person, limiter

# Wrong codes of the room: whoever is there mistypes once or twice, whoever is not guesses. Counted for each
# person, for a whole hall shares one address, and for each meeting, so that many accounts guess no better.
WRONG_CODES_EACH = "8 per hour"
WRONG_CODES = "200 per hour"


@bp.post("/<uuid:meeting_id>/open")
@signed_in
def open_now(meeting_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> None:
        services.open_meeting(meeting_id=meeting_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The meeting is open."), "success")

    return _on_its_day(act, meeting_id)


@bp.get("/<uuid:meeting_id>/here")
@signed_in
def here(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Show the form for the room's code; who scanned it finds it filled in."""
    meeting = queries.get_meeting(
        db.session(), meeting_id=meeting_id, community_id=require_actor().community_id
    )
    code = request.args.get("code", "")[:8]
    return render_template("meetings/here.html", meeting=meeting, code=code, error="")


def _of_person() -> str:
    return f"{_of_meeting()}:{by_person()}"


def _of_meeting() -> str:
    return str((request.view_args or {}).get("meeting_id"))


def _is_wrong_code(response: Response) -> bool:
    return response.status_code == 422


@bp.post("/<uuid:meeting_id>/check-in")
@signed_in
@limiter.limit(WRONG_CODES_EACH, key_func=_of_person, deduct_when=_is_wrong_code)
@limiter.limit(WRONG_CODES, key_func=_of_meeting, deduct_when=_is_wrong_code)
def check_in(meeting_id: uuid.UUID) -> ResponseReturnValue:
    code = request.form.get("code", "")[:20]

    def act() -> None:
        seat = services.check_in(
            meeting_id=meeting_id,
            actor=require_actor(),
            code=code,
            at_screen="at_screen" in request.form,
            now=datetime.now(UTC),
        )
        said = (
            _("You are entered as present.")
            if seat is Seat.MEMBER
            else _("Welcome. You are entered as sitting in.")
        )
        flash(said, "success")

    try:
        return _on_its_day(act, meeting_id)
    except Invalid:
        meeting = queries.get_meeting(
            db.session(), meeting_id=meeting_id, community_id=require_actor().community_id
        )
        error = _("That is not the code that is shown in the room now. Look again, or ask the clerk.")
        return render_template("meetings/here.html", meeting=meeting, code=code, error=error), 422


@bp.post("/<uuid:meeting_id>/leave")
@signed_in
def leave(meeting_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> None:
        services.leave(meeting_id=meeting_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("You are entered as gone."), "success")

    return _on_its_day(act, meeting_id)


@bp.get("/<uuid:meeting_id>/attendance")
@signed_in
def attendance(meeting_id: uuid.UUID) -> ResponseReturnValue:
    return _attendance_page(meeting_id, GuestForm(formdata=None))


@bp.post("/<uuid:meeting_id>/attendance")
@signed_in
def tick(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Enter one person, or all that are ticked, as present."""
    people = request.form.getlist("person", type=uuid.UUID)
    kind = request.form.get("as_class")
    as_class = ParticipantClass(kind) if kind in list(ParticipantClass) else None

    def act() -> None:
        entered = services.tick_present(
            meeting_id=meeting_id,
            person_ids=people,
            actor=require_actor(),
            as_class=as_class,
            now=datetime.now(UTC),
        )
        if entered:
            flash(
                ngettext(
                    "%(num)s person entered as present.", "%(num)s persons entered as present.", entered
                ),
                "success",
            )
        else:
            flash(_("Nobody new was ticked."), "info")

    return _on_its_day(act, meeting_id, to="attendance")


@bp.post("/<uuid:meeting_id>/guests")
@signed_in
def guest(meeting_id: uuid.UUID) -> ResponseReturnValue:
    form = GuestForm()
    if not form.validate_on_submit():
        return _attendance_page(meeting_id, form), 422

    def act() -> None:
        services.add_guest(
            meeting_id=meeting_id,
            name=form.name.data or "",
            as_class=ParticipantClass(form.as_class.data),
            actor=require_actor(),
            now=datetime.now(UTC),
        )
        flash(_("The guest is entered."), "success")

    return _on_its_day(act, meeting_id, to="attendance")


@bp.post("/<uuid:meeting_id>/attendance/<uuid:attendance_id>/left")
@signed_in
def left(meeting_id: uuid.UUID, attendance_id: uuid.UUID) -> ResponseReturnValue:
    def act() -> None:
        services.mark_left(attendance_id=attendance_id, actor=require_actor(), now=datetime.now(UTC))

    return _on_its_day(act, meeting_id, to="attendance")


@bp.post("/<uuid:meeting_id>/close")
@signed_in
def close(meeting_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.close_meeting(meeting_id=meeting_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The meeting is closed. Its minutes wait for the signatures of chair and clerk."), "success")
    except FollowUpMissing as refused:
        flash(
            ngettext(
                "Not closed: %(num)s agreed item does not say yet what follows from it.",
                "Not closed: %(num)s agreed items do not say yet what follows from them.",
                len(refused.positions),
            ),
            "error",
        )
        return redirect(url_for(".what_follows", meeting_id=meeting_id), code=303)
    except VoteIsOpen:
        flash(_("A vote is still open. Close it first, or declare it void."), "error")
    return redirect(url_for(".show", meeting_id=meeting_id), code=303)


def _on_its_day(act: Callable[[], None], meeting_id: uuid.UUID, *, to: str = "show") -> ResponseReturnValue:
    """Do something that belongs to the day of the meeting, with words for coming too early or twice."""
    try:
        act()
    except NotYetTheDay:
        flash(_("That is possible on the day of the meeting, not before."), "error")
    except AlreadyDone:
        flash(_("That was entered already. Nothing was changed."), "info")
    return redirect(url_for(f".{to}", meeting_id=meeting_id), code=303)


def _attendance_page(meeting_id: uuid.UUID, form: GuestForm) -> str:
    meeting, actor = _meeting_to_run(meeting_id)
    now = datetime.now(UTC)
    lines, room = queries.list_door(db.session(), meeting=meeting, now=now)
    text = request.args.get("q", "").strip()
    found = find_people(db.session(), community_id=actor.community_id, text=text) if text else []
    return render_template(
        "meetings/attendance.html",
        meeting=meeting,
        lines=lines,
        room=room,
        text=text,
        found=found,
        form=form,
        classes=CLASSES,
        is_assembly=meeting.form in ASSEMBLIES,
        takes=meeting.state in (MeetingState.PLANNED, MeetingState.OPEN),
    )


def _meeting_to_run(meeting_id: uuid.UUID) -> tuple[Meeting, Actor]:
    actor = require_actor()
    meeting = queries.get_meeting(db.session(), meeting_id=meeting_id, community_id=actor.community_id)
    check_run(actor, chair_id=meeting.presiding_id)
    return meeting, actor
