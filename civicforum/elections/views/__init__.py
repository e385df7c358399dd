"""URLs and pages of elections: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.elections.views import (  # noqa: F401
    handover,
    notices,
    registering,
    results,
    rounds,
)
from civicforum.elections.views.blueprint import bp

__all__ = ["bp"]
