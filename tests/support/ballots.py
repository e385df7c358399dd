"""Real ballots with published outcomes, kept beside the checkout and never inside it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from civicforum.config import ROOT

SHARED = ROOT.parent / "shared" / "data"


def shared_data(name: str) -> Path:
    """Return a file of the shared data, or skip the test where this machine has none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"needs ../shared/data/{name}: real ballots are not kept in the repository")
    return path


def shared_member(archive: str, member: str) -> bytes:
    """Return one file out of a zip of the shared data."""
    with zipfile.ZipFile(shared_data(archive)) as opened:
        return opened.read(member)


def shared_members(archive: str) -> dict[str, bytes]:
    """Return every file of a zip of the shared data by its name."""
    with zipfile.ZipFile(shared_data(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}
