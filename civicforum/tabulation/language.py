"""The language of a count: the sentences of the catalogue, and figures as people read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from gettext import NullTranslations, translation
from pathlib import Path

from civicforum.counting import Amount, decimal_text
from civicforum.counting.result import fixed

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
LANGUAGES = ("zh_Hans", "en")
MINUS = "\N{MINUS SIGN}"


def N_(text: str) -> str:  # noqa: N802 - the name that the collector of texts knows
    """Mark a text for the catalogue; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class Language:
    """What is needed to speak; the functions may as well be those of a web page."""

    code: str
    gettext: Callable[[str], str]
    ngettext: Callable[[str, str, int], str]

    def names(self, names: Sequence[str]) -> str:
        return ("、" if self.code == "zh_Hans" else ", ").join(names)

    def sentences(self, *sentences: str) -> str:
        """Return sentences one after the other; Chinese has no blank between them."""
        return ("" if self.code == "zh_Hans" else " ").join(filter(None, sentences))


def load_language(code: str) -> Language:
    """Return one of LANGUAGES; English needs no catalogue."""
    texts = (
        NullTranslations()
        if code == "en"
        else translation("messages", CATALOGUES, languages=[code], fallback=True)
    )
    return Language(code, texts.gettext, texts.ngettext)


def figure(amount: Amount) -> str:
    """Return an amount with every decimal it has, thousands apart: `1,234.50000`.

    A fraction whose decimals never end is cut after the fourth, and said to be about that: `≈ 0.3333`.
    """
    text = decimal_text(amount)
    if isinstance(amount, Fraction) and "/" in text:
        cut_off = fixed(int(amount * 10**4), 4)
        return f"≈\N{NO-BREAK SPACE}{figure(cut_off)}"
    whole, point, decimals = text.lstrip("-").partition(".")
    return f"{MINUS if amount < 0 else ''}{int(whole):,}{point}{decimals}"


def short_figure(amount: Amount) -> str:
    """Return an amount cut after the fifth decimal, without zeros at its end: `1,234.5`."""
    whole, point, decimals = figure(amount).partition(".")
    return f"{whole}{point}{decimals[:5].rstrip('0')}".rstrip(".")


def change(amount: Amount) -> str:
    """Return what a total gained or lost, with its sign."""
    return f"+{short_figure(amount)}" if amount > 0 else short_figure(amount)
