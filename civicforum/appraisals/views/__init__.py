"""URLs and pages of appraisals: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.appraisals.views import (  # noqa: F401
    drawing,
    history,
    listing,
    planning,
    reports,
    results,
    uses,
    words,
)
from civicforum.appraisals.views.blueprint import bp

__all__ = ["bp"]
