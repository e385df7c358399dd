"""The hearing and the grading in words."""

from __future__ import annotations

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.appraisals.errors_of_rating import (
    GroupsUnfinished,
    NobodyToGrade,
    NotPrepared,
    ReportsNotHeard,
)
from civicforum.appraisals.forms_of_rating import Hearing
from civicforum.appraisals.queries.rating import GroupLine
from civicforum.appraisals.rules import RaterBasis
from civicforum.errors import CivicForumError, Invalid, RuleRefused
from civicforum.lawbook.texts import broken_text, verdict_text
from civicforum.polls.blockers import Blocker
from civicforum.polls.errors import StepBlocked
from civicforum.polls.models import Poll
from civicforum.polls.rules import PollState
from civicforum.polls.texts import STATES
from civicforum.polls.texts_blockers import blocker_text
from civicforum.rulebook import Verdict

HEARINGS: dict[Hearing, LazyString] = {
    Hearing.HEARD: _l("Heard"),
    Hearing.MISSING: _l("No report was handed in"),
    Hearing.NOT_GIVEN: _l("No report given"),
    Hearing.AWAITED: _l("Still to be heard"),
}
HEARING_COLOURS: dict[Hearing, str] = {
    Hearing.HEARD: "green",
    Hearing.MISSING: "red",
    Hearing.NOT_GIVEN: "grey",
    Hearing.AWAITED: "yellow",
}
NOTE_FAULTS: dict[str, LazyString] = {
    "missing": _l("Write down what the oral report said."),
    "long": _l("This is too long."),
}
SHEET_FAULTS: dict[str, LazyString] = {
    "forms": _l("Enter how many forms there were, at least 1."),
    "missing": _l("Enter every number; 0 where there is none."),
    "over": _l("More grades than forms. Compare with the sheet."),
}
TIMES_FAULTS = {"closes_before_opening", "opens_in_past", "opens_before_objections_end", "no_times"}


def names_text(names: tuple[str, ...] | list[str]) -> str:
    """Return names in a row."""
    return ("、" if str(get_locale()) == "zh_Hans" else ", ").join(names)


def group_text(line: GroupLine) -> str:
    """Return where a group stands."""
    if line.group.basis is RaterBasis.OUTSIDE:
        return _outside_text(line)
    if line.poll is None and line.group.basis is RaterBasis.PRESENT:
        return str(_("Ready; the forms are given out in the hall"))
    if line.poll is None:
        return str(_("Not prepared yet"))
    if line.poll.state is PollState.VOID and line.is_finished:
        return str(_("Too few forms came back: never opened"))
    return _poll_text(line.poll)


def _poll_text(poll: Poll) -> str:
    words = {
        PollState.DRAFT: _("Ready; the forms are given out in the hall"),
        PollState.ROLL_POSTED: _("Roll posted; objections can be made"),
        PollState.READY: _("Roll final; begins by itself"),
        PollState.OPEN: _("Being graded"),
        PollState.CLOSED: _("Ended, and not counted yet"),
    }
    return str(words.get(poll.state, STATES[poll.state]))


def _outside_text(line: GroupLine) -> str:
    if line.is_agreed:
        return str(_("Sheet entered by two people, who agree"))
    if line.entered == 0:
        return str(_("Sheet not entered yet"))
    if line.entered == 1:
        return str(_("Entered by one person; somebody else enters it too"))
    return str(_("Entered by two people, who differ"))


def refused_text(refusal: CivicForumError) -> str:
    """Return why a step of the grading was refused, and what would help; raises what it has no words for."""
    match refusal:
        case ReportsNotHeard():
            return str(
                ngettext(
                    "The report of %(names)s was handed in, and it is neither heard nor noted as not given. "
                    "Note it down first.",
                    "The reports of %(names)s were handed in, and they are neither heard nor noted as not "
                    "given. Note them down first.",
                    len(refusal.names),
                    names=names_text(refusal.names),
                )
            )
        case NobodyToGrade():
            return str(
                _(
                    "In the group “%(group)s” nobody is left to grade: whoever is graded themselves grades "
                    "nobody.",
                    group=refusal.group,
                )
            )
        case NotPrepared() | GroupsUnfinished():
            return _groups_text(refusal)
        case RuleRefused():
            return verdict_text(refusal.verdict)
        case StepBlocked():
            return " ".join(map(blocked_text, refusal.blockers))
        case Invalid() if refusal.reason in TIMES_FAULTS:
            return str(
                _(
                    "There is not enough time: a roll is open to objections for three days before anybody on "
                    "it grades. Declare this appraisal void and plan another with later days."
                )
            )
        case _:
            raise refusal


def _groups_text(refusal: NotPrepared | GroupsUnfinished) -> str:
    names = names_text(refusal.groups)
    if isinstance(refusal, NotPrepared):
        words = _(
            "Who grades in these groups is not posted yet: %(names)s. Post their rolls first.", names=names
        )
    else:
        words = _("These groups have not finished: %(names)s.", names=names)
    return str(words)


def blocked_text(blocker: Blocker) -> str:
    """Return what stands in the way, with the rule and the sum where one says so."""
    words = blocker_text(blocker)
    if blocker.rule is None:
        return words
    return f"{words} {broken_text(Verdict(False, blocker.arithmetic, blocker.rule))}"
