"""The blueprint of personal data and of the community's file; none of its pages is ever kept by a browser."""

from __future__ import annotations

from flask import Blueprint, Response

bp = Blueprint("transfer", __name__, url_prefix="/data")


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response
