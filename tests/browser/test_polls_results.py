"""The result of a poll on a phone, a desk and paper."""

from __future__ import annotations

import uuid

import pytest

from civicforum.bodies.rules import Role
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.services import counting
from civicforum.sealed import Answer
from tests.browser.conftest import Visit
from tests.support.browser import DESK, words
from tests.support.polls import AGAINST, FOR, make_poll
from tests.support.results import AFTER, cast, hand_out, make_station, sign, stop, sweep
from tests.support.town import Town

QUESTIONS = (
    QuestionSpec(QuestionKind.MOTION, "是否加装电梯", majority_rule="recall.majority"),
    QuestionSpec(
        QuestionKind.SELECTION,
        "推选业主监督员（二人）",
        options=("赵建国", "钱秀英", "孙志强"),
        marking=Marking.EACH,
        most=2,
        seats=2,
        write_ins=1,
        majority_rule="election.elected",
    ),
    QuestionSpec(
        QuestionKind.GRADE,
        "对物业服务的评议",
        options=("保洁", "保安", "维修"),
        levels=("满意", "基本满意", "不满意"),
    ),
    QuestionSpec(
        QuestionKind.RANKING,
        "活动室先添置什么",
        options=("乒乓球台", "图书角", "投影设备", "饮水机"),
        depth=4,
        method="irv",
    ),
)
SCREEN, PAPERS = 12, 6


@pytest.fixture(scope="module")
def poll_id(town: Town) -> uuid.UUID:
    """Count a poll of every kind of question, on screen and on paper."""
    counters = [town.officer(Role.CLERK, "何唱票").actor, town.officer(Role.COMMITTEE, "吕计票").actor]
    runner = town.officer(Role.ELECTION_OFFICER, "施主任").actor
    with town.app.app_context():
        poll = make_poll(
            town.community,
            questions=QUESTIONS,
            voters=SCREEN + PAPERS + 4,
            by_paper=True,
            quorum_rule="election.validity.voters",
        )
        for voter in range(SCREEN):
            cast(poll, voter, _answers(voter))
        hall, small = make_station(poll, name="居委会一楼"), make_station(poll, name="二号楼门厅")
        for voter in range(SCREEN, SCREEN + PAPERS):
            hand_out(poll, voter, hall, counters[0])
        stop(poll)
        sweep()
        counts = [4, 1, 4, 3, 1, 0, 1, 2, 1, 3, 1, 1, 2, 2, 1, 4, 1, 0]
        sign(hall, counters, found=PAPERS, invalid=1, counts=counts, texts=[{"丁一": 1}, {"10": 3, "23": 2}])
        sign(small, counters, found=0, counts=[0] * 18, texts=[{}, {}])
        counting.count_poll(poll_id=poll.id, actor=runner, now=AFTER)
        return poll.id


def _answers(voter: int) -> list[Answer]:
    names = ("丁一",) if voter % 4 == 0 else ()
    return [
        FOR if voter % 3 else AGAINST,
        Answer(frozenset({voter % 2}), frozenset({2}), names),
        Answer(levels={0: 0, 1: voter % 3, 2: voter % 2}),
        Answer(order=(voter % 4, (voter + 1) % 4, (voter + 2) % 4)),
    ]


def test_a_neighbour_reads_the_result_on_a_phone(visit: Visit, poll_id: uuid.UUID) -> None:
    visitor = visit()
    visitor.open(f"/polls/{poll_id}/result")
    visitor.sees(words("Adopted"), words("Who took part"), "12 + 6 = 18", "12 > 1/2 × 18 = 9")
    assert visitor.main.locator("svg.tally").count() >= 1
    visitor.follow("Objections to the result")
    visitor.sees(words("Nobody has objected to this result."))


def test_the_same_page_serves_a_desk_and_paper(visit: Visit, poll_id: uuid.UUID) -> None:
    visitor = visit(size=DESK)
    visitor.open(f"/polls/{poll_id}/result")
    signatures = visitor.main.locator(".result__signatures")
    assert not signatures.is_visible()
    visitor.page.emulate_media(media="print")
    assert signatures.is_visible()
    assert not visitor.link("All figures as a table (CSV)").is_visible()


def test_the_result_needs_no_script(visit: Visit, poll_id: uuid.UUID) -> None:
    visitor = visit(scripts=False)
    visitor.open(f"/polls/{poll_id}/result")
    visitor.sees(words("Check it yourself"), words("Adopted"))
    assert visitor.main.locator("svg.tally").count() >= 1
    # Only a script can print: without one there is no button that does nothing.
    assert not visitor.main.locator("[data-print]").is_visible()
