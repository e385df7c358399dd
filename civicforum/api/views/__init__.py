"""Addresses of open data, and the page about it."""

from civicforum.api.views import data, files
from civicforum.api.views.blueprint import bp
from civicforum.api.views.page import page_bp

__all__ = ["bp", "data", "files", "page_bp"]
