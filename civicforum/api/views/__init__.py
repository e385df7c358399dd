"""Addresses of open data."""

from civicforum.api.views import data
from civicforum.api.views.blueprint import bp

__all__ = ["bp", "data"]
