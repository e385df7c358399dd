"""What a poll promises, and what no poll here can, in words for residents (docs/sealed-protocol.md).

Each promise is kept beside the tests that prove it: tests/unit/polls/test_promises.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.polls.rules import Preset

SECRET = (Preset.POLL, Preset.SEALED)


@dataclass(frozen=True)
class Promise:
    """One promise. `rests_on` says what has to be true for it, `check` how anybody can look."""

    id: str
    presets: tuple[Preset, ...]
    title: Any
    text: Any
    rests_on: Any = ""
    check: Any = ""


@dataclass(frozen=True)
class Limit:
    """What is not promised, and what is done against it all the same."""

    id: str
    title: Any
    text: Any
    instead: Any


PROMISES: tuple[Promise, ...] = (
    Promise(
        "names",
        (Preset.OPEN,),
        _l("Everybody sees who voted how, once the vote is over"),
        _l("As with a show of hands. While the vote is open nobody sees anybody's vote."),
        check=_l("The names stand on the page of the vote."),
    ),
    Promise(
        "once",
        (Preset.OPEN,),
        _l("Everybody on the roll votes once"),
        _l("A second tap, a second phone or a lost answer never makes a second vote."),
    ),
    Promise(
        "sealed_secrecy",
        (Preset.SEALED,),
        _l("Nobody learns how you voted: only the totals are opened"),
        _l(
            "Your phone seals the ballot before it is sent. The opening key is split among several trustees."
            " They open the sums of all ballots and never a single one."
        ),
        _l(
            "Fewer trustees than are needed for the opening conspire, and your phone and the page on it are"
            " honest."
        ),
        _l("How the key was made stands in the archive, and everybody can check it."),
    ),
    Promise(
        "poll_secrecy",
        (Preset.POLL,),
        _l("Who reads the database sees no vote"),
        _l(
            "Ballots are sealed before they are stored. The key lies outside the database, and ballots are"
            " never opened singly. Technically, the platform is able to open them: it keeps the key."
        ),
        _l("Those who run the platform keep to the rules."),
    ),
    Promise(
        "fairness",
        SECRET,
        _l("No partial result before voting has ended"),
        _l(
            "While voting goes on there are only fingerprints of sealed ballots to see. The ballots"
            " themselves"
            " are published after the stop, and opened after that."
        ),
        _l("The same as for secrecy."),
    ),
    Promise(
        "cards",
        (Preset.SEALED,),
        _l("The platform does not know your voting code"),
        _l(
            "The committee makes the voting cards in its own browser and prints them. The platform is sent"
            " what"
            " it needs to recognise a ballot and cannot make one in your name."
        ),
        _l("Those who print the cards and those who run the platform do not conspire."),
        _l("There are as many credentials as people on the posted roll."),
    ),
    Promise(
        "lost_card",
        (Preset.SEALED,),
        _l("A lost card cannot be used"),
        _l(
            "While voting is open the committee replaces it. From that moment the old card is void, together"
            " with a ballot that was cast with it."
        ),
        check=_l("Each replaced card is a line of the record."),
    ),
    Promise(
        "cast_as_intended",
        SECRET,
        _l("You can test whether your phone seals what you marked"),
        _l(
            "Instead of casting a sealed ballot you can have it opened as a test, on a second device if you"
            " like. A ballot that was tested is never counted; you then seal a new one."
        ),
        _l("You have one honest device to test on."),
    ),
    Promise(
        "recorded",
        SECRET,
        _l("You can see that your ballot is in the box, unchanged"),
        _l(
            "You get a tracker of 20 characters and a signed receipt. If the record ever says something else,"
            " the receipt proves it."
        ),
        check=_l("Look up the tracker, on any phone, also after the count."),
    ),
    Promise(
        "counted",
        SECRET,
        _l("Anybody can check the count"),
        _l(
            "The archive holds all sealed ballots and a proof of each step. One changed character is found"
            " and"
            " named. Nobody has to be trusted for this."
        ),
        check=_l("With the page that checks archives, without a network, or with the command."),
    ),
    Promise(
        "history",
        SECRET,
        _l("Nothing in the record is changed or removed afterwards"),
        _l("Each line carries the fingerprint of all lines before it."),
        _l("Somebody outside keeps a fingerprint: the notice board, a receipt, an observer."),
        _l("The page for observers remembers what it saw, and says loudly if that changes."),
    ),
    Promise(
        "one_person",
        SECRET,
        _l("One person, one ballot, and paper always wins"),
        _l(
            "Whoever is handed a paper can no longer vote online, and what was cast online before does not"
            " count. Voting twice online leaves the last ballot only."
        ),
        check=_l("Ballots counted and papers issued together are never more than the people on the roll."),
    ),
    Promise(
        "least",
        SECRET,
        _l("Too few ballots are not opened"),
        _l("The least number is fixed beforehand, so that nobody's vote can be guessed from a tiny count."),
    ),
    Promise(
        "robust",
        (Preset.SEALED,),
        _l("A trustee who loses the key slip does not stop the count"),
        _l("Any of them, as many as were fixed beforehand, can open the box together."),
    ),
    Promise(
        "forgotten",
        SECRET,
        _l("Who has which ballot is forgotten at a stated date"),
        _l(
            "The keys and the list of whose credential is whose are destroyed. Then the sealed ballots leave"
            " the website; the fingerprints and the result stay."
        ),
        check=_l("The date is fixed before voting begins and is part of what every ballot names."),
    ),
)

LIMITS: tuple[Limit, ...] = (
    Limit(
        "coercion",
        _l("Protection against pressure and vote buying"),
        _l(
            "Whoever films the screen while voting can prove a vote to others. No way of voting on a phone"
            " prevents it."
        ),
        _l(
            "Vote again later and alone where the poll allows it: the last ballot counts. Or take paper at"
            " the"
            " polling station: it always wins."
        ),
    ),
    Limit(
        "device",
        _l("Secrecy from your own phone"),
        _l("A phone that spies sees what you mark. So does a page that was tampered with."),
        _l(
            "The fingerprint of the voting program is printed on the voting card, your browser checks it, and"
            " ballots can be tested. Who doubts the phone votes on paper."
        ),
    ),
    Limit(
        "turnout",
        _l("That the platform does not notice that you voted"),
        _l(
            "It has to know whose ballot it is, so that nobody votes twice. It does not know what the"
            " ballot says."
        ),
        _l("Who took part is linked to ballots only until the stated date."),
    ),
    Limit(
        "future",
        _l("Secrecy for all time"),
        _l(
            "If computers of a new kind can one day open today's seals, whoever kept the archive and also"
            " knows"
            " whose credential is whose could read votes."
        ),
        _l("That list is never published and is destroyed, and the ballots leave the website."),
    ),
    Limit(
        "small",
        _l("Secrecy in a tiny group, or when all agree"),
        _l("If everybody votes the same, the total says how each voted."),
        _l("Small groups vote together where it can be done, and too few ballots are not opened."),
    ),
    Limit(
        "availability",
        _l("That the site can always be reached"),
        _l("Power and networks fail."),
        _l("Polling stations and roving boxes work on paper and on a printed roll."),
    ),
)


def promises_of(preset: Preset) -> list[Promise]:
    """Return what a poll of this preset promises, in the order of the page."""
    return [promise for promise in PROMISES if preset in promise.presets]
