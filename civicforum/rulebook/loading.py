"""Reading profiles: TOML files that hold rules and may extend one another.

A profile has `title_zh`, `title_en`, `in_force_from`, optionally `extends`, the tables `groups` and
`sources`, and an array of `rules`. A rule of an extending profile with a known id overrides it: it repeats
only what differs, but names its own source and says both sentences. A new id has to say it is new
(`new = true`), so that a misspelt override is an error and not one more rule.

A rule that can refuse something says what would make it lawful: `remedy_zh` and `remedy_en`, one sentence
each, without the rule's number, for an extending profile that changes the number keeps them. A profile that
gives one of the two gives both.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from .book import Group, Rulebook
from .errors import ProfileInvalid
from .rules import Clock, Compare, Count, Level, Of, Pairs, Ratio, Rule, Source, Span, Switch, Threshold

PROFILES = Path(__file__).parent / "profiles"
BASE = "national-2026"

Table = dict[str, Any]
E = TypeVar("E", bound=StrEnum)
_REMEDIES = {"remedy_zh", "remedy_en"}
_LENGTHS = {"days", "months", "working_days"}
_COMMON = _REMEDIES | {
    "id",
    "new",
    "kind",
    "source",
    "articles",
    "in_force_from",
    "until",
    "text_zh",
    "text_en",
}


def profiles(folder: Path = PROFILES) -> list[str]:
    """Name the profiles there are, in alphabetical order."""
    return sorted(path.stem for path in folder.glob("*.toml"))


@cache
def load(profile: str, on: date | None = None, *, folder: Path = PROFILES) -> Rulebook:
    """Read a profile and those it extends.

    Args:
        profile: its name, as in "national-2026".
        on: leave out rules and overrides that are not in force on that day; None takes every rule.

    Raises ProfileInvalid, naming the profile, the rule and what is wrong with it.
    """
    try:
        return _load(profile, on, folder)
    except ProfileInvalid:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # A table where a text should be, or no UTF-8: nothing that has a rule of its own to be named by.
        raise ProfileInvalid(f"{profile} is no profile: {error!r}") from error


def _load(profile: str, on: date | None, folder: Path) -> Rulebook:
    chain = _chain(profile, folder)
    sources: dict[str, Source] = {}
    groups: dict[str, Group] = {}
    tables: dict[str, Table] = {}
    rules: dict[str, Rule] = {}
    for name, document in chain:
        groups |= {key: Group(key, **words) for key, words in document.get("groups", {}).items()}
        sources |= {key: _source(key, words) for key, words in document.get("sources", {}).items()}
        for rule in _resolve(name, document, tables, sources, rules):
            if rule.group not in groups:
                raise ProfileInvalid(f"{name}: {rule.id} belongs to no group")
            if on is None or rule.in_force(on):
                rules[rule.id] = rule
    order = list(groups)
    grouped = dict(sorted(rules.items(), key=lambda item: order.index(item[1].group)))
    _, document = chain[-1]
    names = tuple(name for name, _ in chain)
    return Rulebook(
        profile, document["title_zh"], document["title_en"], names, tuple(groups.values()), grouped
    )


def _chain(profile: str, folder: Path) -> list[tuple[str, Table]]:
    """Return the documents from the base to `profile`."""
    chain: list[tuple[str, Table]] = []
    name: str | None = profile
    while name is not None:
        if name not in profiles(folder):
            raise ProfileInvalid(f"there is no profile {name!r}")
        if name in (seen for seen, _ in chain):
            raise ProfileInvalid(f"{name} extends itself")
        try:
            document = tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise ProfileInvalid(f"{name}: {error}") from error
        for key in ("title_zh", "title_en", "in_force_from"):
            if key not in document:
                raise ProfileInvalid(f"{name}: {key} is missing")
        chain.append((name, document))
        name = document.get("extends")
    return chain[::-1]


def _resolve(
    name: str,
    document: Table,
    tables: dict[str, Table],
    sources: Mapping[str, Source],
    before: Mapping[str, Rule],
) -> list[Rule]:
    """Build the rules of one document; `tables` collects what later profiles can override."""
    found: dict[str, Rule] = {}
    for table in document.get("rules", []):
        rule_id = table.get("id", "")
        where = f"{name}: {rule_id or 'a rule without id'}"
        if rule_id in found:
            raise ProfileInvalid(f"{where} is written twice")
        is_override = rule_id in tables
        if is_override == table.get("new", "extends" not in document):
            reason = "is already known" if is_override else "is not known, so it overrides nothing"
            raise ProfileInvalid(f"{where} {reason}")
        merged = _merge(where, tables.get(rule_id), table, document["in_force_from"])
        try:
            rule = _build(merged, sources, name)
        except (KeyError, TypeError, ValueError) as error:
            reason = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
            raise ProfileInvalid(f"{where}: {reason}") from error
        tables[rule_id] = merged
        found[rule_id] = replace(rule, replaced=before.get(rule_id))
    return list(found.values())


def _merge(where: str, base: Table | None, table: Table, in_force_from: date) -> Table:
    """Return a rule's whole table: what the base says, where the override is silent."""
    defaults = {"in_force_from": in_force_from, "articles": []}
    if len(given := _REMEDIES & table.keys()) == 1:
        (left_out,) = _REMEDIES - given
        raise ProfileInvalid(f"{where}: a remedy is given in both languages, and {left_out} is missing")
    if base is None:
        return defaults | table
    if table.get("kind", base["kind"]) != base["kind"]:
        raise ProfileInvalid(f"{where} is a {base['kind']} and cannot become a {table['kind']}")
    missing = {"source", "text_zh", "text_en"} - table.keys()
    if missing:
        raise ProfileInvalid(f"{where}: an override says its own {', '.join(sorted(missing))}")
    # One length replaces another.
    replaced = _LENGTHS if table.keys() & _LENGTHS else set()
    return {key: value for key, value in base.items() if key not in replaced} | defaults | table


