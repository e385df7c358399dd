"""One stage as bars: what everybody has, what they gained or lost, and the quota."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from civicforum.counting import Amount, Result, Stage

from ..language import Language, change, short_figure
from ..standing import Standing, final_order, standings
from ..words import stage_sentence, stage_title
from .drawing import cut, percent, picture, striped, tag

ROW, TOP, BAR = 42, 26, 13
ROOM = 76.0  # of the width; the rest is for the figures
NAME_WIDTH = 60
MARKS = {Standing.ELECTED_NOW: "✓", Standing.ELECTED: "✓", Standing.OUT_NOW: "✕"}


def stage_picture(result: Result, stage: Stage, language: Language, *, name: str) -> Markup:
    """Return a stage as bars, the options in the order of the outcome; who went out earlier is left out.

    Every stage of a count is drawn to one scale. What an option gained is hatched, what it lost an empty
    frame, the quota a broken line.
    """
    drawing = _Bars(result, stage, language)
    rows = drawing.rows()
    return picture(
        *(drawing.row(drawing.top + ROW * place, option) for place, option in enumerate(rows)),
        *drawing.quota_line(len(rows)),
        name=name,
        title=stage_title(result, stage, language),
        about=stage_sentence(result, stage, language),
        height=drawing.top + ROW * len(rows) + 4,
    )


@dataclass
class _Bars:
    result: Result
    stage: Stage
    language: Language

    def __post_init__(self) -> None:
        self.standing = standings(self.result)[self.stage.number - 1]
        self.scale = max(
            (
                float(amount)
                for stage in self.result.stages
                for amount in (*stage.totals.values(), stage.quota or 0)
            ),
            default=0.0,
        )

    @property
    def top(self) -> int:
        """Return how much room the name of the quota takes."""
        return 0 if self.stage.quota is None else TOP

    def rows(self) -> list[str]:
        return [option for option in final_order(self.result) if self.standing[option] is not Standing.OUT]

    def share(self, amount: Amount) -> float:
        return ROOM * float(amount) / self.scale if self.scale else 0.0

    def row(self, y: float, option: str) -> Markup:
        total = self.stage.totals[option]
        number = self.result.contest.options.index(option) + 1
        changed = self.changed(option)
        return tag(
            "g",
            # A drawing of its own cuts the name off before the figures.
            tag(
                "svg",
                tag("text", *self.label(number, option), x=0, y=13, class_="tally-name"),
                y=y,
                width="71%",
                height=18,
                class_="tally-names",
            ),
            tag("text", short_figure(total), x="100%", y=y + 13, class_="tally-figure"),
            *self.bar(y + 20, total, changed),
            tag("text", change(changed), x="100%", y=y + 31, class_="tally-change") if changed else "",
            class_=f"tally-{self.standing[option]}",
        )

    def label(self, number: int, option: str) -> tuple[Markup | str, ...]:
        mark = MARKS.get(self.standing[option])
        return (
            tag("tspan", f"{mark} ", class_="tally-mark") if mark else "",
            tag("tspan", str(number), class_="tally-number"),
            f" {cut(option, NAME_WIDTH)}",
        )

    def changed(self, option: str) -> Amount:
        """Return what the stage changed; a first count changes nothing, it is where all begin."""
        return 0 if self.stage.number == 1 else self.stage.changes.get(option, 0)

    def bar(self, y: float, total: Amount, changed: Amount) -> Iterator[Markup]:
        share, change_share = self.share(total), self.share(changed)
        kept = min(share, share - change_share)
        yield tag("rect", x=0, y=y, width=percent(kept), height=BAR, class_="tally-kept")
        if changed > 0:
            yield striped(x=kept, width=change_share, y=y, height=BAR, kind="tally-gained")
        elif changed:
            yield tag(
                "rect", x=percent(kept), width=percent(-change_share), y=y, height=BAR, class_="tally-lost"
            )

    def quota_line(self, rows: int) -> list[Markup]:
        quota = self.stage.quota
        if quota is None:
            return []
        x = percent(self.share(quota))
        text = self.language.gettext("Quota %(quota)s") % {"quota": short_figure(quota)}
        far = self.share(quota) > 50
        label = tag(
            "text", text, x=x, y=14, dx=-4 if far else 4, class_=f"tally-quota{'-far' if far else ''}"
        )
        ends = [(4, TOP - 8), *((TOP + ROW * row + 17, TOP + ROW * row + 36) for row in range(rows))]
        path = "".join(f"M0 {begin}V{end}" for begin, end in ends)
        # The pale line below keeps the broken one apart from the bars that it crosses.
        lines = (tag("path", d=path, class_=kind) for kind in ("tally-quota-ground", "tally-quota-line"))
        return [label, tag("svg", *lines, x=x, overflow="visible")]
