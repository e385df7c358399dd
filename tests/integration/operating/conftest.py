from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from civicforum import logs
from civicforum.config import Settings

LOGGERS = ("civicforum", logs.ABOUT_ACCOUNTS, logs.SLOW_LOGGER, "procrastinate")


@pytest.fixture
def log_folder(settings: Settings, tmp_path: Path) -> Iterator[Path]:
    """Let this process write logs into a folder of the test."""
    kept = {
        name: (one.handlers, one.level, one.propagate)
        for name in LOGGERS
        for one in [logging.getLogger(name)]
    }
    for name in LOGGERS:
        logging.getLogger(name).handlers = []
    logs.init_logging(replace(settings, log=tmp_path / "log" / "civicforum.log"))
    yield tmp_path / "log"
    for name, (handlers, level, propagate) in kept.items():
        one = logging.getLogger(name)
        for handler in one.handlers:
            handler.close()
        one.handlers, one.level, one.propagate = handlers, level, propagate


@pytest.fixture
def written(log_folder: Path) -> Callable[[], list[dict[str, Any]]]:
    """Return a function that reads the lines of the general log."""

    def read() -> list[dict[str, Any]]:
        path = log_folder / "civicforum.log"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [json.loads(line) for line in text.splitlines()]

    return read


@pytest.fixture
def with_settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Settings]:
    """Return a function that changes settings of the application for the test."""

    def change(**changed: Any) -> Settings:
        settings: Settings = replace(app.config["CIVICFORUM"], **changed)
        monkeypatch.setitem(app.config, "CIVICFORUM", settings)
        return settings

    return change
