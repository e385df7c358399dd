"""Small files of ballots whose counts are worked by hand."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from civicforum.tabulation.cli import count_file

# 25 papers for 2 seats: the Scottish quota is 25 // 3 + 1 = 9. Ann has 12, a surplus of 3; each of her papers
# goes on to Bob at 3 / 12 = 0.25, so that he has 6 + 3 = 9 and the second seat.
COUNCIL = """3 2
12 1 2 0
7 3 0
6 2 1 0
0
"Ann"
"Bob"
"Cem"
"Council"
"""

# Level at the bottom from the first stage on, and both papers name nobody else.
TIE = """3 1
5 1 0
5 2 0
4 3 0
0
"王秀兰"
"陈志强"
"Lee, <b>Ann</b> & Co"
"青松里社区推选"
"""


def run_count(folder: Path, ballots: str, *arguments: str, name: str = "ballots.blt") -> Result:
    """Write a file and run `civicforum count` on it, without the second engine unless asked for it."""
    file = folder / name
    file.write_text(ballots, encoding="utf-8")
    second = () if "--second" in arguments else ("--no-second",)
    return CliRunner().invoke(count_file, [str(file), *second, *arguments])
