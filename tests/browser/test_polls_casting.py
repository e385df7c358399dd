"""Voting on a phone: marks stay in the browser, and nothing that happens there costs or doubles a vote."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from civicforum import sealed
from civicforum.database import db
from civicforum.people.models import Person
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import Preset
from civicforum.polls.services import boards
from tests.browser.conftest import Visit
from tests.support.browser import Visitor, words
from tests.support.polls import SealedPoll, make_poll
from tests.support.sealed_polls import make_carded_poll
from tests.support.town import Neighbour, Town

MOTION = QuestionSpec(QuestionKind.MOTION, "是否加装电梯", text="三号楼两个单元各装一部。")
FIVE = QuestionSpec(
    QuestionKind.SELECTION, "选两位楼组长", options=("王秀英", "李建国", "陈红"), most=2, seats=2
)
EACH = QuestionSpec(
    QuestionKind.SELECTION,
    "选举委员",
    options=("赵敏", "钱进"),
    marking=Marking.EACH,
    most=2,
    seats=2,
    write_ins=1,
)
GRADES = QuestionSpec(QuestionKind.GRADE, "评议物业", options=("保洁", "保安"), levels=("好", "中", "差"))
RANKS = QuestionSpec(
    QuestionKind.RANKING, "先修哪里", options=("路灯", "车棚", "花园"), depth=3, method="schulze"
)
ALL = (MOTION, FIVE, EACH, GRADES, RANKS)
SECRETS_LEFT = """async () => {
  const stored = [sessionStorage, localStorage].map((store) => JSON.stringify({ ...store }));
  const bases = indexedDB.databases ? await indexedDB.databases() : [];
  return [...stored, JSON.stringify(bases), JSON.stringify(history.state), document.documentElement.outerHTML];
}"""


@dataclass
class Open:
    """An open poll with its voters."""

    poll: SealedPoll
    voters: list[Neighbour]
    codes: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/polls/{self.poll.id}/ballot"


_serial = iter(range(1000))


def open_poll(
    town: Town,
    *,
    preset: Preset = Preset.POLL,
    questions: Sequence[QuestionSpec] = (MOTION, FIVE),
    voters: int = 1,
    **terms: Any,
) -> Open:
    names = [f"选民{next(_serial)}" for _ in range(voters)]
    neighbours = [town.resident(name) for name in names]
    now = datetime.now(UTC)
    times = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(days=1)}
    with town.app.app_context():
        people = [db.session.get_one(Person, one.id) for one in neighbours]
        if preset is Preset.SEALED:
            poll, codes = make_carded_poll(
                town.community, people=people, now=now, questions=questions, **(times | terms)
            )
            return Open(poll, neighbours, codes)
        poll = make_poll(town.community, people=people, questions=questions, preset=preset, **(times | terms))
    return Open(poll, neighbours)


def ballots_in(town: Town, where: Open) -> list[bytes]:
    """Return the ballots that count, last ones only."""
    with town.app.app_context():
        return list(boards.replay(db.session(), where.poll.id).electorate.ballots.values())


def lines_in(town: Town, where: Open) -> int:
    with town.app.app_context():
        lines = boards.list_lines(db.session(), where.poll.id)
    return sum(sealed.read_line(line)["type"] == "ballot" for line in lines)


def mark_two(voter: Visitor, *, motion: str = "For", names: Sequence[str] = ("王秀英", "陈红")) -> None:
    """Answer the first two questions, up to the review."""
    voter.tick(motion)
    voter.button("Next").click()
    for name in names:
        voter.main.get_by_label(name, exact=True).check()
    voter.button("Go to the review").click()
    voter.main.get_by_role("heading", name=words("Is this how you want to vote?")).wait_for()
    voter.check()


def cast(voter: Visitor) -> None:
    voter.arrive(voter.button("Seal and cast").click)
    voter.sees(words("Your vote is in the box"), words("That is all. You can put the phone away."))


def nothing_left(voter: Visitor, *hidden: str) -> None:
    """Assert that no page, storage or history state of the browser holds any of these."""
    for text in voter.page.evaluate(SECRETS_LEFT):
        for secret in hidden:
            assert secret not in text


def test_a_vote_is_sealed_in_the_browser_and_its_marks_are_never_sent(town: Town, visit: Visit) -> None:
    here = open_poll(town)
    voter = visit(here.voters[0])
    sent: list[str] = []
    voter.page.on("request", lambda request: sent.append(request.post_data or ""))
    voter.open(here.path)
    code = voter.page.locator("[data-ballot]").get_attribute("data-code")
    mark_two(voter)
    voter.sees("王秀英", "陈红", words("For"))
    took = voter.page.evaluate("performance.now()")
    cast(voter)
    assert took > 0
    assert len(ballots_in(town, here)) == 1
    posts = [body for body in sent if body]
    assert len(posts) == 1
    assert set(re.findall(r'"(\w+)":', posts[0])) == {"entry", "ballot"}
    assert code
    nothing_left(voter, code, '"chosen"', 'name="q1"')
    shown = voter.page.locator(".tracker__text").inner_text()
    with town.app.app_context():
        tracker = sealed.spell(sealed.tracker_of(ballots_in(town, here)[0]), 20)
    assert "".join(shown.split()).replace("-", "") == tracker
    voter.follow("Look up this tracker")
    voter.sees(words("This ballot is in the box, and it counts."))
