"""Which statement somebody is shown next."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from fractions import Fraction

from civicforum.opinions.describe import Tally

# A statement with so many answers is half as much in need of more as a new one.
HALF_KNOWN = 10
NEW_WEIGHS = 4


def need_of(tally: Tally, *, pull: int) -> Fraction:
    """Return how much a statement needs answers: clear x (1 + pull) x (1 + new), higher for more.

    * clear: the share that did not pass, smoothed. What many pass on is unclear or beside the point.
    * pull, 0 to 100: how much the statement pulls people apart, in hundredths. Such a one tells soonest where
      somebody stands.
    * new: NEW_WEIGHS with no answer, half of that with HALF_KNOWN, so that late statements are heard too.

    The three are those that Polis names for its comment routing (compdemocracy.org/comment-routing); the
    formula is our own. Agreement is no part of it: what few agree with would else be asked less, and never
    find those who do.
    """
    clear = 1 - Fraction(tally.passes + 1, tally.total + 2)
    new = Fraction(NEW_WEIGHS * HALF_KNOWN, HALF_KNOWN + tally.total)
    return clear * (1 + Fraction(pull, 100)) * (1 + new)


def next_of(needs: Mapping[str, Fraction], *, person: str) -> str | None:
    """Return the key of the statement that this person is shown next; None when there is none.

    Everybody has an order of their own, in which what is needed more tends to come first: a weighted draw
    without replacement (Efraimidis and Spirakis, Information Processing Letters 97, 2006), whose numbers are
    hashed from the person and the statement. So nothing depends on the minute, and no statement always comes
    after another.
    """
    return min(needs, key=lambda key: (_wait(person, key) / needs[key], key), default=None)


def _wait(person: str, key: str) -> Fraction:
    """Return an exponential number drawn by hash, as a fraction of millionths."""
    drawn = int.from_bytes(hashlib.sha256(f"{person} {key}".encode()).digest()[:6], "big")
    return Fraction(round(-math.log((drawn + 1) / 2**48) * 10**6), 10**6)
