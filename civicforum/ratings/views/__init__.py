"""URLs and pages of service ratings: importing the package adds every module's endpoints to `bp`."""

from __future__ import annotations

from civicforum.ratings.views import grades, rating, slips, station
from civicforum.ratings.views.blueprint import bp

__all__ = ["bp", "grades", "rating", "slips", "station"]
