"""A board of three made-up ballots, which the trustees open together before anybody votes.

It is a whole archive under the real key, so that the drill runs every step of the opening to come.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from civicforum import sealed

TITLE = "钥匙演练"
OPTIONS = ("红", "黄", "蓝")
BALLOTS = 3


def make_drill(ceremony: bytes, key: bytes, *, now: datetime) -> dict[str, Any]:
    """Return the drill of a finished ceremony (its raw line): the lines of a closed board, as texts."""
    board = sealed.Board()
    lines: list[bytes] = []

    def add(line: bytes) -> None:
        board.take(line)
        lines.append(line)

    number = str(uuid.uuid4())
    voters = [sealed.secret_of(number, sealed.read_code(sealed.new_code())) for _ in range(BALLOTS)]
    roll = sealed.roll_line(credentials=[sealed.receipt_key(secret) for secret in voters])
    add(ceremony)
    add(roll)
    add(sealed.manifest_line(ceremony, roll, **_terms(number, key, now)))
    for voter in voters:
        picks = sealed.picks_of(board.manifest.contests, [_answer()])
        add(sealed.ballot_line(sealed.seal(board.manifest.race, picks, voter, 0, secrets.token_bytes(32))))
    add(sealed.stop_line())
    add(sealed.close_line(BALLOTS))
    return {"lines": [line.decode() for line in lines]}


def replay_drill(drill: dict[str, Any]) -> sealed.Board:
    """Return the drill's board from its lines."""
    board = sealed.Board()
    for line in drill["lines"]:
        board.take(line.encode(), proofs=False)
    return board


def shares_of(lines: Sequence[str]) -> list[int]:
    """Return the numbers of the trustees whose shares stand among these lines, in their order."""
    records = (sealed.read_line(line.encode()) for line in lines)
    return [record["i"] for record in records if record["type"] == "share"]


def counts_of_drill(drill: dict[str, Any]) -> list[tuple[str, int]] | None:
    """Return what was found in the drill's box, by colour; None while it is not open."""
    if not drill:
        return None
    last = sealed.read_line(drill["lines"][-1].encode())
    return list(zip(OPTIONS, last["counts"], strict=True)) if last["type"] == "result" else None


def _answer() -> sealed.Answer:
    return sealed.Answer(chosen=frozenset({secrets.randbelow(len(OPTIONS))}))


def _terms(number: str, key: bytes, now: datetime) -> dict[str, Any]:
    secret = sealed.secret_of(number, sealed.read_code(sealed.new_code()))
    return {
        "uuid": number,
        "title": TITLE,
        "contests": [{"kind": "choose", "options": list(OPTIONS), "max": 1}],
        "key": key,
        "revote": False,
        "least": BALLOTS,
        "opens": sealed.write_instant(now),
        "closes": sealed.write_instant(now + timedelta(hours=1)),
        "receipt_key": bytes(sealed.receipt_key(secret)),
    }
