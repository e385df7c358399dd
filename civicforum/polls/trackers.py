"""Trackers as voters see them, and the ones that a browser keeps.

A browser keeps the trackers of its own ballots in its cookie: in an address they would stand in the server's
log beside whoever is signed in, longer than the link between voters and ballots may last.
"""

from __future__ import annotations

import unicodedata
import uuid

from flask import session

from civicforum.sealed import from_base64, grouped, spell, to_base64
from civicforum.sealed.base32 import read_digits

LENGTH = 20
GROUP = 4
BITS = 5
KEPT = "trackers"
MOST_KEPT = 6


def shown_tracker(tracker: bytes) -> str:
    """Return the 20 characters of a tracker in five groups."""
    return grouped(spell(tracker, LENGTH), GROUP)


def clean_tracker(typed: str) -> str:
    """Return a tracker as it was typed, without full-width signs, blanks and hyphens of any kind."""
    narrow = unicodedata.normalize("NFKC", typed)
    return "".join(sign for sign in narrow if sign.isalnum())


def read_tracker(typed: str) -> tuple[bytes, bytes]:
    """Return the least and the greatest tracker with these 20 characters. Raises sealed.Mistyped."""
    value = 0
    for digit in read_digits(typed, LENGTH):
        value = value << BITS | digit
    rest = 256 - LENGTH * BITS
    first = value << rest
    return first.to_bytes(32), (first | (1 << rest) - 1).to_bytes(32)


def keep_tracker(entry_id: uuid.UUID, tracker: bytes) -> None:
    """Let this browser remember the ballot cast for a place on a roll; the oldest are forgotten."""
    kept = {key: value for key, value in session.get(KEPT, {}).items() if key != str(entry_id)}
    latest = list(kept.items())[1 - MOST_KEPT :]
    session[KEPT] = dict([*latest, (str(entry_id), to_base64(tracker))])


def kept_tracker(entry_id: uuid.UUID) -> bytes | None:
    """Return the tracker that this browser remembers of a place on a roll."""
    kept = session.get(KEPT, {}).get(str(entry_id))
    return from_base64(kept) if kept else None
