"""Who may reach an endpoint: each one says so with a decorator, or the app does not start."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from civicforum.accounts.current import current_actor, current_withheld_roles
from civicforum.accounts.rules import Actor
from civicforum.accounts.second_factor_queries import asks_again
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import NotEligible

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[P, R]

ACCESS = "civicforum_access"


class AccessNotStated(RuntimeError):
    """An endpoint says nothing of who may reach it."""


def public(view: View[P, R]) -> View[P, R]:
    """Let anybody reach the endpoint, signed in or not."""
    setattr(view, ACCESS, "public")
    return view


def signed_in(view: View[P, R]) -> View[P, R]:
    """Ask for a sign-in; what the person may do there is for the service to say."""
    return _guard(view, None, "signed_in")


def oneself(view: View[P, R]) -> View[P, R]:
    """Ask for a sign-in, and refuse while a clerk acts for somebody: for what is the account's own affair."""
    return _guard(view, None, "oneself")


def roles(*allowed: Role) -> Callable[[View[P, R]], View[P, R]]:
    """Ask for a post held today that carries one of these roles."""

    def decorate(view: View[P, R]) -> View[P, R]:
        return _guard(view, frozenset(allowed), "roles:" + ",".join(sorted(allowed)))

    return decorate


def proven_lately(method: str) -> Callable[[View[P, R]], View[P, Any]]:
    """Ask people with a second factor for it, unless they proved it within ten minutes: for the gravest acts.

    Below @roles or @oneself, for requests of this method. A form is not carried out, only its page gone back
    to afterwards.
    """

    def decorate(view: View[P, R]) -> View[P, Any]:
        @wraps(view)
        def asking(*args: P.args, **kwargs: P.kwargs) -> Any:
            if request.method != method or not asks_again(db.session(), current_user, now=datetime.now(UTC)):
                return view(*args, **kwargs)
            page = request.path if method == "GET" else urlsplit(request.referrer or "").path
            return redirect(url_for("second_factor.prove", next=page or None), code=303)

        return asking

    return decorate


def check_access_stated(app: Flask) -> None:
    """Raise AccessNotStated naming the endpoints that carry none of the decorators."""
    silent = sorted(
        name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, ACCESS)
    )
    if silent:
        raise AccessNotStated(", ".join(silent))


def require_actor() -> Actor:
    """Return who acts now. Only for views behind @signed_in or @roles."""
    actor = current_actor()
    if actor is None:
        raise NotEligible("nobody is signed in")
    return actor


def _guard(view: View[P, R], allowed: frozenset[Role] | None, label: str) -> View[P, R]:
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Any:
        if not current_user.is_authenticated:
            return _to_sign_in()
        if allowed is not None and require_actor().roles.isdisjoint(allowed):
            if not current_withheld_roles().isdisjoint(allowed):
                return redirect(url_for("second_factor.own"), code=303)
            raise NotEligible(label)
        if label == "oneself" and require_actor().assisted_by is not None:
            raise NotEligible(label)
        return view(*args, **kwargs)

    setattr(guarded, ACCESS, label)
    return guarded


def _to_sign_in() -> ResponseReturnValue:
    answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
    return answer
