r"""BLT, the ballot file of Hill, Wichmann and Woodall ("Algorithm 123", Computer Journal 30, 1987), with the
additions of OpenSTV: comments, shared places, skipped places.

    4 2              # options, seats
    -2               # who withdrew; left out when nobody did
    3 1 3=4 0        # 3 papers: option 1 first, then 3 and 4 together; each list ends with 0
    1 4 - 2 0        # a skipped place is closed up
    0                # the end of the ballots
    "Adam"
    "Basil"
    "Charlotte"
    "Donald"
    "Title"

Weights are whole numbers of papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..profile import BallotKind
from .ballot_file import BallotFile
from .box import BallotBox
from .errors import BadFile, CannotWrite, Fault, shown
from .names import clean_name, distinct_names
from .numbers import ballot_count, option_number, options_and_seats
from .source import Source

_QUOTED = re.compile(r'"(.*)"\s*(#[^"]*)?')
_WITHDRAWN = re.compile(r"-[0-9]+")

Lines = Iterator[tuple[int, str]]


def read_blt(source: Source) -> BallotFile:
    """Read a BLT file. Raises BadFile."""
    lines = ((line, text) for line, text in source.numbered() if not text.startswith("#"))
    line, heading = next(lines, (source.lines, ""))
    numbers = _tokens(heading)
    if len(numbers) != 2:
        raise BadFile(Fault.HEADER, "the first line is the number of options and the number of seats", line)
    options, seats = options_and_seats(numbers[0], numbers[1], line)
    box = _read_ballots(lines, options, source.lines)
    names = [_quoted(lines, f"the name of option {number}", source.lines) for number in range(1, options + 1)]
    title = _quoted(lines, "the title", source.lines)
    for line, text in lines:
        raise BadFile(Fault.SHAPE, f"nothing follows the title, but here is {shown(text)}", line)
    distinct = distinct_names(names)
    standing = tuple(distinct[number - 1] for number in box.standing)
    withdrawn = tuple(name for name in distinct if name not in standing)
    return BallotFile(title, standing, seats, box.profile(standing), withdrawn, encoding=source.encoding)


def _tokens(text: str) -> list[str]:
    return text.partition("#")[0].split()


def _read_ballots(lines: Lines, options: int, last: int) -> BallotBox:
    """Return the ballots up to the single 0."""
    box = BallotBox(options)
    is_first = True
    for line, text in lines:
        tokens = _tokens(text)
        if tokens == ["0"]:
            return box
        if is_first and _WITHDRAWN.fullmatch(tokens[0]):
            box = BallotBox(options, withdrawn=_withdrawn(tokens, options, line))
        else:
            box.add(line, _ranking(tokens, line), ballot_count(tokens[0], line))
        is_first = False
    raise BadFile(Fault.CUT_OFF, "the single 0 that ends the ballots is missing", last)


def _withdrawn(tokens: list[str], options: int, line: int) -> set[int]:
    """Return the numbers of those who withdrew."""
    numbers = [option_number(token.removeprefix("-"), line) for token in tokens if token.startswith("-")]
    if len(numbers) < len(tokens):
        raise BadFile(Fault.SHAPE, "a line of withdrawn options holds nothing else", line)
    BallotBox(options).text(line, [numbers])
    if len(numbers) == options:
        raise BadFile(Fault.HEADER, "every option has withdrawn", line)
    return set(numbers)


def _ranking(tokens: list[str], line: int) -> list[list[int]]:
    if tokens[-1] != "0" or len(tokens) < 2:
        raise BadFile(Fault.SHAPE, "a list of preferences ends with 0", line)
    places = [place.split("=") for place in tokens[1:-1] if place != "-"]
    return [[option_number(number, line) for number in place] for place in places]


def _quoted(lines: Lines, what: str, last: int) -> str:
    line, text = next(lines, (last, None))
    if text is None:
        raise BadFile(Fault.CUT_OFF, f"{what} is missing at the end", line)
    quoted = _QUOTED.fullmatch(text)
    if not quoted:
        raise BadFile(Fault.QUOTES, f"{what} must stand in quotation marks, not {shown(text)}", line)
    return clean_name(quoted[1], line)


def write_blt(ballots: BallotFile) -> str:
    """Return the text of the file, those who withdrew after those who stand. Raises CannotWrite."""
    profile = ballots.profile
    if profile.kind is not BallotKind.RANKING:
        raise CannotWrite(f"a BLT file holds rankings, not {profile.kind.value}")
    if ballots.seats is None:
        raise CannotWrite("a BLT file needs the number of seats")
    if profile.spoiled:
        raise CannotWrite(f"a BLT file has no place for {profile.spoiled} spoiled papers")
    names = ballots.options + ballots.withdrawn
    lines = [f"{len(names)} {ballots.seats}"]
    if ballots.withdrawn:
        lines.append(" ".join(f"-{number}" for number in range(len(ballots.options) + 1, len(names) + 1)))
    if profile.blank:
        lines.append(f"{profile.blank} 0")
    lines += [f"{count} {text.replace('>', ' ')} 0" for text, count in profile.texts()]
    return "\n".join([*lines, "0", *(f'"{name}"' for name in (*names, ballots.title)), ""])
