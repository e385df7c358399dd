"""Recalls in words: states, refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.bodies.rules import BodyKind
from civicforum.elections.recalls import DepartureState, EndGround, RecallState
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, RuleRefused, TransitionNotAllowed
from civicforum.polls import texts_rolls

# The words of a state and the colour of its tag.
STATES: dict[RecallState, tuple[Any, str]] = {
    RecallState.DEMANDED: (_l("Signatures are gathered"), "yellow"),
    RecallState.COMPLETE: (_l("Enough signatures"), "blue"),
    RecallState.VOTING: (_l("Put to the vote"), "blue"),
    RecallState.CARRIED: (_l("Recalled"), "red"),
    RecallState.FAILED: (_l("Not recalled"), "green"),
    RecallState.ENDED: (_l("Ended without a vote"), "grey"),
}
GROUNDS: dict[EndGround, Any] = {
    EndGround.RECALLED: _l("Recalled"),
    EndGround.RESIGNED: _l("Resigned"),
    EndGround.INCAPABLE: _l("Lost legal capacity"),
    EndGround.SENTENCED: _l("Sentenced for a crime"),
    EndGround.TWO_STRIKES: _l("Twice appraised as incompetent"),
}
DEPARTURE_STATES: dict[DepartureState, tuple[Any, str]] = {
    DepartureState.FILED: (_l("Waits for an assembly"), "yellow"),
    DepartureState.PASSED: (_l("The post has ended"), "grey"),
    DepartureState.REFUSED: (_l("Resignation not passed"), "red"),
    DepartureState.LAPSED: (_l("The post ended in another way"), "grey"),
}
ASSEMBLIES: dict[BodyKind, Any] = {
    BodyKind.REPRESENTATIVE_ASSEMBLY: _l("The assembly of residents' representatives"),
    BodyKind.RESIDENTS_ASSEMBLY: _l("The residents' assembly"),
}
REFUSALS: dict[str, Any] = {
    "reason": _l("Say why, in 2000 characters at most."),
    "on": _l("Choose a day from the beginning on, and no later than today."),
    "outside_term": _l("The term was over before that day."),
    "paper": _l("Enter the number of the paper, in 120 characters at most."),
    "assembly": _l("Choose which assembly decided."),
    "ground": _l("Choose why the post ended."),
    "not_entitled": _l("Only those sign who elect this post. The register does not name you among them."),
    "reasons": _l("Say why, in 3000 characters at most."),
    "way": _l("Say how this post was elected: by all voters, by households or by representatives."),
    "defence": _l("Write the defence, in 3000 characters at most."),
    "hearing": _l("Say it in 200 characters at most."),
    "past": _l("Voting has to begin in the future."),
    "order": _l("Voting has to end after it begins."),
    "nobody": _l("Nobody is entitled to vote, as far as the register knows. Look at the register first."),
    "empty": _l("Enter at least one line."),
    "too many lines": _l("These are too many lines at once: 200 at most."),
}


def refusal_text(refusal: CivicForumError) -> str:
    """Return why something was refused, with the article and the sum where a rule says it."""
    if isinstance(refusal, Invalid) and refusal.reason in REFUSALS:
        return str(REFUSALS[refusal.reason])
    if isinstance(refusal, Invalid | RuleRefused):
        return texts_rolls.refusal_text(refusal)
    if isinstance(refusal, TransitionNotAllowed | AlreadyDone):
        return str(_("This is not the time for it, or somebody else was quicker. Look at the page again."))
    raise refusal
