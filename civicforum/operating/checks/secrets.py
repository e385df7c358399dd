"""The keys: long enough, nobody else's, and in files that nobody else reads."""

from __future__ import annotations

import stat
from pathlib import Path

from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status

LEAST_LENGTH, LEAST_SIGNS = 32, 10
LEAST_TOKEN = 16
OF_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@check("secrets.keys")
def keys(around: Surroundings) -> Finding:
    settings = around.settings
    given = {"CIVICFORUM_SECRET_KEY": settings.secret_key, "CIVICFORUM_IDENTITY_KEY": settings.identity_key}
    weak = [name for name, key in given.items() if is_weak(key)]
    if weak or settings.secret_key == settings.identity_key:
        return found(
            "secrets.keys",
            Status.BAD,
            _l("Keys can be guessed, or are the same: %(names)s."),
            _l(
                "Make a new secret key (python3 -c 'import secrets; print(secrets.token_hex(32))'); "
                "everybody then signs in again. A new identity key no longer knows the identity "
                "numbers of the list: import it again."
            ),
            names=", ".join(weak or given),
        )
    return good("secrets.keys", _l("The keys are long and differ."))


def is_weak(key: str) -> bool:
    """Tell whether a key is short, or made of so few different signs that somebody typed it."""
    return len(key) < LEAST_LENGTH or len(set(key)) < LEAST_SIGNS


@check("secrets.files")
def files(around: Surroundings) -> Finding:
    instance = around.settings.instance
    held = [instance / "secrets.toml", *(instance / "poll-keys").glob("*")]
    open_ones = [path for path in held if is_open_to_others(path)]
    if open_ones:
        return found(
            "secrets.files",
            Status.BAD,
            _l("Other users of this machine can read %(path)s."),
            _l("Run chmod 600 on it. Who has read a key keeps it: think of who had an account here."),
            path=str(open_ones[0]),
        )
    return good("secrets.files", _l("Only this user reads the files of keys."))


def is_open_to_others(path: Path) -> bool:
    """Tell whether anybody but its owner may read or write a file; False where there is none."""
    return path.is_file() and bool(path.stat().st_mode & OF_OTHERS)


@check("secrets.metrics")
def metrics(around: Surroundings) -> Finding:
    token = around.settings.metrics_token
    if token and len(token) < LEAST_TOKEN:
        return found(
            "secrets.metrics",
            Status.LOOK,
            _l("The token of /metrics is short."),
            _l("Make CIVICFORUM_METRICS_TOKEN at least 16 signs long, by chance."),
        )
    words = _l("Who reads /metrics needs a token.") if token else _l("Only this machine reads /metrics.")
    return good("secrets.metrics", words)
