"""Settings: environment variables named CIVICFORUM_*, and secrets made at the first start."""

from __future__ import annotations

import os
import secrets
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECRET_NAMES = ("secret_key", "identity_key")


@dataclass(frozen=True)
class Settings:
    """What an operator may set. `database_url` None means the embedded PostgreSQL in `instance`."""

    instance: Path
    database_url: str | None
    secret_key: str
    identity_key: str
    secure_cookies: bool
    # Names by which the site may be called; none means that a proxy in front sees to it.
    hosts: tuple[str, ...] = ()
    # How many proxies in front write X-Forwarded-For, -Proto and -Host; without one they are ignored.
    proxies: int = 0
    # Where the source of the running version is (AGPL section 13); "" sends visitors to the operator.
    source_url: str = ""
    # How links in messages begin, such as "https://minyi.example.cn"; "" sends messages without links.
    site_url: str = ""
    # The mail server, as docs/operate/mail.md describes it; "" means that no e-mail is sent.
    smtp_url: str = ""
    mail_from: str = ""
    # The file that says how text and WeChat messages are sent; None: they are only counted in the log.
    providers: Path | None = None


def read_settings() -> Settings:
    """Read the environment; secrets not given there are read from, or made in, the instance folder."""
    instance = Path(os.environ.get("CIVICFORUM_INSTANCE", ROOT / "instance")).resolve()
    given = {name: os.environ.get(f"CIVICFORUM_{name.upper()}") for name in SECRET_NAMES}
    kept = {} if all(given.values()) else _kept_secrets(instance)
    return Settings(
        instance=instance,
        database_url=os.environ.get("CIVICFORUM_DATABASE_URL") or None,
        secret_key=given["secret_key"] or kept["secret_key"],
        identity_key=given["identity_key"] or kept["identity_key"],
        secure_cookies=os.environ.get("CIVICFORUM_SECURE_COOKIES", "0") == "1",
        hosts=tuple(os.environ.get("CIVICFORUM_HOSTS", "").replace(",", " ").split()),
        proxies=int(os.environ.get("CIVICFORUM_PROXIES", "0")),
        source_url=os.environ.get("CIVICFORUM_SOURCE_URL", ""),
        site_url=os.environ.get("CIVICFORUM_SITE_URL", "").rstrip("/"),
        smtp_url=os.environ.get("CIVICFORUM_SMTP_URL", ""),
        mail_from=os.environ.get("CIVICFORUM_MAIL_FROM", ""),
        providers=_path("CIVICFORUM_PROVIDERS"),
    )


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return Flask's own configuration for these settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "CIVICFORUM": settings,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "MAX_CONTENT_LENGTH": 24 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "TRUSTED_HOSTS": list(settings.hosts) or None,
        # With the prefix, browsers take the cookie only over TLS and only from this very host.
        "SESSION_COOKIE_NAME": "__Host-civicforum" if settings.secure_cookies else "civicforum",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),
        "BABEL_DEFAULT_LOCALE": "zh_Hans",
        "BABEL_DEFAULT_TIMEZONE": "Asia/Shanghai",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "civicforum" / "translations"),
        "RATELIMIT_STORAGE_URI": "memory://",
        "RATELIMIT_HEADERS_ENABLED": True,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _path(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named).resolve() if named else None


def _kept_secrets(instance: Path) -> dict[str, str]:
    path = instance / "secrets.toml"
    instance.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = instance / f"secrets-{secrets.token_hex(4)}.toml"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(f'{name} = "{secrets.token_hex(32)}"\n' for name in SECRET_NAMES))
        # Of two processes that start at once, one gives its draft the name, and both read what is whole.
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return tomllib.loads(path.read_text(encoding="utf-8"))
