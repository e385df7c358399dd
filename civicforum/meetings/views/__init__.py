"""URLs and pages of meetings: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.meetings.views import (  # noqa: F401
    deciding,
    demanding,
    floor,
    follow_ups,
    inviting,
    live,
    minutes,
    moving,
    planning,
    preparing,
    procedures,
    registers,
    running,
    showing,
    speaking,
    voting,
)
from civicforum.meetings.views.blueprint import bp

__all__ = ["bp"]
