"""Finding words of a list in a text, however they are spaced, dotted or written in wide signs."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

LONGEST_WORD = 60
# Letters and digits: spaces, punctuation, symbols, marks and signs that nobody sees are passed over.
_KEPT = ("L", "N")


def plain(text: str) -> str:
    """Return a text as it is compared: NFKC, without case, letters and digits alone."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(sign for sign in folded if unicodedata.category(sign)[0] in _KEPT)


def find_words(words: Iterable[str], texts: Iterable[str]) -> list[str]:
    """Return which plain words stand in at least one of the texts, in the order of the words.

    Exact. The time grows with the length of the texts and with how many lengths the words have, and neither
    with their number nor with what the texts say, as that of an expression could.
    """
    wanted = list(words)
    by_length: defaultdict[int, set[str]] = defaultdict(set)
    for word in wanted:
        if word:
            by_length[len(word)].add(word)
    found: set[str] = set()
    for text in map(plain, texts):
        for length, same in by_length.items():
            pieces = (text[start : start + length] for start in range(len(text) - length + 1))
            found.update(same.intersection(pieces))
    return [word for word in wanted if word in found]
