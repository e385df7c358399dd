"""The one blueprint of matters; each module beside this one adds its endpoints to it."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("matters", __name__, url_prefix="/matters")
