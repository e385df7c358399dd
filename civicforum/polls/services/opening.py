"""Opening a sealed poll: the trustees shuffle what was written, then give their shares; any t of them do."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import NotFound, TransitionNotAllowed
from civicforum.polls.errors import KeyholderRefused
from civicforum.polls.keyholders import KeyholderFault
from civicforum.polls.models import Poll, Trustee
from civicforum.polls.queries.opening import find_line
from civicforum.polls.queries.trustees import find_ceremony
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import boards
from civicforum.polls.services.steps import lock_poll, record_poll
from civicforum.polls.services.trustees import own_trustee
from civicforum.sealed import Phase, Refused

HEAD_LENGTH = 64


def take_shuffle(*, poll_id: uuid.UUID, line: bytes, actor: Actor, now: datetime) -> None:
    """Put a trustee's shuffle of all that was written on the board.

    Raises NotFound, NotEligible, TransitionNotAllowed (nothing to open), KeyholderRefused.
    """
    _take(
        "shuffle", lambda board: {"shuffles": len(board.opening.mixers)}, poll_id, line, actor=actor, now=now
    )


def take_share(*, poll_id: uuid.UUID, line: bytes, actor: Actor, now: datetime) -> None:
    """Put a trustee's share on the board; with the last one needed, the result too.

    Raises NotFound, NotEligible, TransitionNotAllowed (nothing to open), KeyholderRefused.
    """

    def given(board: sealed.Board) -> dict[str, Any]:
        return {"shares": len(board.opening.shares), "is_open": board.result is not None}

    _take("share", given, poll_id, line, actor=actor, now=now)


def doubt_head(*, poll_id: uuid.UUID, head: str, actor: Actor, now: datetime) -> None:
    """Write down that a trustee reads another head than the notice board shows, and opens nothing.

    `head` is what the trustee's browser computed, 64 hexadecimal digits. Raises NotFound, NotEligible,
    TransitionNotAllowed, KeyholderRefused.
    """
    with transaction() as session:
        poll, trustee = _lock_own(session, poll_id, actor)
        if len(head) != HEAD_LENGTH or set(head) - set("0123456789abcdef"):
            raise KeyholderRefused(KeyholderFault.BAD_MESSAGE, "not a head")
        payload = {"trustee": trustee.number, "head": head}
        record_poll(session, poll, actor=actor, action="doubt_head", payload=payload, now=now)


def _take(
    kind: str,
    figures: Callable[[sealed.Board], dict[str, Any]],
    poll_id: uuid.UUID,
    line: bytes,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Append a trustee's own line; the same line sent again changes nothing."""
    with transaction() as session:
        poll, trustee = _lock_own(session, poll_id, actor)
        record = _read(line)
        if record.get("type") != kind or record.get("i") != trustee.number:
            raise KeyholderRefused(KeyholderFault.BAD_MESSAGE, "of another trustee")
        if find_line(session, poll.id, kind, line) is not None:
            return
        board = boards.lock_and_replay(session, poll.id)
        if board.phase is not Phase.CLOSED:
            raise KeyholderRefused(KeyholderFault.NOT_NOW, board.phase)
        _append(session, board, poll, line)
        if kind == "share" and len(board.opening.shares) == board.trustees.threshold:
            _append(session, board, poll, sealed.result_line(board.opening.result()))
        payload = {"trustee": trustee.number, "head": board.head.hex(), **figures(board)}
        record_poll(session, poll, actor=actor, action=kind, payload=payload, now=now)


def _lock_own(session: Session, poll_id: uuid.UUID, actor: Actor) -> tuple[Poll, Trustee]:
    poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
    ceremony = find_ceremony(session, poll.id)
    if poll.preset is not Preset.SEALED or ceremony is None:
        raise NotFound(poll_id)
    trustee = own_trustee(ceremony, actor)
    if poll.state is not PollState.CLOSED or poll.sealed_at is None:
        raise TransitionNotAllowed(poll.state, "opening")
    return poll, trustee


def _read(line: bytes) -> dict[str, Any]:
    try:
        return sealed.read_line(line)
    except Refused as refusal:
        raise KeyholderRefused(KeyholderFault.BAD_MESSAGE, str(refusal)) from refusal


def _append(session: Session, board: sealed.Board, poll: Poll, line: bytes) -> None:
    """Append what the board takes with every proof checked."""
    try:
        boards.append_to(session, board, poll=poll, line=line)
    except Refused as refusal:
        raise KeyholderRefused(KeyholderFault.BAD_MESSAGE, str(refusal)) from refusal
