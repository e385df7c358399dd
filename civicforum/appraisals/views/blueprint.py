"""The blueprint of appraisals."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("appraisals", __name__, url_prefix="/appraisals")
