"""What stands in an election's way, in sentences; what the link to it says; and the pages of the stages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.elections.blockers import Blocker, BlockerKind
from civicforum.elections.rules import Stage
from civicforum.layout import day, moment

_K = BlockerKind
Figures = Mapping[str, Any]

# What is pressed to clear it.
ACTIONS: dict[BlockerKind, Any] = {
    _K.PLAN_NOT_APPROVED: _l("Record the assembly's decision"),
    _K.DATES_BROKEN: _l("Set the dates"),
    _K.COMMITTEE_NOT_FORMED: _l("Go to the election committee"),
    _K.COMMITTEE_SIZE: _l("Go to the election committee"),
    _K.COMMITTEE_EVEN: _l("Go to the election committee"),
    _K.COMMITTEE_KIN: _l("Go to the election committee"),
    _K.MEMBER_NOMINATED: _l("Go to the election committee"),
    _K.REGISTRATION_RUNNING: _l("Look at the dates"),
    _K.NO_ELECTORS: _l("See who votes"),
    _K.APPLICATIONS_OPEN: _l("Decide on the applications"),
    _K.HOUSEHOLDS_WITHOUT_VOTER: _l("See the registrations"),
    _K.TOO_LATE_FOR_ROLL: _l("Move election day"),
    _K.ROLL_NOT_POSTED: _l("Make and post the roll"),
    _K.OBJECTIONS_RUNNING: _l("See the objections"),
    _K.OBJECTIONS_UNRULED: _l("Rule on the objections"),
    _K.NOMINATION_RUNNING: _l("Look at the dates"),
    _K.NOMINATIONS_UNDECIDED: _l("Decide on the nominations"),
    _K.IN_TWO_POSTS: _l("Enter which post they chose"),
    _K.TOO_FEW_NOMINATED: _l("See the nominations"),
    _K.CHECKS_MISSING: _l("Go to the review of candidates"),
    _K.DISQUALIFIED: _l("Go to the review of candidates"),
    _K.TOO_FEW_CANDIDATES: _l("See the candidates"),
    _K.NO_FORMAL_LIST: _l("Make the formal list"),
    _K.FORMAL_LIST_LATE: _l("Move election day"),
    _K.CANDIDATES_NOT_MET: _l("Record the meeting"),
    _K.STAFF_NOT_POSTED: _l("Issue the notice"),
    _K.PROXIES_NOT_POSTED: _l("Issue the notice"),
    _K.POLL_NOT_READY: _l("Go to the vote"),
    _K.POLLING_RUNNING: _l("Go to the vote"),
    _K.POLL_VOID: _l("Prepare another round"),
    _K.NOT_COUNTED: _l("Go to the count"),
    _K.NOT_TAKEN_OVER: _l("Take the result over"),
    _K.SEATS_EMPTY: _l("Prepare another round"),
    _K.NO_WOMAN: _l("See who was elected"),
    _K.KIN_ELECTED: _l("See who was elected"),
    _K.NOT_ANNOUNCED: _l("Announce the result"),
    _K.UNCERTIFIED: _l("Enter the certificates"),
    _K.NOT_FILED: _l("Record the filing"),
    _K.TERMS_NOT_BEGUN: _l("Begin their terms"),
    _K.HANDOVER_OPEN: _l("Go to the handover"),
}
# What each page is for, by its endpoint.
PAGES: dict[str, Any] = {
    "elections.edit_plan": _l("Change the plan"),
    "elections.move_day": _l("Move election day"),
    "elections.set_dates": _l("Set the dates"),
    "elections.committee": _l("Election committee"),
    "elections.registrations": _l("Registrations"),
    "elections.enter_registration": _l("Register somebody"),
    "elections.rounds": _l("Rolls, ballot papers and rounds"),
    "elections.nominations": _l("Nominations"),
    "elections.nominate": _l("Enter a nomination"),
    "elections.review": _l("Review of candidates"),
    "elections.formal_list": _l("Formal list of candidates"),
    "elections.candidates": _l("Candidates side by side"),
    "elections.result": _l("Result"),
    "elections.winners": _l("Those elected"),
    "elections.handover": _l("Handover"),
    "elections.notices": _l("Official notices"),
    "elections.archive": _l("Files of the election"),
    "elections.register": _l("State that you take part"),
    "elections.am_i_on": _l("Am I on the roll?"),
}
# What comes next, where nothing stands in the way.
NEXT: dict[Stage, Any] = {
    Stage.PLANNED: _l("The plan is decided. The election committee can be formed."),
    Stage.COMMITTEE: _l("The election committee is formed. Registration can begin."),
    Stage.REGISTRATION: _l("Registration is over. The roll can be made and posted."),
    Stage.ROLL: _l("The roll is settled. Nominations can begin."),
    Stage.NOMINATION: _l("Nominations are over. The review can begin."),
    Stage.REVIEW: _l("The review is done. The formal list can be made."),
    Stage.CANDIDATES: _l("Everything is prepared for the vote."),
    Stage.POLLING: _l("Voting has ended. The count can begin."),
    Stage.COUNT: _l("The count is certified. Those elected can be announced."),
    Stage.RESULT: _l("Those elected are announced. The handover can begin."),
    Stage.HANDOVER: _l("Everything is handed over. The election can be completed."),
    Stage.CLOSED: _l("The election is completed. Its papers are kept until the next one is over."),
    Stage.VOID: _l("This election is void. What exists stays visible, and nothing of it counts."),
}


def blocker_text(blocker: Blocker) -> str:
    """Return what stands in the way, as a sentence in the language of the page."""
    return SENTENCES[blocker.kind](blocker.figures)


def _is_chinese() -> bool:
    return str(get_locale()) == "zh_Hans"


def _names(names: Iterable[str]) -> str:
    return ("、" if _is_chinese() else ", ").join(names)


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    joined = (_("%(first)s and %(second)s", first=first, second=second) for first, second in pairs)
    return ("；" if _is_chinese() else "; ").join(joined)


def _said(text: Any) -> Callable[[Figures], str]:
    return lambda _figures: str(text)


def _too_few(figures: Figures) -> str:
    said = _(
        "For %(post)s: %(num)s people, %(seats)s to elect.",
        post=figures["post"],
        num=figures["num"],
        seats=figures["seats"],
    )
    return str(said)


SENTENCES: dict[BlockerKind, Callable[[Figures], str]] = {
    _K.PLAN_NOT_APPROVED: _said(_l("The assembly's decision on the plan is not recorded yet.")),
    _K.DATES_BROKEN: _said(_l("A date of the calendar breaks a rule.")),
    _K.COMMITTEE_NOT_FORMED: _said(_l("The election committee is not formed yet.")),
    _K.COMMITTEE_SIZE: lambda figures: ngettext(
        "The election committee has %(num)s member now.",
        "The election committee has %(num)s members now.",
        figures["num"],
    ),
    _K.COMMITTEE_EVEN: lambda figures: ngettext(
        "The election committee has an even number of members, %(num)s.",
        "The election committee has an even number of members, %(num)s.",
        figures["num"],
    ),
    _K.COMMITTEE_KIN: lambda figures: _(
        "Near relatives sit together on the election committee: %(names)s.", names=_pairs(figures["pairs"])
    ),
    _K.MEMBER_NOMINATED: lambda figures: _(
        "On the election committee, although they or their near relatives are nominated: %(names)s.",
        names=_names(figures["names"]),
    ),
    _K.REGISTRATION_RUNNING: lambda figures: _(
        "Registration was announced to last until %(day)s.", day=day(figures["day"])
    ),
    _K.NO_ELECTORS: _said(_l("There is nobody yet who could vote.")),
    _K.APPLICATIONS_OPEN: lambda figures: ngettext(
        "%(num)s application waits for its decision.",
        "%(num)s applications wait for their decision.",
        figures["num"],
    ),
    _K.HOUSEHOLDS_WITHOUT_VOTER: lambda figures: ngettext(
        "%(num)s registered household has not named who votes for it.",
        "%(num)s registered households have not named who votes for them.",
        figures["num"],
    ),
    _K.TOO_LATE_FOR_ROLL: _said(_l("Election day is too near for the roll of voters.")),
    _K.ROLL_NOT_POSTED: _said(_l("The roll of voters is not posted yet.")),
    _K.OBJECTIONS_RUNNING: lambda figures: _(
        "Objections to the roll can be made until %(at)s.", at=moment(figures["at"])
    ),
    _K.OBJECTIONS_UNRULED: lambda figures: ngettext(
        "%(num)s objection to the roll waits for its ruling.",
        "%(num)s objections to the roll wait for their ruling.",
        figures["num"],
    ),
    _K.NOMINATION_RUNNING: lambda figures: _(
        "Nominations were announced to last until %(day)s.", day=day(figures["day"])
    ),
    _K.NOMINATIONS_UNDECIDED: lambda figures: ngettext(
        "%(num)s nomination waits for its decision.",
        "%(num)s nominations wait for their decision.",
        figures["num"],
    ),
    _K.IN_TWO_POSTS: lambda figures: _(
        "Nominated for more than one post, and have to choose in writing: %(names)s.",
        names=_names(figures["names"]),
    ),
    _K.TOO_FEW_NOMINATED: _too_few,
    _K.CHECKS_MISSING: lambda figures: _(
        "Not everything has been asked about: %(names)s.", names=_names(figures["names"])
    ),
    _K.DISQUALIFIED: lambda figures: _(
        "A ground that bars candidates applies to: %(names)s.", names=_names(figures["names"])
    ),
    _K.TOO_FEW_CANDIDATES: _too_few,
    _K.NO_FORMAL_LIST: _said(_l("The formal list of candidates is not posted yet.")),
    _K.FORMAL_LIST_LATE: _said(_l("The formal list was posted too near to election day.")),
    _K.CANDIDATES_NOT_MET: _said(_l("The meeting of voters and candidates is not recorded yet.")),
    _K.STAFF_NOT_POSTED: _said(_l("Who works at the polling stations is not posted yet.")),
    _K.PROXIES_NOT_POSTED: _said(_l("The list of proxies is not posted yet.")),
    _K.POLL_NOT_READY: _said(_l("The vote is not ready to open: its own page says what is missing.")),
    _K.POLLING_RUNNING: _said(_l("Voting has not ended yet.")),
    _K.POLL_VOID: _said(_l("The vote of this round was void; people vote again in another round.")),
    _K.NOT_COUNTED: _said(_l("The result of the vote is not certified yet.")),
    _K.NOT_TAKEN_OVER: _said(_l("The certified result is not taken over yet.")),
    _K.SEATS_EMPTY: lambda figures: ngettext(
        "%(num)s seat is still empty, and too few are elected to leave it so.",
        "%(num)s seats are still empty, and too few are elected to leave them so.",
        figures["num"],
    ),
    _K.NO_WOMAN: _said(_l("No woman would sit on the committee.")),
    _K.KIN_ELECTED: lambda figures: _(
        "Near relatives were elected together: %(names)s.", names=_pairs(figures["pairs"])
    ),
    _K.NOT_ANNOUNCED: _said(_l("The result is not announced yet.")),
    _K.UNCERTIFIED: lambda figures: ngettext(
        "%(num)s person elected has no certificate yet.",
        "%(num)s people elected have no certificate yet.",
        figures["num"],
    ),
    _K.NOT_FILED: _said(_l("The result is not filed with the subdistrict yet.")),
    _K.TERMS_NOT_BEGUN: lambda figures: ngettext(
        "The term of %(num)s person elected has not begun yet.",
        "The terms of %(num)s people elected have not begun yet.",
        figures["num"],
    ),
    _K.HANDOVER_OPEN: lambda figures: (
        ngettext(
            "%(num)s thing is not handed over yet.", "%(num)s things are not handed over yet.", figures["num"]
        )
        if figures["num"]
        else _("The list of what is handed over is not written yet.")
    ),
}
