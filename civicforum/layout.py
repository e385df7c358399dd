"""What every page shows around its content, language and navigation among it, and filters of templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any

from babel.support import Translations
from flask import Flask, g, request, session, url_for
from flask_babel import Babel, Domain, format_date, format_datetime, get_locale, to_user_timezone
from flask_babel import gettext as _
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from jinja2.environment import create_cache

from civicforum.accounts.current import (
    current_actor,
    current_assistance,
    current_community,
    current_person,
    current_unread,
    current_withheld_roles,
)
from civicforum.bodies.rules import Role
from civicforum.config import ROOT
from civicforum.kept.answering import name_shown

LOCALES = ("zh_Hans", "en")


class RememberingDomain(Domain):
    """The texts, with a request's catalogue looked up once: a page asks for hundreds of texts."""

    def get_translations(self) -> Translations:
        # The name under which flask_babel itself forgets it when another language is forced or chosen.
        found: Translations | None = getattr(g.get("_flask_babel"), "babel_translations", None) if g else None
        if found is None:
            found = super().get_translations()
            if g:
                g._flask_babel.babel_translations = found
        return found


class RememberingBabel(Babel):
    @cached_property
    def domain_instance(self) -> Domain:
        return RememberingDomain(domain=self.domain)


babel = RememberingBabel()


@dataclass(frozen=True)
class Link:
    """A place to go to. `icon` names a drawing of templates/components/icon.html."""

    label: str
    url: str
    icon: str
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
    own = FileSystemLoader(str(ROOT / "templates"))
    packages = ("govuk_frontend_jinja", "govuk_frontend_wtf")
    app.jinja_loader = ChoiceLoader([own, PrefixLoader({name: PackageLoader(name) for name in packages})])
    # There are more templates than Jinja keeps by itself, and to compile one again takes as long as a page.
    app.jinja_env.cache = create_cache(-1)
    WTFormsHelpers(app)
    app.jinja_env.filters.update(day=day, moment=moment, yuan=yuan, days_until=days_until)
    app.context_processor(page_context)


def page_context() -> dict[str, Any]:
    """Return what base.html needs."""
    community = current_community()
    assistance, person = current_assistance(), current_person()
    actor, locale = current_actor(), str(get_locale())
    roles = actor.roles if actor else None
    frame = _frame(locale, request.script_root, request.endpoint or "", roles, person is not None)
    return {
        "navigation": frame.navigation,
        "account_links": frame.account,
        "footer_links": frame.footer,
        "community": community,
        "actor": actor,
        "person": person,
        "person_name": name_shown(person.name) if person else "",
        "assisting": assistance,
        "unread": current_unread(),
        "posts_wait": bool(current_withheld_roles()),
        "demonstration": community is not None and community.is_demonstration,
        "elder_view": session.get("elder_view", False),
        "locale": locale,
        "locales": LOCALES,
        "Role": Role,
    }


@dataclass(frozen=True)
class Frame:
    """The links around a page."""

    navigation: tuple[Link, ...]
    account: tuple[Link, ...]
    footer: tuple[Link, ...]


@lru_cache(maxsize=2048)
def _frame(_locale: str, _root: str, here: str, roles: frozenset[Role] | None, is_signed_in: bool) -> Frame:
    """Return the links in the language of the request, kept by all that they depend on."""
    return Frame(navigation(here, roles), account_links(here, is_signed_in), footer_links(here))


def navigation(here: str, roles: frozenset[Role] | None) -> tuple[Link, ...]:
    """Return the main navigation for the roles held now; `roles` None is a visitor."""
    places: list[tuple[str, str, str, tuple[Role, ...] | None]] = [
        (_("Home"), "inbox.home", "home", None),
        (_("Matters"), "matters.index", "matters", None),
        (_("Meetings"), "meetings.index", "meetings", None),
        (_("Polls"), "polls.index", "polls", None),
        (_("Elections"), "elections.index", "elections", None),
        (_("Appraisals"), "appraisals.index", "appraisals", None),
        (_("Notices"), "notices.index", "notices", None),
        (_("Review queue"), "matters.queue", "queue", (Role.PARTY, Role.COMMITTEE)),
        (_("Help desk"), "desk.index", "desk", (Role.CLERK, Role.ADMIN)),
        (_("Supervision"), "supervision.index", "watch", (Role.SUPERVISOR,)),
        (_("Administration"), "people.admin", "settings", (Role.ADMIN,)),
        (_("Bodies"), "bodies.index", "bodies", None),
    ]
    return _links(
        here,
        (
            (label, endpoint, icon)
            for label, endpoint, icon, allowed in places
            if allowed is None or not (roles or frozenset()).isdisjoint(allowed)
        ),
    )


def account_links(here: str, is_signed_in: bool) -> tuple[Link, ...]:
    """Return the way in for visitors, and to the own account for whoever is signed in."""
    if not is_signed_in:
        return _links(here, [(_("Sign in"), "accounts.sign_in", "person")])
    return _links(here, [(_("My account"), "accounts.me", "person")])


def footer_links(here: str) -> tuple[Link, ...]:
    """Return what stands at the foot of every page."""
    return _links(
        here,
        [
            (_("About this site"), "inbox.about", "dot"),
            (_("Rules in force"), "rules.index", "rules"),
            (_("Public register"), "records.register", "journal"),
            (_("Open data"), "open_data.index", "dot"),
            (_("Conversations"), "statements.index", "dot"),
            (_("The service station"), "ratings.station", "dot"),
            (_("Departments and providers"), "departments.index", "dot"),
            (_("What owners decided"), "registers.decisions", "dot"),
            (_("Reporting in at the place of residence"), "registers.residence", "dot"),
            (_("Deputies' liaison point"), "registers.deputies", "dot"),
            (_("Report vote-buying"), "reports.index", "dot"),
            (_("Supervision committee"), "supervision.findings", "dot"),
            (_("Moderation in figures"), "moderation.log", "dot"),
        ],
    )


def _links(here: str, places: Iterable[tuple[str, str, str]]) -> tuple[Link, ...]:
    """Return label, endpoint and icon as links."""
    return tuple(
        Link(label, url_for(endpoint), icon, current=_is_current(endpoint, here))
        for label, endpoint, icon in places
    )


def _is_current(endpoint: str, here: str) -> bool:
    if endpoint.endswith(".index"):
        listed_apart = {"matters.queue", "matters.supervision"}
        return here.split(".")[0] == endpoint.split(".")[0] and here not in listed_apart
    return here == endpoint


def days_until(due: datetime, now: datetime) -> int:
    """Return the calendar days from now to `due` in the community's zone: 0 today, negative when past."""
    until: timedelta = to_user_timezone(due).date() - to_user_timezone(now).date()
    return until.days


def day(value: date | datetime) -> str:
    """Return a day in the page's language, in the community's time zone."""
    on = to_user_timezone(value).date() if isinstance(value, datetime) else value
    return _day(str(get_locale()), on)


@lru_cache(maxsize=4096)
def _day(_locale: str, on: date) -> str:
    return str(format_date(on, "long"))


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
