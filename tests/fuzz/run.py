"""Fuzz all targets, one after the other, and write down what came of it: `make fuzz`.

`python -m tests.fuzz.run [--seconds 60] [--write] [NAME ...]` leaves a line for each target in
build/fuzz.jsonl and prints the table; with `--write` it goes into docs/reliability.md, between its two marks.
The status is 1 when something was found: the input lies in build/fuzz/NAME/ with what was said,
and belongs into tests/fuzz/corpus/NAME/ once it is cut down and mended.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from civicforum.config import ROOT
from tests.fuzz import targets
from tests.fuzz.target import Target

BUILD = ROOT / "build" / "fuzz"
RESULTS = ROOT / "build" / "fuzz.jsonl"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- fuzz: begin -->\n", "<!-- fuzz: end -->\n"
# Most of it is the program itself and its libraries.
MEMORY_MB = 1200
HUNG_SECONDS = 30
HEAD = """\
| Parser | What it takes | What holds beside | Inputs | Seconds | Edges | Features | Found |
| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |
"""
_DONE = re.compile(r"#(\d+)\s+(?:DONE|NEW|REDUCE|pulse|INITED)\s+cov: (\d+) ft: (\d+)")
_UNITS = re.compile(r"stat::number_of_executed_units: (\d+)")


def main(arguments: Sequence[str]) -> int:
    given = _arguments(arguments)
    wanted = [targets.named(name) for name in given.names] or targets.every()
    results = []
    for target in wanted:
        results.append(fuzz(target, seconds=given.seconds))
        sys.stdout.write(_row(results[-1]))
        sys.stdout.flush()
    RESULTS.write_text(
        "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in results), encoding="utf-8"
    )
    sys.stdout.write(_sums(results))
    if given.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN, 1)
        table = HEAD + "".join(map(_row, results)) + _sums(results)
        PAGE.write_text(f"{before}{BEGIN}\n{table}\n{END}{rest.split(END, 1)[1]}", encoding="utf-8")
    return 1 if any(one["found"] for one in results) else 0


def fuzz(target: Target, *, seconds: int) -> dict[str, Any]:
    """Fuzz a target in a process of its own, from its seeds and what was once wrong; return the counts."""
    folder = BUILD / target.name
    seeds = folder / "seeds"
    shutil.rmtree(folder, ignore_errors=True)
    seeds.mkdir(parents=True)
    for number, seed in enumerate([*target.seeds(), *(path.read_bytes() for path in target.kept)]):
        (seeds / str(number)).write_bytes(seed)
    began = time.monotonic()
    answer = subprocess.run(
        [
            sys.executable, "-m", "tests.fuzz.one", target.name, f"-max_total_time={seconds}",
            f"-max_len={target.longest}", f"-rss_limit_mb={MEMORY_MB}", f"-timeout={HUNG_SECONDS}",
            "-print_final_stats=1", f"-artifact_prefix={folder}/", str(seeds),
        ],
        cwd=ROOT, capture_output=True, text=True, errors="replace", check=False,
    )  # fmt: skip
    said = answer.stdout + answer.stderr
    (folder / "said").write_text(said, encoding="utf-8")
    return {
        "name": target.name,
        "takes": target.takes,
        "holds": target.holds,
        "seconds": round(time.monotonic() - began, 1),
        "found": int(answer.returncode != 0),
        **_counts(said),
    }


def _counts(said: str) -> dict[str, int]:
    """Return inputs, edges and features as libFuzzer tells them."""
    seen = _DONE.findall(said)
    inputs, edges, features = (int(number) for number in seen[-1]) if seen else (0, 0, 0)
    units = _UNITS.findall(said)
    return {"inputs": int(units[-1]) if units else inputs, "edges": edges, "features": features}


def _row(one: Mapping[str, Any]) -> str:
    cells = (f"`{one['name']}`", one["takes"], one["holds"], f"{one['inputs']:,}", one["seconds"])
    return "| " + " | ".join(map(str, (*cells, one["edges"], one["features"], one["found"]))) + " |\n"


def _sums(results: Sequence[Mapping[str, Any]]) -> str:
    inputs, seconds = (sum(one[name] for one in results) for name in ("inputs", "seconds"))
    found = sum(one["found"] for one in results)
    return (
        f"\n{inputs:,} inputs to {len(results)} parsers in {seconds:.0f} s on a machine with "
        f"{os.cpu_count()} processors; {found} found something.\n"
    )


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--write", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
