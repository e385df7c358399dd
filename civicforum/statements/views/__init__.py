"""URLs and pages of conversations: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.statements.views import managing, moderating, showing, taking_part  # noqa: F401
from civicforum.statements.views.blueprint import bp

__all__ = ["bp"]
