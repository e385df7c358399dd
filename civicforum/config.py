"""Settings: environment variables named CIVICFORUM_*, and secrets made at the first start.

This is the one module that reads them, and docs/operate/configuration.md has a line for each (a test compares
both). Two commands take a password from an option or a variable of its own; click reads those.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from civicforum.errors import CivicForumError

ROOT = Path(__file__).resolve().parent.parent
SECRET_NAMES = ("secret_key", "identity_key")
# Over a network that falls silent nothing comes, not even an end: a connection of which nothing is heard for
# a quarter of a minute is given up. Of a socket on the same machine libpq ignores all of it.
LINK: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# What a name of the site looks like: of one host, or of all below one, as in ".example.cn".
HOST = re.compile(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?")


class BadSetting(CivicForumError):
    """A variable has a value of no use; the message is one line that names it and says how to mend it."""


@dataclass(frozen=True)
class Settings:
    """What an operator may set: each field is the variable of its name, as in CIVICFORUM_SITE_URL.

    `database_url` None means the embedded PostgreSQL in `instance`.
    """

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
    # The file of the log; None: `civicforum serve` has it in the instance folder, and commands write none.
    log: Path | None = None
    # Lines of JSON, for programs; False: lines of words.
    log_json: bool = True
    # Days for which logs are kept; the law asks for six months (Cybersecurity Law, art 23).
    log_days: int = 185
    # Whether /metrics is there, and who may read it: "" is this machine alone.
    metrics: bool = True
    metrics_token: str = ""
    # A statement that takes longer is written to the log, without its values.
    slow_query_ms: int = 500
    # Where `civicforum backup` writes if it is given no folder; None: it has to be given one.
    backups: Path | None = None
    # Connections of one web process to the database: kept, added under load, and the wait for one of them.
    pool_size: int = 10
    pool_overflow: int = 10
    pool_wait_seconds: int = 10
    # Whether `database_url` leads to a PgBouncer that gives connections for one transaction at a time.
    pgbouncer: bool = False
    # The way past it, for what needs a session of its own: migrations, workers, and who listens for changes.
    direct_database_url: str | None = None
    # Whether pages are answered from what was made up to five seconds ago (docs/adr/0020).
    keep_answers: bool = False


def read_settings() -> Settings:
    """Read the environment; secrets not given there are read from, or made in, the instance folder.

    Raises BadSetting.
    """
    instance = _path("CIVICFORUM_INSTANCE") or (ROOT / "instance").resolve()
    secret_key, identity_key = _secrets(instance)
    pgbouncer, direct_url = _pooler()
    return Settings(
        instance=instance,
        database_url=_database_url("CIVICFORUM_DATABASE_URL"),
        secret_key=secret_key,
        identity_key=identity_key,
        secure_cookies=_switch("CIVICFORUM_SECURE_COOKIES", default=False),
        hosts=_hosts("CIVICFORUM_HOSTS"),
        proxies=_number("CIVICFORUM_PROXIES", default=0, most=9),
        source_url=_web_address("CIVICFORUM_SOURCE_URL"),
        site_url=_web_address("CIVICFORUM_SITE_URL").rstrip("/"),
        smtp_url=_text("CIVICFORUM_SMTP_URL"),
        mail_from=_text("CIVICFORUM_MAIL_FROM"),
        providers=_path("CIVICFORUM_PROVIDERS"),
        log=_path("CIVICFORUM_LOG"),
        log_json=_switch("CIVICFORUM_LOG_JSON", default=True),
        log_days=_number("CIVICFORUM_LOG_DAYS", default=185, least=1, most=3660),
        metrics=_switch("CIVICFORUM_METRICS", default=True),
        metrics_token=_text("CIVICFORUM_METRICS_TOKEN"),
        slow_query_ms=_number("CIVICFORUM_SLOW_QUERY_MS", default=500, least=1),
        backups=_path("CIVICFORUM_BACKUPS"),
        pool_size=_number("CIVICFORUM_POOL_SIZE", default=10, least=1, most=1000),
        pool_overflow=_number("CIVICFORUM_POOL_OVERFLOW", default=10, most=1000),
        pool_wait_seconds=_number("CIVICFORUM_POOL_WAIT_SECONDS", default=10, least=1, most=600),
        pgbouncer=pgbouncer,
        direct_database_url=direct_url,
        keep_answers=_switch("CIVICFORUM_KEEP_ANSWERS", default=True),
    )


def chromium() -> str:
    """Return the name or path of the Chromium that prints; "" is the first one found on the PATH."""
    return _text("CIVICFORUM_CHROMIUM")


def flask_config(settings: Settings) -> dict[str, Any]:
    """Return Flask's own configuration for these settings."""
    return {
        "SECRET_KEY": settings.secret_key,
        "CIVICFORUM": settings,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_size": settings.pool_size,
            "max_overflow": settings.pool_overflow,
            "pool_timeout": settings.pool_wait_seconds,
            # A prepared statement is known to one connection of the server, and the next may be another.
            "connect_args": LINK | ({"prepare_threshold": None} if settings.pgbouncer else {}),
        },
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


