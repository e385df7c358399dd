"""The board: an append-only chain of lines, and the one class that accepts or refuses each.

The server that appends and the verifier that checks afterwards run this same code, so what is accepted on
election day is what verifies later.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from .ballots import parse_ballot, verify_ballot
from .ceremony import JointKey, parse_ceremony
from .checks import Check, Refused, require
from .electorate import Electorate, Why, parse_roll
from .fields import data, exactly, point, text, whole
from .hashing import h32
from .lines import FIRST_HEAD, Record, extend, line_digest, read_line
from .manifest import Manifest, parse_manifest
from .opening import Opening
from .paper import PaperCount, parse_paper
from .writing import result_line

LEAST_WHEN_WEIGHTED = 100  # below, a sum of weights names who is in it
LONGEST_NOTE = 10_000


class Phase(StrEnum):
    """How far a board has come."""

    CEREMONY = "ceremony"
    ROLL = "roll"
    MANIFEST = "manifest"
    CASTING = "casting"
    STOPPED = "stopped"
    CLOSED = "closed"
    OPENED = "opened"


ACCEPTED: dict[Phase, frozenset[str]] = {
    Phase.CEREMONY: frozenset({"ceremony"}),
    Phase.ROLL: frozenset({"roll"}),
    Phase.MANIFEST: frozenset({"manifest"}),
    Phase.CASTING: frozenset({"ballot", "void", "enroll", "stop", "note"}),
    # Lists of offline stations come in after the stop: their voids for paper.
    Phase.STOPPED: frozenset({"void", "close", "note"}),
    Phase.CLOSED: frozenset({"shuffle", "share", "result", "paper", "note"}),
    Phase.OPENED: frozenset({"paper", "note"}),
}
_AFTER: dict[str, Phase] = {
    "ceremony": Phase.ROLL,
    "roll": Phase.MANIFEST,
    "manifest": Phase.CASTING,
    "stop": Phase.STOPPED,
    "close": Phase.CLOSED,
    "result": Phase.OPENED,
}


class Line(NamedTuple):
    """A line that is being entered, and the head that it will lead to."""

    record: Record
    raw: bytes
    head: bytes
    proofs: bool


class Board:
    """A board up to some line.

    Attributes:
        head: 32 bytes that name every line so far, in their order.
        lines: how many there are.
        founding: the raw ceremony, roll and manifest lines.
    """

    trustees: JointKey
    electorate: Electorate
    manifest: Manifest
    opening: Opening

    def __init__(self) -> None:
        self.head = FIRST_HEAD
        self.lines = 0
        self.phase = Phase.CEREMONY
        self.founding: list[bytes] = []
        self.result: Record | None = None
        self.paper: PaperCount | None = None

    def take(self, raw: bytes, *, proofs: bool = True) -> bytes:
        """Accept the next line and return the new head; or raise Refused, and change nothing.

        `proofs=False` leaves out the costly proofs of ballots and shuffles: for lines accepted before.
        """
        record = read_line(raw)
        kind = record.get("type")
        if not isinstance(kind, str) or kind not in ACCEPTED[self.phase]:
            raise Refused(Check.LINE_ORDER, f"{kind} when {self.phase}")
        head = extend(self.head, line_digest(raw))
        _ENTER[kind](self, Line(record, raw, head, proofs))
        self.phase = _AFTER.get(kind, self.phase)
        self.head = head
        self.lines += 1
        return head

    def skip(self, raw: bytes) -> None:
        """Go on over a line that was refused, so that a verifier can name every other that is."""
        self.head = extend(self.head, line_digest(raw))
        self.lines += 1

    def _ceremony(self, line: Line) -> None:
        self.trustees = parse_ceremony(line.record)
        self.founding.append(line.raw)

    def _roll(self, line: Line) -> None:
        self.electorate = parse_roll(line.record)
        self.founding.append(line.raw)

    def _manifest(self, line: Line) -> None:
        manifest = parse_manifest(line.raw)
        named = (manifest.ceremony, manifest.roll, manifest.race.key)
        digests = (h32("ceremony", self.founding[0]), h32("roll", self.founding[1]))
        require(named == (*digests, self.trustees.key), Check.MANIFEST_NAMES)
        if self.electorate.is_weighted:
            require(manifest.race.texts == 0, Check.MANIFEST_TERMS, "texts cannot carry weights")
            require(manifest.least >= LEAST_WHEN_WEIGHTED, Check.MANIFEST_TERMS, "weights need 100 ballots")
        self.manifest = manifest
        self.founding.append(line.raw)

    def _ballot(self, line: Line) -> None:
        exactly(line.record, ("type", "ballot"))
        sealed = data(line.record["ballot"])
        read = verify_ballot if line.proofs else parse_ballot
        ballot = read(self.manifest.race, sealed)
        self.electorate.check_ballot(ballot.credential, ballot.sequence, revote=self.manifest.revote)
        self.electorate.cast(ballot.credential, ballot.sequence, sealed)

    def _void(self, line: Line) -> None:
        exactly(line.record, ("type", "cred", "why"))
        if line.record["why"] not in list(Why):
            raise Refused(Check.VOID, "not a reason")
        why, is_stopped = Why(line.record["why"]), self.phase is Phase.STOPPED
        self.electorate.void(point(line.record["cred"]), why, is_stopped=is_stopped)

    def _enroll(self, line: Line) -> None:
        exactly(line.record, ("type", "cred", "replaces"))
        self.electorate.enroll(point(line.record["cred"]), point(line.record["replaces"]))

    def _stop(self, line: Line) -> None:
        exactly(line.record, ("type",))

    def _close(self, line: Line) -> None:
        exactly(line.record, ("type", "counted"))
        stated, counted = whole(line.record["counted"]), len(self.electorate.ballots)
        require(stated == counted, Check.CLOSE_COUNTED, f"{stated} where {counted} count")
        require(counted >= self.manifest.least, Check.CLOSE_LEAST, f"{counted} of {self.manifest.least}")
        self.opening = Opening(self.trustees, self.manifest, self.electorate, line.head)

    def _shuffle(self, line: Line) -> None:
        self.opening.take_shuffle(line.record, proofs=line.proofs)

    def _share(self, line: Line) -> None:
        self.opening.take_share(line.record)

    def _result(self, line: Line) -> None:
        exactly(line.record, ("type", "counts", "texts"))
        result = self.opening.result()
        require(line.raw == result_line(result), Check.RESULT_OPENED)
        self.result = result

    def _paper(self, line: Line) -> None:
        require(self.paper is None, Check.LINE_ORDER, "a second paper count")
        self.paper = parse_paper(line.record, self.manifest, self.electorate)

    def _note(self, line: Line) -> None:
        exactly(line.record, ("type", "text"))
        text(line.record["text"], LONGEST_NOTE)

    def check_complete(self) -> None:
        """Raise Refused unless the election is over: a result, and a paper count if papers were issued."""
        require(self.result is not None, Check.COMPLETE, f"the board is {self.phase}")
        is_counted = self.paper is not None or not self.electorate.voided(Why.PAPER)
        require(is_counted, Check.COMPLETE, "papers were issued, and not counted")


_ENTER: dict[str, Callable[[Board, Line], None]] = {
    "ceremony": Board._ceremony,
    "roll": Board._roll,
    "manifest": Board._manifest,
    "ballot": Board._ballot,
    "void": Board._void,
    "enroll": Board._enroll,
    "stop": Board._stop,
    "close": Board._close,
    "shuffle": Board._shuffle,
    "share": Board._share,
    "result": Board._result,
    "paper": Board._paper,
    "note": Board._note,
}
