"""States of an export and of a request to delete personal data."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from civicforum.bodies.rules import Role
from civicforum.errors import TransitionNotAllowed

# The file holds personal data of everybody: it lies here no longer than it takes to fetch it.
EXPORT_KEPT = timedelta(days=1)
ANSWER_RULE = "privacy.answer"
DECIDES = (Role.ADMIN, Role.CLERK)


class ExportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    GONE = "gone"


class RequestState(StrEnum):
    ASKED = "asked"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_E, _R = ExportState, RequestState
NEXT_EXPORT: dict[ExportState, set[ExportState]] = {
    _E.WAITING: {_E.RUNNING, _E.FAILED},
    # A worker that was killed: its job runs again.
    _E.RUNNING: {_E.RUNNING, _E.READY, _E.FAILED},
    _E.READY: {_E.GONE},
}
NEXT_REQUEST: dict[RequestState, set[RequestState]] = {
    _R.ASKED: {_R.DONE, _R.REFUSED, _R.WITHDRAWN},
}


def move_export(state: ExportState, to: ExportState) -> ExportState:
    """Return `to`, or raise TransitionNotAllowed."""
    if to not in NEXT_EXPORT.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def move_request(state: RequestState, to: RequestState) -> RequestState:
    """Return `to`, or raise TransitionNotAllowed."""
    if to not in NEXT_REQUEST.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to
