"""The blueprint that every page of polls hangs on."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("polls", __name__, url_prefix="/polls")
