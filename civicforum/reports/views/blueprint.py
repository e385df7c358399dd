"""The blueprint that every page of reports hangs on, and its filters."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from civicforum.reports import boxes
from civicforum.reports.rules import Standing
from civicforum.reports.texts import STANDINGS
from civicforum.sealed import base32

bp = Blueprint("reports", __name__, url_prefix="/reports")
# A report takes a person minutes; hundreds of residents may come from one address.
MANY_REPORTS = "60 per hour"


@bp.app_template_filter()
def fingerprint(public: bytes) -> str:
    """Return what people compare of a public key."""
    return boxes.fingerprint(public)


@bp.app_template_filter()
def code_groups(code: str) -> str:
    """Return a code in groups of four."""
    return base32.grouped(code, 4)


@bp.app_template_filter()
def report_standing(standing: Standing) -> tuple[str, str]:
    words, colour = STANDINGS[standing]
    return str(words), colour


@bp.after_request
def forget(response: Any) -> Any:
    """Keep every page of reports out of the browser's cache: the phone may be somebody else's tomorrow."""
    response.headers["Cache-Control"] = "no-store"
    return response
