"""Things that break, on a site of the tests' own: one for the whole run, with a new poll for each test."""

from __future__ import annotations

import json
import os
import random
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.voters import Electorate, make_community, make_electorate, sealed_ballots
from civicforum.config import ROOT
from tests.faults.audit import Audit
from tests.faults.ballot_load import ANSWERS, Ledger
from tests.faults.site import Site, wait_until_gone
from tests.support.ports import free_port

SEED = "CIVICFORUM_FAULT_SEED"
RESULTS = "CIVICFORUM_FAULT_RESULTS"
MADE = pytest.StashKey[Path]()
Voting = Callable[..., tuple[Electorate, list[bytes]]]
Note = Callable[..., None]


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed, for all processes of a run, and give the run a folder of its own.

    In the folder that runs share, the next one to begin closes it to all users but its own; run as root, the
    servers of PostgreSQL belong to another.
    """
    _seed()
    if config.option.basetemp is None:
        config.option.basetemp = config.stash[MADE] = Path(tempfile.mkdtemp(prefix="civicforum-faults-"))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Remove the folder of a run that found nothing."""
    folder = session.config.stash.get(MADE, None)
    if folder is not None and exitstatus == 0:
        shutil.rmtree(folder, ignore_errors=True)


def pytest_report_header() -> str:
    return f"{SEED}={_seed()} (the moments at which things break follow from it)"


def _seed() -> str:
    return os.environ.setdefault(SEED, str(secrets.randbelow(10**6)))


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Chance that is the same for the same seed and test."""
    return random.Random(f"{_seed()} {request.node.name}")  # noqa: S311


@pytest.fixture(scope="session")
def kept_instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an instance folder with a database of this version, stopped: made once, to be copied."""
    site = Site(tmp_path_factory.mktemp("kept") / "instance", free_port())
    made = site.civicforum("migrate", seconds=300)
    assert made.returncode == 0, made.stderr
    wait_until_gone(str(site.instance))
    return site.instance


@pytest.fixture(scope="session")
def copied(kept_instance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Return a function that makes a site of its own, not begun; whatever runs of it is ended at the end."""
    made: list[Site] = []

    def make(**variables: str) -> Site:
        folder = tmp_path_factory.mktemp("site") / "instance"
        # With its owner: as root, PostgreSQL runs as a user of its own.
        subprocess.run(["cp", "-a", str(kept_instance), str(folder)], check=True)
        made.append(Site(folder, free_port(), variables))
        return made[-1]

    yield make
    for site in made:
        site.end()


@pytest.fixture
def free_site() -> Iterator[Callable[[Path], Site]]:
    """Return a function that makes a site of an instance folder, ended with the test."""
    made: list[Site] = []

    def make(instance: Path) -> Site:
        made.append(Site(instance, free_port()))
        return made[-1]

    yield make
    for site in made:
        site.end()


@pytest.fixture(scope="session")
def shared_site(copied: Callable[..., Site]) -> Site:
    return copied()


@pytest.fixture
def site(shared_site: Site) -> Site:
    """The site that most tests share, begun and answering."""
    if shared_site.process is None or shared_site.process.poll() is not None:
        wait_until_gone(str(shared_site.instance))
        shared_site.start()
    shared_site.wait_until_answers()
    return shared_site


@pytest.fixture
def voting() -> Voting:
    """Return a function that makes a community and an open poll on a site, with everybody's sealed ballot."""

    def make(site: Site, *, voters: int) -> tuple[Electorate, list[bytes]]:
        with site.app() as app:
            with app.app_context():
                community_id = make_community()
            electorate = make_electorate(app, community_id, voters=voters)
            return electorate, sealed_ballots(app, electorate, ANSWERS)

    return make


@pytest.fixture
def note(request: pytest.FixtureRequest) -> Note:
    """Return a function that adds a line to the results of this run (tests/faults/report.py)."""
    begun = time.time()

    def write(
        fault: str, *, times: int, ledger: Ledger | None = None, audit: Audit | None = None, **more: object
    ) -> None:
        line: dict[str, object] = {"test": request.node.nodeid, "fault": fault, "times": times, **more}
        line |= {"begun": begun, "ended": time.time(), "seed": _seed()}
        if ledger is not None:
            line["answers"] = {str(status): number for status, number in sorted(ledger.statuses.items())}
            line |= {"broken": ledger.broken, "silence": round(ledger.silence, 1)}
            line |= {"slowest": round(ledger.slowest, 1)}
        if audit is not None:
            line |= asdict(audit)
        path = Path(os.environ.get(RESULTS, ROOT / "build" / "faults.jsonl"))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    return write
