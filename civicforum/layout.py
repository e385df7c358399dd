"""What every page shows around its content: language, navigation by role, banners; and the filters of templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Flask, current_app, request, session, url_for
from flask_babel import Babel, format_date, format_datetime, get_locale
from flask_babel import gettext as _
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from civicforum.accounts.current import current_actor, current_assistance, current_community, current_person
from civicforum.bodies.rules import Role

LOCALES = ("zh_Hans", "en")
babel = Babel()


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    current: bool = False


def select_locale() -> str:
    """Return the language chosen on the page, else the browser's, else Chinese."""
    chosen = session.get("language")
    if chosen in LOCALES:
        return str(chosen)
    best = request.accept_languages.best_match(["zh-Hans", "zh-CN", "zh", "en"], default="zh")
    return "en" if best == "en" else "zh_Hans"


def init_app(app: Flask) -> None:
    babel.init_app(app, locale_selector=select_locale)
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    loader = app.jinja_loader
    assert loader is not None
    packages = ("govuk_frontend_jinja", "govuk_frontend_wtf")
    app.jinja_loader = ChoiceLoader(  # type: ignore[assignment]
        [loader, PrefixLoader({name: PackageLoader(name) for name in packages})]
    )
    WTFormsHelpers(app)
    app.jinja_env.filters.update(day=day, moment=moment, yuan=yuan)
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    """Return what base.html needs."""
    # An error page of a request that never reached routing has no visitor to read.
    community = current_community()
    assistance = current_assistance()
    return {
        "navigation": navigation(),
        "community": community,
        "actor": current_actor(),
        "person": current_person(),
        "assisting": assistance,
        "demonstration": community is not None and community.is_demonstration,
        "elder_view": session.get("elder_view", False),
        "locale": str(get_locale()),
        "locales": LOCALES,
        "Role": Role,
    }


def navigation() -> list[Link]:
    """Return the main navigation for the roles held now."""
    actor = current_actor()
    places: list[tuple[str, str, tuple[Role, ...] | None]] = [
        (_("Home"), "inbox.home", None),
        (_("Matters"), "matters.index", None),
        (_("Meetings"), "meetings.index", None),
        (_("Notices"), "notices.index", None),
        (_("Review queue"), "matters.queue", (Role.PARTY, Role.COMMITTEE)),
        (_("Help desk"), "desk.index", (Role.CLERK,)),
        (_("Supervision"), "matters.supervision", (Role.SUPERVISOR,)),
        (_("Administration"), "people.admin", (Role.ADMIN,)),
        (_("Bodies"), "bodies.index", None),
    ]
    here = request.endpoint or ""
    return [
        Link(label, url_for(endpoint), current=_is_current(endpoint, here))
        for label, endpoint, allowed in places
        if (allowed is None or (actor is not None and actor.has(*allowed)))
        and endpoint in current_app.view_functions
    ]


def _is_current(endpoint: str, here: str) -> bool:
    if endpoint.endswith(".index"):
        listed_apart = {"matters.queue", "matters.supervision"}
        return here.split(".")[0] == endpoint.split(".")[0] and here not in listed_apart
    return here == endpoint


def day(value: date | datetime) -> str:
    """Return a day in the page's language, in the community's time zone."""
    return str(format_date(value, "long"))


def moment(value: datetime) -> str:
    """Return a day and time in the page's language, in the community's time zone."""
    return str(
        format_datetime(
            value, "yyyy年M月d日 HH:mm" if str(get_locale()) == "zh_Hans" else "d MMM yyyy, HH:mm"
        )
    )


def yuan(cents: int) -> str:
    """Return an amount of cents as yuan with two decimals."""
    return f"¥{cents // 100:,}.{cents % 100:02d}"
