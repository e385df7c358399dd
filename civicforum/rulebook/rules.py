"""The kinds of rule, and how each is judged: exact integers, fractions and calendar days, never a float.

以上, 以下 and 以内 include the number, 超过, 不满 and 过半数 do not (民法典 art 1259): that is the difference
between `Compare.AT_LEAST` and `Compare.MORE_THAN`, and it decides votes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from typing import ClassVar

from .articles import articles_en, articles_zh
from .days import add_months, add_working_days, day_ends, day_of, day_starts


class Level(StrEnum):
    NATIONAL = "national"
    LOCAL = "local"


class Compare(StrEnum):
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


class Span(StrEnum):
    """How a clock relates its two ends; the day of the first end is not counted (民法典 art 201)."""

    WITHIN = "within"
    """The event comes no later than the end of the last day after the start."""
    AT_LEAST = "at_least"
    """The event comes at least so many calendar days after the start: notice before a meeting."""
    LASTING = "lasting"
    """What starts has to stand for so many whole days: a posting."""


class Of(StrEnum):
    """What a threshold is a share of."""

    ROLL = "roll"
    MEMBERS = "members"
    PRESENT = "present"
    TAKING_PART = "taking_part"
    CAST = "cast"
    ADULTS = "adults"
    RESIDENTS = "residents"
    REPRESENTATIVES = "representatives"
    HOUSEHOLDS = "households"
    PARTY_MEMBERS = "party_members"


@dataclass(frozen=True, slots=True)
class Source:
    """A law, a local measure, a practice or the platform itself: where rules come from."""

    key: str
    name_zh: str
    name_en: str
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule has, whatever its kind.

    `set_by` is the profile that gave the value; `replaced` is the rule as it stood before that profile. A
    remedy says in one sentence what to do where the rule refuses something, and is "" where it never does.
    """

    kind: ClassVar[str] = ""

    id: str
    source: Source
    articles: tuple[int, ...]
    in_force_from: date
    until: date | None
    text_zh: str
    text_en: str
    set_by: str
    remedy_zh: str = ""
    remedy_en: str = ""
    replaced: "Rule | None" = None

    @property
    def group(self) -> str:
        """Return the first word of the id: the group it is shown under."""
        return self.id.partition(".")[0]

    @property
    def level(self) -> Level:
        """Return who made the rule: the nation, or the place."""
        return self.source.level

    @property
    def article(self) -> str:
        """Name the source in Chinese, as in 城市居民委员会组织法 第二十九条."""
        return f"{self.source.name_zh} {articles_zh(self.articles)}".rstrip()

    @property
    def article_short(self) -> str:
        """Name the article alone, as in "art 29"; empty when the source has none."""
        return articles_en(self.articles)

    @property
    def value(self) -> str:
        """Write the value so that it reads the same in every language, as in "≥ 2/3" or "5–9"."""
        raise NotImplementedError

    def text(self, language: str) -> str:
        """Return the rule in Chinese for any Chinese locale, such as zh_Hans, and in English otherwise."""
        return self.text_zh if language.startswith("zh") else self.text_en

    def remedy(self, language: str) -> str:
        """Return what makes lawful what the rule refuses, in the language that `text` would choose, or ""."""
        return self.remedy_zh if language.startswith("zh") else self.remedy_en

    def citation(self, language: str) -> str:
        """Name source and articles in Chinese, or in English for every other language."""
        if language.startswith("zh"):
            return self.article
        return f"{self.source.name_en}, {self.article_short}" if self.articles else self.source.name_en

    def terms(self) -> tuple[object, ...]:
        """Return all that this kind of rule decides by; `Rulebook.version` is made of it."""
        raise NotImplementedError

    def in_force(self, on: date) -> bool:
        """Tell whether the rule holds on this day; the first and the last day count."""
        return self.in_force_from <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule holds, and the arithmetic that anybody can check.

    Attributes:
        arithmetic: mathematics without words, as in "41 ≥ 2/3 × 60 = 40".
        least: the smallest whole number that would have held; None where the rule sets no lower bound.
    """

    holds: bool
    arithmetic: str
    rule: Rule
    least: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Rule):
    """A share that a number has to reach (`at_least`) or to exceed (`more_than`)."""

    kind: ClassVar[str] = "threshold"

    share: Fraction
    compare: Compare
    of: Of

    def terms(self) -> tuple[object, ...]:
        """Return (share, how it is compared, what it is a share of)."""
        return (self.share, self.compare, self.of)

    @property
    def value(self) -> str:
        """Write sign and share, as in "≥ 2/3"."""
        return f"{'≥' if self.compare is Compare.AT_LEAST else '>'} {self.share}"

    def least(self, whole: int) -> int:
        """Return the smallest number that holds out of `whole`. A share of nobody is never reached."""
        bound = self.share * whole
        return max(1, ceil(bound) if self.compare is Compare.AT_LEAST else floor(bound) + 1)

    def judge(self, numerator: int, denominators: Mapping[str, int]) -> Verdict:
        """Compare `numerator` with this share of `denominators[self.of]`.

        Raises ValueError when that count is missing, one is negative, or the part exceeds the whole.
        """
        if self.of not in denominators:
            raise ValueError(f"{self.id} is a share of {self.of!s}, which was not given")
        whole = denominators[self.of]
        if not 0 <= numerator <= whole:
            raise ValueError(f"impossible count for {self.id}: {numerator} of {whole}")
        least = self.least(whole)
        holds = numerator >= least
        return Verdict(holds, self._arithmetic(numerator, whole, holds), self, least)

    def _arithmetic(self, numerator: int, whole: int, holds: bool) -> str:
        if self.compare is Compare.AT_LEAST and whole == 0:
            return "0 < 1"
        signs = ("≥", "<") if self.compare is Compare.AT_LEAST else (">", "≤")
        return f"{numerator} {signs[not holds]} {self.share} × {whole} = {_exact(self.share * whole)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count(Rule):
    """A whole number with a lower bound, an upper bound, or both."""

    kind: ClassVar[str] = "count"

    least: int | None
    most: int | None
    unit: str

    def terms(self) -> tuple[object, ...]:
        """Return (lower bound, upper bound, unit); a bound that is not set is None."""
        return (self.least, self.most, self.unit)

    @property
    def value(self) -> str:
        """Write the bounds, as in "≥ 3", or the one number where both are the same."""
        if self.least is None:
            return f"≤ {self.most}"
        if self.most is None:
            return f"≥ {self.least}"
        return str(self.least) if self.least == self.most else f"{self.least}–{self.most}"

    def judge(self, number: int) -> Verdict:
        """Tell whether `number` is within the bounds; both belong to them."""
        too_few = self.least is not None and number < self.least
        too_many = self.most is not None and number > self.most
        if too_few:
            arithmetic = f"{number} < {self.least}"
        elif too_many:
            arithmetic = f"{number} > {self.most}"
        else:
            arithmetic = _between(self.least, str(number), self.most)
        return Verdict(not (too_few or too_many), arithmetic, self, self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(Rule):
    """One of something for so many of something else, as in one representative per 20 to 50 households."""

    kind: ClassVar[str] = "ratio"

    per_least: int
    per_most: int
    of: Of

    def terms(self) -> tuple[object, ...]:
        """Return (fewest for one, most for one, of what)."""
        return (self.per_least, self.per_most, self.of)

    @property
    def value(self) -> str:
        """Write how many share one, as in "1 : 20–50"."""
        return f"1 : {self.per_least}–{self.per_most}"

    def judge(self, number: int, whole: int) -> Verdict:
        """Tell whether `number` is neither too few nor too many for `whole`; one is always needed."""
        if min(number, whole) < 0:
            raise ValueError(f"impossible count for {self.id}: {number} for {whole}")
        least = max(1, ceil(Fraction(whole, self.per_most)))
        most = max(1, floor(Fraction(whole, self.per_least)))
        low = f"{whole} ÷ {self.per_most} = {_exact(Fraction(whole, self.per_most))}"
        high = f"{whole} ÷ {self.per_least} = {_exact(Fraction(whole, self.per_least))}"
        if number < least:
            arithmetic = f"{number} < {least}; {low}"
        elif number > most:
            arithmetic = f"{number} > {most}; {high}"
        else:
            arithmetic = f"{least} ≤ {number} ≤ {most}; {low}; {high}"
        return Verdict(least <= number <= most, arithmetic, self, least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock(Rule):
    """A number of calendar days or months in Asia/Shanghai, or of working days in China (`within` alone).

    Instants go in and come out aware; out in UTC.
    """

    kind: ClassVar[str] = "clock"

    days: int
    months: int
    span: Span
    working_days: int = 0

    def terms(self) -> tuple[object, ...]:
        """Return (days, months, how the two ends relate), with working days as a fourth where they count.

        All lengths but one are 0.
        """
        whole = (self.days, self.months, self.span)
        return (*whole, self.working_days) if self.working_days else whole

    @property
    def value(self) -> str:
        """Write sign and length without the unit, as in "≥ 15"."""
        length = self.days or self.months or self.working_days
        return f"{'≤' if self.span is Span.WITHIN else '≥'} {length}"

    @property
    def unit(self) -> str:
        """Return "days", "months" or "working_days": what `value` counts."""
        if self.working_days:
            return "working_days"
        return "days" if self.days else "months"

    def deadline(self, start: datetime) -> datetime:
        """Return the last instant of the last day: to act (`within`), or to stand (`lasting`).

        It is late when `now > deadline`. Raises ValueError for an `at_least` clock, which has none.
        """
        if self.span is Span.AT_LEAST:
            raise ValueError(f"{self.id} says how early, not how late: ask for earliest() or latest()")
        return day_ends(self._after(day_of(start)))

    def earliest(self, start: datetime) -> datetime:
        """Return the first instant at which the event may be, such as the meeting after its notice.

        Raises ValueError for a `within` clock, whose event may be at once.
        """
        if self.span is Span.WITHIN:
            raise ValueError(f"{self.id} says how late, not how early: ask for deadline()")
        last = self._after(day_of(start))
        return day_starts(last + timedelta(days=1) if self.span is Span.LASTING else last)

    def latest(self, event: datetime) -> datetime:
        """Return the last instant at which the start may be, such as the posting before an election.

        Raises ValueError for a `within` clock.
        """
        if self.span is Span.WITHIN:
            raise ValueError(f"{self.id} says how late, not how early: ask for deadline()")
        first = self._before(day_of(event))
        return day_ends(first - timedelta(days=1) if self.span is Span.LASTING else first)

    def judge(self, start: datetime, event: datetime) -> Verdict:
        """Tell whether the time from `start` to `event` is as the rule wants it."""
        first, then = day_of(start), day_of(event)
        if self.span is Span.WITHIN:
            holds = event <= self.deadline(start)
            sign = "≤" if holds else ">"
        else:
            holds = event >= self.earliest(start)
            # A posting taken down on its fifteenth day has stood for fourteen whole ones.
            signs = (">", "≤") if self.span is Span.LASTING else ("≥", "<")
            sign = signs[not holds]
        if self.days:
            arithmetic = f"{then} − {first} = {(then - first).days} {sign} {self.days}"
        else:
            arithmetic = f"{then} {sign} {self._after(first)}"
        return Verdict(holds, arithmetic, self)

    def _after(self, day: date) -> date:
        if self.working_days:
            return add_working_days(day, self.working_days)
        return add_months(day, self.months) + timedelta(days=self.days)

    def _before(self, day: date) -> date:
        return add_months(day, -self.months) - timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch(Rule):
    """Something that is on or off."""

    kind: ClassVar[str] = "switch"

    on: bool

    def terms(self) -> tuple[object, ...]:
        """Return (whether it is on,)."""
        return (self.on,)

    @property
    def value(self) -> str:
        """Write a tick when it is on, a cross when it is off."""
        return "✓" if self.on else "✗"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs(Rule):
    """Pairs of posts that one person, or two near relatives, may not hold at the same time.

    A post is named by its body, as in "residents_committee", or by body and post, as in
    "party_committee.secretary"; the body alone means each of its posts. A rule with `forbidden` off says that
    the pair is allowed here, and that another profile may forbid it.
    """

    kind: ClassVar[str] = "pairs"

    pairs: tuple[tuple[str, str], ...]
    same_person: bool
    near_relatives: bool
    forbidden: bool

    def terms(self) -> tuple[object, ...]:
        """Return (pairs of posts, for one person, for near relatives, whether they are forbidden)."""
        return (self.pairs, self.same_person, self.near_relatives, self.forbidden)

    @property
    def value(self) -> str:
        """Write a cross when the pairs are forbidden, a tick when they are allowed."""
        return "✗" if self.forbidden else "✓"

    def forbids(self, first: str, second: str, *, related: bool = False) -> bool:
        """Tell whether the two posts may not be held together.

        Args:
            first, second: posts, as in "residents_committee.director"; their order does not matter.
            related: the holders are two near relatives; otherwise they are the same person.
        """
        if not self.forbidden or not (self.near_relatives if related else self.same_person):
            return False
        return any(
            (_is_post(first, a) and _is_post(second, b)) or (_is_post(first, b) and _is_post(second, a))
            for a, b in self.pairs
        )


def _is_post(post: str, pattern: str) -> bool:
    return post == pattern or post.startswith(f"{pattern}.")


def _between(least: int | None, number: str, most: int | None) -> str:
    if least is not None and least == most:
        return f"{number} = {least}"
    if most is None:
        return f"{number} ≥ {least}"
    return f"{number} ≤ {most}" if least is None else f"{least} ≤ {number} ≤ {most}"


def _exact(number: Fraction) -> str:
    """Write a fraction exactly: 40, 20.5, and 33 1/3 where decimals would not end."""
    whole, rest = divmod(number.numerator, number.denominator)
    if rest == 0:
        return str(whole)
    if 100 % number.denominator == 0:
        hundredths = rest * (100 // number.denominator)
        return f"{whole}.{hundredths:02d}".rstrip("0")
    return f"{whole} {rest}/{number.denominator}" if whole else f"{rest}/{number.denominator}"
