"""Addresses of styles and scripts: each carries the hash of its content, and so may be kept for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask


def init_app(app: Flask) -> None:
    """Add `v` to each address of a static file; a file that changes has another address from then on."""
    folder = Path(app.static_folder or "")

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            version = version_of(folder / values["filename"])
            if version:
                values["v"] = version


def version_of(path: Path) -> str:
    """Return what stands for the content of a file; "" where there is none."""
    try:
        state = path.stat()
    except OSError:
        return ""
    return _hash_of(path, state.st_mtime_ns, state.st_size)


@cache
def _hash_of(path: Path, _changed: int, _size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
