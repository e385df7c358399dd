"""Filling the fixed words of a notice from the data and the rulebook."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from civicforum.elections.wording.loading import Wording
from civicforum.rulebook import Level, Rule, Rulebook, RuleNotFound
from civicforum.rulebook.articles import articles_zh, numeral

# What a draft shows where the officer has not yet filled in what is asked.
GAP = "＿＿＿＿＿＿"
_BLANK = re.compile(r"\{(?:(law|text):)?([a-z_.]+)\}")
_LAW = "《中华人民共和国{}》"


class BlankMissing(Exception):
    """A blank of the fixed text that nothing fills; named by its key."""


def compose(
    wording: Wording, blanks: Mapping[str, str], *, flags: Collection[str] = (), book: Rulebook
) -> str:
    """Return the notice as plain text: headings numbered, one paragraph a line, lists and tables as they are.

    Raises BlankMissing for a blank that is not in `blanks`, and RuleNotFound.
    """
    lines: list[str] = []
    heading = item = 0
    for part in wording.parts:
        if not all(_is_set(flag, blanks, flags, book) for flag in part.when):
            continue
        words = blanks[part.words] if part.way == "block" else _filled(part.words, blanks, book)
        if part.way == "heading":
            heading, item = heading + 1, 0
            words = f"{numeral(heading)}、{words}"
        elif part.way == "item":
            item += 1
            words = f"（{numeral(item)}）{words}"
        else:
            item = item if part.way == "block" else 0
        lines.append(words)
    return "\n".join(line for line in lines if line)


def subject_of(wording: Wording, blanks: Mapping[str, str], *, book: Rulebook) -> str:
    """Return what the notice is about. Raises BlankMissing."""
    return _filled(wording.subject, blanks, book)


def _filled(words: str, blanks: Mapping[str, str], book: Rulebook) -> str:
    def fill(match: re.Match[str]) -> str:
        source, key = match[1], match[2]
        if source:
            return _FROM_RULE[source](book.rule(key))
        if key not in blanks:
            raise BlankMissing(key)
        return blanks[key]

    return _BLANK.sub(fill, words)


def _is_set(flag: str, blanks: Mapping[str, str], flags: Collection[str], book: Rulebook) -> bool:
    wanted, name = not flag.startswith("!"), flag.removeprefix("!")
    return (name in flags or bool(blanks.get(name)) or _is_switched_on(name, book)) == wanted


def _is_switched_on(name: str, book: Rulebook) -> bool:
    try:
        return book.switch(name).on
    except RuleNotFound:
        return False


def law_in_words(rule: Rule) -> str:
    """Name law and articles in full; a rule without an article is the election's own."""
    if rule.level is not Level.NATIONAL or not rule.articles:
        return "本次选举规定"
    return f"{_LAW.format(rule.source.name_zh)}{articles_zh(rule.articles)}"


_FROM_RULE: dict[str, Callable[[Rule], str]] = {
    "law": law_in_words,
    "text": lambda rule: rule.text_zh,
}
