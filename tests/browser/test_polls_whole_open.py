"""A whole named vote: two questions, a change of mind, and names that are shown when it is over."""

from __future__ import annotations

from civicforum.bodies.rules import Role
from tests.browser import poll_steps as steps
from tests.browser.conftest import Visit
from tests.support.browser import DESK, Visitor, words
from tests.support.town import Town

TITLE = "年度开支与粉刷"
BUDGET, COLOURS = "是否同意年度开支", "楼道粉刷选什么颜色"
SHADES = ("米白", "浅灰", "淡绿")
# By hand: for 孙一, 孙三, 孙四 = 3; against 孙二, who first was for it, = 1; 孙五 does not vote: 4 take part.
# 米白: 孙一, 孙三 = 2; 浅灰: 孙二 = 1; 淡绿: 孙四 = 1.
VOTES = {
    "孙一": ("For", "米白"),
    "孙二": ("Against", "浅灰"),
    "孙三": ("For", "米白"),
    "孙四": ("For", "淡绿"),
}
WITHOUT_SCRIPTS = "孙三"


def test_a_named_vote_from_the_draft_to_the_names(town: Town, visit: Visit) -> None:
    officer = visit(steps.outsider(town, Role.COMMITTEE, "刘主任"), size=DESK)
    officer.checks = False
    voters = {name: town.resident(name) for name in (*VOTES, "孙五")}
    prepare(officer)
    poll_id = steps.id_of_poll(officer)
    steps.let_it_open(town, poll_id)

    screens = {name: visit(voters[name], scripts=name != WITHOUT_SCRIPTS) for name in VOTES}
    for name, (motion, shade) in VOTES.items():
        screens[name].checks = False
        vote(screens[name], "For" if name == "孙二" else motion, shade, has_script=name != WITHOUT_SCRIPTS)
    change_mind(screens["孙二"])

    neighbour = visit(voters["孙五"])
    assert not sees_names(neighbour)
    neighbour.open(f"/polls/{poll_id}/votes", status=404)
    steps.let_it_end(town, poll_id)
    assert sees_names(neighbour)
    read_names(neighbour)
    read_result(neighbour)
    steps.run(officer, TITLE)
    officer.press("Certify the result")
    officer.press("Certify the result")
    officer.sees(words("The result is certified. It does not change any more."))


def prepare(officer: Visitor) -> None:
    steps.draft(officer, steps.Terms(TITLE, "Named vote", ["Voters may change their ballot until the end"]))
    steps.add_question(officer, "For or against", BUDGET, {}, rule="assembly.residents.majority")
    steps.add_question(
        officer,
        "Choosing people or proposals",
        COLOURS,
        {"Names or proposals, one on each line": "\n".join(SHADES), "How many are chosen?": "1"},
        "A tick beside those chosen",
        rule="none",
    )
    steps.draw_and_post(officer, people=5)
    steps.freeze(officer, TITLE)
    steps.run(officer, TITLE)
    officer.sees(words("Everything is in order. Voting opens by itself at its hour."))


def vote(voter: Visitor, motion: str, shade: str, *, has_script: bool) -> None:
    steps.to_ballot(voter, TITLE)
    voter.tick(motion)
    if has_script:
        steps.next_question(voter)
    voter.main.get_by_label(shade, exact=True).check()
    if has_script:
        steps.review(voter)
    else:
        voter.press("Go to the review")
    voter.sees(words("Your name and your vote are shown after the vote ends."))
    voter.press("Cast my vote")
    voter.sees(words("Your vote is in the box"), words(motion), shade)


def change_mind(voter: Visitor) -> None:
    """What was answered before stands in the form again; one answer is changed."""
    steps.to_ballot(voter, TITLE, button="Change the ballot")
    voter.tick("Against")
    steps.next_question(voter)
    assert voter.main.get_by_label("浅灰", exact=True).is_checked()
    steps.review(voter)
    voter.press("Cast my vote")
    voter.sees(words("Against"), "浅灰")


def sees_names(visitor: Visitor) -> bool:
    """Tell whether the page of the vote leads to the names."""
    steps.to_poll(visitor, TITLE)
    return visitor.link("Who voted how").count() > 0


def read_names(visitor: Visitor) -> None:
    visitor.follow("Who voted how")
    rows = {
        row.locator("th").inner_text().split()[0]: row.locator("td").all_inner_texts()
        for row in visitor.main.locator("tbody tr").all()
    }
    assert rows == {name: [words(motion), shade] for name, (motion, shade) in VOTES.items()} | {
        "孙五": [words("did not vote")]
    }


def read_result(visitor: Visitor) -> None:
    steps.to_poll(visitor, TITLE)
    visitor.follow("Result")
    # More than half of the 4 who took part.
    visitor.sees("3 > 1/2 × 4 = 2")
    assert steps.figures_of(visitor, BUDGET) == {"赞成": ["3"], "反对": ["1"], "弃权": ["0"]}
    assert steps.figures_of(visitor, COLOURS) == {"米白": ["2"], "浅灰": ["1"], "淡绿": ["1"]}
