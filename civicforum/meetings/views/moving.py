"""Motions: moved, seconded, withdrawn, ruled out of order."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import NotFound, RuleRefused, TransitionNotAllowed
from civicforum.lawbook.texts import verdict_text
from civicforum.meetings import queries, services
from civicforum.meetings.errors import VoteIsOpen
from civicforum.meetings.floor import FloorFault, FloorRefused, MotionKind, MotionState
from civicforum.meetings.forms.floor import MotionForm
from civicforum.meetings.forms.planning import ReasonForm
from civicforum.meetings.models import Motion
from civicforum.meetings.queries.floor import FloorPage, get_floor
from civicforum.meetings.rules import MeetingState, Seat
from civicforum.meetings.services import NewMotion
from civicforum.meetings.texts_floor import MOTION_NOTES, MOTIONS, VOTE_IS_OPEN, fault_text
from civicforum.meetings.views.blueprint import bp
from civicforum.meetings.views.floor_acts import FLOOR, act, chosen_part

OF_THE_TEXT = frozenset({FloorFault.NO_TEXT, FloorFault.NOTHING_CHANGED, FloorFault.REPEATED})


@bp.route("/<uuid:meeting_id>/move", methods=["GET", "POST"])
@signed_in
def move_motion(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Move something: oneself, or the clerk for somebody without a phone."""
    actor, session = require_actor(), db.session()
    meeting = queries.get_meeting(session, meeting_id=meeting_id, community_id=actor.community_id)
    page = get_floor(session, meeting_id=meeting.id, actor=actor, now=datetime.now(UTC))
    if meeting.state is not MeetingState.OPEN or page.item is None:
        raise TransitionNotAllowed(meeting.state, "move")
    form = MotionForm()
    _set_choices(form, page)
    if form.validate_on_submit():
        try:
            services.move_motion(
                meeting_id=meeting_id,
                motion=_moved(form),
                actor=actor,
                attendance_id=uuid.UUID(form.attendance.data) if form.attendance.data else None,
                now=datetime.now(UTC),
            )
        except FloorRefused as refusal:
            field = form.text if refusal.fault in OF_THE_TEXT else form.kind
            field.errors = [fault_text(refusal)]
        except VoteIsOpen:
            form.kind.errors = [VOTE_IS_OPEN]
        except RuleRefused as refusal:
            form.text.errors = [verdict_text(refusal.verdict)]
        else:
            where = ".floor" if request.form.get("back") == FLOOR else ".show"
            return redirect(url_for(where, meeting_id=meeting_id), code=303)
    elif not form.is_submitted():
        _start(form, page)
    shown = render_template(
        "meetings/move.html",
        form=form,
        page=page,
        hints={"items": [{"hint": {"text": MOTION_NOTES[kind]}} for kind in _kinds(page)]},
    )
    return shown, 422 if form.is_submitted() else 200


@bp.post("/motions/<uuid:motion_id>/second")
@signed_in
def second_motion(motion_id: uuid.UUID) -> ResponseReturnValue:
    motion = _motion(motion_id)

    def do() -> None:
        services.second_motion(
            motion_id=motion_id, actor=require_actor(), attendance_id=chosen_part(), now=datetime.now(UTC)
        )

    return act(do, motion.meeting_id, done=_("Seconded. It is on the table now."))


@bp.post("/motions/<uuid:motion_id>/withdraw")
@signed_in
def withdraw_motion(motion_id: uuid.UUID) -> ResponseReturnValue:
    motion = _motion(motion_id)

    def do() -> None:
        services.withdraw_motion(motion_id=motion_id, actor=require_actor(), now=datetime.now(UTC))

    return act(do, motion.meeting_id, done=_("The motion is withdrawn."))


@bp.route("/motions/<uuid:motion_id>/rule-out", methods=["GET", "POST"])
@signed_in
def rule_out_motion(motion_id: uuid.UUID) -> ResponseReturnValue:
    motion = _motion(motion_id)
    form = ReasonForm()
    if form.validate_on_submit():

        def do() -> None:
            services.rule_out_motion(
                motion_id=motion_id,
                reason=form.reason.data or "",
                actor=require_actor(),
                now=datetime.now(UTC),
            )

        return act(do, motion.meeting_id, done=_("Ruled out of order. The reason is recorded."))
    shown = render_template("meetings/rule_out.html", form=form, motion=motion)
    return shown, 422 if form.is_submitted() else 200


@bp.post("/motions/<uuid:motion_id>/agree")
@signed_in
def agree_on_motion(motion_id: uuid.UUID) -> ResponseReturnValue:
    """Record what a deliberation came to on a motion, without a vote."""
    motion = _motion(motion_id)
    is_adopted = request.form.get("adopted") == "yes"

    def do() -> None:
        services.agree_on_motion(
            motion_id=motion_id, is_adopted=is_adopted, actor=require_actor(), now=datetime.now(UTC)
        )

    done = _("Taken in; the text is changed.") if is_adopted else _("Not taken in; the text stays.")
    return act(do, motion.meeting_id, done=done)


def _motion(motion_id: uuid.UUID) -> Motion:
    motion = db.session().get(Motion, motion_id)
    if motion is None or motion.community_id != require_actor().community_id:
        raise NotFound(motion_id)
    return motion


def _moved(form: MotionForm) -> NewMotion:
    kind = form.moved()
    parent = form.parent.data if kind is MotionKind.AMENDMENT else ""
    has_text = kind in (MotionKind.MAIN, MotionKind.AMENDMENT)
    return NewMotion(
        kind,
        text=(form.text.data or "") if has_text else "",
        reason=form.reason.data or "",
        parent_id=uuid.UUID(parent) if parent else None,
    )


def _amendable(page: FloorPage) -> list[Motion]:
    return [
        one
        for one in page.motions
        if one.kind is MotionKind.AMENDMENT and one.parent_id is None and one.state is MotionState.OPEN
    ]


def _set_choices(form: MotionForm, page: FloorPage) -> None:
    form.kind.choices = [(kind.value, MOTIONS[kind]) for kind in _kinds(page)]
    form.parent.choices = [("", _("of the item"))] + [
        (str(one.id), _("of amendment %(number)s", number=one.number)) for one in _amendable(page)
    ]
    people = [one.row for one in page.here if one.row.seat is not Seat.OBSERVER] if page.may_run else []
    form.attendance.choices = [("", _("I do"))] + [
        (str(row.id), row.person.name if row.person else row.guest_name) for row in people
    ]


def _start(form: MotionForm, page: FloorPage) -> None:
    asked = request.args.get("kind")
    kinds = _kinds(page)
    form.kind.data = asked if asked in kinds else kinds[0].value
    amended = next(iter(_amendable(page)), None)
    if amended is not None:
        form.parent.data, form.text.data = str(amended.id), amended.text
    elif page.item is not None:
        form.text.data = page.item.text


def _kinds(page: FloorPage) -> list[MotionKind]:
    """Return what can be moved at all: an item without a text gets one first."""
    if page.item is None or not page.item.text:
        return [MotionKind.MAIN, MotionKind.POSTPONE]
    return [MotionKind.AMENDMENT, MotionKind.END_DEBATE, MotionKind.POSTPONE]
