"""URLs and pages of appraisals: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.appraisals.views import (  # noqa: F401
    actions,
    drawing,
    follow,
    history,
    listing,
    outside,
    planning,
    rating,
    reports,
    results,
    support,
    uses,
    words,
)
from civicforum.appraisals.views.blueprint import bp

__all__ = ["bp"]
