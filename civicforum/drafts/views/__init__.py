"""URLs and pages of drafts: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.drafts.views import commenting, delivering, ending, showing  # noqa: F401
from civicforum.drafts.views.blueprint import bp

__all__ = ["bp"]
