"""A whole secret vote whose key the platform keeps: all kinds of question, counted by the clock alone."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.polls import keyring
from civicforum.polls.errors import KeysMissing
from civicforum.polls.models import CredentialLink
from civicforum.rulebook import SHANGHAI
from tests.browser import poll_steps as steps
from tests.browser.conftest import Visit
from tests.support.browser import DESK, Visitor, words
from tests.support.polls import settings_now
from tests.support.town import Neighbour, Town

TITLE = "小区改造四问"
MOTION, PLACES, GRADES, FIRST = "是否安装监控", "选两处活动点", "评议物业服务", "先修哪一处"
WITHOUT_SCRIPTS = ("李二", "李五")
KEEP_DAYS = 30


@dataclass(frozen=True)
class Marks:
    motion: str
    places: Sequence[str]
    grades: Mapping[str, str]
    order: Sequence[str]


VOTES = {
    "李一": Marks("For", ["东亭", "西园"], {"保洁": "满意", "保安": "不满意"}, ["路灯", "车棚", "花园"]),
    "李二": Marks("For", ["东亭"], {"保洁": "满意", "保安": "满意"}, ["路灯", "花园"]),
    "李三": Marks("Against", ["南廊"], {"保洁": "不满意"}, ["车棚", "路灯", "花园"]),
    "李四": Marks("For", ["东亭", "南廊"], {"保洁": "基本满意", "保安": "不满意"}, ["路灯", "车棚"]),
    "李五": Marks("For", ["西园"], {"保洁": "满意", "保安": "不满意"}, ["花园", "路灯", "车棚"]),
    "李六": Marks("Abstain", ["西园"], {}, ["车棚"]),
}
STAYS_AWAY = "李七"
# 李三 first votes like 李一, then as above. By hand: for 一二四五 = 4, against 三 = 1, else 六 = 1.
# 东亭 一二四 = 3, 西园 一五六 = 3, 南廊 三四 = 2. 保洁: 满意 一二五, 基本满意 四, 不满意 三, no grade 六.
# 保安: 满意 二, 不满意 一四五, no grade 三六.
# Each against each: 路灯 before 车棚 一二四五 to 三六, before 花园 一二三四 to 五;
# 车棚 before 花园 一三四六 to 二五: so 路灯 is chosen.
FIGURES = {
    MOTION: {"赞成": ["4"], "反对": ["1"], "弃权": ["1"]},
    PLACES: {"东亭": ["3"], "西园": ["3"], "南廊": ["2"]},
    GRADES: {"保洁": ["3", "1", "1", "1"], "保安": ["1", "0", "3", "2"]},
}


def test_a_poll_from_the_draft_to_the_destruction(town: Town, visit: Visit, tmp_path: Path) -> None:
    officer = visit(steps.outsider(town, Role.COMMITTEE, "郑主任"), size=DESK)
    officer.checks = False
    voters = {name: town.resident(name) for name in (*VOTES, STAYS_AWAY)}
    prepare(officer)
    poll_id = steps.id_of_poll(officer)
    steps.let_it_open(town, poll_id)
    for name in VOTES:
        vote(visit, voters[name])
    steps.let_it_end(town, poll_id)

    neighbour = visit(voters[STAYS_AWAY])
    read_result(neighbour)
    check_archive(neighbour, tmp_path)
    certify(officer)
    steps.to_poll(neighbour, TITLE)
    neighbour.follow("Result")
    forget(town, neighbour, poll_id)


def prepare(officer: Visitor) -> None:
    fields = {"Days until keys and voting cards are destroyed": str(KEEP_DAYS)}
    steps.draft(officer, steps.Terms(TITLE, "Secret vote, the platform keeps the key", fields=fields))
    steps.add_question(officer, "For or against", MOTION, {}, rule="assembly.residents.majority")
    steps.add_question(
        officer,
        "Choosing people or proposals",
        PLACES,
        {"Names or proposals, one on each line": "东亭\n西园\n南廊", "How many are chosen?": "2"},
        "A tick beside those chosen",
        rule="none",
    )
    who = {"Who or what is graded, one on each line": "保洁\n保安"}
    steps.add_question(officer, "Grading", GRADES, who)
    steps.add_question(
        officer,
        "Ranking",
        FIRST,
        {"Options, one on each line": "路灯\n车棚\n花园"},
        "Each against each (Schulze)",
    )
    steps.draw_and_post(officer, people=len(VOTES) + 1)
    steps.freeze(officer, TITLE)
    steps.run(officer, TITLE)
    officer.sees(words("Everything is in order. Voting opens by itself at its hour."))


def vote(visit: Visit, who: Neighbour) -> None:
    """Vote from the front page on; 李三 changes her mind."""
    has_script = who.name not in WITHOUT_SCRIPTS
    voter = visit(who, scripts=has_script)
    voter.checks = who.name == "李一"
    steps.to_ballot(voter, TITLE)
    mark(voter, VOTES["李一" if who.name == "李三" else who.name], has_script=has_script)
    steps.cast(voter)
    if who.name == "李三":
        steps.to_ballot(voter, TITLE, button="Change the ballot")
        mark(voter, VOTES[who.name], has_script=True)
        steps.cast(voter)


def mark(voter: Visitor, marks: Marks, *, has_script: bool) -> None:
    """Answer the four questions, up to the review; without a script they stand below each other."""
    go_on = steps.next_question if has_script else (lambda _voter: None)
    voter.tick(marks.motion)
    go_on(voter)
    for place in marks.places:
        voter.main.get_by_label(place, exact=True).check()
    go_on(voter)
    for item, grade in marks.grades.items():
        steps.mark_row(voter, item, grade)
    go_on(voter)
    for place, option in enumerate(marks.order, 1):
        voter.main.get_by_label(option, exact=True).select_option(str(place))
    if has_script:
        steps.review(voter)
    else:
        voter.press("Go to the review")
    voter.sees(*marks.places, *(f"{place}. {option}" for place, option in enumerate(marks.order, 1)))


def read_result(visitor: Visitor) -> None:
    steps.to_poll(visitor, TITLE)
    visitor.follow("Result")
    assert {title: steps.figures_of(visitor, title) for title in FIGURES} == FIGURES
    # More than half of the 6 who took part.
    visitor.sees("4 > 1/2 × 6 = 3", "入选：东亭、西园", "入选：路灯")


def check_archive(visitor: Visitor, folder: Path) -> None:
    """The fingerprint on the result sheet is that of the archive, and the command finds it sound."""
    head = steps.announced_head(visitor)
    visitor.follow("How to check this vote")
    archive = steps.download(visitor, "Download the archive", folder / "archive.jsonl")
    status, said = steps.command_says(archive, head)
    assert (status, "Every check holds." in said) == (0, True), said


def certify(officer: Visitor) -> None:
    steps.run(officer, TITLE)
    officer.press("Certify the result")
    officer.press("Certify the result")
    officer.sees(words("The result is certified. It does not change any more."))


def forget(town: Town, visitor: Visitor, poll_id: uuid.UUID) -> None:
    """Let the stated day come: a minute before it keys and links are there, and then no more."""
    due = datetime.combine(steps.day(12) + timedelta(days=KEEP_DAYS), time(18), SHANGHAI).astimezone(UTC)
    said = moment_of(due)
    visitor.sees(words("The keys, and who cast which ballot, are destroyed on %(at)s.", at=said))
    steps.sweep(town, at=due - timedelta(minutes=1))
    assert what_is_kept(town, poll_id) == (True, len(VOTES) + 1)
    steps.sweep(town, at=due)
    assert what_is_kept(town, poll_id) == (False, 0)
    steps.to_poll(visitor, TITLE)
    visitor.follow("Result")
    visitor.sees(
        words("The keys of this vote, and who cast which ballot, were destroyed on %(at)s.", at=said)
    )
    assert steps.figures_of(visitor, MOTION) == FIGURES[MOTION]
    visitor.follow("How to check this vote")
    gone = "The sealed ballots have left the website, as was fixed before voting began."
    visitor.sees(words(f"{gone} A copy downloaded earlier can still be checked."))


def what_is_kept(town: Town, poll_id: uuid.UUID) -> tuple[bool, int]:
    """Tell whether the key file is there, and how many links from people to ballots."""
    with town.app.app_context():
        links = db.session.query(CredentialLink).filter_by(poll_id=poll_id).count()
        try:
            keyring.read_keys(settings_now().instance, poll_id)
        except KeysMissing:
            return False, links
        return True, links


def moment_of(instant: datetime) -> str:
    """Return an instant as the pages write it, in the community's own time."""
    here = instant.astimezone(SHANGHAI)
    return f"{here.year}年{here.month}月{here.day}日 {here:%H:%M}"
