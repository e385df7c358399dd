"""The blueprint that the pages of the notice board share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("notices", __name__, url_prefix="/notices")
