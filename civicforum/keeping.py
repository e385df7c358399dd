"""Files that are costly to make and never change under their key: made once, kept for a while."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

# In one folder; who was read longest ago goes first.
MOST_BYTES = 256 * 1024 * 1024


def keep_once(make: Callable[[], bytes], *, key: str, folder: Path, suffix: str) -> bytes:
    """Return what `make` makes, made the first time and read from `folder` from then on.

    `key` names the content, so that another content is another key.
    """
    kept = folder / (hashlib.sha256(key.encode()).hexdigest() + suffix)
    with suppress(FileNotFoundError):
        content = kept.read_bytes()
        os.utime(kept)
        return content
    content = make()
    folder.mkdir(parents=True, exist_ok=True)
    # Readers see the whole file or none.
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
        part.write(content)
    os.replace(part.name, kept)
    _forget_oldest(folder)
    return content


def _forget_oldest(folder: Path) -> None:
    """Remove files until the rest is within bounds; another process may do the same at the same time."""
    found: list[tuple[float, int, Path]] = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            known = file.stat()
            found.append((known.st_mtime, known.st_size, file))
    left = sum(size for _, size, _ in found)
    for _, size, file in sorted(found):
        if left <= MOST_BYTES:
            return
        file.unlink(missing_ok=True)
        left -= size
