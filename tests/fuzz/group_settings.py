"""Files of operators: profiles of rules, providers, settings, backups; and what providers answer."""

from __future__ import annotations

import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

import httpx

from civicforum.backup import manifest, vault
from civicforum.backup.errors import BackupRefused
from civicforum.backup.manifest import File, Manifest, check_files
from civicforum.backup.measuring import Board, Content, Journal
from civicforum.backup.measuring import Table as Measured
from civicforum.config import BadSetting, read_settings
from civicforum.inbox.channels import mail, provider
from civicforum.inbox.channels.base import Outgoing, Refused, Unreachable
from civicforum.rulebook import loading
from civicforum.rulebook.errors import ProfileInvalid
from tests.fuzz.target import Target, as_text


@contextmanager
def _folder(**files: bytes) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="civicforum-fuzz-") as name:
        for file, content in files.items():
            (Path(name) / file.replace("__", ".").replace("_", "-")).write_bytes(content)
        yield Path(name)


def _profile(data: bytes) -> None:
    with _folder(here__toml=data) as folder:
        book = loading.load.__wrapped__("here", folder=folder)
    assert all(rule.text_zh for rule in book.rules())


def _profiles() -> list[bytes]:
    small = """
title_zh = "本地"
title_en = "Local"
in_force_from = 2026-01-01
[groups.voting]
title_zh = "表决"
title_en = "Voting"
[sources.law]
name_zh = "法"
name_en = "Law"
level = "local"
[[rules]]
id = "voting.quorum"
kind = "threshold"
source = "law"
articles = [21]
share = "1/2"
compare = "more_than"
of = "present"
text_zh = "过半数"
text_en = "More than half"
"""
    return [small.encode()]


def _provider(data: bytes) -> None:
    with _folder(providers__toml=data) as folder, patch.dict(os.environ, {"FUZZ": "secret"}):
        plans = provider.read_providers(folder / "providers.toml")
    assert set(plans) <= {"sms", "wechat"}


_PROVIDER = b"""[sms]
url = "https://sms.example/send?token={token}"
body = {to = "{address}", text = ["{text}"]}
headers = {X-Key = "{key}"}
secrets = {key = "env:FUZZ"}
token = {url = "https://sms.example/token"}
ok_field = "code"
ok_value = 0
later_values = [45009]
signature_header = "X-Signature"
signature_secret = "key"
"""
_MESSAGE = Outgoing(
    id=uuid.UUID(int=1), address="13800000000", subject="", text="通知", link="https://minyi.example.cn/",
    sender_name="",
)  # fmt: skip


def _answer(data: bytes) -> None:
    """Send a message to a provider that answers the first line for the token, then the rest."""
    parts = iter(data.split(b"\n", 1))
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=next(parts, b"{}")))
    plan = provider.Plan(
        url="https://sms.example/send",
        body={"to": "{address}"},
        token=provider.Token("https://sms.example/token"),
        ok_field="code",
        later_values=(45009,),
    )
    provider._tokens.clear()
    sender = provider.HttpSender(plan, transport)
    try:
        sender.send(_MESSAGE)
    finally:
        sender.close()


_VARIABLES = ("HOSTS", "PROXIES", "SITE_URL", "DATABASE_URL", "LOG_DAYS", "SECURE_COOKIES")


def _environment(data: bytes) -> None:
    """Start with these settings, a line each, and a file of secrets, the rest."""
    lines = data.replace(b"\0", b"").split(b"\n", len(_VARIABLES))
    values = {f"CIVICFORUM_{name}": as_text(line) for name, line in zip(_VARIABLES, lines, strict=False)}
    rest = lines[len(_VARIABLES) :]
    with _folder(**({"secrets__toml": rest[0]} if rest else {})) as folder:
        with patch.dict(os.environ, {**values, "CIVICFORUM_INSTANCE": str(folder)}, clear=True):
            settings = read_settings()
        assert settings.secret_key
        assert settings.identity_key
        assert 0 <= settings.proxies <= 9


def _environments() -> list[bytes]:
    secrets = b'secret_key = "a"\nidentity_key = "b"\n'
    return [
        b"minyi.example.cn .example.cn\n1\nhttps://minyi.example.cn\npostgresql+psycopg://a@b/c\n30\n1\n"
        + secrets
    ]


def _mail_address(data: bytes) -> None:
    server = mail._checked(as_text(data))
    assert server.hostname
    assert server.port != 0


def _backup(data: bytes) -> None:
    """Read a manifest and look for its files, and for the names of those that were destroyed: the rest."""
    content, _, destroyed = data.partition(b"\x1f")
    digest = hashlib.sha256(content).hexdigest().encode()
    with _folder(
        manifest__json=content, manifest__json__sha256=digest, poll_keys_destroyed__json=destroyed
    ) as folder:
        read = manifest.read(folder)
        check_files(folder, read)
        for name in read.files:
            assert (folder / name).resolve().is_relative_to(folder.resolve()), (
                "a name leads out of the backup"
            )


def _backups() -> list[bytes]:
    found = Manifest(
        id=uuid.UUID(int=1),
        made_at=datetime(2026, 3, 2, tzinfo=UTC),
        program="0.1.0",
        postgresql=150000,
        database_size=1,
        content=Content(
            "0026", {"a": Measured(1, "0")}, {"b": Journal("青松里", 1, "0", None)}, {"c": Board(1, "0")}
        ),
        key=vault.SealingKey(bytes(32), bytes(16)),
        files={"database.dump": File(1, "0" * 64)},
    )
    with _folder() as folder:
        manifest.write(folder, found)
        return [(folder / "manifest.json").read_bytes() + b'\x1f["a.sealed"]']


def _backup_key(data: bytes) -> None:
    with _folder(backup_key__json=data) as folder:
        vault.read_key(folder)


def _backup_keys() -> list[bytes]:
    with _folder() as folder:
        vault.keep_key(folder, vault.SealingKey(bytes(32), bytes(16)))
        return [(folder / vault.FILE).read_bytes()]


TARGETS = (
    Target(
        "settings.profile", "a profile of rules", "", _profile, _profiles, (ProfileInvalid,), longest=6000
    ),
    Target(
        "settings.provider",
        "a file of providers",
        "",
        _provider,
        lambda: [_PROVIDER],
        (provider.BadProvider,),
    ),
    Target(
        "settings.answer",
        "what a provider answers",
        "",
        _answer,
        lambda: [b'{"access_token":"a","expires_in":7200}\n{"code":0}'],
        (Refused, Unreachable),
    ),
    Target(
        "settings.environment",
        "variables and the file of secrets",
        "both keys are there",
        _environment,
        _environments,
        (BadSetting,),
        longest=800,
    ),
    Target(
        "settings.mail",
        "the address of a mail server",
        "it has a host",
        _mail_address,
        lambda: [b"smtps://user:word@mail.example.cn:465"],
        (mail.BadMailSettings,),
        longest=200,
    ),
    Target(
        "settings.backup",
        "the manifest of a backup",
        "no file lies outside the backup",
        _backup,
        _backups,
        (BackupRefused,),
    ),
    Target(
        "settings.backup_key",
        "the key of the backups",
        "",
        _backup_key,
        _backup_keys,
        (BackupRefused,),
        longest=400,
    ),
)
