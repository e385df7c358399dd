"""The blueprint of the reserve list."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("reserve", __name__, url_prefix="/reserve")
