"""URLs and pages of polls: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.polls.views import (  # noqa: F401
    ballots,
    box_counts,
    cards,
    casting,
    counting,
    desk,
    drafting,
    hall,
    managing,
    mandates,
    named,
    observing,
    opening,
    promises,
    proxies,
    results,
    roll_objections,
    rolls,
    states,
    stations,
    trackers,
    trustees,
    votes,
)
from civicforum.polls.views.blueprint import bp

__all__ = ["bp"]
