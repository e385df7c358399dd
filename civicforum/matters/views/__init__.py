"""URLs and pages of matters: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.matters.views.blueprint import bp

__all__ = ["bp"]
