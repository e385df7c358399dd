"""The command `civicforum`: what it lists without importing it, and how it refuses."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from civicforum.cli import ELSEWHERE, Commands, commands
from civicforum.errors import NotEligible

COUNTED_ALONE = """
import sys
from civicforum.cli import commands
try:
    commands.main(["count", "--help"])
except SystemExit:
    pass
print(sorted({"flask", "sqlalchemy", "jinja2", "babel"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_line_in_the_list_is_what_the_command_says_of_itself(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    assert command.get_short_help_str(limit=100) == ELSEWHERE[name].line


def test_the_list_names_every_command() -> None:
    listed = CliRunner().invoke(commands, ["--help"]).stdout
    for name in ("account", "count", "demo", "import", "init", "journal", "migrate", "serve", "worker"):
        assert f"\n  {name} " in listed


def test_counting_a_file_loads_neither_the_database_nor_the_pages() -> None:
    ran = subprocess.run([sys.executable, "-c", COUNTED_ALONE], capture_output=True, text=True, check=True)
    assert ran.stderr == "[]\n"


def test_a_refusal_is_one_line_for_a_person() -> None:
    group = Commands("group")

    @group.command()
    def refuse() -> None:
        raise NotEligible("not yours to do")

    refused = CliRunner().invoke(group, ["refuse"])
    assert (refused.exit_code, refused.stderr) == (1, "Error: not yours to do\n")


def test_a_bug_is_not_hidden() -> None:
    group = Commands("group")

    @group.command()
    def fail() -> None:
        raise ZeroDivisionError

    assert isinstance(CliRunner().invoke(group, ["fail"]).exception, ZeroDivisionError)
