"""Settings: what the environment may say, what is refused with one line, and the page that lists them all."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from civicforum.config import ROOT, BadSetting, Settings, flask_config, read_settings

PAGE = ROOT / "docs" / "operate" / "configuration.md"
NAME = re.compile(r"CIVICFORUM_[A-Z_]+")
LINE = re.compile(r"\| `(CIVICFORUM_[A-Z_]+)` \| ([^|]*) \|")
# Read by click, for one command each.
OF_COMMANDS = {"CIVICFORUM_INIT_PASSWORD", "CIVICFORUM_NEW_PASSWORD"}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in listed():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CIVICFORUM_INSTANCE", str(tmp_path))


def listed() -> dict[str, str]:
    """Return the variables of the page, each with what it says where it is not set."""
    return dict(LINE.findall(PAGE.read_text(encoding="utf-8")))


def strings(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_page_names_the_variables_that_the_code_names() -> None:
    named = {
        name
        for path in (ROOT / "civicforum").rglob("*.py")
        for text in strings(path)
        for name in NAME.findall(text)
        if not name.endswith("_")
    }
    assert set(listed()) == named


def test_every_setting_is_the_variable_of_its_name() -> None:
    of_settings = {f"CIVICFORUM_{field.name.upper()}" for field in fields(Settings)}
    assert set(listed()) == of_settings | OF_COMMANDS | {"CIVICFORUM_CHROMIUM"}


def test_the_page_says_what_holds_where_nothing_is_set() -> None:
    settings = read_settings()
    for field in fields(Settings):
        value, said = getattr(settings, field.name), listed()[f"CIVICFORUM_{field.name.upper()}"]
        if isinstance(value, int):
            assert said == f"`{int(value)}`", field.name
        else:
            assert not re.fullmatch(r"`[0-9]+`", said), field.name


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CIVICFORUM_PROXIES", "one"),
        ("CIVICFORUM_PROXIES", "-1"),
        ("CIVICFORUM_PROXIES", "99"),
        ("CIVICFORUM_POOL_SIZE", "0"),
        ("CIVICFORUM_POOL_SIZE", "1_0"),
        ("CIVICFORUM_POOL_SIZE", "١٠"),
        ("CIVICFORUM_LOG_DAYS", "half a year"),
        ("CIVICFORUM_SECURE_COOKIES", "yes"),
        ("CIVICFORUM_HOSTS", "https://minyi.example.cn"),
        ("CIVICFORUM_HOSTS", "minyi.example.cn/forum"),
        ("CIVICFORUM_SITE_URL", "minyi.example.cn"),
        ("CIVICFORUM_SITE_URL", "https://"),
        ("CIVICFORUM_SITE_URL", "https://minyi.example.cn:port"),
        ("CIVICFORUM_SOURCE_URL", "javascript:alert(1)"),
        ("CIVICFORUM_DATABASE_URL", "mysql://root:secret@host/forum"),
    ],
)
def test_a_value_of_no_use_is_refused_in_one_line_that_names_the_variable(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(BadSetting) as refused:
        read_settings()
    said = str(refused.value)
    assert said.startswith(variable)
    assert "\n" not in said
    assert "secret" not in said


def test_blanks_around_a_value_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICFORUM_PROXIES", " 1 ")
    monkeypatch.setenv("CIVICFORUM_HOSTS", "minyi.example.cn, [::1]:5000 .lan")
    monkeypatch.setenv("CIVICFORUM_SITE_URL", "https://minyi.example.cn/")
    settings = read_settings()
    assert settings.proxies == 1
    assert settings.hosts == ("minyi.example.cn", "[::1]:5000", ".lan")
    assert settings.site_url == "https://minyi.example.cn"


def test_secrets_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    first = read_settings()
    assert len(first.secret_key) == len(first.identity_key) == 64
    assert first.secret_key != first.identity_key
    assert (tmp_path / "secrets.toml").stat().st_mode & 0o777 == 0o600
    assert read_settings() == first


@pytest.mark.parametrize("content", ['secret_key = "a', 'secret_key = "a"\n', "identity_key = 7\n", "\xff"])
def test_a_damaged_file_of_secrets_is_named_and_not_replaced(content: str, tmp_path: Path) -> None:
    path = tmp_path / "secrets.toml"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(BadSetting, match=str(path)):
        read_settings()
    assert path.read_bytes() == content.encode("latin-1")


def test_a_secret_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CIVICFORUM_SECRET_KEY", " a key that begins with a blank")
    monkeypatch.setenv("CIVICFORUM_IDENTITY_KEY", "another")
    assert read_settings().secret_key == " a key that begins with a blank"
    assert not (tmp_path / "secrets.toml").exists()


def test_the_pool_is_as_large_as_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICFORUM_POOL_SIZE", "3")
    monkeypatch.setenv("CIVICFORUM_POOL_OVERFLOW", "0")
    monkeypatch.setenv("CIVICFORUM_POOL_WAIT_SECONDS", "2")
    options = flask_config(read_settings())["SQLALCHEMY_ENGINE_OPTIONS"]
    assert (options["pool_size"], options["max_overflow"], options["pool_timeout"]) == (3, 0, 2)
