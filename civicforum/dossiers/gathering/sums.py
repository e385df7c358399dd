"""Rules with their arithmetic, in the words of the page's language."""

from __future__ import annotations

from typing import Protocol

from flask_babel import get_locale
from flask_babel import gettext as _

from civicforum.dossiers.contents import Sum
from civicforum.rulebook import Rule


class Judged(Protocol):
    """A verdict, of the rulebook or kept on a result sheet; `rule` None where only the sum was kept."""

    @property
    def holds(self) -> bool: ...
    @property
    def arithmetic(self) -> str: ...
    @property
    def rule(self) -> Rule | None: ...


def sum_of(verdict: Judged, label: str, *, is_vote: bool) -> Sum:
    """Return a verdict; a vote is carried or not, anything else is met or not."""
    if is_vote:
        outcome = _("Carried") if verdict.holds else _("Not carried")
    else:
        outcome = _("Met") if verdict.holds else _("Not met")
    rule, language = verdict.rule, str(get_locale())
    return Sum(
        label=label,
        outcome=outcome,
        holds=verdict.holds,
        arithmetic=verdict.arithmetic,
        rule=rule.text(language) if rule else "",
        article=rule.citation(language) if rule else "",
    )
