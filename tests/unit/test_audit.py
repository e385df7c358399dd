"""Auditing what we depend on: a finding fails, and what nobody answered for is not called clean."""

from __future__ import annotations

import json

from tools.audit import Audit, read_npm, read_pip, report

FOUND = {
    "dependencies": [
        {"name": "flask", "version": "3.1.0", "vulns": []},
        {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-2019-217", "fix_versions": ["2.10.1"]}]},
        {"name": "ours", "skip_reason": "Dependency not found on PyPI and could not be audited"},
    ]
}
NPM = {
    "vulnerabilities": {"esbuild": {"severity": "high"}, "sass": {"severity": "low"}},
    "metadata": {"dependencies": {"total": 60}},
}


def test_a_known_hole_in_a_python_package_fails() -> None:
    audit = read_pip("requirements.txt", json.dumps(FOUND), "")
    assert audit.findings == ["jinja2 2.0: PYSEC-2019-217, mended in 2.10.1"]
    assert report([audit])[1] == 1


def test_a_package_that_the_service_does_not_know_is_not_called_clean() -> None:
    audit = read_pip("requirements.txt", json.dumps(FOUND), "")
    assert (audit.asked, len(audit.unasked)) == (2, 1)
    assert any("WARNING not audited: 1" in line for line in report([audit])[0])


def test_a_grave_hole_in_a_package_of_the_scripts_fails() -> None:
    audit = read_npm("package-lock.json", json.dumps(NPM), "")
    assert (audit.asked, audit.findings) == (60, ["esbuild: high"])
    assert report([audit])[1] == 1


def test_a_service_that_cannot_be_reached_is_said_and_stops_nothing() -> None:
    silent = [
        read_pip("requirements.txt", "", "Traceback\nConnectionError: no route"),
        read_npm("package-lock.json", json.dumps({"message": "405 Method Not Allowed"}), "log"),
        read_npm("package-lock.json", "", "no npm here"),
    ]
    lines, status = report(silent)
    assert status == 0
    told = [line.partition("such as ")[2] for line in lines if "WARNING" in line]
    assert told == ["ConnectionError: no route", "405 Method Not Allowed", "no npm here"]


def test_what_is_clean_says_how_many_were_asked_about() -> None:
    lines, status = report([Audit("requirements.txt", asked=98)])
    assert (lines, status) == (["requirements.txt: 98 packages asked about, 0 findings"], 0)
