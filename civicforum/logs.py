"""The log of a serving installation: who signed in from where, and what failed (Cybersecurity Law art 23)."""

from __future__ import annotations

import logging
import os
from logging.handlers import WatchedFileHandler
from pathlib import Path

VARIABLE = "CIVICFORUM_LOG"
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def log_file(instance: Path) -> Path:
    """Return the file that `civicforum serve` lets its processes write to."""
    return Path(os.environ.get(VARIABLE) or instance / "log" / "civicforum.log")


def init_logging() -> None:
    """Write this package's log to the file that the environment names, once for each process."""
    named = os.environ.get(VARIABLE)
    logger = logging.getLogger("civicforum")
    if not named or any(isinstance(handler, WatchedFileHandler) for handler in logger.handlers):
        return
    path = Path(named)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Watched: whoever rotates the file by renaming it need not restart anything.
    handler = WatchedFileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter(FORMAT))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
