"""Asking to speak, giving the floor, ending a turn; points of order."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import abort, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import NotFound
from civicforum.meetings import services
from civicforum.meetings.floor import Stance
from civicforum.meetings.models import PointOfOrder, Speech
from civicforum.meetings.views.blueprint import bp
from civicforum.meetings.views.floor_acts import act, chosen_part


@bp.post("/<uuid:meeting_id>/speak")
@signed_in
def ask_to_speak(meeting_id: uuid.UUID) -> ResponseReturnValue:
    stance = request.form.get("stance")
    if stance not in list(Stance):
        abort(400)

    def do() -> None:
        services.ask_to_speak(
            meeting_id=meeting_id,
            stance=Stance(stance),
            actor=require_actor(),
            attendance_id=chosen_part(),
            now=datetime.now(UTC),
        )

    return act(do, meeting_id, done=_("In the queue. The chair gives the floor."))


@bp.post("/speeches/<uuid:speech_id>/withdraw")
@signed_in
def withdraw_request(speech_id: uuid.UUID) -> ResponseReturnValue:
    def do() -> None:
        services.withdraw_request(speech_id=speech_id, actor=require_actor(), now=datetime.now(UTC))

    return act(do, _meeting_of(Speech, speech_id), done=_("The request is taken back."))


@bp.post("/speeches/<uuid:speech_id>/give")
@signed_in
def give_floor(speech_id: uuid.UUID) -> ResponseReturnValue:
    def do() -> None:
        services.give_floor(
            speech_id=speech_id,
            reason=request.form.get("reason", "")[:300],
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return act(do, _meeting_of(Speech, speech_id))


@bp.post("/speeches/<uuid:speech_id>/end")
@signed_in
def end_speech(speech_id: uuid.UUID) -> ResponseReturnValue:
    def do() -> None:
        services.end_speech(
            speech_id=speech_id,
            gist=request.form.get("gist", ""),
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return act(do, _meeting_of(Speech, speech_id))


@bp.post("/speeches/<uuid:speech_id>/gist")
@signed_in
def write_gist(speech_id: uuid.UUID) -> ResponseReturnValue:
    def do() -> None:
        services.write_gist(
            speech_id=speech_id,
            gist=request.form.get("gist", ""),
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return act(do, _meeting_of(Speech, speech_id), done=_("What was said is written down for the minutes."))


@bp.post("/<uuid:meeting_id>/points")
@signed_in
def raise_point(meeting_id: uuid.UUID) -> ResponseReturnValue:
    def do() -> None:
        services.raise_point(
            meeting_id=meeting_id,
            text=request.form.get("text", ""),
            actor=require_actor(),
            attendance_id=chosen_part(),
            now=datetime.now(UTC),
        )

    return act(do, meeting_id, done=_("The point of order is raised. The chair rules on it at once."))


@bp.post("/points/<uuid:point_id>/rule")
@signed_in
def rule_on_point(point_id: uuid.UUID) -> ResponseReturnValue:
    if request.form.get("upheld") not in ("yes", "no"):
        abort(400)

    def do() -> None:
        services.rule_on_point(
            point_id=point_id,
            is_upheld=request.form["upheld"] == "yes",
            ruling=request.form.get("ruling", ""),
            actor=require_actor(),
            now=datetime.now(UTC),
        )

    return act(do, _meeting_of(PointOfOrder, point_id), done=_("The ruling is recorded."))


def _meeting_of(model: type[Speech] | type[PointOfOrder], row_id: uuid.UUID) -> uuid.UUID:
    session = db.session()
    row = session.get(Speech, row_id) if model is Speech else session.get(PointOfOrder, row_id)
    if row is None or row.community_id != require_actor().community_id:
        raise NotFound(row_id)
    return row.meeting_id
