"""The blueprint that every page of elections hangs on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("elections", __name__, url_prefix="/elections")
