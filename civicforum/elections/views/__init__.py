"""URLs and pages of elections: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.elections.views import (  # noqa: F401
    board,
    candidates,
    committee,
    doors,
    handover,
    nominating,
    notices,
    planning,
    recall_notices,
    recalls,
    registering,
    resigning,
    results,
    reviewing,
    rounds,
    showing,
    words,
)
from civicforum.elections.views.blueprint import bp

__all__ = ["bp"]
