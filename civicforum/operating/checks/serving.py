"""How the site is reached: names, cookies and the proxy in front; and how long logs are kept."""

from __future__ import annotations

from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status

# Six months, as the law counts them, are at most so many days.
LAWFUL_DAYS = 184


@check("serving.cookies")
def cookies(around: Surroundings) -> Finding:
    settings = around.settings
    over_tls = settings.site_url.startswith("https://")
    if over_tls and not settings.secure_cookies:
        return found(
            "serving.cookies",
            Status.BAD,
            _l("The site is reached by https, but its cookies also travel without encryption."),
            _l("Set CIVICFORUM_SECURE_COOKIES=1."),
        )
    if settings.secure_cookies and settings.site_url.startswith("http://"):
        return found(
            "serving.cookies",
            Status.BAD,
            _l("Cookies are for https only, but the site is reached by http: nobody stays signed in."),
            _l("Put https in front and into CIVICFORUM_SITE_URL, or set CIVICFORUM_SECURE_COOKIES=0."),
        )
    return good("serving.cookies", _l("Cookies fit the way the site is reached."))


@check("serving.proxies")
def proxies(around: Surroundings) -> Finding:
    settings = around.settings
    if settings.site_url.startswith("https://") and not settings.proxies:
        return found(
            "serving.proxies",
            Status.LOOK,
            _l(
                "Something in front speaks https, but CIVICFORUM_PROXIES is 0: everybody has the "
                "address of the proxy, and all share one limit of attempts."
            ),
            _l(
                "Set CIVICFORUM_PROXIES to how many proxies write X-Forwarded-For, and let each write"
                " it anew."
            ),
        )
    return good("serving.proxies", _l("The number of proxies fits."))


@check("serving.hosts")
def hosts(around: Surroundings) -> Finding:
    settings = around.settings
    if settings.site_url and not settings.hosts:
        return found(
            "serving.hosts",
            Status.LOOK,
            _l("The site answers to any name."),
            _l("Set CIVICFORUM_HOSTS to the names of the site, unless the proxy refuses others."),
        )
    return good("serving.hosts", _l("The names of the site are set as they should be."))


@check("serving.logs")
def logs(around: Surroundings) -> Finding:
    days = around.settings.log_days
    return found(
        "serving.logs",
        Status.BAD if days < LAWFUL_DAYS else Status.GOOD,
        _l("Logs are kept for %(days)s days."),
        _l(
            "Set CIVICFORUM_LOG_DAYS to 185 or more: the law asks for six months (Cybersecurity Law, "
            "article 23)."
        ),
        days=days,
    )
