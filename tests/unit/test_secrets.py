"""The scan for secrets finds those it is there for, and no file of ours says where it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from civicforum.config import ROOT
from tools import secrets

# Put together here, so that the scan does not find them in this file.
PLANTED = {
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----",
    "a key of a cloud": "key = 'AKIA" + "Z7QX4MPL2RTV9KWD'",
    "a token of a forge": "ghp_" + "q7Zk2mPx9Lw4Rt6Vb8Nc1Ds3Fg5Hj0Ka7Zk2",
    "a password in an address": "url = 'postgresql://forum:" + "Sesame7@db.example/forum'",
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_secret_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    (tmp_path / "settings.py").write_text(f"# ours\n{PLANTED[what]}\n", encoding="utf-8")
    monkeypatch.setattr(secrets, "ROOT", tmp_path)
    assert [name for name, _kind, _hash in secrets.scan(["settings.py"])] == ["settings.py"]


def test_a_finding_that_nobody_judged_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "settings.py").write_text(PLANTED["a private key"], encoding="utf-8")
    for name, value in {"ROOT": tmp_path, "BASELINE": tmp_path / "baseline.json"}.items():
        monkeypatch.setattr(secrets, name, value)
    monkeypatch.setattr(secrets, "files", lambda: ["settings.py"])
    (tmp_path / "baseline.json").write_text("[]", encoding="utf-8")
    assert secrets.main([]) == 1
    assert secrets.main(["--write"]) == 0
    assert secrets.main([]) == 0


def test_no_file_says_on_which_machine_it_was_written() -> None:
    # What is more than a folder anybody may have, such as /srv.
    here = [str(place) for place in (ROOT, Path.home()) if len(place.parts) > 2]
    found = [name for name in secrets.files() for place in here if place in _text(ROOT / name)]
    assert found == []


def test_no_lock_names_the_place_that_packages_came_from() -> None:
    locks = [*ROOT.glob("requirements*.txt"), ROOT / "frontend" / "package-lock.json"]
    assert len(locks) > 3
    for lock in locks:
        text = _text(lock)
        assert '"resolved"' not in text, lock.name
        assert "--index-url" not in text, lock.name


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
