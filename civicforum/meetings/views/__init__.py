"""URLs and pages of meetings: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.meetings.views import deciding, follow_ups, live, minutes, planning, running, showing  # noqa: F401
from civicforum.meetings.views.blueprint import bp

__all__ = ["bp"]
