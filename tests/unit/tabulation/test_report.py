"""The report: one file that needs nothing else, complete in both languages."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.support.ballot_files import COUNCIL, TIE, run_count


class Page(HTMLParser):
    """Collects what a report holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.labels: list[str] = []
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        self.tags.append(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.labels += given.get("aria-labelledby", "").split()
        self.addresses += [given[key] for key in ("href", "src", "action") if key in given]

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def report(folder: Path, ballots: str, *arguments: str) -> str:
    target = folder / "report.html"
    ran = run_count(folder, ballots, "--report", str(target), *arguments)
    assert ran.exit_code == 0, ran.stderr
    return target.read_text(encoding="utf-8")


@pytest.mark.parametrize("rule", ["scottish-stv", "schulze", "approval", "phragmen"])
def test_report_needs_no_other_file_and_no_script(tmp_path: Path, rule: str) -> None:
    html = report(tmp_path, COUNCIL, "--rule", rule)
    page = Page(html)
    assert page.addresses == ["#content"]
    assert not {"script", "link", "img", "iframe", "form"} & set(page.tags)
    assert set(re.findall(r"\w+://[^\s\"']+", html)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\(", html)
    assert "default-src 'none'" in html


@pytest.mark.parametrize("rule", ["scottish-stv", "schulze", "approval"])
def test_every_label_points_at_one_place(tmp_path: Path, rule: str) -> None:
    page = Page(report(tmp_path, COUNCIL, "--rule", rule))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.labels) <= set(page.ids)
    assert page.tags.count("h1") == page.tags.count("main") == 1


def test_report_tells_the_count_from_the_quota_to_the_digest(tmp_path: Path) -> None:
    page = Page(
        report(tmp_path, COUNCIL, "--rule", "scottish-stv", "--language", "en", "--day", "2026-03-01")
    )
    for words in (
        "Council",
        "2 seats",
        "Single transferable vote, Scottish rules",
        "SSI 2007/42",
        "25 valid papers ÷ (seats 2 + 1), cut to a whole number, + 1 = 9",
        "Stage 2: the surplus of Ann is passed on",
        "Gains: Bob +3. Elected: Bob.",
        hashlib.sha256(COUNCIL.encode()).hexdigest(),
        "ballots.blt",
        date(2026, 3, 1).isoformat(),
    ):
        assert words in page.text
    assert "12.00000" in page.words
    assert "7.00000" in page.words


def test_report_has_no_day_that_nobody_gave(tmp_path: Path) -> None:
    assert "<time" not in report(tmp_path, COUNCIL, "--rule", "irv", "--seats", "1")


def test_chinese_report_has_no_english_sentence(tmp_path: Path) -> None:
    for rule in ("scottish-stv", "ranked-pairs", "borda"):
        page = Page(report(tmp_path, COUNCIL, "--rule", rule, "--language", "zh_Hans"))
        body = page.text[page.text.index("计票报告 Council") :]
        # Names of the file and of programs, and the sources of rules, are what they are.
        assert re.findall(r"(?:[a-z]+ ){2,}[a-z]+", body) == []


def test_open_tie_stands_at_the_top_with_what_must_happen(tmp_path: Path) -> None:
    page = Page(report(tmp_path, TIE, "--rule", "irv", "--language", "zh_Hans"))
    assert page.text.index("结果未定") < page.text.index("怎样计票")
    assert "须在王秀兰、陈志强之间公开抽签决定" in page.text


def test_lot_that_was_drawn_is_written_down(tmp_path: Path) -> None:
    page = Page(report(tmp_path, TIE, "--rule", "irv", "--lot", "2 > 1", "--language", "en"))
    assert "陈志强 > 王秀兰" in page.text
    assert "The lot drawn in public decides." in page.text


def test_names_are_text_whatever_they_say(tmp_path: Path) -> None:
    ballots = TIE.replace("<b>Ann</b>", "<script>alert(1)</script>")
    for rule in ("irv", "schulze", "approval"):
        page = Page(report(tmp_path, ballots, "--rule", rule))
        assert "script" not in page.tags
        assert "Lee, <script>alert(1)</script> & Co" in page.text


def test_long_count_is_folded_and_a_short_one_is_open(tmp_path: Path) -> None:
    short = report(tmp_path, COUNCIL, "--rule", "scottish-stv")
    assert short.count('<details class="stage" open>') == 3  # the picture of all stages, and both stages
    # Twelve options with 11 to 22 papers and no second choice: ten go out, then the first has more than half.
    lines = (f"{10 + number} {number} 0" for number in range(1, 13))
    names = (f'"Option {number}"' for number in range(1, 13))
    long = report(tmp_path, "\n".join(["12 1", *lines, "0", *names, '"Long"', ""]), "--rule", "irv")
    assert long.count("<details") == 13  # the picture, eleven stages, the table of all of them
    assert long.count('<details class="stage" open>') == 3  # the picture, the first stage and the last
