"""Secrets of polls, kept in files outside the database: who reads the database alone can open nothing.

One file for each poll in `<instance>/poll-keys`, readable by the owner alone. Several app machines need the
folder in common. A file holds hexadecimal values, 32 bytes each:

    receipt   the secret that signs receipts
    seed      of the one trustee, the platform (preset `poll` only)
    cards     from which the voters' codes follow (preset `poll` only)
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from civicforum.polls.errors import KeysMissing
from civicforum.sealed import code_of, read_code

FOLDER = "poll-keys"
CODE_DIGITS = 20
SEED_BYTES = 32


@dataclass(frozen=True)
class PollKeys:
    """What the platform keeps of one poll; without a seed and cards, others keep the key and print cards."""

    receipt: bytes
    seed: bytes | None = None
    cards: bytes | None = None

    @property
    def receipt_secret(self) -> int:
        """Return the secret that signs receipts."""
        return int.from_bytes(hashlib.sha512(self.receipt).digest()) >> 4 * 8 * 8

    def code_of(self, entry_id: uuid.UUID) -> str:
        """Return the code of somebody on the roll, as `sealed.read_code` gives it. Raises KeysMissing."""
        if self.cards is None:
            raise KeysMissing(entry_id)
        digest = hmac.new(self.cards, entry_id.bytes, hashlib.sha512).digest()
        return read_code(code_of([byte & 31 for byte in digest[:CODE_DIGITS]]))

    def seed_of(self, entry_id: uuid.UUID, sequence: int, nonce: bytes) -> bytes:
        """Return the seed of a ballot that the server seals. Raises KeysMissing.

        It follows from what the form carries, so that a form sent twice gives the same bytes and counts
        once; and from a secret, so that the form alone opens nothing.
        """
        if self.cards is None:
            raise KeysMissing(entry_id)
        context = b"seed" + entry_id.bytes + sequence.to_bytes(4) + nonce
        return hmac.new(self.cards, context, hashlib.sha512).digest()[:SEED_BYTES]


def make_keys(instance: Path, poll_id: uuid.UUID, *, is_platform_trustee: bool) -> PollKeys:
    """Make and keep the secrets of a poll, or return those made before."""
    folder = instance / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = ("receipt", "seed", "cards") if is_platform_trustee else ("receipt",)
    draft = folder / f"{poll_id}-{secrets.token_hex(4)}.draft"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({name: secrets.token_hex(32) for name in names}, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, _path(instance, poll_id))
    except FileExistsError:
        pass  # of two at once the first made them
    finally:
        draft.unlink()
    return read_keys(instance, poll_id)


def read_keys(instance: Path, poll_id: uuid.UUID) -> PollKeys:
    """Return the secrets of a poll. Raises KeysMissing."""
    return _read(_path(instance, poll_id))


def destroy_keys(instance: Path, poll_id: uuid.UUID) -> None:
    """Overwrite and remove the secrets of a poll; of one that has none, do nothing."""
    path = _path(instance, poll_id)
    _read.cache_clear()
    if path.exists():
        with path.open("r+b") as file:
            file.write(secrets.token_bytes(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _path(instance: Path, poll_id: uuid.UUID) -> Path:
    return instance / FOLDER / f"{poll_id}.json"


@lru_cache(maxsize=64)
def _read(path: Path) -> PollKeys:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise KeysMissing(path.stem) from missing
    return PollKeys(**{name: bytes.fromhex(value) for name, value in kept.items()})
