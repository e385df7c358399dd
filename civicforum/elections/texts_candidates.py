"""Nominations and candidates in words: routes, states, what was asked in the review, refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from civicforum.elections.models import Candidate, Nomination
from civicforum.elections.nominations import CHOSE_OTHER_POST, NominationFault, SignatureProblem
from civicforum.elections.registers import OWN_WISH
from civicforum.elections.rules import CandidateState, Disqualification, NominationRoute, NominationState
from civicforum.elections.services.signatures import SignaturesRefused
from civicforum.errors import Invalid, RuleRefused
from civicforum.lawbook.texts import verdict_text
from civicforum.matters.texts import LINE_PROBLEMS

ROUTES: dict[NominationRoute, Any] = {
    NominationRoute.PARTY: _l("By the community party organisation"),
    NominationRoute.JOINT: _l("By voters jointly"),
}
STATES: dict[NominationState, Any] = {
    NominationState.FILED: _l("Filed"),
    NominationState.ACCEPTED: _l("Accepted"),
    NominationState.REFUSED: _l("Refused"),
    NominationState.WITHDRAWN: _l("Withdrawn"),
}
STATE_COLOURS: dict[str, str] = {
    NominationState.FILED: "yellow",
    NominationState.ACCEPTED: "green",
    NominationState.REFUSED: "red",
    NominationState.WITHDRAWN: "grey",
    CandidateState.PRELIMINARY: "blue",
    CandidateState.FORMAL: "solid",
}
CANDIDATE_STATES: dict[CandidateState, Any] = {
    CandidateState.PRELIMINARY: _l("Preliminary candidate"),
    CandidateState.FORMAL: _l("Candidate"),
    CandidateState.REFUSED: _l("Refused"),
    CandidateState.WITHDRAWN: _l("Withdrawn"),
}
# The four grounds of article 18, as they are asked.
DISQUALIFICATIONS: dict[Disqualification, Any] = {
    Disqualification.EXPELLED: _l("Expelled from the Communist Party?"),
    Disqualification.SENTENCED: _l("Punished for a crime?"),
    Disqualification.CRIME_RING: _l("Used criminal gangs or evil forces?"),
    Disqualification.CULT: _l("Organised or joined illegal religious or cult activity?"),
}
GROUND_DECISIONS: dict[str, Any] = {
    Disqualification.EXPELLED: _l("expelled from the Communist Party"),
    Disqualification.SENTENCED: _l("punished for a crime"),
    Disqualification.CRIME_RING: _l("used criminal gangs or evil forces"),
    Disqualification.CULT: _l("organised or joined illegal religious or cult activity"),
    CHOSE_OTHER_POST: _l("chose to stand for another post"),
    OWN_WISH: _l("at the person's own wish"),
}
FAULTS: dict[str, Any] = {
    NominationFault.NO_PERSON: _l("Choose the person who is nominated."),
    NominationFault.NO_SEAT: _l("Choose the post."),
    NominationFault.NOT_ON_ROLL: _l("Only voters on the roll do this. You are not on it."),
    NominationFault.HAS_LEFT: _l("This person has moved away, or will have before election day."),
    NominationFault.OTHER_UNIT: _l(
        "Only residents of the group that chooses its representatives stand here."
    ),
    NominationFault.NOMINATED_ALREADY: _l(
        "This person is nominated for this post already. Sign that nomination instead of filing another."
    ),
    NominationFault.NO_CONSENT: _l("The nominee has not agreed to stand for this post yet."),
    NominationFault.STANDS_ALREADY: _l("This person stands for another post."),
    NominationFault.REFUSED_BEFORE: _l("The review has refused this person as a candidate."),
    NominationFault.ORDER_INCOMPLETE: _l(
        "The list has changed meanwhile. Look at the order again and post the list."
    ),
    NominationFault.TOO_MANY_WAIT: _l(
        "You have asked this candidate several questions that wait for answers. Wait for one of them first."
    ),
    NominationFault.BOX_IS_MADE: _l(
        "The sealed ballot box is made for this paper, so the name stays on it. "
        "Whoever is elected may decline: the seat is then voted on once more."
    ),
    "empty": _l("Enter who signed, one person a line."),
    "too many lines": _l("Enter at most 200 lines at a time."),
}
SIGNATURE_PROBLEMS: dict[Any, Any] = {
    **LINE_PROBLEMS,
    SignatureProblem.NOT_ON_ROLL: _l("Line %(number)s, “%(text)s”: this person is not on the roll."),
    SignatureProblem.IS_NOMINEE: _l("Line %(number)s, “%(text)s”: nobody nominates themselves."),
    SignatureProblem.TOO_MANY: _l(
        "Line %(number)s, “%(text)s”: this person has nominated as many people for the post as it has seats."
    ),
}


def refusal_text(refusal: Invalid | RuleRefused) -> str:
    """Return why something was refused; by the rulebook with what would make it lawful."""
    return str(FAULTS[refusal.reason]) if isinstance(refusal, Invalid) else verdict_text(refusal.verdict)


def lines_refused(refusal: SignaturesRefused) -> list[str]:
    """Return a sentence for each line of a paper that does not count."""
    return [
        str(SIGNATURE_PROBLEMS[line.problem] % {"number": line.number, "text": line.text[:40]})
        for line in refusal.lines
    ]


def decision_text(row: Nomination | Candidate) -> str:
    """Return why a nomination or a candidate was refused or withdrawn."""
    return str(GROUND_DECISIONS.get(row.decision, row.decision))


def route_text(route: NominationRoute, signed: int) -> str:
    """Return by whom a candidate was nominated, as the public page says it."""
    if route is NominationRoute.PARTY:
        return str(_("nominated by the community party organisation"))
    return str(ngettext("nominated by %(num)s voter", "nominated jointly by %(num)s voters", signed))
