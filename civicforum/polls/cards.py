"""Voting cards of sealed polls: when they are made, when one is replaced, and how many go on a sheet.

The committee's browser makes the codes and prints them. The platform gets public credentials alone.
"""

from __future__ import annotations

from enum import StrEnum

from civicforum.polls.rules import PollState, Preset

# Of eight cards on A4 each is 97 by 69 mm.
CARDS_ON_A_SHEET = 8
MOST_AT_ONCE = 200


class CardFault(StrEnum):
    """Why no card is made or replaced."""

    NO_CARDS = "no_cards"
    ROLL_OPEN = "roll_open"
    FOUNDED = "founded"
    NOT_FOUNDED = "not_founded"
    NOT_IN_TIME = "not_in_time"
    TOO_MANY = "too_many"
    NOT_ON_ROLL = "not_on_roll"
    STRUCK_OFF = "struck_off"
    MADE_BEFORE = "made_before"
    TWICE = "twice"
    NOT_A_CREDENTIAL = "not_a_credential"
    PAPER_ISSUED = "paper_issued"
    NO_CARD = "no_card"


class CardReason(StrEnum):
    """Why a card is replaced: a closed list, for a reason in words would name the voter."""

    LOST = "lost"
    DAMAGED = "damaged"
    NOT_RECEIVED = "not_received"
    SEEN = "seen"


def has_cards(preset: Preset, *, by_screen: bool) -> bool:
    """Tell whether voters get a card: where the platform keeps no key and hands out no code."""
    return preset is Preset.SEALED and by_screen


def making_fault(
    preset: Preset, state: PollState, *, by_screen: bool, is_frozen: bool, is_founded: bool
) -> CardFault | None:
    """Return why no cards are made now: they are made once the roll is frozen, until the board is founded."""
    if not has_cards(preset, by_screen=by_screen):
        return CardFault.NO_CARDS
    if is_founded or state not in (PollState.DRAFT, PollState.ROLL_POSTED):
        return CardFault.FOUNDED
    return None if is_frozen else CardFault.ROLL_OPEN


def replacing_fault(
    preset: Preset, state: PollState, *, by_screen: bool, is_founded: bool, is_past_close: bool
) -> CardFault | None:
    """Return why no card is replaced now: from the founding of the board to the stop."""
    if not has_cards(preset, by_screen=by_screen):
        return CardFault.NO_CARDS
    if not is_founded:
        return CardFault.NOT_FOUNDED
    if state not in (PollState.READY, PollState.OPEN) or is_past_close:
        return CardFault.NOT_IN_TIME
    return None
