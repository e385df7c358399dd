"""Break the checks of sealed ballots one at a time, and see whether a test notices.

Usage: python -m tools.mutate_sealed [--jobs N] [--missing] [--write]

Each sabotage of sealed_sabotages.txt is made in a copy of the code, and the tests of tests/unit/sealed run on
the copy until the first fails. Exits with 1 if any survives. `--write` writes docs/sealed-mutations.md.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from civicforum.config import ROOT

LIST = ROOT / "tools" / "sealed_sabotages.txt"
PAGE = ROOT / "docs" / "sealed-mutations.md"
ROOMS = [
    "forgeries",
    "lines",
    "ballots",
    "shuffles",
    "trustees",
    "board",
    "resuming",
    "paper",
    "codes",
    "archives",
    "group",
]
# Without what compares bytes with those that are committed: it would notice a change, not a missing check.
TESTS = [f"tests/unit/sealed/test_{room}.py" for room in ROOMS]
# Nor with plugins, nor with what the tests of the application start.
PYTEST = ["-x", "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "--confcutdir=tests/unit/sealed"]
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
SURVIVED = "SURVIVED"
HEADING = """# Sabotages of the sealed ballots' checks

Written by `python -m tools.mutate_sealed --write`: each piece of `civicforum/sealed/` below was replaced in
a copy of the code, and the tests ran until the first failed. The self-test at the import was left out, and no
test that compares with committed bytes ran. Where only a file is named, not even the honest election of its
tests could be held.

**{caught} of {all} were noticed.**

| file | code | instead | first test that fails |
| --- | --- | --- | --- |
"""


class Sabotage(NamedTuple):
    """In this file of civicforum/sealed, `line` becomes `instead`."""

    file: str
    line: str
    instead: str

    def of(self, package: Path) -> str:
        """Return the sabotaged source; raise ValueError unless the line is there exactly once."""
        source = (package / self.file).read_text(encoding="utf-8")
        if source.count(self.line) != 1:
            raise ValueError(f"{source.count(self.line)} times in {self.file}: {self.line}")
        return source.replace(self.line, self.instead)


def read_sabotages() -> list[Sabotage]:
    """Return the sabotages of the list, in its order."""
    found: list[Sabotage] = []
    for block in LIST.read_text(encoding="utf-8").split("\n\n")[1:]:
        file, pairs = block.split("\n", 1)
        for pair in re.findall(r"((?:^-.*\n)+)((?:^\+.*(?:\n|\Z))+)", pairs, re.MULTILINE):
            line, instead = (re.sub(r"^[-+] ?", "", half, flags=re.MULTILINE).rstrip("\n") for half in pair)
            found.append(Sabotage(file, line, instead))
    return found


@contextmanager
def copy_of_the_code() -> Iterator[Path]:
    """Yield a folder with a copy of the package, beside links to tests, tools and docs."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "checkout"
        skip = shutil.ignore_patterns("static", "translations", "__pycache__")
        shutil.copytree(ROOT / "civicforum", folder / "civicforum", ignore=skip)
        for linked in ("tests", "tools", "docs", "templates", "pyproject.toml"):
            (folder / linked).symlink_to(ROOT / linked)
        yield folder


def without_self_test(package: Path) -> None:
    """Let the copy be imported with other bytes than the vectors', so that the tests have to notice."""
    source = package.read_text(encoding="utf-8")
    package.write_text(source.replace("\nselftest.run()\n", "\n"), encoding="utf-8")


def first_failure(sabotage: Sabotage) -> str:
    """Return the test that notices a sabotage, or SURVIVED."""
    with copy_of_the_code() as folder:
        package = folder / "civicforum" / "sealed"
        (package / sabotage.file).write_text(sabotage.of(package), encoding="utf-8")
        without_self_test(package / "__init__.py")
        command = [sys.executable, "-B", "-m", "pytest", *PYTEST, *TESTS]
        done = subprocess.run(  # noqa: S603 - our own tests
            command, cwd=folder, capture_output=True, text=True, check=False, env=ENVIRONMENT
        )
    if done.returncode == 0:
        return SURVIVED
    found = re.search(r"^(?:FAILED|ERROR) tests/unit/sealed/(.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
    return found[1] if found else "the package cannot be imported"


def page(outcomes: list[tuple[Sabotage, str]]) -> str:
    """Return the table of sabotages and of the tests that noticed them."""
    rows = [f"{cells(sabotage)} {test.replace('|', '/')} |" for sabotage, test in outcomes]
    caught = sum(test != SURVIVED for _, test in outcomes)
    return HEADING.format(caught=caught, all=len(outcomes)) + "\n".join(rows) + "\n"


def cells(sabotage: Sabotage) -> str:
    """Return the row of a sabotage up to its outcome."""
    return f"| `{sabotage.file}` | `{one_line(sabotage.line)}` | `{one_line(sabotage.instead) or ' '}` |"


def noticed_before(sabotages: list[Sabotage]) -> dict[Sabotage, str]:
    """Return what the page says of the sabotages that it lists as noticed."""
    rows = PAGE.read_text(encoding="utf-8").splitlines()
    found = {
        sabotage: row.removeprefix(cells(sabotage)).removesuffix("|").strip()
        for sabotage in sabotages
        for row in rows
        if row.startswith(cells(sabotage))
    }
    return {sabotage: test for sabotage, test in found.items() if test != SURVIVED}


def one_line(code: str) -> str:
    """Return code as it fits into a cell."""
    return re.sub(r"\s+", " ", code).replace("|", "\\|").strip()


def main() -> int:
    """Try every sabotage, and say which survive."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--missing", action="store_true", help="only what the page does not list as noticed")
    options = parser.parse_args()
    sabotages = read_sabotages()
    for sabotage in sabotages:
        sabotage.of(ROOT / "civicforum" / "sealed")
    noticed = noticed_before(sabotages) if options.missing else {}
    untried = [sabotage for sabotage in sabotages if sabotage not in noticed]
    with ThreadPoolExecutor(options.jobs) as pool:
        for sabotage, test in zip(untried, pool.map(first_failure, untried), strict=True):
            noticed[sabotage] = test
            where = f"{len(noticed):3}/{len(sabotages)} {sabotage.file:14}"
            sys.stdout.write(f"{where} {one_line(sabotage.instead)[:50]:50} {test[:90]}\n")
            sys.stdout.flush()
    if options.write:
        PAGE.write_text(page([(sabotage, noticed[sabotage]) for sabotage in sabotages]), encoding="utf-8")
    return int(SURVIVED in noticed.values())


if __name__ == "__main__":
    sys.exit(main())
