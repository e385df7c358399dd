"""The table of docs/reliability.md, from what a run of the fault suite noted.

`python -m tests.faults.report FILE` prints it; with `--write` it is put into the page, between its two marks.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from civicforum.config import ROOT

PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- faults: begin -->\n", "<!-- faults: end -->\n"
HEAD = """\
| What was done | How often | Ballots acknowledged | No answer, of these there | Answers by status | \
Connections broken | Longest wait for an answer, s | Longest time without a ballot, s | Beside it |
| --- | ---: | ---: | ---: | --- | ---: | ---: | ---: | --- |
"""
AUDITED = ("acknowledged", "lost", "doubled", "unanswered", "unanswered_on_board")
BESIDE = {
    "matters": "matters begun",
    "gone": "s until all processes were gone",
    "back": "s until a page was answered again",
    "held": "connections held",
    "pages": "pages asked",
    "panics": "panics of PostgreSQL",
    "reached": "revisions reached before the last start",
    "messages": "messages",
    "messages_that_came_twice": "messages that came twice, with the same Message-ID",
}


def main(arguments: Sequence[str]) -> int:
    found = [json.loads(line) for line in Path(arguments[0]).read_text(encoding="utf-8").splitlines()]
    # Tests run beside each other, and come to their end in any order.
    lines = sorted(found, key=lambda line: str(line["test"]))
    table = table_of(lines)
    sys.stdout.write(table)
    if "--write" in arguments:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN, 1)
        after = rest.split(END, 1)[1]
        PAGE.write_text(before + BEGIN + "\n" + table + "\n" + END + after, encoding="utf-8")
    return 0


def table_of(lines: Sequence[Mapping[str, Any]]) -> str:
    """Return the table of a run, and the sums below it."""
    seeds = sorted({line["seed"] for line in lines})
    total = {name: sum(line.get(name, 0) for line in lines) for name in ("times", *AUDITED)}
    seconds = max(line["ended"] for line in lines) - min(line["begun"] for line in lines)
    sums = (
        f"\n{total['times']} faults in {len(lines)} tests with the seed {', '.join(seeds)}, "
        f"in {seconds:.0f} s on {os.cpu_count()} processors. {total['acknowledged']} ballots "
        f"were acknowledged, {total['lost']} of them lost and {total['doubled']} doubled. "
        f"{total['unanswered']} voters got no answer and gave up; {total['unanswered_on_board']} of their "
        "ballots are on a board, once each.\n"
    )
    return HEAD + "".join(_row(line) for line in lines) + sums


def _row(line: Mapping[str, Any]) -> str:
    answers = ", ".join(f"{status}: {number}" for status, number in line.get("answers", {}).items())
    unanswered = f"{line['unanswered']}, {line['unanswered_on_board']}" if "unanswered" in line else ""
    beside = "; ".join(f"{_told(line[name])} {words}" for name, words in BESIDE.items() if name in line)
    cells = [line["fault"], line["times"], line.get("acknowledged", ""), unanswered, answers]
    cells += [line.get("broken", ""), line.get("slowest", ""), line.get("silence", ""), beside]
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def _told(value: object) -> object:
    if isinstance(value, list):
        return len(value)
    return round(value, 1) if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
