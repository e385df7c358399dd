"""The blueprint of the registers."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("registers", __name__, url_prefix="/registers")
