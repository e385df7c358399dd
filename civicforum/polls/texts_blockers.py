"""What stands in a poll's way, in sentences; what has to be in order; and what the link to it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.layout import moment
from civicforum.polls.blockers import Blocker, BlockerKind, Requirement, Who

Figures = Mapping[str, Any]

REQUIREMENTS: dict[Requirement, Any] = {
    Requirement.BALLOT: _l("The ballot paper"),
    Requirement.TIMES: _l("When voting opens and closes"),
    Requirement.ROLL: _l("The roll of voters"),
    Requirement.OBJECTIONS: _l("Objections to the roll"),
    Requirement.SCREEN: _l("Whether voting online is allowed"),
    Requirement.KEY: _l("The key and its trustees"),
    Requirement.CARDS: _l("Voting cards"),
    Requirement.BOARD: _l("The ballot box online"),
    Requirement.STATIONS: _l("Polling stations and roving boxes"),
    Requirement.PROXIES: _l("Proxies"),
}
WHO: dict[Who, Any] = {
    Who.RUNNERS: _l("Up to you who run the vote"),
    Who.TRUSTEES: _l("Up to the trustees"),
    Who.DOOR: _l("Up to the polling stations"),
    Who.CLOCK: _l("Passes by itself"),
    Who.OPERATOR: _l("Up to whoever runs the server"),
}
# What is pressed to clear it; a blocker that is not here is only waited for.
ACTIONS: dict[BlockerKind, Any] = {
    BlockerKind.NO_QUESTION: _l("Write the first question"),
    BlockerKind.PAPER_NOT_SET: _l("Set the ballot paper"),
    BlockerKind.NO_TIMES: _l("Set the times"),
    BlockerKind.ALREADY_OVER: _l("Declare the vote void"),
    BlockerKind.NO_ROLL: _l("Draw the roll"),
    BlockerKind.ROLL_NOT_POSTED: _l("Post the roll"),
    BlockerKind.POSTED_TOO_LATE: _l("Declare the vote void"),
    BlockerKind.ROLL_NOT_FROZEN: _l("Freeze the roll"),
    BlockerKind.FEWER_THAN_LEAST: _l("Look at the roll"),
    BlockerKind.OBJECTIONS_UNRULED: _l("Rule on the objections"),
    BlockerKind.SCREEN_NOT_ALLOWED: _l("Declare the vote void"),
    BlockerKind.TRUSTEES_NOT_NAMED: _l("Name the trustees"),
    BlockerKind.CEREMONY_UNFINISHED: _l("Go to the key ceremony"),
    BlockerKind.DRILL_NOT_DONE: _l("Go to the drill"),
    BlockerKind.TRUSTEE_IS_CANDIDATE: _l("Name other trustees"),
    BlockerKind.CARDS_MISSING: _l("Make the voting cards"),
    BlockerKind.BOARD_NOT_FOUNDED: _l("Set up the ballot box"),
    BlockerKind.NO_STATION: _l("Set up a station"),
    BlockerKind.BOX_UNWATCHED: _l("Enter the scrutineers"),
    BlockerKind.PROXIES_LATE: _l("Look at the proxies"),
    BlockerKind.TOO_MANY_PROXIES: _l("Look at the proxies"),
    BlockerKind.CANDIDATE_HOLDS_PROXY: _l("Look at the proxies"),
    BlockerKind.LISTS_AWAITED: _l("Enter the lists"),
    BlockerKind.BALLOTS_TOO_FEW: _l("Decide what is done"),
    BlockerKind.STATIONS_UNSIGNED: _l("Go to the stations"),
    BlockerKind.SHARES_MISSING: _l("Go to the opening"),
    BlockerKind.OBJECTIONS_UNANSWERED: _l("Answer the objections"),
    BlockerKind.WAY_TOO_SMALL: _l("Let the voting last longer"),
    BlockerKind.FORMS_TOO_FEW: _l("Declare the vote void"),
    BlockerKind.FEW_CAME_BACK: _l("Declare the vote void"),
}


def blocker_text(blocker: Blocker) -> str:
    """Return what stands in the way, as a sentence in the language of the page."""
    return SENTENCES[blocker.kind](blocker.figures)


def _names(names: Iterable[str]) -> str:
    return ("、" if str(get_locale()) == "zh_Hans" else ", ").join(names)


def _unruled(figures: Figures) -> str:
    said = ngettext(
        "%(num)s objection to the roll waits for its ruling.",
        "%(num)s objections to the roll wait for their ruling.",
        figures["num"],
    )
    if not figures["overdue"]:
        return str(said)
    late = ngettext("%(num)s of them is late.", "%(num)s of them are late.", figures["overdue"])
    return f"{said} {late}"


SENTENCES: dict[BlockerKind, Callable[[Figures], str]] = {
    BlockerKind.NO_QUESTION: lambda _figures: _("There is no question on the ballot paper yet."),
    BlockerKind.PAPER_NOT_SET: lambda _figures: _(
        "The ballot paper is not set yet: it names the candidates of the final list."
    ),
    BlockerKind.NO_TIMES: lambda _figures: _("It is not set when voting opens and closes."),
    BlockerKind.TOO_EARLY: lambda figures: _(
        "Voting opens at %(at)s, and not before.", at=moment(figures["at"])
    ),
    BlockerKind.ALREADY_OVER: lambda figures: _(
        "Voting should have ended at %(at)s, and it never opened. Declare it void and prepare another.",
        at=moment(figures["at"]),
    ),
    BlockerKind.NO_ROLL: lambda _figures: _("Nobody is on the roll yet."),
    BlockerKind.ROLL_NOT_POSTED: lambda _figures: _("The roll is drawn, and it is not posted yet."),
    BlockerKind.POSTED_TOO_LATE: lambda figures: _(
        "The roll was posted at %(at)s: too late for the day on which voting opens.", at=moment(figures["at"])
    ),
    BlockerKind.ROLL_NOT_FROZEN: lambda _figures: _(
        "The roll is posted, and it is not frozen yet: until then it is not settled who votes."
    ),
    BlockerKind.FEWER_THAN_LEAST: lambda figures: _(
        "%(on_roll)s are on the roll. Fewer than %(least)s ballots are never opened, so they could not be "
        "counted.",
        **figures,
    ),
    BlockerKind.OBJECTIONS_RUNNING: lambda figures: _(
        "Anybody may object to the roll until %(at)s.", at=moment(figures["at"])
    ),
    BlockerKind.OBJECTIONS_UNRULED: _unruled,
    BlockerKind.SCREEN_NOT_ALLOWED: lambda _figures: _(
        "The rules that this election began under do not allow voting online, and it is set up for that."
    ),
    BlockerKind.TRUSTEES_NOT_NAMED: lambda figures: ngettext(
        "%(num)s trustee is still to be named.", "%(num)s trustees are still to be named.", figures["num"]
    ),
    BlockerKind.CEREMONY_UNFINISHED: lambda _figures: _("The trustees have not finished making the key."),
    BlockerKind.DRILL_NOT_DONE: lambda _figures: _(
        "The trustees have not opened the practice ballot yet: only then is it known that their slips work."
    ),
    BlockerKind.TRUSTEE_IS_CANDIDATE: lambda figures: _(
        "On the ballot paper and among the trustees: %(names)s. Whoever stands for election keeps no part of "
        "the key.",
        names=_names(figures["names"]),
    ),
    BlockerKind.CARDS_MISSING: lambda figures: ngettext(
        "%(num)s voter on the roll has no voting card yet.",
        "%(num)s voters on the roll have no voting card yet.",
        figures["num"],
    ),
    BlockerKind.BOARD_NOT_FOUNDED: lambda _figures: _(
        "The ballot box online is not set up. It is, once the roll is frozen and the key is made."
    ),
    BlockerKind.KEYS_MISSING: lambda _figures: _(
        "The key file of this vote is not on this server, so that no ballot could be taken. Whoever runs the "
        "server has to bring back the folder “poll-keys”."
    ),
    BlockerKind.NO_STATION: lambda _figures: _("Paper is provided for, and there is no polling station."),
    BlockerKind.BOX_UNWATCHED: lambda figures: _(
        "The roving box “%(name)s” has too few scrutineers.", **figures
    ),
    BlockerKind.PROXIES_LATE: lambda figures: _(
        "The last proxy was posted at %(at)s: too late for the day on which voting opens.",
        at=moment(figures["at"]),
    ),
    BlockerKind.TOO_MANY_PROXIES: lambda figures: _(
        "%(name)s holds %(num)s proxies, more than anybody may.", **figures
    ),
    BlockerKind.CANDIDATE_HOLDS_PROXY: lambda figures: _(
        "On the ballot paper and holding a proxy: %(names)s.", names=_names(figures["names"])
    ),
    BlockerKind.STILL_OPEN: lambda figures: _("Voting goes on until %(at)s.", at=moment(figures["at"])),
    BlockerKind.WAY_TOO_SMALL: lambda figures: _(
        "%(screen)s forms are in on screen and %(paper)s on paper. What was on paper is published beside the "
        "total, and fewer than %(least)s of one way would show who graded how. Let more of those who grade "
        "take a paper form: it replaces what they sent on screen.",
        **figures,
    ),
    BlockerKind.FORMS_TOO_FEW: lambda figures: _(
        "%(forms)s forms came back, and fewer than %(least)s are neither opened nor counted. This group has "
        "no figures in the result.",
        **figures,
    ),
    BlockerKind.FEW_CAME_BACK: lambda figures: _(
        "%(screen)s forms came on screen and %(paper)s valid ones on paper. Fewer than %(least)s of one way "
        "are neither opened nor counted, for they would show who graded how. This group has no figures in "
        "the result.",
        **figures,
    ),
    BlockerKind.OTHERS_GRADE: lambda figures: _(
        "Others still grade in this appraisal: %(names)s. Nothing is opened before they have finished.",
        names=_names(figures["names"]),
    ),
    BlockerKind.LISTS_AWAITED: lambda figures: ngettext(
        "The list of %(num)s station is still to be entered: %(names)s.",
        "The lists of %(num)s stations are still to be entered: %(names)s.",
        figures["num"],
        names=_names(figures["names"]),
    ),
    BlockerKind.BALLOTS_TOO_FEW: lambda figures: _(
        "%(ballots)s ballots in the box online count, and fewer than %(least)s are never opened. Decide what "
        "is to be done.",
        **figures,
    ),
    BlockerKind.STATIONS_UNSIGNED: lambda figures: ngettext(
        "The count of %(num)s station is not signed yet: %(names)s.",
        "The counts of %(num)s stations are not signed yet: %(names)s.",
        figures["num"],
        names=_names(figures["names"]),
    ),
    BlockerKind.SHARES_MISSING: lambda figures: _(
        "The ballots are not opened yet: %(shares)s of the %(threshold)s trustees needed have come.",
        **figures,
    ),
    BlockerKind.OBJECTIONS_UNANSWERED: lambda figures: ngettext(
        "%(num)s objection to the result waits for its answer.",
        "%(num)s objections to the result wait for their answer.",
        figures["num"],
    ),
}
