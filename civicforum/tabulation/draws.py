"""A lot drawn in public, as it is entered on the command line."""

from __future__ import annotations

from collections.abc import Sequence


class UnknownOption(ValueError):
    """A draw that names nobody who stands, or somebody twice; the text says which."""


def read_draw(text: str, options: Sequence[str]) -> tuple[str, ...]:
    """Return the names of a draw such as `Ann > Bob`, the luckiest first.

    An option is given by its name, or by its number in the file: names may have commas in them, and one with
    a `>` in it can be given by its number. Raises UnknownOption.
    """
    names = tuple(_option(part.strip(), options) for part in text.split(">"))
    if len(set(names)) < len(names) or len(names) < 2:
        raise UnknownOption(f"a lot is drawn among two or more, each named once: {text}")
    return names


def _option(text: str, options: Sequence[str]) -> str:
    if text in options:
        return text
    if text.isdecimal() and 1 <= int(text) <= len(options):
        return options[int(text) - 1]
    raise UnknownOption(f'a lot names "{text}", which is no option of this file')
