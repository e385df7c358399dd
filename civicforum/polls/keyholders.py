"""The key ceremony from outside: whose turn it is, who may keep a part of the key, what is refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple, Protocol


class Round(StrEnum):
    """What the trustees do one after the other; in each, every one of them once and in any order."""

    HELLO = "hello"
    HEARD = "heard"
    DEAL = "deal"
    CONFIRM = "confirm"
    DRILL = "drill"
    DONE = "done"
    ENDED = "ended"


class KeyholderFault(StrEnum):
    """Why a message of a trustee, or the naming of one, is refused."""

    NOT_NOW = "not_now"
    SAID_OTHERWISE = "said_otherwise"
    OTHER_CHARACTERS = "other_characters"
    BAD_MESSAGE = "bad_message"
    NOT_READY = "not_ready"


class Spoken(Protocol):
    """What of a trustee's row tells how far it is."""

    hello: dict[str, object] | None
    has_heard: bool
    deal: dict[str, object] | None
    confirm: dict[str, object] | None


def has_spoken(trustee: Spoken, round_: Round) -> bool:
    """Tell whether the trustee's browser has said its part of the round."""
    match round_:
        case Round.HELLO:
            return trustee.hello is not None
        case Round.HEARD:
            return trustee.has_heard
        case Round.DEAL:
            return trustee.deal is not None
        case _:
            return trustee.confirm is not None


def round_of(trustees: Sequence[Spoken], *, complaint: str, is_drilled: bool) -> Round:
    """Return the round that a ceremony is in."""
    if complaint:
        return Round.ENDED
    for round_ in (Round.HELLO, Round.HEARD, Round.DEAL, Round.CONFIRM):
        if not all(has_spoken(trustee, round_) for trustee in trustees):
            return round_
    return Round.DONE if is_drilled else Round.DRILL


class Candidate(NamedTuple):
    """Somebody about to keep a key, watch, count or hold a proxy, with what decides whether that may be."""

    name: str
    relatives: frozenset[str] = frozenset()


def stands_on_paper(candidate: Candidate, names: Iterable[str]) -> bool:
    """Tell whether somebody, or a near relative, is voted on, however the names are spaced or cased.

    Whoever opens the box has no share in it.
    """
    # An election tells two of one name apart by what stands in brackets after it.
    listed = {_plain(one) for name in names for one in (name, name.partition("（")[0])}
    return any(_plain(name) in listed for name in (candidate.name, *candidate.relatives))


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()