def _source(key: str, words: Table) -> Source:
    return Source(key, words["name_zh"], words["name_en"], Level(words["level"]))


def _build(table: Table, sources: Mapping[str, Source], set_by: str) -> Rule:
    kind = table["kind"]
    if kind not in _KINDS:
        raise ValueError(f"{kind!r} is no kind of rule")
    build, own = _KINDS[kind]
    unknown = table.keys() - _COMMON - own
    if unknown:
        raise ValueError(f"a {kind} has no {', '.join(sorted(unknown))}")
    if table["source"] not in sources:
        raise ValueError(f"source {table['source']!r} is not declared")
    common = {
        "id": table["id"],
        "source": sources[table["source"]],
        "articles": tuple(_whole(article, 1) for article in table["articles"]),
        "in_force_from": table["in_force_from"],
        "until": table.get("until"),
        "text_zh": table["text_zh"],
        "text_en": table["text_en"],
        "set_by": set_by,
        "remedy_zh": table.get("remedy_zh", ""),
        "remedy_en": table.get("remedy_en", ""),
    }
    return build(table, common)


def _threshold(table: Table, common: Table) -> Threshold:
    share = _share(table["share"])
    compare = _one_of(Compare, table["compare"])
    if share is None or not 0 < share <= 1 or (share == 1 and compare is Compare.MORE_THAN):
        raise ValueError('share is a fraction that can be reached, written as in "2/3"')
    return Threshold(**common, share=share, compare=compare, of=_one_of(Of, table["of"]))


def _share(value: object) -> Fraction | None:
    """Return the fraction that a text writes; None for whatever else is there, and for a division by 0."""
    try:
        return Fraction(value) if isinstance(value, str) else None
    except (ValueError, ZeroDivisionError):
        return None


def _count(table: Table, common: Table) -> Count:
    least = _whole(table["least"], 0) if "least" in table else None
    most = _whole(table["most"], 0) if "most" in table else None
    if (least is None and most is None) or (least is not None and most is not None and least > most):
        raise ValueError("a count has a least, a most, or both in that order")
    return Count(**common, least=least, most=most, unit=table["unit"])


def _ratio(table: Table, common: Table) -> Ratio:
    per_least, per_most = _whole(table["per_least"], 1), _whole(table["per_most"], 1)
    if per_least > per_most:
        raise ValueError("per_least is larger than per_most")
    return Ratio(**common, per_least=per_least, per_most=per_most, of=_one_of(Of, table["of"]))


def _clock(table: Table, common: Table) -> Clock:
    if len(_LENGTHS & table.keys()) != 1:
        raise ValueError("a clock has either days, months or working days")
    days, months, working = (_whole(table.get(name, 0), 0) for name in ("days", "months", "working_days"))
    if days + months + working == 0:
        raise ValueError("a clock runs for at least one day")
    span = _one_of(Span, table["span"])
    if working and span is not Span.WITHIN:
        raise ValueError("working days are counted to a last day, by the span within")
    return Clock(**common, days=days, months=months, working_days=working, span=span)


def _switch(table: Table, common: Table) -> Switch:
    return Switch(**common, on=_yes_or_no(table["on"]))


def _pairs(table: Table, common: Table) -> Pairs:
    pairs = tuple((str(first), str(second)) for first, second in table["pairs"])
    if not pairs:
        raise ValueError("pairs is empty")
    return Pairs(
        **common,
        pairs=pairs,
        same_person=_yes_or_no(table["same_person"]),
        near_relatives=_yes_or_no(table["near_relatives"]),
        forbidden=_yes_or_no(table["forbidden"]),
    )


_KINDS: dict[str, tuple[Callable[[Table, Table], Rule], set[str]]] = {
    Threshold.kind: (_threshold, {"share", "compare", "of"}),
    Count.kind: (_count, {"least", "most", "unit"}),
    Ratio.kind: (_ratio, {"per_least", "per_most", "of"}),
    Clock.kind: (_clock, {*_LENGTHS, "span"}),
    Switch.kind: (_switch, {"on"}),
    Pairs.kind: (_pairs, {"pairs", "same_person", "near_relatives", "forbidden"}),
}


def _whole(number: object, least: int) -> int:
    if not isinstance(number, int) or isinstance(number, bool) or number < least:
        raise ValueError(f"{number!r} is not a whole number of at least {least}")
    return number


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value


def _one_of(choices: type[E], value: str) -> E:
    if value not in list(choices):
        raise ValueError(f"{value!r} is none of {', '.join(choices)}")
    return choices(value)
