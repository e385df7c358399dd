"""Rolls and proxies in words: ways of drawing, and what was refused."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.errors import Invalid, RuleRefused
from civicforum.lawbook.texts import verdict_text
from civicforum.polls.electorates import Basis, DrawFault
from civicforum.polls.rules_roll import CorrectionFault, HindranceKind, MandateFault, ObjectionFault
from civicforum.polls.texts_drafting import FAULTS

BASES: dict[Basis, tuple[Any, Any]] = {
    Basis.CAPACITIES: (
        _l("All residents who are entitled"),
        _l("Everybody of voting age who is registered, lives, works or owns a home here, as you choose."),
    ),
    Basis.HOUSEHOLDS: (
        _l("One of each household"),
        _l("Whom the household chose, or else its eldest adult. One household has one vote."),
    ),
    Basis.POSTS: (
        _l("Holders of a post"),
        _l("For instance the residents' representatives who are in office when voting begins."),
    ),
}
REFUSALS: dict[str, Any] = {
    **FAULTS,
    DrawFault.NO_CAPACITY: _l("Choose at least one capacity."),
    DrawFault.NOT_STATUTORY: _l(
        "In an election only people registered here, living here, or working for the community may vote."
    ),
    DrawFault.NO_POST: _l("Choose at least one post."),
    DrawFault.NOT_ENTITLED: _l("Somebody on the list of chosen people may not vote in this poll."),
    DrawFault.TWO_OF_A_HOUSEHOLD: _l("Two people on the list belong to one household, which has one vote."),
    CorrectionFault.FROZEN: _l(
        "Voting cards belong to the frozen roll, so nobody can be added any more. "
        "Somebody left out may object to the result."
    ),
    CorrectionFault.ON_ROLL: _l("This person is on the roll already."),
    CorrectionFault.NOT_ON_ROLL: _l("This person is not on the roll any more."),
    CorrectionFault.HAS_PAPER: _l(
        "This person was handed a paper ballot, which cannot be taken out of the box again."
    ),
    CorrectionFault.HAS_LEFT: _l("This person has moved away."),
    CorrectionFault.IS_GRADED: _l("Whoever is graded grades nobody in the same appraisal."),
    CorrectionFault.HOUSEHOLD_HAS_ONE: _l(
        "Somebody else of this household is on the roll, and one household has one vote."
    ),
    CorrectionFault.NO_PERSON: _l("Choose the person who is to be added."),
    CorrectionFault.UNCHANGED: _l(
        "The register of residents says the same as the roll. Have the register put right first."
    ),
    ObjectionFault.TOO_LATE: _l("The time for objections is over."),
    ObjectionFault.NO_NAME: _l("Enter the name of the person who is missing."),
    ObjectionFault.NO_ENTRY: _l("Choose whom on the roll it is about."),
    MandateFault.NOT_PROVIDED: _l("This poll has no proxies."),
    MandateFault.PRINCIPAL_NOT_ON_ROLL: _l("Choose a voter on the roll who gives the proxy."),
    MandateFault.HOLDER_NOT_ON_ROLL: _l("Choose a voter on the roll who votes for the other."),
    MandateFault.SAME_PERSON: _l("Nobody is a proxy for themselves."),
    MandateFault.HAS_PROXY: _l("This voter has given a proxy already. Withdraw that one first."),
    MandateFault.HAS_REQUEST: _l("You have asked somebody already. Take that back first."),
    MandateFault.AWAY_BACKWARDS: _l("The last day away comes before the first one."),
    MandateFault.NOT_ASKED: _l("This request is answered or taken back already."),
    MandateFault.WRITTEN_LATER: _l("The proxy was not written yet on this day."),
    MandateFault.HAS_VOTED: _l("The vote of this voter is in already, so nothing changes any more."),
    "no_times": _l("Set first when voting begins and ends: age is counted on that day."),
    "nobody": _l("Nobody would be on this roll."),
}
HINDRANCES: dict[HindranceKind, Any] = {
    HindranceKind.OBJECTIONS_RUN: _l("Objections can still be made"),
    HindranceKind.UNRULED: _l("Objections wait for a ruling"),
    HindranceKind.NOBODY: _l("Nobody is on the roll"),
    HindranceKind.NO_PAPER: _l("The ballot paper is not set yet"),
}


def refusal_text(refusal: Invalid | RuleRefused) -> str:
    """Return why something was refused, and by the rulebook what would make it lawful."""
    if isinstance(refusal, Invalid):
        return str(REFUSALS[refusal.reason])
    return verdict_text(refusal.verdict)
