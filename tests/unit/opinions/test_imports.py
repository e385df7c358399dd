"""scikit-learn takes a second to import: whoever serves pages or asks for help does not pay for it."""

from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
import civicforum.cli
import civicforum.statements.jobs
import civicforum.statements.views
found = {"sklearn", "scipy"} & set(sys.modules)
sys.exit(f"imported: {found}" if found else 0)
"""


def test_pages_and_commands_do_not_import_what_only_computing_needs() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
