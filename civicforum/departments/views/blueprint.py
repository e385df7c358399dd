"""The blueprint of departments and opinions on them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("departments", __name__, url_prefix="/departments")
