"""The whole count in one picture: every stage a row of all votes, and between the rows where they went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from markupsafe import Markup

from civicforum.counting import Amount, Result, Stage, Step

from ..language import Language
from ..standing import Standing, final_order, standings
from .drawing import percent, picture, striped, tag

GAP, TOP, ROW = 92, 22, 18
POOL = 7
LABEL_FROM = 4.0  # percent of the width that a number needs
THINNEST = 0.02  # percent; nobody sees a thinner band
LOST = None  # stands for votes that went to nobody


@dataclass(frozen=True)
class Span:
    """A part of the width, in percent."""

    begin: float
    width: float

    @property
    def end(self) -> float:
        return self.begin + self.width


Row = Mapping[str | None, Span]


def flow_picture(result: Result, language: Language, *, name: str) -> Markup:
    """Return where the votes of a transferable vote went, from the first stage down to the last.

    A row is all valid votes, shared out among the options as they stand, in the order of the outcome, with
    those that went to nobody at its end. What moves in a stage gathers below its source and spreads to those
    who received it. "" where no vote moves: one stage, a rule without a quota, no vote.
    """
    if result.quota is None or len(result.stages) < 2 or not result.valid:
        return Markup("")
    drawing = _Flow(result, language)
    return picture(
        drawing.bands(),
        *drawing.rows(),
        name=name,
        title=language.gettext("Where the votes went"),
        about=language.gettext(
            "Each row is a stage and all valid votes in it. The numbers are those of the options; the bands "
            "between the rows are votes that move."
        ),
        height=drawing.height,
    )


class _Flow:
    def __init__(self, result: Result, language: Language) -> None:
        self.result = result
        self.language = language
        self.order = final_order(result)
        self.tables = standings(result)
        self.spans = [self.row_spans(stage) for stage in result.stages]
        self.height = TOP + GAP * (len(result.stages) - 1) + ROW + 4

    def row_spans(self, stage: Stage) -> Row:
        spans: dict[str | None, Span] = {}
        begin = 0.0
        amounts = [(name, stage.totals[name]) for name in self.order]
        for name, amount in [*amounts, (LOST, stage.non_transferable)]:
            spans[name] = Span(begin, self.share(amount))
            begin = spans[name].end
        return spans

    def share(self, amount: Amount) -> float:
        return 100 * float(amount) / self.result.valid

    def bands(self) -> Markup:
        """Return all bands in a drawing that is stretched to the width, so that curves need no units."""
        paths = [path for number in range(1, len(self.spans)) for path in self.bands_between(number)]
        return tag(
            "svg",
            *paths,
            viewBox=f"0 0 100 {self.height}",
            preserveAspectRatio="none",
            width="100%",
            height=self.height,
            aria_hidden="true",
        )

    def bands_between(self, number: int) -> Iterator[Markup]:
        """Yield the bands that lead to the row of this index."""
        before, after = self.spans[number - 1], self.spans[number]
        top, bottom = self.row_top(number - 1) + ROW, self.row_top(number)
        for name, old in before.items():
            stays = min(old.width, after[name].width)
            if stays > THINNEST:
                yield _band(
                    Span(old.begin, stays), Span(after[name].begin, stays), top, bottom, "tally-stays"
                )
        yield from self.moved(before, after, top, bottom)

    def moved(self, before: Row, after: Row, top: float, bottom: float) -> Iterator[Markup]:
        lost, gained = _falls(before, after), _falls(after, before)
        pool = _pool(lost)
        middle = (top + bottom) / 2
        for span, part in zip(lost, _parts(pool, lost), strict=True):
            yield _band(span, part, top, middle, "tally-moves")
        for span, part in zip(gained, _parts(pool, gained), strict=True):
            yield _band(part, span, middle + POOL, bottom, "tally-moves")
        yield tag("rect", x=pool.begin, width=pool.width, y=middle, height=POOL, class_="tally-pool")

    def rows(self) -> Iterator[Markup]:
        for number, stage in enumerate(self.result.stages):
            yield tag(
                "text", self.row_label(stage), x=0, y=self.row_top(number) - 6, class_="tally-row-label"
            )
            for name, span in self.spans[number].items():
                if span.width > THINNEST:
                    yield self.segment(number, name, span)

    def segment(self, number: int, name: str | None, span: Span) -> Markup:
        y = self.row_top(number)
        if name is LOST:
            return striped(x=span.begin, width=span.width, y=y, height=ROW, kind="tally-idle")
        standing = self.tables[number][name]
        box = {"x": percent(span.begin), "width": percent(span.width), "y": y, "height": ROW}
        part = tag("rect", class_=f"tally-part tally-{standing}", **box)
        return tag("g", part, self.number(name, standing, span, y)) if span.width >= LABEL_FROM else part

    def number(self, name: str, standing: Standing, span: Span, y: float) -> Markup:
        mark = "✓" if standing in (Standing.ELECTED_NOW, Standing.ELECTED) else ""
        text = f"{self.result.contest.options.index(name) + 1}{mark}"
        middle = percent(span.begin + span.width / 2)
        return tag("text", text, x=middle, y=y + 13.5, class_=f"tally-part-label tally-on-{standing}")

    def row_label(self, stage: Stage) -> str:
        numbers = self.language.names(
            [str(self.result.contest.options.index(name) + 1) for name in stage.source[:8]]
        )
        texts = {
            Step.COUNT: self.language.gettext("Stage %(number)s"),
            Step.SURPLUS: self.language.gettext("Stage %(number)s · surplus of no. %(options)s"),
            Step.EXCLUSION: self.language.gettext("Stage %(number)s · no. %(options)s out"),
        }
        more = " …" if len(stage.source) > 8 else ""
        return texts[stage.step] % {"number": stage.number, "options": numbers + more}

    def row_top(self, number: int) -> float:
        return TOP + GAP * number


def _falls(one: Row, other: Row) -> list[Span]:
    """Return the parts, at the end of each span, that are not in the other row."""
    widths = [(span.end, span.width - other[name].width) for name, span in one.items()]
    return [Span(end - width, width) for end, width in widths if width > THINNEST]


def _pool(sources: Sequence[Span]) -> Span:
    """Return where the votes that move gather: as wide as all of them, below the middle of their sources."""
    width = sum(span.width for span in sources)
    if not width:
        return Span(0, 0)
    middle = sum((span.begin + span.width / 2) * span.width for span in sources) / width
    return Span(min(max(middle - width / 2, 0), 100 - width), width)


def _parts(pool: Span, spans: Sequence[Span]) -> list[Span]:
    """Return the pool cut into parts as wide as these, from the left."""
    begins = accumulate((span.width for span in spans), initial=pool.begin)
    return [Span(begin, span.width) for begin, span in zip(begins, spans, strict=False)]


def _band(a: Span, b: Span, top: float, bottom: float, kind: str) -> Markup:
    """Return a band from one span down to another, of whatever width each has."""
    bend = f"{(top + bottom) / 2:.1f}"
    down = f"C{a.begin:.3f} {bend} {b.begin:.3f} {bend} {b.begin:.3f} {bottom:.1f}"
    up = f"C{b.end:.3f} {bend} {a.end:.3f} {bend} {a.end:.3f} {top:.1f}"
    return tag("path", d=f"M{a.begin:.3f} {top:.1f}{down}H{b.end:.3f}{up}Z", class_=kind)
