"""What the second engine said of a result, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from civicforum.counting.second import Reason, SecondCount, Status

from .language import N_, Language

_WHY_NOT: Mapping[Reason, str] = {
    Reason.NO_SECOND_ENGINE: N_("%(engine)s does not know this rule, or not for such papers or seats."),
    Reason.NO_VOTES: N_("There is no vote that could be counted."),
    Reason.TOO_LARGE: N_(
        "These ballots are more than %(engine)s can count in the time and memory it is given."
    ),
    Reason.TOO_LONG: N_("%(engine)s was stopped because it took too long."),
    Reason.TIE_OPEN: N_(
        "With the tie open, %(engine)s takes one of those who are still possible: %(winners)s."
    ),
    Reason.TIE_SETTLED: N_(
        "The count met a tie, which each engine settles in its own way; %(engine)s elects %(winners)s."
    ),
    Reason.ENGINE_FAILED: N_("%(engine)s gave no answer."),
}


@dataclass(frozen=True)
class SecondWords:
    """A head and a sentence; the tone is the status."""

    head: str
    text: str
    tone: str


def second_words(second: SecondCount | None, language: Language) -> SecondWords:
    """Return what is to be said of the second count; None when it was not asked for."""
    _ = language.gettext
    if second is None:
        return SecondWords(_("Counted once."), _("No second engine was asked."), Status.NOT_CHECKED)
    values = {"engine": f"{second.engine} {second.version}", "winners": language.names(second.winners)}
    if second.status is Status.AGREES:
        text = _("%(engine)s, written by other people, counted the same ballots and elects the same.")
        return SecondWords(_("Counted twice, with one outcome."), text % values, second.status)
    if second.status is Status.VARIANT:
        text = _(
            "%(engine)s counts transferable votes by a variant of its own, which checks nothing here; by it "
            "are elected: %(winners)s."
        )
        return SecondWords(_("For comparison."), text % values, second.status)
    return SecondWords(
        _("Not checked by a second engine."), _why_not(second, language) % values, second.status
    )


def _why_not(second: SecondCount, language: Language) -> str:
    return language.gettext(_WHY_NOT[second.reason or Reason.ENGINE_FAILED])
