"""The secrets of an installation that lie outside its database: into a backup, and back."""

from __future__ import annotations

import json
import os
import secrets
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from civicforum.backup import manifest
from civicforum.backup.errors import BackupRefused
from civicforum.backup.manifest import Manifest
from civicforum.backup.vault import SealingKey, open_box
from civicforum.config import SECRET_NAMES, Settings
from civicforum.polls import keyring

SECRETS_FILE = "secrets.toml"
ENVIRONMENT_FILE = "environment.restored"
PROVIDERS_FILE = "providers.restored.toml"
_PREFIX = "CIVICFORUM_"


@dataclass(frozen=True)
class Secrets:
    """What a backup holds beside the database.

    Attributes:
        keys: the installation's own, by their names in secrets.toml.
        environment: the CIVICFORUM_ variables it was given, other than these, the database's
            address and the folder.
        providers: the file that says how messages are sent; "" without one.
        polls: the key file of each vote that still has one.
    """

    keys: dict[str, str]
    environment: dict[str, str]
    providers: str
    polls: dict[str, bytes]


def gather(settings: Settings, environment: Mapping[str, str]) -> Secrets:
    """Return the secrets of this installation and of its votes. Raises BackupRefused."""
    apart = {f"{_PREFIX}{name.upper()}" for name in (*SECRET_NAMES, "database_url", "instance")}
    try:
        providers = settings.providers.read_text(encoding="utf-8") if settings.providers else ""
    except OSError as error:
        raise BackupRefused(f"{error.filename} cannot be read: {error.strerror}.") from error
    return Secrets(
        keys={name: getattr(settings, name) for name in SECRET_NAMES},
        environment={
            name: value
            for name, value in environment.items()
            if name.startswith(_PREFIX) and name not in apart
        },
        providers=providers,
        polls=_poll_keys(settings.instance / keyring.FOLDER),
    )


def _poll_keys(folder: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.json")):
        # One may be destroyed this very moment, since its day has come.
        with suppress(FileNotFoundError):
            found[str(uuid.UUID(path.stem))] = path.read_bytes()
    return found


def write_sealed(folder: Path, found: Secrets, key: SealingKey) -> list[str]:
    """Write the secrets into the folder of a backup, those of each vote apart; return the files' names."""
    own = {"keys": found.keys, "environment": found.environment, "providers": found.providers}
    (folder / manifest.SECRETS).write_bytes(key.seal(json.dumps(own, ensure_ascii=False).encode()))
    names = [manifest.SECRETS]
    for id_, content in found.polls.items():
        # Apart, so that each can be destroyed on its day.
        name = f"{manifest.POLL_KEYS}/{id_}.sealed"
        (folder / manifest.POLL_KEYS).mkdir(mode=0o700, exist_ok=True)
        (folder / name).write_bytes(key.seal(content))
        names.append(name)
    return names


def open_secrets(folder: Path, read: Manifest, passphrase: str) -> Secrets:
    """Return the secrets in a backup. Raises NotOpened, and BackupRefused where it has none."""
    if read.key is None:
        raise BackupRefused("This backup was made without the secrets: restore it with --without-secrets.")
    private = read.key.opened_by(passphrase)
    own = json.loads(open_box((folder / manifest.SECRETS).read_bytes(), private))
    polls = {
        Path(name).stem: open_box((folder / name).read_bytes(), private)
        for name in read.files
        if name.startswith(f"{manifest.POLL_KEYS}/") and (folder / name).is_file()
    }
    return Secrets(own["keys"], own["environment"], own["providers"], polls)


def put_back(found: Secrets, instance: Path) -> list[str]:
    """Write the secrets into an instance folder; return the names of files for the operator to look at."""
    lines = "".join(f"{name} = {json.dumps(found.keys[name])}\n" for name in SECRET_NAMES)
    _write_private(instance / SECRETS_FILE, lines.encode())
    (instance / keyring.FOLDER).mkdir(mode=0o700, exist_ok=True)
    for id_, content in found.polls.items():
        _write_private(instance / keyring.FOLDER / f"{uuid.UUID(id_)}.json", content)
    others = {
        ENVIRONMENT_FILE: "".join(f"{name}={value}\n" for name, value in sorted(found.environment.items())),
        PROVIDERS_FILE: found.providers,
    }
    left = {name: text for name, text in others.items() if text}
    for name, text in left.items():
        _write_private(instance / name, text.encode())
    return list(left)


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
