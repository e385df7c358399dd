"""Reading the words of notices from their files.

A file has `subject`, optionally `asks` (blanks that the officer fills in when the notice is issued; one that
may stay empty ends in "?") and an array of `parts`. A part has one of `text` (a paragraph), `heading`
(numbered 一、), `item` (numbered （一）) and `block` (a list or table from the data, by its blank), and
optionally `when`: flags that all have to be set, or not set where one begins with "!". The id of a switch
of the rulebook is a flag, and so is a blank that is filled.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "texts"
_WAYS = ("text", "heading", "item", "block")


class WordingInvalid(Exception):
    """A file of words that cannot be used: names the file and what is wrong with it."""


@dataclass(frozen=True)
class Part:
    """One piece of a notice. `way` is "text", "heading", "item" or "block"."""

    way: str
    words: str
    when: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """The fixed words of one kind of notice.

    Attributes:
        subject: what it is about, as in 关于公布选民名单的公告.
        asks: blanks that no data holds and the officer fills in; those in `may_stay_empty` need not be.
    """

    subject: str
    parts: tuple[Part, ...]
    asks: tuple[str, ...] = ()
    may_stay_empty: frozenset[str] = frozenset()


@cache
def load(kind: StrEnum, *, folder: Path = TEXTS) -> Wording:
    """Return the words of a kind of notice, of an election or a recall. Raises WordingInvalid."""
    return _wording(kind.value, _read(folder / f"{kind.value}.toml"))


@cache
def names_of(group: str, *, folder: Path = TEXTS) -> dict[str, str]:
    """Return fixed names by key, such as those of the ways of electing (`names.toml`)."""
    names: dict[str, dict[str, str]] = _read(folder / "names.toml")
    return names[group]


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)


def _wording(name: str, document: dict[str, Any]) -> Wording:
    asks = [str(ask) for ask in document.get("asks", [])]
    if unknown := set(document) - {"subject", "asks", "parts"}:
        raise WordingInvalid(f"{name}: unknown {sorted(unknown)}")
    return Wording(
        subject=document["subject"],
        parts=tuple(_part(name, part) for part in document["parts"]),
        asks=tuple(ask.removesuffix("?") for ask in asks),
        may_stay_empty=frozenset(ask.removesuffix("?") for ask in asks if ask.endswith("?")),
    )


def _part(name: str, part: dict[str, Any]) -> Part:
    ways = [way for way in _WAYS if way in part]
    if len(ways) != 1 or set(part) - {*ways, "when"}:
        raise WordingInvalid(f"{name}: a part is one of {_WAYS}, not {sorted(part)}")
    words = str(part[ways[0]])
    if "\n" in words:
        raise WordingInvalid(f"{name}: a part is one line: {words[:20]}")
    return Part(ways[0], words, tuple(part.get("when", ())))
