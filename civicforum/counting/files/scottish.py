r"""The csv of Scottish council wards as mggg/scot-elex collects them.

    7,4,                                      options, seats
    64,1,                                     papers, then numbers of options in the order preferred
    2,1,3,
    "Candidate 1","Barney Crockett","Labour (Lab)",
    ...
    "Dyce/Bucksburn/Danestone Ward",

Rows may end in commas or not. Nobody shares a place; a row with a count alone stands for blank papers. A
quotation mark inside a name is not doubled, and at its ends it is not part of it (`""Preston, Seton"",`).
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

_HEADING = re.compile(r"\s*-?[0-9]+\s*,\s*-?[0-9]+[\s,]*")
_CANDIDATE = re.compile(r"Candidate ([0-9]{1,5})")

Rows = Iterator[tuple[int, list[str]]]


def is_scottish(heading: str) -> bool:
    """Tell by its first line whether a csv is one of these."""
    return _HEADING.fullmatch(heading) is not None


def read_scottish(source: Source) -> BallotFile:
    """Read a ward. Raises BadFile."""
    rows = ((line, _cells(text, line)) for line, text in source.numbered() if text.strip(", \t"))
    line, heading = next(rows)
    if len(heading) != 2:
        raise BadFile(Fault.HEADER, "the first line is the number of options and the number of seats", line)
    options, seats = options_and_seats(heading[0], heading[1], line)
    box = BallotBox(options)
    line, row = _read_ballots(rows, box, line)
    names, parties = [], []
    for number in range(1, options + 1):
        name, party = _candidate(row, number, line)
        names.append(name)
        parties.append(party)
        line, row = next(rows, (source.lines, []))
    title = _title(row, line)
    for line, row in rows:
        raise BadFile(Fault.SHAPE, f"nothing follows the name of the ward, but here is {shown(row[0])}", line)
    distinct = distinct_names(names, parties)
    return BallotFile(
        title, distinct, seats, box.profile(distinct), parties=tuple(parties), encoding=source.encoding
    )


def _cells(text: str, line: int) -> list[str]:
    row = text.rstrip(", \t")
    if not row.startswith('"'):
        return [cell.strip() for cell in row.split(",")]
    if len(row) < 2 or not row.endswith('"'):
        raise BadFile(Fault.QUOTES, "a quotation mark is opened here and not closed", line)
    return [cell.strip('" \t') for cell in row[1:-1].split('","')]


def _read_ballots(rows: Rows, box: BallotBox, line: int) -> tuple[int, list[str]]:
    """Put the ballots into the box and return the first row that is none."""
    for line, row in rows:
        if _CANDIDATE.fullmatch(row[0]):
            return line, row
        box.add(line, [[option_number(cell, line)] for cell in row[1:]], ballot_count(row[0], line))
    return line, []


def _candidate(row: list[str], number: int, line: int) -> tuple[str, str]:
    named = _CANDIDATE.fullmatch(row[0]) if row else None
    if not named:
        raise BadFile(Fault.CUT_OFF, f"the row of Candidate {number} is missing", line)
    if int(named[1]) != number:
        raise BadFile(Fault.HEADER, f"this should be Candidate {number}, not {named[1]}", line)
    if len(row) not in (2, 3):
        raise BadFile(Fault.SHAPE, "a row of a candidate is number, name and party", line)
    return clean_name(row[1], line), clean_name(row[2], line) if len(row) == 3 else ""


def _title(row: list[str], line: int) -> str:
    if not row:
        raise BadFile(Fault.CUT_OFF, "the name of the ward is missing at the end", line)
    if len(row) != 1 or _CANDIDATE.fullmatch(row[0]):
        raise BadFile(Fault.SHAPE, "after the candidates stands the name of the ward and nothing else", line)
    return clean_name(row[0], line)


def write_scottish(ballots: BallotFile) -> str:
    """Return the text of the file. Raises CannotWrite."""
    profile = ballots.profile
    if profile.kind is not BallotKind.RANKING:
        raise CannotWrite(f"a Scottish csv holds rankings, not {profile.kind.value}")
    if ballots.seats is None or not ballots.title or _CANDIDATE.fullmatch(ballots.title):
        raise CannotWrite("a Scottish csv needs the number of seats and a title")
    if any("=" in text for text, _ in profile.texts()):
        raise CannotWrite("in a Scottish csv no two options share a place")
    if profile.spoiled or ballots.withdrawn:
        raise CannotWrite("a Scottish csv has no place for spoiled papers or withdrawn candidates")
    parties = ballots.parties or ("",) * len(ballots.options)
    rows = [f"{len(ballots.options)},{ballots.seats},"]
    if profile.blank:
        rows.append(f"{profile.blank},")
    rows += [f"{count},{text.replace('>', ',')}," for text, count in profile.texts()]
    for number, (name, party) in enumerate(zip(ballots.options, parties, strict=True), start=1):
        rows.append(_quoted(f"Candidate {number}", name, party))
    return "\n".join([*rows, _quoted(ballots.title), ""])


def _quoted(*cells: str) -> str:
    row = ",".join(f'"{cell}"' for cell in cells) + ","
    # The format has no sign for a quotation mark within a cell: some are read as its end.
    if _cells(row, 1) != list(cells):
        raise CannotWrite(f"a Scottish csv cannot hold these quotation marks: {shown(row)}")
    return row
