"""How every page says a rule, and what it refuses: the article, the sum, what would make it lawful."""

from __future__ import annotations

from flask_babel import get_locale
from flask_babel import gettext as _

from civicforum.rulebook import Rule, Verdict

# A sum compares; "✗" or the name of a post is none.
COMPARING = "<>≤≥="


def rule_text(rule: Rule) -> str:
    """Return a rule with its article."""
    return _said(rule, "", "")


def broken_text(verdict: Verdict) -> str:
    """Return the rule that does not hold, with its article and the sum where there is one."""
    return _said(verdict.rule, _sum_of(verdict), "")


def verdict_text(verdict: Verdict) -> str:
    """Return why a rule refuses something, and what would make it lawful."""
    return _said(verdict.rule, _sum_of(verdict), verdict.rule.remedy(str(get_locale())))


def _said(rule: Rule, total: str, remedy: str) -> str:
    language = str(get_locale())
    # The article belongs to the sentence, so the full stop follows it.
    text, article = rule.text(language).rstrip("。."), rule.citation(language)
    if total:
        words = _(
            "%(rule)s (%(article)s; %(sum)s). %(remedy)s",
            rule=text,
            article=article,
            sum=total,
            remedy=remedy,
        )
    else:
        words = _("%(rule)s (%(article)s). %(remedy)s", rule=text, article=article, remedy=remedy)
    return str(words).rstrip()


def _sum_of(verdict: Verdict) -> str:
    return verdict.arithmetic if any(sign in verdict.arithmetic for sign in COMPARING) else ""
