"""The officer's page of a poll in words: the pages it leads to, and what comes next."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.polls.rules import PollState

# What each page is for, by its endpoint.
PAGES: dict[str, Any] = {
    "polls.edit": _l("Title and kind of vote"),
    "polls.terms": _l("Times, ways of voting and secrecy"),
    "polls.questions": _l("Questions"),
    "polls.preview": _l("See and print the ballot paper"),
    "polls.draw_roll": _l("Draw the roll of voters"),
    "polls.roll": _l("Roll of voters"),
    "polls.roll_objections": _l("Objections to the roll"),
    "polls.correct_roll": _l("Correct the roll"),
    "polls.freeze_roll": _l("Freeze the roll"),
    "polls.mandates": _l("Proxies"),
    "polls.ceremony": _l("Key ceremony"),
    "polls.cards": _l("Voting cards"),
    "polls.stations": _l("Stations and roving boxes"),
    "polls.desk": _l("Desk at the door: hand out paper ballots"),
    "polls.paper_account": _l("Account of the paper ballots"),
    "polls.extend": _l("Let voting last longer"),
    "polls.opening": _l("Opening of the ballot box"),
    "polls.observe": _l("Observe the ballot box"),
    "polls.checking": _l("Check the ballot box yourself"),
    "polls.result": _l("Result"),
    "polls.result_objections": _l("Objections to the result"),
}
# What is to come, where nothing stands in the way.
NEXT: dict[PollState, Any] = {
    PollState.DRAFT: _l("Everything is written. Post the roll, so that everybody can check who may vote."),
    PollState.ROLL_POSTED: _l("The roll is settled. The vote is ready as soon as its ballot box is set up."),
    PollState.READY: _l("Everything is in order. Voting opens by itself at its hour."),
    PollState.OPEN: _l("Voting is going on. It ends by itself at its hour."),
    PollState.CLOSED: _l("Voting has ended, and the count can go on."),
    PollState.COUNTED: _l("The result is there. Certify it when nobody has to be answered any more."),
    PollState.CERTIFIED: _l("The result is certified. There is nothing more to do."),
    PollState.VOID: _l("This vote is void. What exists stays visible, and nothing of it counts."),
}