def _text(variable: str) -> str:
    return os.environ.get(variable, "").strip()


def _number(variable: str, *, default: int, least: int = 0, most: int = 1_000_000) -> int:
    given = _text(variable)
    if not given:
        return default
    # Not int() alone, which takes "1_0" and digits of other scripts.
    if not re.fullmatch(r"[0-9]{1,9}", given) or not least <= int(given) <= most:
        raise BadSetting(f"{variable} has to be a whole number from {least} to {most}, such as {default}.")
    return int(given)


def _switch(variable: str, *, default: bool) -> bool:
    given = _text(variable)
    if given not in ("", "0", "1"):
        raise BadSetting(f"{variable} has to be 1 for yes or 0 for no.")
    return default if given == "" else given == "1"


def _path(variable: str) -> Path | None:
    named = _text(variable)
    return Path(named).resolve() if named else None


def _hosts(variable: str) -> tuple[str, ...]:
    names = tuple(_text(variable).replace(",", " ").split())
    for name in names:
        if not HOST.fullmatch(name):
            raise BadSetting(
                f"{variable} has to be names without https:// or a path, such as minyi.example.cn."
            )
    return names


def _web_address(variable: str) -> str:
    given = _text(variable)
    if given and not _is_address(given, "http", "https"):
        raise BadSetting(f"{variable} has to be an address such as https://minyi.example.cn.")
    return given


def _database_url(variable: str) -> str | None:
    """Return the URL, or None. It may hold a password, so that no message repeats it."""
    given = _text(variable)
    if given and not given.startswith("postgresql+psycopg://"):
        raise BadSetting(
            f"{variable} is not the address of a PostgreSQL database "
            "(postgresql+psycopg://user:password@host/name)."
        )
    return given or None


def _pooler() -> tuple[bool, str | None]:
    """Return whether a PgBouncer is in between, and the way past it."""
    pgbouncer = _switch("CIVICFORUM_PGBOUNCER", default=False)
    direct_url = _database_url("CIVICFORUM_DIRECT_DATABASE_URL")
    if pgbouncer and direct_url is None:
        raise BadSetting(
            "CIVICFORUM_PGBOUNCER=1 needs CIVICFORUM_DIRECT_DATABASE_URL: the address of PostgreSQL itself."
        )
    return pgbouncer, direct_url


def _is_address(text: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        return False


def _secrets(instance: Path) -> tuple[str, str]:
    """Return the key that signs sessions and the key that hashes identity numbers."""
    # As they are, blanks included: with another identity key, no resident of the list is recognised.
    given = (os.environ.get("CIVICFORUM_SECRET_KEY", ""), os.environ.get("CIVICFORUM_IDENTITY_KEY", ""))
    if all(given):
        return given
    kept = _kept_secrets(instance)
    return given[0] or kept["secret_key"], given[1] or kept["identity_key"]


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
    try:
        kept = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} is damaged: put back the copy of your backup.") from error
    if not all(isinstance(kept.get(name), str) and kept[name] for name in SECRET_NAMES):
        raise BadSetting(f"{path} lacks {' or '.join(SECRET_NAMES)}: put back the copy of your backup.")
    return kept
