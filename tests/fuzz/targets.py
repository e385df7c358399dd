"""All targets: every parser of bytes from outside.

`python -m tests.fuzz.targets` prints them as a table. A group is imported when it is asked for, so that a
run watches only the code of its own parsers.
"""

from __future__ import annotations

import sys
from importlib import import_module

from tests.fuzz.target import Target

# Each group, and the modules whose lines are watched: those that read.
GROUPS = {
    "sealed": ("civicforum.sealed",),
    "packages": (
        "civicforum.transfer",
        "civicforum.dossiers",
        "civicforum.records.rules",
        "civicforum.supervision.comparing",
        "zipfile",
    ),
    "lists": ("civicforum.people.importing", "civicforum.people.identity", "openpyxl"),
    "counting": ("civicforum.counting.files",),
    "uploads": (
        "civicforum.records.photos",
        "civicforum.appraisals.report_files",
        "civicforum.pdf_words",
        "pypdf",
        "PIL",
    ),
    "addresses": (
        "civicforum.preferences",
        "civicforum.api",
        "civicforum.fields",
        "civicforum.receiving",
        "civicforum.operating.rules",
        "werkzeug",
    ),
    "texts": (
        "civicforum.matters.text",
        "civicforum.moderation.matching",
        "civicforum.moderation.services.wordlist",
        "civicforum.notices.pii",
        "civicforum.records.redacting",
        "civicforum.elections.queries.notices.drafts",
    ),
    "settings": (
        "civicforum.rulebook",
        "civicforum.backup",
        "civicforum.config",
        "civicforum.inbox.channels",
    ),
    "boxes": ("civicforum.reports", "civicforum.sealed"),
    "passkeys": ("civicforum.accounts.second_factor_passkeys", "webauthn", "cbor2"),
    "pages": ("civicforum.security", "civicforum.receiving", "civicforum.error_pages", "werkzeug", "flask"),
}


def targets_of(group: str) -> tuple[Target, ...]:
    """Return the targets of one group, in the order of its module."""
    found: tuple[Target, ...] = import_module(f"tests.fuzz.group_{group}").TARGETS
    return found


def every() -> list[Target]:
    """Return all targets."""
    return [target for group in GROUPS for target in targets_of(group)]


def named(name: str) -> Target:
    """Return a target. Raises KeyError where there is none of the name."""
    return {target.name: target for target in targets_of(name.partition(".")[0])}[name]


def table() -> str:
    """Return all targets as a table in Markdown."""
    rows = (f"| `{one.name}` | {one.takes} | {one.holds} |\n" for one in every())
    return (
        "| Parser | What it takes | What holds for whatever it is given |\n| --- | --- | --- |\n"
        + "".join(rows)
    )


if __name__ == "__main__":
    sys.stdout.write(table())
