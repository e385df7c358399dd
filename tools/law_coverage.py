"""Write docs/law-coverage.md: the clauses of the law that tests try, and the rules that none does.

Usage: python -m tools.law_coverage

A test says what it tries with `@pytest.mark.law("B4", "election.validity.voters")`: the row of the list
below, and the rules of the rulebook. Raises ValueError where it names a row or a rule that there is not, and
where a rule of these groups is neither tried nor excused.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from civicforum import rulebook
from civicforum.config import ROOT
from civicforum.rulebook import Clock, Count, Rule, Rulebook, Switch, Threshold

PAGE = ROOT / "docs" / "law-coverage.md"
TESTS = ROOT / "tests"
# Every rule of these groups is tried or excused; of others, those that tests name.
GROUPS = frozenset(
    {
        "committee",
        "supervision",
        "representatives",
        "roll",
        "election",
        "ballot",
        "proxy",
        "recall",
        "assembly",
        "council",
        "appraisal",
        "action",
        "rating",
        "department",
        "disclosure",
        "notice",
    }
)
ROWS = {
    "B1": "Size of the committee",
    "B2": "Term of office",
    "B3": "Three ways of electing",
    "B4": "Validity of the poll",
    "B5": "Votes to be elected",
    "B6": "Further round",
    "B7": "Ties",
    "B8": "More candidates than seats",
    "B9": "Election committee",
    "B10": "Who may vote",
    "B11": "Registration",
    "B12": "Posting the roll",
    "B13": "Objections to the roll",
    "B14": "Nomination",
    "B15": "Disqualified as candidates",
    "B16": "Meeting the candidates",
    "B17": "Form of the ballot",
    "B18": "Marks",
    "B19": "Invalid papers",
    "B20": "Votes added downwards",
    "B21": "Proxies",
    "B22": "Help with writing",
    "B23": "Roving boxes",
    "B24": "Conflicts of staff",
    "B25": "Result",
    "B26": "Keeping the ballots",
    "B27": "Handover",
    "B28": "Void elections",
    "B29": "Recall: the demand",
    "B30": "Recall: the vote",
    "B31": "Resignation and end of office",
    "B32": "By-election",
    "B33": "Residents' representatives",
    "B34": "Leaders of groups",
    "B35": "Supervision committee",
    "B36": "Mediation committee",
    "B37": "Residents' assembly: the call",
    "B38": "Residents' assembly: quorum and majority",
    "B39": "Residents' assembly: its powers",
    "B40": "Representative assembly",
    "B41": "Study by the party organisation",
    "B42": "Legality",
    "C1": "Duty to deliberate",
    "C2": "Steps of a deliberation",
    "C5": "Hearings, parties' meetings, appraisal meetings",
    "C6": "Joint meetings",
    "C9": "Rules of procedure",
    "D1": "Appraisal of members, and what ends a post",
    "D2": "Time between appraisals, plan, demand",
    "D3": "Scales and the grade",
    "D4": "The way of an appraisal",
    "D5": "Weights between groups",
    "D6": "Consequences of grades",
    "D7": "Others whom residents appraise",
    "D8": "Forms that name nobody",
    "D9": "Service ratings",
    "D10": "Corrective actions",
    "D11": "Ranking",
    "E1": "Disclosure: what is posted",
    "E2": "Disclosure: how long, where, and what is kept",
    "E3": "Disclosure: when it is due",
    "E4": "Disclosure: the steps before posting, queries, further items",
}
# Rules that no test tries: the row they belong to, and who keeps them.
EXCUSED = {
    "election.campaign_on_election_day": ("B16", "No number: kept by the officers at the polling place."),
    "election.writing_booth": ("B17", "No number: the booth stands in the room."),
    "election.open_count": ("B17", "No number: papers are counted in public by the officers."),
    "ballot.two_posts_void_paper": (
        "B19",
        "Papers are judged by hand: a ground of the posted notice, and entered as invalid.",
    ),
    "ballot.illegible_voids_paper": (
        "B19",
        "Papers are judged by hand: a ground of the posted notice, and entered as invalid.",
    ),
    "ballot.helper": ("B22", "No number: the public scribe serves on the spot."),
    "election.roving_box.approved": ("B23", "No number: the approval is a paper of the subdistrict."),
    "election.papers_kept": (
        "B26",
        "No number: sealed and kept by the officers; sealed ballots are never deleted.",
    ),
    "committee.archive": ("B26", "No number: the archive list shows what is missing."),
    "committee.seal_handover": ("B27", "No number: an item of the checklist of the handover."),
    "supervision.required": ("B35", "No number: whether a community has one is seen on its page of bodies."),
    "supervision.social_workers": ("B35", "Forbids nobody: residents and social workers may be elected."),
    "assembly.residents.delegation": ("B39", "No number: the residents' assembly says so by a resolution."),
    "assembly.residents.delegation_of_charter": (
        "B39",
        "No number: the charter is put to the residents' assembly by whoever plans it.",
    ),
    "council.required": ("C1", "No number: the catalogue of duties reminds whoever plans and reviews."),
    "department.committee_heard": (
        "D7",
        "No number: an appraisal of departments has a group of the committee.",
    ),
    "department.firms_appraised": ("D7", "No number: firms are among the subjects that a plan offers."),
}
HEAD = """# The law on elections, assemblies, deliberation, appraisals and disclosure, and its tests

