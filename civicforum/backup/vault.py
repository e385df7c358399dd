"""Sealing the keys in a backup: anybody may seal, only the passphrase opens.

The nightly job has the public half alone, so that no passphrase lies on the machine. The private half follows
from the passphrase and a salt; the salt is in every manifest.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from argon2.low_level import Type, hash_secret_raw

from civicforum.backup.errors import BackupRefused, NotOpened
from civicforum.reports import boxes
from civicforum.sealed import base32

FILE = "backup-key.json"
GROUPS, GROUP = 6, 4
SHORTEST = 12  # without hyphens and spaces


@dataclass(frozen=True)
class SealingKey:
    """For whom backups are sealed: a public key, and the salt from which its passphrase gives the private."""

    public: bytes
    salt: bytes

    def seal(self, content: bytes) -> bytes:
        """Return the content in a box that the passphrase opens."""
        return boxes.seal(content, self.public)

    def opened_by(self, passphrase: str) -> bytes:
        """Return the private key. Raises NotOpened for another passphrase."""
        secret = _secret(passphrase, self.salt)
        if boxes.public_of(secret) != self.public:
            raise NotOpened("This is not the passphrase that this backup was sealed for.")
        return secret

    def as_plain(self) -> dict[str, str]:
        return {"public": self.public.hex(), "salt": self.salt.hex()}


def from_plain(kept: dict[str, str]) -> SealingKey:
    """Return a key as `as_plain` gave it. Raises ValueError, KeyError."""
    key = SealingKey(bytes.fromhex(kept["public"]), bytes.fromhex(kept["salt"]))
    if len(key.public) != boxes.KEY_BYTES or len(key.salt) != boxes.SALT_BYTES:
        raise ValueError("length")
    return key


def new_passphrase() -> str:
    """Return 120 random bits in letters and digits that are not mistaken for one another."""
    return base32.grouped(base32.spell(secrets.token_bytes(GROUPS * GROUP), GROUPS * GROUP), GROUP)


def new_key(passphrase: str) -> SealingKey:
    """Return the key of a passphrase, under a new salt. Raises BackupRefused for a short one."""
    if len(base32.canonical(passphrase)) < SHORTEST:
        raise BackupRefused(f"A passphrase has at least {SHORTEST} characters.")
    salt = secrets.token_bytes(boxes.SALT_BYTES)
    return SealingKey(boxes.public_of(_secret(passphrase, salt)), salt)


def keep_key(instance: Path, key: SealingKey) -> None:
    """Write the public half into the instance folder, in place of another."""
    draft = instance / f"{FILE}.{secrets.token_hex(4)}.part"
    draft.write_text(json.dumps(key.as_plain()) + "\n", encoding="utf-8")
    os.replace(draft, instance / FILE)


def read_key(instance: Path) -> SealingKey | None:
    """Return the key for which backups of this instance are sealed, or None where nobody set one."""
    path = instance / FILE
    try:
        return from_plain(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BackupRefused(f"{path} is damaged: set the passphrase of the backups again.") from error


def open_box(sealed: bytes, secret: bytes) -> bytes:
    """Return what is in a sealed box. Raises NotOpened."""
    try:
        return boxes.open_sealed(sealed, secret)
    except boxes.NotOpened as error:
        raise NotOpened("A sealed file of this backup was changed, or was sealed for another key.") from error


def _secret(passphrase: str, salt: bytes) -> bytes:
    # A generated passphrase has 120 bits; 64 MiB and three passes are for one that somebody thought up.
    typed = base32.canonical(passphrase).encode()
    return hash_secret_raw(typed, salt, 3, 64 * 1024, 1, boxes.KEY_BYTES, Type.ID)
