"""The blueprint of open data: its refusals, its headers, its limit."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Flask, Response
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException, InternalServerError

from civicforum.api.answering import open_to_all
from civicforum.api.problems import ProblemError, is_api, problem, problem_of
from civicforum.api.reading import Unreadable
from civicforum.api.sessions import SessionsOfPages
from civicforum.database import db
from civicforum.error_pages import status_of
from civicforum.errors import CivicForumError, Invalid
from civicforum.security import csrf, limiter

bp = Blueprint("api", __name__)
# By address and over all addresses of open data together; a script that reads everything stays below it.
LIMIT = "600 per minute"
csrf.exempt(bp)
limiter.shared_limit(LIMIT, scope="open-data")(bp)


@bp.record_once
def keep_cookies_out(state: BlueprintSetupState) -> None:
    app = cast(Flask, state.app)
    app.session_interface = SessionsOfPages()


@bp.after_app_request
def share(response: Response) -> Response:
    return open_to_all(response) if is_api() else response


@bp.errorhandler(CivicForumError)
def refused(refusal: CivicForumError) -> Response:
    return problem(status_of(refusal))


@bp.errorhandler(Unreadable)
def unreadable(refusal: Unreadable) -> Response:
    return problem(422, errors=refusal.errors)


@bp.errorhandler(Invalid)
def invalid(refusal: Invalid) -> Response:
    return problem(422, errors=[ProblemError(parameter=refusal.field or "", detail=refusal.reason)])


@bp.errorhandler(HTTPException)
def http_error(error: HTTPException) -> Response:
    return problem_of(error)


@bp.errorhandler(500)
def bug(_error: InternalServerError) -> Response:
    db.session.rollback()
    return problem(500)