Written by `make law-coverage`: each row of the law with its rules in the profile `{profile}`,
and the tests that try them. A rule with a number is tried just below it, at it and just above it. A source
that is "by analogy" or a default is no national law for communities, and a local profile may change it.

**{tests} tests try {tried} rules in {rows} of {all_rows} rows; {excused} rules have none.**
"""


@dataclass(frozen=True)
class Clause:
    """A test, and what it tries: one row and some of its rules."""

    row: str
    rules: tuple[str, ...]
    test: str


def read_clauses(folder: Path = TESTS) -> list[Clause]:
    """Return what the tests below a folder say they try, by file and line."""
    return [clause for path in sorted(folder.rglob("test_*.py")) for clause in _clauses_of(path)]


def write_page(book: Rulebook, clauses: Iterable[Clause]) -> str:
    """Return the page. Raises ValueError, naming what is unknown or not tried."""
    found = list(clauses)
    check(book, found)
    tried = {rule for clause in found for rule in clause.rules}
    head = HEAD.format(
        profile=book.name,
        tests=len({clause.test for clause in found}),
        tried=len(tried),
        rows=len({clause.row for clause in found}),
        all_rows=len(ROWS),
        excused=len(EXCUSED),
    )
    sections = [_section(book, row, found) for row in ROWS]
    return "\n".join([head, *sections])


def check(book: Rulebook, clauses: Iterable[Clause]) -> None:
    """Raise ValueError for an unknown row or rule, and for a rule of elections neither tried nor excused."""
    found = list(clauses)
    tried = {rule for clause in found for rule in clause.rules}
    known = {rule.id for rule in book.rules()}
    asked = {rule.id for rule in book.rules() if rule.group in GROUPS}
    wrong = {
        "no such row": {clause.row for clause in found} - ROWS.keys(),
        "no such rule": (tried | EXCUSED.keys()) - known,
        "neither tried nor excused": asked - tried - EXCUSED.keys(),
        "tried and excused": tried & EXCUSED.keys(),
        "rows without anything": ROWS.keys()
        - {clause.row for clause in found}
        - {row for row, _ in EXCUSED.values()},
    }
    for what, names in wrong.items():
        if names:
            raise ValueError(f"{what}: {', '.join(sorted(names))}")


def _clauses_of(path: Path) -> Iterator[Clause]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for mark in reversed(node.decorator_list):
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.law":
                    row, *rules = (str(ast.literal_eval(given)) for given in mark.args)
                    yield Clause(row, tuple(rules), node.name)


def _section(book: Rulebook, row: str, clauses: Iterable[Clause]) -> str:
    tests: dict[str, list[str]] = {}
    for clause in clauses:
        if clause.row == row:
            for rule in clause.rules or ("",):
                tests.setdefault(rule, []).append(clause.test)
    order = [rule.id for rule in book.rules()]
    lines = [
        _line(book, rule, tests[rule])
        for rule in sorted(tests, key=lambda one: (one == "", one and order.index(one)))
    ]
    lines += [
        f"| `{rule}` | {_value(book.rule(rule))} | {_source(book.rule(rule))} | none. {reason} |"
        for rule, (own, reason) in EXCUSED.items()
        if own == row
    ]
    return "\n".join(
        [
            f"## {row} {ROWS[row]}",
            "",
            "| rule | value | source | tests |",
            "| --- | --- | --- | --- |",
            *lines,
            "",
        ]
    )


def _line(book: Rulebook, rule_id: str, tests: Iterable[str]) -> str:
    names = "<br>".join(f"`{test}`" for test in tests)
    if not rule_id:
        return f"| | | | {names} |"
    rule = book.rule(rule_id)
    return f"| `{rule_id}` | {_value(rule)} | {_source(rule)} | {names} |"


def _value(rule: Rule) -> str:
    """Return the value with what it counts, as in "> 1/2 of roll" and "≤ 10 days"."""
    if isinstance(rule, Threshold):
        return f"{rule.value} of {rule.of.replace('_', ' ')}"
    if isinstance(rule, Count | Clock):
        return f"{rule.value} {rule.unit.replace('_', ' ')}"
    if isinstance(rule, Switch):
        return "on" if rule.on else "off"
    return rule.value


def _source(rule: Rule) -> str:
    return rule.citation("en").replace("|", "\\|")


def main() -> None:
    PAGE.write_text(write_page(rulebook.load(rulebook.BASE), read_clauses()), encoding="utf-8")


if __name__ == "__main__":
    main()
