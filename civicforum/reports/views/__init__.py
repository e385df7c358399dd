"""URLs and pages of reports: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.reports.views import authority, keys, reporting  # noqa: F401
from civicforum.reports.views.blueprint import bp

__all__ = ["bp"]
