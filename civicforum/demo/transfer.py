"""A neighbour who moved away asks for her data to be deleted; the clerk has a few days left to decide."""

from __future__ import annotations

from civicforum.demo.story import Script
from civicforum.transfer import services

ASKED = -6
# Any of the grid's adults, the same each time, whom no story names.
GRID, PLACE = 3, 40


def tell_transfer(script: Script) -> None:
    """Put the request into the script."""
    neighbour = script.people.adults_of_grid[GRID][PLACE]
    script.at(
        ASKED,
        10.5,
        lambda now: services.ask_deletion(actor=script.actor_of(neighbour), keeps_texts=True, now=now),
    )
