"""What the pages of the rules show. Nothing here asks the database: the rules are files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from civicforum.errors import NotFound
from civicforum.rulebook import Group, Rule, Rulebook, RuleNotFound, load, profiles


@dataclass(frozen=True)
class Line:
    """A rule of the profile shown, and the community's own where the two say different things."""

    rule: Rule
    here: Rule | None


@dataclass(frozen=True)
class Section:
    group: Group
    lines: list[Line]


def get_rulebook(profile: str, on: date) -> Rulebook:
    """Return the rules of a profile in force on a day. Raises NotFound."""
    if profile not in profiles():
        raise NotFound(profile)
    return load(profile, on)


def get_rule(book: Rulebook, rule_id: str) -> Rule:
    """Return one rule. Raises NotFound."""
    try:
        return book.rule(rule_id)
    except RuleNotFound as error:
        raise NotFound(rule_id) from error


def list_rulebooks(on: date) -> list[Rulebook]:
    """Return every profile there is, the ones that others extend first."""
    return sorted((load(name, on) for name in profiles()), key=lambda book: (len(book.chain), book.name))


def list_sections(book: Rulebook, *, home: Rulebook, search: str = "") -> list[Section]:
    """Return the rules whose words, source or id contain `search`, by group, against those of `home`."""
    own = {rule.id: rule for rule in home.rules()}
    groups = {group.key: group for group in book.groups}
    return [
        Section(groups[key], [Line(rule, _different(rule, own.get(rule.id))) for rule in rules])
        for key, rules in groupby(_matching(book, groups, search), lambda rule: rule.group)
    ]


def list_versions(rule_id: str, on: date) -> list[tuple[Rulebook, Rule]]:
    """Return what every profile that has the rule makes of it."""
    return [(book, rule) for book in list_rulebooks(on) for rule in book.rules() if rule.id == rule_id]


def _matching(book: Rulebook, groups: dict[str, Group], search: str) -> Iterable[Rule]:
    words = search.casefold().split()
    for rule in book.rules():
        group = groups[rule.group]
        text = " ".join(
            (
                rule.id,
                rule.text_zh,
                rule.text_en,
                rule.article,
                rule.citation("en"),
                group.title_zh,
                group.title_en,
            )
        ).casefold()
        if all(word in text for word in words):
            yield rule


def _different(rule: Rule, own: Rule | None) -> Rule | None:
    """Return the community's own rule when it decides differently."""
    return own if own is not None and own.terms() != rule.terms() else None
