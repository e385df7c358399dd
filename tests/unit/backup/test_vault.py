"""Whoever has the machine seals; whoever has the passphrase opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from civicforum.backup import vault
from civicforum.backup.errors import BackupRefused, NotOpened

PASSPHRASE = "PE4W-V636-M045-JEV1"


def test_the_public_half_is_kept_and_the_passphrase_opens_what_it_sealed(tmp_path: Path) -> None:
    vault.keep_key(tmp_path, vault.new_key(PASSPHRASE))
    assert PASSPHRASE not in (tmp_path / vault.FILE).read_text()
    key = vault.read_key(tmp_path)
    assert key is not None
    sealed = key.seal("口令".encode())
    # As somebody types it who reads it off the paper.
    assert vault.open_box(sealed, key.opened_by("pe4w v636 mo45 jev1")).decode() == "口令"
    with pytest.raises(NotOpened, match="not the passphrase"):
        key.opened_by("PE4W-V636-M045-JEV2")
    with pytest.raises(NotOpened, match="changed"):
        vault.open_box(sealed[:-1] + bytes([sealed[-1] ^ 1]), key.opened_by(PASSPHRASE))


def test_the_same_passphrase_gives_another_key_on_another_machine() -> None:
    assert vault.new_key(PASSPHRASE).public != vault.new_key(PASSPHRASE).public


def test_short_passphrases_and_damaged_key_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="12 characters"):
        vault.new_key("a-b-c-d-e-f-g")
    assert vault.read_key(tmp_path) is None
    (tmp_path / vault.FILE).write_text('{"public": "00"}')
    with pytest.raises(BackupRefused, match="damaged"):
        vault.read_key(tmp_path)


def test_passphrases_that_are_made_are_long_and_differ() -> None:
    made = {vault.new_passphrase() for _ in range(20)}
    assert len(made) == 20
    assert all(len(one.replace("-", "")) == 24 for one in made)
