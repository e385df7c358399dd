"""The blueprint of service ratings."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("ratings", __name__, url_prefix="/service")
