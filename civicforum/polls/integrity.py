"""Hashes of the built scripts, as a browser checks them (Subresource Integrity) and a card prints them."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import lru_cache
from pathlib import Path

from civicforum.config import ROOT

DIST = ROOT / "civicforum" / "static" / "dist"
# The script that seals a ballot in the voter's browser.
BALLOT_SCRIPT = "casting.js"


def integrity_of(script: str) -> str:
    """Return "sha384-" and the hash of a built script in base64; "" where it is not built."""
    path = DIST / script
    return _hash_of(path, path.stat().st_mtime_ns) if path.is_file() else ""


@lru_cache(maxsize=16)
def _hash_of(path: Path, _changed: int) -> str:
    return "sha384-" + b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()
