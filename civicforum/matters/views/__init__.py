"""URLs and pages of matters: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.matters.views.blueprint import bp

# Imported for their endpoints.
from civicforum.matters.views import listing, raising, reviewing, showing, supporting  # isort: skip
from civicforum.matters.views import appraising, carrying_out, watching  # isort: skip

__all__ = [
    "appraising",
    "bp",
    "carrying_out",
    "listing",
    "raising",
    "reviewing",
    "showing",
    "supporting",
    "watching",
]
