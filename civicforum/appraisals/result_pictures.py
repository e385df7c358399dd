"""Pictures of results: the grades of one subject as a bar, and its scores over the cycles as a line.

Each part of the bar has the letter of its grade in the table beside it: nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from string import ascii_uppercase

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from civicforum.appraisals.figures import decimal
from civicforum.appraisals.queries.result_history import HistoryLine
from civicforum.appraisals.results import Figures
from civicforum.appraisals.texts_results import joined
from civicforum.tabulation.pictures.drawing import percent, picture, tag

BAR_HEIGHT, BAR_TEXT = 44, 28
# A part narrower than this, in percent, has room for its letter alone; below the second, for nothing.
WORDY, LETTERED = 9, 4
HEIGHT, TOP, BOTTOM = 220, 34, 44
# More scores than these have no room for a number each.
NUMBERED = 10
UNGRADED = "–"


@dataclass(frozen=True)
class GradeRow:
    """A grade with its letter, how many gave it, and what part of all valid forms that is."""

    letter: str
    level: str
    count: int
    share: Fraction
    tone: str
    is_modal: bool = False


def rows_of(figures: Figures) -> list[GradeRow]:
    """Return the grades in the order of the scale, and last the forms without one."""
    valid = sum(figures.counts) + figures.ungraded
    rows = [
        GradeRow(letter, level, count, _share(count, valid), tone_of(figures, at), level in figures.modal)
        for at, (letter, level, count) in enumerate(
            zip(ascii_uppercase, figures.levels, figures.counts, strict=False)
        )
    ]
    return [*rows, GradeRow(UNGRADED, "", figures.ungraded, _share(figures.ungraded, valid), "none")]


def tone_of(figures: Figures, at: int) -> str:
    """Return how a grade is drawn: "best", "good", "fair", "poor", or "none" where it has no points."""
    if figures.points[at] is None:
        return "none"
    if figures.levels[at] in figures.poor:
        return "poor"
    return ("best", "good")[at] if at < 2 else "fair"


def grades_picture(figures: Figures, *, name: str) -> Markup:
    """Return the bar of all valid forms. `name` is its id, unlike any other on the page."""
    rows = [row for row in rows_of(figures) if row.count]
    parts, left = [], Fraction(0)
    for row in rows:
        parts.append(_part(row, float(left * 100)))
        left += row.share
    said = joined([f"{row.level or _('Without a grade')} {row.count}" for row in rows])
    title = _("Grades of %(name)s", name=figures.name)
    return picture(*parts, name=name, title=title, about=said, height=BAR_HEIGHT)


def history_picture(lines: Sequence[HistoryLine], *, name: str) -> Markup:
    """Return the scores over the cycles, the earliest on the left; a cycle without a score is a gap."""
    top = max((worth for line in lines for worth in line.figures.points if worth is not None), default=0)
    places = [_place(line, at, len(lines), Fraction(top)) for at, line in enumerate(lines)]
    drawn = [_line(one, other) for one, other in pairwise(places) if one and other]
    drawn += [
        _dot(place, line, with_number=len(lines) <= NUMBERED or at in (0, len(lines) - 1))
        for at, (place, line) in enumerate(zip(places, lines, strict=True))
        if place
    ]
    days = [_day(line, at, len(lines)) for at, line in enumerate(lines) if at in (0, len(lines) - 1)]
    title = ngettext("Score over %(num)s appraisal", "Score over %(num)s appraisals", len(lines))
    about = _("The table below says the same in figures.")
    return picture(_base(), *drawn, *days, name=name, title=title, about=about, height=HEIGHT)


def _share(count: int, whole: int) -> Fraction:
    return Fraction(count, whole) if whole else Fraction(0)


def _part(row: GradeRow, left: float) -> Markup:
    width = float(row.share * 100)
    text = f"{row.letter} {row.count}" if width >= WORDY else row.letter if width >= LETTERED else ""
    return tag(
        "g",
        tag("rect", x=percent(left), width=percent(width), y=0, height=BAR_HEIGHT, class_="grades__box"),
        tag("text", text, x=percent(left + width / 2), y=BAR_TEXT, class_="grades__in") if text else "",
        class_=f"grades__part grades__part--{row.tone}",
    )


@dataclass(frozen=True)
class _Place:
    across: float
    down: float


def _across(at: int, number: int) -> float:
    return 50.0 if number == 1 else 10 + 80 * at / (number - 1)


def _place(line: HistoryLine, at: int, number: int, top: Fraction) -> _Place | None:
    if line.figures.score is None or not top:
        return None
    room = HEIGHT - TOP - BOTTOM
    return _Place(_across(at, number), TOP + room - float(line.figures.score / top) * room)


def _base() -> Markup:
    down = HEIGHT - BOTTOM
    return tag("line", x1="0%", x2="100%", y1=down, y2=down, class_="grades__base")


def _line(one: _Place, other: _Place) -> Markup:
    ends = {"x1": percent(one.across), "y1": one.down, "x2": percent(other.across), "y2": other.down}
    return tag("line", **ends, class_="grades__line")


def _dot(place: _Place, line: HistoryLine, *, with_number: bool) -> Markup:
    x = percent(place.across)
    score = decimal(line.figures.score or Fraction(0))
    return tag(
        "g",
        tag("circle", cx=x, cy=place.down, r=6, class_="grades__dot"),
        tag("text", score, x=x, y=place.down - 14, class_="grades__number") if with_number else "",
    )


def _day(line: HistoryLine, at: int, number: int) -> Markup:
    words = f"{line.held_on:%Y-%m}"
    return tag("text", words, x=percent(_across(at, number)), y=HEIGHT - BOTTOM + 24, class_="grades__day")
