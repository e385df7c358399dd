"""URLs and pages of the supervision committee: each module adds its endpoints to `bp`."""

from __future__ import annotations

from civicforum.supervision.views import (  # noqa: F401
    archive,
    desk,
    findings,
    questions,
    referrals,
    reports,
    sessions,
)
from civicforum.supervision.views.blueprint import bp

__all__ = ["bp"]
