"""What is moved, in which order it is settled, and what is not moved twice (DOMAIN.md C9): plain values."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from civicforum.errors import TransitionNotAllowed
from civicforum.meetings.floor import FloorFault, FloorRefused, FloorRules, MotionKind, MotionState

_S = MotionState
NEXT_STATES: dict[MotionState, set[MotionState]] = {
    _S.MOVED: {_S.OPEN, _S.WITHDRAWN, _S.RULED_OUT},
    # To ADOPTED or DEFEATED without a vote: a deliberation agrees, and its item's motion follows the outcome.
    _S.OPEN: {_S.VOTING, _S.ADOPTED, _S.DEFEATED, _S.WITHDRAWN, _S.RULED_OUT},
    # Back to OPEN: the vote was declared void.
    _S.VOTING: {_S.ADOPTED, _S.DEFEATED, _S.OPEN},
}
PENDING = frozenset({_S.MOVED, _S.OPEN, _S.VOTING})
SETTLED = frozenset({_S.ADOPTED, _S.DEFEATED})
# Put to the vote at once, and not talked about.
AT_ONCE = frozenset({MotionKind.END_DEBATE, MotionKind.POSTPONE})


@dataclass(frozen=True)
class Known:
    """A motion on the item at hand."""

    id: uuid.UUID
    number: int
    kind: MotionKind
    state: MotionState
    text: str = ""
    parent_id: uuid.UUID | None = None

    @property
    def is_pending(self) -> bool:
        """Tell whether it is still to be settled."""
        return self.state in PENDING


@dataclass(frozen=True)
class Moved:
    """What somebody moves. `parent` is the amendment that an amendment amends."""

    kind: MotionKind
    text: str = ""
    parent: Known | None = None


def move(state: MotionState, to: MotionState) -> MotionState:
    """Return `to`, or raise TransitionNotAllowed when a motion has no such step."""
    if to not in NEXT_STATES.get(state, set()):
        raise TransitionNotAllowed(state, to)
    return to


def check_move(moved: Moved, *, item_text: str, motions: Sequence[Known], settled: Iterable[str]) -> None:
    """Refuse what cannot be moved now: one at a time, one level deep, nothing twice. Raises FloorRefused.

    Args:
        motions: those moved on the item so far.
        settled: texts that this session has adopted or defeated.
    """
    pending = [one for one in motions if one.is_pending]
    if any(one.state is _S.VOTING for one in pending):
        raise FloorRefused(FloorFault.ONE_AT_A_TIME)
    if any(one.kind in AT_ONCE for one in pending):
        raise FloorRefused(FloorFault.ONE_AT_A_TIME)
    if moved.kind is MotionKind.END_DEBATE and not item_text:
        raise FloorRefused(FloorFault.NO_MOTION)
    if moved.kind is not MotionKind.POSTPONE and is_debate_over(motions):
        raise FloorRefused(FloorFault.DEBATE_ENDED)
    if moved.kind in AT_ONCE:
        return
    if not moved.text.strip():
        raise FloorRefused(FloorFault.NO_TEXT)
    if moved.kind is MotionKind.MAIN:
        _check_main(item_text, pending)
    else:
        _check_amendment(moved, item_text, pending)
    if any(normal(moved.text) == normal(text) for text in settled):
        raise FloorRefused(FloorFault.REPEATED)


def _check_main(item_text: str, pending: Sequence[Known]) -> None:
    if item_text:
        raise FloorRefused(FloorFault.HAS_TEXT)
    if pending:
        raise FloorRefused(FloorFault.ONE_AT_A_TIME)


def _check_amendment(moved: Moved, item_text: str, pending: Sequence[Known]) -> None:
    if not item_text:
        raise FloorRefused(FloorFault.NO_MOTION)
    if moved.parent is not None and (
        moved.parent.kind is not MotionKind.AMENDMENT or moved.parent.parent_id is not None
    ):
        raise FloorRefused(FloorFault.TOO_DEEP)
    parent_id = moved.parent.id if moved.parent else None
    amendments = [one for one in pending if one.kind is MotionKind.AMENDMENT]
    if moved.parent is not None and not moved.parent.is_pending:
        raise FloorRefused(FloorFault.NOT_ITS_TURN)
    if any(one.id != parent_id for one in amendments):
        raise FloorRefused(FloorFault.ONE_AT_A_TIME)
    if normal(moved.text) == normal(moved.parent.text if moved.parent else item_text):
        raise FloorRefused(FloorFault.NOTHING_CHANGED)


def first_state(rules: FloorRules) -> MotionState:
    """Return how a motion begins: it waits for a seconder where the rules ask for one."""
    return _S.MOVED if rules.needs_seconder else _S.OPEN


def in_hand(motions: Iterable[Known]) -> Known | None:
    """Return what is settled before anything else on the item: the latest, an amendment before its text.

    None: the item itself. A main motion is the item's text, and settled with it.
    """
    pending = [one for one in motions if one.is_pending and one.kind is not MotionKind.MAIN]
    return max(pending, key=lambda one: one.number, default=None)


def on_the_table(motions: Iterable[Known]) -> Known | None:
    """Return the amendment that is talked about; None: the item. What waits for a seconder is not yet."""
    open_ = [one for one in motions if one.state in (_S.OPEN, _S.VOTING) and one.kind is MotionKind.AMENDMENT]
    return max(open_, key=lambda one: one.number, default=None)


def check_put(motion: Known | None, motions: Sequence[Known]) -> None:
    """Refuse a vote out of order; `motion` None is the item's. Raises FloorRefused, TransitionNotAllowed."""
    first = in_hand(motions)
    if motion is None:
        if first is not None:
            raise FloorRefused(FloorFault.SETTLE_FIRST)
        if any(one.state is _S.MOVED for one in motions):
            raise FloorRefused(FloorFault.NOT_SECONDED)
        return
    if motion.kind is MotionKind.MAIN or first is None or first.id != motion.id:
        raise FloorRefused(FloorFault.NOT_ITS_TURN)
    if motion.state is _S.MOVED:
        raise FloorRefused(FloorFault.NOT_SECONDED)
    move(motion.state, _S.VOTING)


def is_debate_over(motions: Iterable[Known]) -> bool:
    """Tell whether it was decided to end the debate: what is moved is voted on, and nothing more."""
    return any(one.kind is MotionKind.END_DEBATE and one.state is _S.ADOPTED for one in motions)


def normal(text: str) -> str:
    """Return a text as two are compared: without spaces and line breaks, and each sign in its one form."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
