"""Tests that watch the code itself: who imports what, and what must be said in two places says the same."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from babel.messages.pofile import read_po
from sqlalchemy import CheckConstraint, Enum

import civicforum.models  # noqa: F401
from civicforum.config import ROOT
from civicforum.database import Base

PACKAGE = ROOT / "civicforum"
LIBRARIES = ("rulebook", "counting", "opinions", "sealed")
FRAMEWORKS = {
    "alembic",
    "babel",
    "flask",
    "flask_babel",
    "flask_limiter",
    "flask_login",
    "flask_migrate",
    "flask_sqlalchemy",
    "flask_wtf",
    "jinja2",
    "procrastinate",
    "psycopg",
    "sqlalchemy",
    "werkzeug",
    "wtforms",
}
# Elections are judged in modules named for their subjects.
LAW_OF_ELECTIONS = (
    "calendar",
    "committees",
    "kin",
    "law",
    "nominations",
    "polling",
    "recalls",
    "registers",
    "representatives",
    "standing",
    "verdicts",
)
MAY_NOT_IMPORT = {
    "rules": {"views", "forms", "services", "queries", "models"},
    "models": {"views", "forms", "services", "queries"},
    "queries": {"views", "forms"},
    "services": {"views", "forms"},
}
FEATURES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
TEMPLATES = sorted(ROOT.glob("templates/**/*.html"))
CATALOGUES = sorted(PACKAGE.glob("translations/*/LC_MESSAGES/messages.po"))


def imports(path: Path) -> Iterator[str]:
    """Yield every module that a file imports when it runs, not those only a type checker sees."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def files_of(feature: str, room: str) -> list[Path]:
    """Return the files of one room: `rules.py`, `rules_after.py`, or a folder `rules/`."""
    folder = PACKAGE / feature
    return sorted(
        set(folder.glob(f"{room}.py"))
        | set(folder.glob(f"{room}_*.py"))
        | set(folder.glob(f"{room}/**/*.py"))
    )


def library_files() -> list[Path]:
    return [path for name in LIBRARIES for path in sorted((PACKAGE / name).glob("**/*.py"))]


def rules_files() -> list[Path]:
    named = [path for feature in FEATURES for path in files_of(feature, "rules") if feature not in LIBRARIES]
    return named + [PACKAGE / "elections" / f"{subject}.py" for subject in LAW_OF_ELECTIONS]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", library_files() + rules_files(), ids=name_of)
def test_rules_and_libraries_import_no_framework(path: Path) -> None:
    assert {name.split(".")[0] for name in imports(path)} & FRAMEWORKS == set()


@pytest.mark.parametrize("path", library_files(), ids=name_of)
def test_libraries_import_nothing_of_the_application_but_libraries(path: Path) -> None:
    allowed = tuple(f"civicforum.{name}" for name in (*LIBRARIES, "errors"))
    ours = {name for name in imports(path) if name.startswith("civicforum.")}
    assert {name for name in ours if not name.startswith(allowed)} == set()


@pytest.mark.parametrize("room", MAY_NOT_IMPORT)
def test_imports_point_down_the_layers(room: str) -> None:
    wrong = []
    for feature in FEATURES:
        for path in files_of(feature, room):
            for name in imports(path):
                parts = name.split(".")
                if parts[0] == "civicforum" and len(parts) > 2 and parts[2] in MAY_NOT_IMPORT[room]:
                    wrong.append(f"{name_of(path)} imports {name}")
    assert wrong == []


def enum_columns() -> list[tuple[str, Enum]]:
    return [
        (f"{table.name}.{column.name}", column.type)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, Enum)
    ]


@pytest.mark.parametrize(("column", "kind"), enum_columns(), ids=[name for name, _ in enum_columns()])
def test_enum_is_kept_by_a_check_with_its_values(column: str, kind: Enum) -> None:
    assert kind.enum_class is not None
    assert issubclass(kind.enum_class, StrEnum)
    table, name = column.split(".")
    checks = [
        check
        for check in Base.metadata.tables[table].constraints
        if isinstance(check, CheckConstraint)
        and re.match(rf"{table}\.{name} IN |{name} IN ", str(check.sqltext))
    ]
    assert len(checks) >= 1
    assert kind.enums == [member.value for member in kind.enum_class]


def test_migrations_have_one_head_and_import_no_model() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1
    for path in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        assert not [name for name in imports(path) if name.startswith("civicforum")], path.name


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_imports_no_macro_it_does_not_use(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    unused = []
    for names in re.findall(
        r"{%-?\s*from\s+[^%]+?\s+import\s+([^%]+?)\s*(?:with(?:out)? context\s*)?-?%}", text
    ):
        for name in names.split(","):
            used_as = name.split(" as ")[-1].strip()
            if len(re.findall(rf"\b{re.escape(used_as)}\b", text)) < 2:
                unused.append(used_as)
    assert unused == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_every_text_is_translated(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    missing = [message.id for message in catalogue if message.id and not all(texts(message.string))]
    assert missing == []
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=name_of)
def test_translation_has_the_placeholders_of_its_text(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file)
    wrong = [
        message.id
        for message in catalogue
        if message.id
        for text in texts(message.string)
        # A plural form may leave out the number; no form may ask for what is not given.
        if not placeholders(text) <= set().union(*map(placeholders, texts(message.id)))
        or (isinstance(message.id, str) and placeholders(text) != placeholders(message.id))
    ]
    assert wrong == []


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text))


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.txt")), ids=name_of)
def test_lock_has_a_hash_for_every_version_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    pins = re.split(r"\n(?=[a-z0-9])", re.sub(r"(?m)^#.*\n", "", text))
    assert [
        pin.split()[0] for pin in pins if not re.match(r"\S+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", pin)
    ] == []
    assert re.findall(r"://|^--(?!hash)|@ ", text, re.MULTILINE) == []


def test_lock_covers_what_the_package_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {canonical(requirement) for requirement in project["dependencies"]}
    locked = {
        canonical(line) for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    }
    assert needed - locked == set()


def canonical(requirement: str) -> str:
    """Return the name that a requirement begins with, as indexes spell it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0]).lower()


@pytest.mark.parametrize("feature", FEATURES)
def test_every_module_can_be_imported(feature: str) -> None:
    for path in sorted((PACKAGE / feature).glob("**/*.py")):
        module = path.relative_to(ROOT).with_suffix("")
        import_module(".".join(module.parts).removesuffix(".__init__"))
