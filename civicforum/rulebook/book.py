"""A rulebook: every rule that holds in one community on one day."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import TypeVar

from .errors import RuleNotFound
from .rules import Clock, Count, Pairs, Ratio, Rule, Switch, Threshold

R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that share the first word of their id, with its heading."""

    key: str
    title_zh: str
    title_en: str

    def title(self, language: str) -> str:
        """Return the Chinese heading for every Chinese locale, such as zh_Hans, else the English one."""
        return self.title_zh if language.startswith("zh") else self.title_en


@dataclass(frozen=True, slots=True)
class Rulebook:
    """What `load` returns. Rules are asked for by kind and id; a wrong id or kind raises RuleNotFound.

    Attributes:
        chain: the profiles it was made of, the base first and its own name last.
        version: twelve hexadecimal digits, the same for the same rules; wording does not change it.
    """

    name: str
    title_zh: str
    title_en: str
    chain: tuple[str, ...]
    groups: tuple[Group, ...]
    _rules: dict[str, Rule] = field(repr=False)
    version: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "version", _digest(self._rules))

    def title(self, language: str) -> str:
        """Return the Chinese name for every Chinese locale, such as zh_Hans, else the English one."""
        return self.title_zh if language.startswith("zh") else self.title_en

    def rules(self) -> tuple[Rule, ...]:
        """Return every rule, group by group, in the order of the profiles."""
        return tuple(self._rules.values())

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of this id, whatever its kind. Raises RuleNotFound."""
        if rule_id not in self._rules:
            raise RuleNotFound(f"{self.name} has no rule {rule_id!r}")
        return self._rules[rule_id]

    def threshold(self, rule_id: str) -> Threshold:
        """Return a share to reach or exceed. Raises RuleNotFound, for another kind too."""
        return self._of_kind(rule_id, Threshold)

    def count(self, rule_id: str) -> Count:
        """Return a whole number with its bounds. Raises RuleNotFound, for another kind too."""
        return self._of_kind(rule_id, Count)

    def ratio(self, rule_id: str) -> Ratio:
        """Return a number for so many of something else. Raises RuleNotFound, for another kind too."""
        return self._of_kind(rule_id, Ratio)

    def clock(self, rule_id: str) -> Clock:
        """Return a number of days or months. Raises RuleNotFound, for another kind too."""
        return self._of_kind(rule_id, Clock)

    def switch(self, rule_id: str) -> Switch:
        """Return something that is on or off. Raises RuleNotFound, for another kind too."""
        return self._of_kind(rule_id, Switch)

    def pairs(self) -> tuple[Pairs, ...]:
        """Return every rule about posts that may not be held together, the allowed pairs too."""
        return tuple(rule for rule in self._rules.values() if isinstance(rule, Pairs))

    def _of_kind(self, rule_id: str, kind: type[R]) -> R:
        rule = self.rule(rule_id)
        if not isinstance(rule, kind):
            raise RuleNotFound(f"{rule_id} is a {rule.kind}, not a {kind.kind}")
        return rule


def _digest(rules: dict[str, Rule]) -> str:
    content = [
        [rule.id, rule.kind, *rule.terms(), rule.source.key, list(rule.articles)] for rule in rules.values()
    ]
    written = json.dumps(sorted(content), ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:12]
