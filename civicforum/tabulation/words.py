"""What happened in a count, in sentences: its stages, its ties, what must happen next."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from civicforum.counting import About, Remedy, Result, Settled, Stage, Step, Tie

from .language import N_, Language, change, short_figure
from .standing import Standing

STANDINGS: Mapping[Standing, str] = {
    Standing.CONTINUING: "",
    Standing.ELECTED_NOW: N_("elected"),
    Standing.ELECTED: N_("elected earlier"),
    Standing.OUT_NOW: N_("out"),
    Standing.OUT: N_("out earlier"),
}
_LEVEL: Mapping[About, str] = {
    About.ELECTION: N_("At the end of stage %(stage)s, %(names)s were level for the last seat."),
    About.SURPLUS: N_("At the end of stage %(stage)s, %(names)s had surpluses of one size."),
    About.EXCLUSION: N_("At the end of stage %(stage)s, %(names)s were level with the fewest votes."),
    About.PAIR: N_("The comparisons among %(names)s are equally clear, and cannot all be kept."),
}
_SETTLED: Mapping[Settled, str] = {
    Settled.EARLIER_STAGE: N_("Stage %(by_stage)s decides, the latest before it in which they differ."),
    Settled.LOT: N_("The lot drawn in public decides."),
    Settled.NO_DIFFERENCE: N_("Whichever way it is settled, the same are elected."),
}
_CHOSEN: Mapping[About, str] = {
    About.ELECTION: N_("Elected: %(names)s."),
    About.SURPLUS: N_("The surplus of %(names)s is passed on first."),
    About.EXCLUSION: N_("Out: %(names)s."),
    About.PAIR: N_("Taken first: %(names)s."),
}
_TITLES: Mapping[Step, str] = {
    Step.COUNT: N_("Stage %(number)s: the next seat"),
    Step.SURPLUS: N_("Stage %(number)s: the surplus of %(names)s is passed on"),
    Step.EXCLUSION: N_("Stage %(number)s: %(names)s goes out"),
}
_TITLES_OF_SEVERAL: Mapping[Step, str] = {
    Step.SURPLUS: N_("Stage %(number)s: the surpluses of %(names)s are passed on"),
    Step.EXCLUSION: N_("Stage %(number)s: %(names)s go out together"),
}


def stage_title(result: Result, stage: Stage, language: Language) -> str:
    """Return what a stage did, in one line."""
    if len(result.stages) == 1:
        return language.gettext("The count")
    text = (_TITLES_OF_SEVERAL if len(stage.source) > 1 else _TITLES)[stage.step]
    if stage.number == 1:
        text = N_("Stage %(number)s: the papers are counted")
    return language.gettext(text) % {"number": stage.number, "names": language.names(stage.source)}


def stage_sentence(result: Result, stage: Stage, language: Language) -> str:
    """Return who rose and by how much, whose papers ran out, and who is elected."""
    transfers = result.quota is not None and stage.number > 1
    parts = [_moved(stage, language), _lost(result, stage, language)] if transfers else []
    return language.sentences(*parts, _elected(stage, language))


def _moved(stage: Stage, language: Language) -> str:
    gains = sorted(
        ((name, gain) for name, gain in stage.changes.items() if gain > 0), key=lambda one: (-one[1], one[0])
    )
    if not gains:
        return language.gettext("Nobody gains a vote.")
    listed = language.names([f"{name} {change(gain)}" for name, gain in gains[:3]])
    text = (
        language.gettext("Gains: %(gains)s.")
        if len(gains) <= 3
        else language.gettext("The largest gains: %(gains)s.")
    )
    return text % {"gains": listed}


def _lost(result: Result, stage: Stage, language: Language) -> str:
    before = result.stages[stage.number - 2].non_transferable
    lost = Fraction(stage.non_transferable) - Fraction(before)
    if lost <= 0:
        return ""
    return language.gettext("Without a further choice: %(votes)s votes.") % {"votes": short_figure(lost)}


def _elected(stage: Stage, language: Language) -> str:
    if not stage.elected:
        return ""
    below = stage.quota is not None and any(stage.totals[name] < stage.quota for name in stage.elected)
    text = (
        language.gettext("As many are left as seats, so these are elected: %(names)s.")
        if below
        else language.gettext("Elected: %(names)s.")
    )
    return text % {"names": language.names(stage.elected)}


def tie_sentences(tie: Tie, language: Language) -> str:
    """Return who was level, and how that was settled; an open tie is only named."""
    level = language.gettext(_LEVEL[tie.about]) % {"stage": tie.stage, "names": language.names(tie.names)}
    if tie.settled is None:
        return level
    settled = language.gettext(_SETTLED[tie.settled]) % {"by_stage": tie.by_stage}
    chosen = (
        language.gettext(_CHOSEN[tie.about]) % {"names": language.names(tie.chosen)} if tie.chosen else ""
    )
    return language.sentences(level, settled, chosen)


def what_next(result: Result, language: Language) -> list[str]:
    """Return what an open tie asks for, a sentence each; nothing where there is none."""
    tied = result.tied
    if tied is None:
        return []
    places = language.ngettext("%(num)s place", "%(num)s places", tied.seats) % {"num": tied.seats}
    values = {"names": language.names(tied.names), "places": places}
    if tied.remedy is Remedy.LOT:
        sentences = [
            language.gettext("The rule leaves this to a lot, drawn in public among %(names)s.") % values,
            language.gettext("Enter what was drawn, the luckiest first, and count again: %(option)s")
            % {"option": lot_option(tied.names)},
        ]
    else:
        sentences = [
            language.gettext("A new vote among %(names)s decides about %(places)s; nothing is drawn.")
            % values
        ]
    return [*sentences, _certain(tied.certain, language)]


def lot_option(names: tuple[str, ...]) -> str:
    """Return how a draw is entered on the command line."""
    return f'--lot "{" > ".join(names)}"'


def _certain(names: tuple[str, ...], language: Language) -> str:
    if not names:
        return language.gettext("Nobody is certain to be elected before that.")
    return language.gettext("Elected whatever comes of it: %(names)s.") % {"names": language.names(names)}


def elected_for_certain(result: Result) -> tuple[str, ...]:
    """Return the elected in order, and after them whoever an open tie cannot keep out."""
    certain = result.tied.certain if result.tied else ()
    return (*result.elected, *(name for name in certain if name not in result.elected))
