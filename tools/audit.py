"""Ask the advisory services about every locked version; fail on a finding, warn where they cannot be asked.

Usage: python -m tools.audit

Python: pip-audit over each requirements*.txt. Scripts: npm audit over package-lock.json. What a service did
not answer for is not clean, although pip-audit calls it so: it is counted and said, and the build goes on.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 600
# Of npm's grades of an advisory: what concerns how we build with a tool, never what runs, is below.
GRAVE = frozenset({"moderate", "high", "critical"})


@dataclass
class Audit:
    """What came of one lock file: lines for findings, and why anything was not asked about."""

    name: str
    asked: int = 0
    findings: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def read_pip(name: str, written: str, said: str) -> Audit:
    """Return the audit that pip-audit wrote as JSON; without any, it could not ask."""
    audit = Audit(name)
    try:
        rows: list[dict[str, Any]] = json.loads(written)["dependencies"]
    except (ValueError, KeyError, TypeError):
        audit.unasked.append(_last_line(said))
        return audit
    for row in rows:
        if "skip_reason" in row:
            audit.unasked.append(f"{row['name']}: {row['skip_reason']}")
            continue
        audit.asked += 1
        audit.findings += [
            f"{row['name']} {row['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or '?'}"
            for one in row["vulns"]
        ]
    return audit


def read_npm(name: str, written: str, said: str) -> Audit:
    """Return the audit that npm wrote as JSON; without a list of advisories, it could not ask."""
    audit = Audit(name)
    try:
        answer: dict[str, Any] = json.loads(written)
    except ValueError:
        answer = {"message": _last_line(said)}
    if "vulnerabilities" not in answer:
        audit.unasked.append(str(answer.get("message")))
        return audit
    found: dict[str, dict[str, Any]] = answer["vulnerabilities"]
    audit.asked = int(answer["metadata"]["dependencies"]["total"])
    audit.findings = [
        f"{package}: {row['severity']}" for package, row in found.items() if row["severity"] in GRAVE
    ]
    return audit


def report(audits: Sequence[Audit]) -> tuple[list[str], int]:
    """Return the lines to print, and the status to end with: 1 where anything was found."""
    lines = []
    for audit in audits:
        lines.append(f"{audit.name}: {audit.asked} packages asked about, {len(audit.findings)} findings")
        lines += [f"  FINDING {finding}" for finding in audit.findings]
        if audit.unasked:
            lines.append(f"  WARNING not audited: {len(audit.unasked)}, such as {audit.unasked[0]}")
    return lines, int(any(audit.findings for audit in audits))


def main() -> int:
    audits = []
    for lock in sorted(ROOT.glob("requirements*.txt")):
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--require-hashes"]
        command += ["--disable-pip", "--format", "json", "--progress-spinner", "off"]
        audits.append(read_pip(lock.name, *_run(command)))
    command = ["tools/node", "npm", "--prefix", "frontend", "audit", "--json"]
    audits.append(read_npm("frontend/package-lock.json", *_run(command)))
    lines, status = report(audits)
    sys.stdout.write("\n".join(lines) + "\n")
    return status


def _run(command: Sequence[str]) -> tuple[str, str]:
    """Return what a command wrote and what it said. What it found is told by its words, not by its status."""
    try:
        done = subprocess.run(  # noqa: S603 - the commands are ours
            command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    return done.stdout, done.stderr


def _last_line(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if lines else "the service did not answer"


if __name__ == "__main__":
    raise SystemExit(main())
