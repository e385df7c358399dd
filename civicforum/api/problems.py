"""Refusals as problem documents (RFC 9457), titled in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from flask import Response, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, ConfigDict, Field
from werkzeug.exceptions import HTTPException

PROBLEM = "application/problem+json"
TITLES = {
    400: _l("This request cannot be read."),
    404: _l("There is nothing at this address."),
    405: _l("This address only answers to GET, HEAD and OPTIONS."),
    422: _l("A parameter has a value that cannot be."),
    429: _l("There were too many requests from your address. Please wait a minute."),
    500: _l("Something went wrong here. It is not your fault."),
    503: _l("The database does not answer. Please try again in a minute."),
}


class ProblemError(BaseModel):
    """What is wrong with one parameter."""

    model_config = ConfigDict(frozen=True)

    parameter: str
    detail: str


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(default="about:blank", json_schema_extra={"format": "uri-reference"})
    title: str
    status: int = Field(ge=400, le=599)
    detail: str = ""
    errors: list[ProblemError] = []


def problem(
    status: int, *, detail: str = "", errors: Sequence[ProblemError] = (), allow: str = ""
) -> Response:
    """Return the answer that says why there is none."""
    title = str(TITLES[status]) if status in TITLES else _("This request cannot be answered.")
    body = Problem(title=title, status=status, detail=detail, errors=list(errors))
    response = Response(body.model_dump_json(), status=status, mimetype=PROBLEM)
    response.headers["Content-Language"] = str(get_locale()).replace("_", "-")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept-Language")
    if allow:
        response.headers["Allow"] = allow
    return response


def problem_of(error: HTTPException) -> Response:
    """Return the problem document of what Werkzeug refuses."""
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    valid = getattr(error, "valid_methods", None) or ()
    return problem(status, allow=", ".join(sorted(valid)))


def is_api(path: str | None = None) -> bool:
    """Tell whether the request is for open data: answered without cookies, refused without pages."""
    path = request.path if path is None else path
    return path.startswith("/api/") or path in ("/api", "/feed.atom", "/calendar.ics")
