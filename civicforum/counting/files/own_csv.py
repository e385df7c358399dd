"""Our own csv, made for spreadsheets: a heading of named rows, then the options, then the ballots.

    kind,ranking             ranking, approval, choices or grades; this row is the first
    title,Trees in the yard  title, seats, scale and withdrawn may be left out and stand in any order
    seats,2
    withdrawn,Dan            names; the ballots say nothing about them
    count,Ann,Bob,Cem        the options; the first cell is `count`, or `ballot` for one paper a row
    12,1,2,
    7,1,1,2

The first cell of a ballot is how many papers say this; under `ballot` it is the paper's own number, which is
not kept. The others are the marks, by kind, and an empty cell is no mark:

- ranking: the place, a whole number from 1; equal numbers share a place, a skipped place is closed up;
- approval: `x`, `1`, `yes` or a tick; `0` and `no` are no mark;
- choices: `for`, `against` or `abstain`;
- grades: a word of the row `scale,excellent,good,poor`, which gives the best first.

A row with a first cell and no mark stands for blank papers, one that says `spoiled` and nothing else for
spoiled ones, and a row of empty cells for nothing. The Chinese words of `words.py` do as well. Files are
UTF-8, or GB18030 as Chinese Excel saves them.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..profile import BallotKind
from .ballot_file import BallotFile
from .box import MOST_OPTIONS, BallotBox
from .cells import join_record, split_record, without_empty_end
from .errors import BadFile, Fault, shown
from .marks import SPOILED, MarkReader, mark_words, scale_of
from .names import clean_name, distinct_names
from .numbers import ballot_count, heading_number
from .source import Source
from .words import word

_NAMED = ("kind", "title", "seats", "scale", "withdrawn")

Records = Iterator[tuple[int, str]]
Heading = dict[str, tuple[int, list[str]]]


def is_own_csv(first_line: str) -> bool:
    """Tell by its first line whether a csv is one of ours."""
    return word(first_line.partition(",")[0].strip('" \t')) == "kind"


def read_own_csv(source: Source) -> BallotFile:
    """Read our csv. Raises BadFile."""
    records = ((line, record) for line, record in source.records() if record.strip(", \t"))
    heading, line, cells = _read_heading(records, source.lines)
    kind = _kind(heading)
    scale = scale_of(kind, *_named(heading, "scale", line))
    listed = [clean_name(name, line) for name in without_empty_end(cells[1:])]
    if not 0 < len(listed) <= MOST_OPTIONS:
        raise BadFile(Fault.HEADER, f"a ballot has from 1 to {MOST_OPTIONS} options, not {len(listed)}", line)
    at, gone = _named(heading, "withdrawn", line)
    names = distinct_names(listed + [clean_name(name, at) for name in gone])
    options, withdrawn = names[: len(listed)], names[len(listed) :]
    box = BallotBox(len(options))
    marks = MarkReader(kind, options, scale)
    spoiled = _read_ballots(records, box, marks, is_counted=word(cells[0]) == "count")
    return BallotFile(
        title=_title(heading),
        options=options,
        seats=_seats(heading),
        profile=box.profile(options, kind, spoiled=spoiled),
        withdrawn=withdrawn,
        scale=scale,
        encoding=source.encoding,
    )


def _read_heading(records: Records, last: int) -> tuple[Heading, int, list[str]]:
    """Return the named rows, and the line and cells of the row of options."""
    heading: Heading = {}
    for line, record in records:
        cells = split_record(record, line)
        key = word(cells[0])
        if key in ("count", "ballot"):
            return heading, line, cells
        if key not in _NAMED or key in heading:
            reason = (
                f"a second row {shown(key)}"
                if key in heading
                else f"no row of the heading is {shown(cells[0])}"
            )
            raise BadFile(Fault.HEADER, reason, line)
        heading[key] = (line, without_empty_end(cells[1:]))
    raise BadFile(Fault.CUT_OFF, "the row of options, which begins with count or ballot, is missing", last)


def _named(heading: Heading, key: str, line: int) -> tuple[int, list[str]]:
    return heading.get(key, (line, []))


def _single(heading: Heading, key: str) -> tuple[int, str]:
    """Return the line and the only value of a row of the heading, empty where there is none."""
    line, values = heading.get(key, (1, []))
    if len(values) > 1:
        raise BadFile(Fault.HEADER, f"the row {key} has one value", line)
    return line, values[0] if values else ""


def _kind(heading: Heading) -> BallotKind:
    line, value = _single(heading, "kind")
    try:
        return BallotKind(word(value))
    except ValueError as error:
        kinds = ", ".join(kind.value for kind in BallotKind)
        raise BadFile(Fault.KIND, f"{shown(value)} is no kind of ballot: {kinds}", line) from error


def _title(heading: Heading) -> str:
    line, title = _single(heading, "title")
    return clean_name(title, line)


def _seats(heading: Heading) -> int | None:
    line, seats = _single(heading, "seats")
    return heading_number(seats, line, "the number of seats") if seats else None


def _read_ballots(records: Records, box: BallotBox, marks: MarkReader, *, is_counted: bool) -> int:
    """Put the ballots into the box and return how many are spoiled."""
    known: dict[str, str] = {}
    spoiled = 0
    for line, record in records:
        if '"' in record:
            first, *cells = split_record(record, line)
            text = _text(cells, box, marks, line)
        else:
            first, _, rest = record.partition(",")
            if rest not in known:
                known[rest] = _text(rest.split(","), box, marks, line)
            text = known[rest]
        count = ballot_count(first.strip(), line) if is_counted else 1
        if text == SPOILED:
            spoiled += count
        else:
            box.put(text, count)
    return spoiled


def _text(cells: list[str], box: BallotBox, marks: MarkReader, line: int) -> str:
    """Return the ballot as the box keeps it, or `spoiled`."""
    written = [cell.strip() for cell in cells]
    if SPOILED in map(word, written):
        if len(set(written) - {""}) > 1:
            raise BadFile(Fault.MARK, "a spoiled paper has no other mark", line)
        return SPOILED
    return box.text(line, marks.groups(without_empty_end(written), line))


def write_own_csv(ballots: BallotFile) -> str:
    """Return the text of the file."""
    profile = ballots.profile
    rows: list[list[object]] = [["kind", profile.kind.value]]
    if ballots.title:
        rows.append(["title", ballots.title])
    if ballots.seats is not None:
        rows.append(["seats", ballots.seats])
    if ballots.scale:
        rows.append(["scale", *ballots.scale])
    if ballots.withdrawn:
        rows.append(["withdrawn", *ballots.withdrawn])
    rows.append(["count", *ballots.options])
    words = ("", *mark_words(profile.kind, ballots.scale))
    for row, count in zip(profile.marks.tolist(), profile.weights.tolist(), strict=True):
        marks = (words[mark] for mark in row) if len(words) > 1 else (mark or "" for mark in row)
        rows.append([count, *marks])
    if profile.blank:
        rows.append([profile.blank, ""])
    if profile.spoiled:
        rows.append([profile.spoiled, SPOILED])
    return "".join(f"{join_record(row)}\n" for row in rows)
