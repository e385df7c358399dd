"""URLs and pages of polls: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.polls.views import casting, named  # noqa: F401
from civicforum.polls.views.blueprint import bp

__all__ = ["bp"]
