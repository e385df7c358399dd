"""Options compared two by two, as a grid."""

from __future__ import annotations

from markupsafe import Markup

from civicforum.counting import Pairs, Result

from ..language import Language
from ..standing import final_order
from .drawing import cut, percent, picture, striped, tag

ROW, TOP, CELL = 34, 24, 28
NAMES = 40.0  # percent of the width
NAME_WIDTH = 40


def pairs_picture(result: Result, language: Language, *, name: str) -> Markup:
    """Return the comparisons as a grid, the options in the order of the outcome; "" where there are none.

    A cell is filled as high as the share of the papers that put its row above its column: solid where that
    is a victory, hatched where not. Victories below the diagonal go against the order of the outcome.
    """
    if result.pairs is None:
        return Markup("")
    order = final_order(result)
    width = (100 - NAMES) / len(order)
    heads = (
        tag(
            "text",
            _number(result, option),
            x=percent(NAMES + width * (column + 0.5)),
            y=16,
            class_="tally-column",
        )
        for column, option in enumerate(order)
    )
    rows = (
        _row(result, result.pairs, option, order, TOP + ROW * place, width)
        for place, option in enumerate(order)
    )
    return picture(
        *heads,
        *rows,
        name=name,
        title=language.gettext("Every option against every other"),
        about=language.gettext(
            "A row against a column: solid with a tick where more papers put the row above the column, "
            "hatched where fewer do. The height is the share of the papers that put one of the two "
            "above the other."
        ),
        height=TOP + ROW * len(order) + 2,
    )


def _row(result: Result, pairs: Pairs, option: str, order: tuple[str, ...], y: float, width: float) -> Markup:
    cells = [
        _cell(pairs.over[option][other], pairs.over[other][option], NAMES + width * column, y, width)
        for column, other in enumerate(order)
        if other != option
    ]
    number = tag("tspan", _number(result, option), class_="tally-number")
    label = tag("text", number, f" {cut(option, NAME_WIDTH)}", x=0, y=19, class_="tally-name")
    # A drawing of its own cuts the name off where the cells begin.
    return tag("g", tag("svg", label, y=y, width=percent(NAMES - 1), height=ROW), *cells)


def _cell(ours: int, theirs: int, x: float, y: float, width: float) -> Markup:
    wins = ours > theirs
    height = CELL * ours / (ours + theirs) if ours else 0.0
    left, inner, top = x + 0.3, width - 0.6, y + CELL - height
    box = {"x": percent(left), "width": percent(inner)}
    fill = (
        tag("rect", y=top, height=height, class_="tally-wins", **box)
        if wins
        else striped(x=left, width=inner, y=top, height=height, kind="tally-idle")
    )
    mark = tag(
        "text",
        "✓" if wins else "=" if ours == theirs else "",
        x=percent(x + width / 2),
        y=y + CELL - 5,
        class_=f"tally-cell-mark{'-won' if wins else ''}",
    )
    return tag("g", tag("rect", y=y, height=CELL, class_="tally-cell", **box), fill, mark)


def _number(result: Result, option: str) -> str:
    return str(result.contest.options.index(option) + 1)
