"""The files of deploy/ fit the program: limits, addresses, commands, settings."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from civicforum.cli import commands
from civicforum.config import ROOT, flask_config, read_settings
from civicforum.meetings.views.live import bp as meetings

DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "one-server" / "nginx.conf").read_text(encoding="utf-8")
UNITS = sorted(
    path for kind in ("one-server", "office-pc") for path in (DEPLOY / kind / "units").glob("*.service")
)
SCRIPTS = (
    "lib.sh",
    "try",
    "one-server/install",
    "one-server/civicforum",
    "office-pc/install",
    "office-pc/autostart",
)
# What no part of the site needs, and whoever breaks into it would like to have.
HARDENED = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "PrivateTmp": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectKernelModules": "yes",
    "ProtectControlGroups": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
}


def values(unit: Path) -> dict[str, str]:
    lines = unit.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if re.match(r"[A-Z]\w+=", line))


@pytest.fixture
def largest_body(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    monkeypatch.setenv("CIVICFORUM_INSTANCE", str(tmp_path))
    bytes_: int = flask_config(read_settings())["MAX_CONTENT_LENGTH"]
    return bytes_


def test_nginx_lets_through_what_the_site_takes_and_little_more(largest_body: int) -> None:
    found = re.search(r"client_max_body_size (\d+)m;", NGINX)
    assert found
    assert largest_body < int(found[1]) * 1024 * 1024 <= largest_body + 1024 * 1024


def test_nginx_hands_on_at_once_what_follows_a_meeting() -> None:
    address = f"{meetings.url_prefix}/6f1c1e4e-8d0e-4c1c-9d7c-0d5b7c3f1a2b/live/wall"
    streams = re.search(r"location ~ (\S+/live/\S+) \{([^}]*)\}", NGINX)
    assert streams
    assert re.search(streams[1], address)
    assert not re.search(streams[1], f"{address}/now")
    assert "proxy_buffering off;" in streams[2]


@pytest.mark.parametrize(
    "address", ["/polls/1/ballots", "/polls/1/ballot/done", "/polls/1/receipt", "/reports", "/service/answer"]
)
def test_nginx_writes_down_nobody_who_votes_reports_or_rates(address: str) -> None:
    private = re.search(r"location ~ (\S+service\S+) \{([^}]*)\}", NGINX)
    assert private
    assert re.search(private[1], address)
    assert "access_log off;" in private[2]
    assert "error_log /dev/null emerg;" in private[2]


def test_nginx_writes_down_no_query_and_no_referrer() -> None:
    (form,) = re.findall(r"log_format civicforum '([^']*)'", NGINX)
    assert not {"$request", "$request_uri", "$args", "$http_referer", "$remote_user"} & set(
        re.findall(r"\$\w+", form)
    )


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: f"{unit.parent.parent.name}/{unit.name}")
def test_a_unit_starts_a_command_there_is_and_gives_it_nothing_it_does_not_need(unit: Path) -> None:
    said = values(unit)
    command = re.match(r"\S+/\.venv/bin/civicforum (\w+)", said["ExecStart"])
    assert command
    assert commands.get_command(None, command[1]) is not None  # type: ignore[arg-type]
    assert {key: said.get(key) for key in HARDENED} == HARDENED
    assert said["User"] not in ("", "root")


def test_the_settings_of_one_server_are_settings() -> None:
    lines = (DEPLOY / "one-server" / "civicforum.env").read_text(encoding="utf-8").splitlines()
    named = {line.split("=")[0] for line in lines if line and not line.startswith("#")}
    page = (ROOT / "docs" / "operate" / "configuration.md").read_text(encoding="utf-8")
    assert len(named) >= 8
    assert all(f"| `{name}` |" in page for name in named)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_one(script: str) -> None:
    subprocess.run(["bash", "-n", str(DEPLOY / script)], check=True)


def test_an_environment_file_is_read_as_systemd_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "settings.env"
    file.write_text(
        "# a remark\nCF_PLAIN=a & $HOME `id`\n\nCF_QUOTED=\"one two\"\n CF_NOT=1\nCF_EQUALS=a=b\nCF_LAST='x'"
    )
    script = f". {DEPLOY}/lib.sh; with_settings {file} env"
    ran = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True)
    assert [line for line in ran.stdout.splitlines() if line.startswith("CF_")] == [
        "CF_PLAIN=a & $HOME `id`",
        "CF_QUOTED=one two",
        "CF_EQUALS=a=b",
        "CF_LAST=x",
    ]
