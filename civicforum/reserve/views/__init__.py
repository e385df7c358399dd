"""URLs and pages of the reserve list: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.reserve.views import candidates, choosing, planning, showing, stages  # noqa: F401
from civicforum.reserve.views.blueprint import bp

__all__ = ["bp"]
