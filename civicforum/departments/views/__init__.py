"""URLs and pages of departments: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.departments.views import keeping, opinions, showing  # noqa: F401
from civicforum.departments.views.blueprint import bp

__all__ = ["bp"]
