"""Rounds, winners and the handover in words."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum.elections.rules import RoundKind, Stage, WinnerState
from civicforum.errors import AlreadyDone, CivicForumError, Invalid, RuleRefused, TransitionNotAllowed
from civicforum.polls import texts_rolls

ROUNDS: dict[RoundKind, Any] = {
    RoundKind.FIRST: _l("First round"),
    RoundKind.FURTHER: _l("Further round for seats left empty"),
    RoundKind.TIE: _l("Vote on those who are level"),
    RoundKind.RERUN: _l("Held again"),
}
# Why another round follows, and who stands in it.
FOLLOWING: dict[RoundKind, Any] = {
    RoundKind.FURTHER: _l(
        "Not all seats are filled. The best who were not elected stand for the open seats, and the most "
        "votes win from a share of the ballots cast."
    ),
    RoundKind.TIE: _l(
        "People are level for the last seat. They alone are voted on again, and more votes win. Nothing is "
        "drawn by lot."
    ),
    RoundKind.RERUN: _l(
        "The poll is not valid, so it decided nothing. It is held again with the same ballot paper."
    ),
}
STATES: dict[WinnerState, tuple[Any, str]] = {
    WinnerState.ELECTED: (_l("Elected"), "green"),
    WinnerState.YIELDED: (_l("Yields to a near relative"), "grey"),
    WinnerState.DECLINED: (_l("Declined"), "grey"),
    WinnerState.VOID: (_l("Election void"), "red"),
}
LETTING_GO: dict[WinnerState, tuple[Any, Any]] = {
    WinnerState.YIELDED: (
        _l("Yields to a near relative who is elected too"),
        _l("The highest post stays; of equal posts, the one with more votes."),
    ),
    WinnerState.DECLINED: (
        _l("Declines the post"),
        _l("In writing. Keep the paper with the election's files."),
    ),
    WinnerState.VOID: (
        _l("The election of this person is void"),
        _l("Won by violence, threats, fraud, bribery, forged papers or false counts (article 22)."),
    ),
}
REFUSALS: dict[str, Any] = {
    "unclear": _l("Say whom this name means: it has the votes that decide."),
    "not_on_roll": _l("Nobody on the roll has this number."),
    "stands": _l("Somebody of these stands already, or is elected."),
    "past": _l("Voting has to begin in the future."),
    "order": _l("Voting has to end after it begins."),
    "stale": _l("The result sheet was changed after it was taken over. Take it over once more."),
    "ground": _l("Say why, in 300 characters at most."),
    "state": _l("Choose what happened."),
    "not_kin": _l("Nobody elected to this body is a near relative, as far as the register knows."),
    "certificate": _l("Enter the number of the certificate."),
    "certified_on": _l("The certificate cannot be of a later day."),
    "note": _l("Enter the number or the date of the filing, in 200 characters at most."),
    "title": _l("Say what is handed over, in 120 characters at most."),
    "since": _l("Choose a day from election day on, and at most 30 days ahead."),
    "ends_before_it_begins": _l("The rest of the term is over before that day."),
    "has_left": _l("Somebody elected has moved away. Write first that the seat is declined."),
}


def refusal_text(refusal: CivicForumError) -> str:
    """Return why something was refused, with the article and the sum where a rule says it."""
    if isinstance(refusal, Invalid) and refusal.reason in REFUSALS:
        return str(REFUSALS[refusal.reason])
    if isinstance(refusal, Invalid | RuleRefused):
        return texts_rolls.refusal_text(refusal)
    if isinstance(refusal, TransitionNotAllowed | AlreadyDone):
        return str(_("The election is not there yet, or somebody else was quicker. Look at what comes next."))
    raise refusal


def round_name(number: int, kind: RoundKind) -> str:
    """Return a round as a heading names it."""
    return str(_("Round %(number)s: %(kind)s", number=number, kind=ROUNDS[kind]))


def waiting_words(stage: Stage) -> str:
    """Return what an election waits for where its rounds ask for nothing."""
    return str(_WAITING.get(stage, _("Nothing is to be done here now.")))


_WAITING: dict[Stage, Any] = {
    Stage.PLANNED: _l("The roll is made once registration is over."),
    Stage.COMMITTEE: _l("The roll is made once registration is over."),
    Stage.REGISTRATION: _l("The roll is made once registration is over."),
    Stage.ROLL: _l("The roll is posted. Objections are made and ruled on, on its own page."),
    Stage.NOMINATION: _l("The ballot paper is set once the final list of candidates stands."),
    Stage.REVIEW: _l("The ballot paper is set once the final list of candidates stands."),
    Stage.CANDIDATES: _l("The paper is set. What else the vote needs stands on its own page."),
    Stage.POLLING: _l("Voting is run on the page of the vote."),
    Stage.COUNT: _l("Ballots are counted on the page of the vote. Then the result is taken over here."),
    Stage.RESULT: _l("The result stands."),
    Stage.HANDOVER: _l("The result stands."),
    Stage.CLOSED: _l("The election is over."),
    Stage.VOID: _l("The election is void."),
}
