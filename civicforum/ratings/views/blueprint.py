"""The blueprint that every page of service ratings hangs on, its filters and its limits."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from civicforum.ratings.rules import RatingLevel, ReviewRuling, ServiceClass
from civicforum.ratings.texts import CLASSES, LEVELS, RULINGS, TONES
from civicforum.sealed import base32

bp = Blueprint("ratings", __name__, url_prefix="/service")
# Of codes that belong to no slip and numbers that belong to no rating. A code has 40 bits: at this pace
# nobody finds one; and a whole counter may share one address.
WRONG_CODES = "30 per minute; 200 per hour"
# A rating takes a person half a minute.
MANY_RATINGS = "60 per minute"


def is_unknown(response: Response) -> bool:
    """Tell whether a code or number was asked for that there is none of."""
    return response.status_code in (404, 422)


@bp.app_template_filter()
def rating_level(level: RatingLevel) -> str:
    return str(LEVELS[level])


@bp.app_template_filter()
def rating_tone(level: RatingLevel) -> str:
    return TONES[level]


@bp.app_template_filter()
def service_class(one: ServiceClass) -> str:
    return str(CLASSES[one])


@bp.app_template_filter()
def review_ruling(ruling: ReviewRuling) -> str:
    return str(RULINGS[ruling])


@bp.app_template_filter()
def in_fours(code: str) -> str:
    """Return a code as people read and type it."""
    return base32.grouped(code, 4)


@bp.after_request
def forget(response: Any) -> Any:
    """Keep codes, numbers and what was typed out of the browser's cache: phones are lent."""
    response.headers["Cache-Control"] = "no-store"
    return response
