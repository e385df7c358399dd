"""The residents' representatives elect: too few come, and the vote is held again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from civicforum.bodies.rules import Role
from civicforum.elections.rules import Way
from tests.browser import election_steps as steps
from tests.browser import poll_steps
from tests.browser.conftest import Visit
from tests.browser.election_steps import Box, Scene
from tests.support.browser import check_page, words
from tests.support.town import Town

CANDIDATES: Mapping[str, Sequence[str]] = {
    "主任": ("林国安", "陈秀英"),
    "副主任": ("王志明", "张桂兰"),
    "委员": ("刘建平", "赵美华", "孙立军", "周晓丽"),
}
NOMINEES = tuple(name for names in CANDIDATES.values() for name in names)
RESIDENTS = 3_400
# Sixty representatives: ten nominate and the others vote with them.
ON_ROLL = 60
SIGNERS = tuple(f"代表{serial:02}" for serial in range(1, 11))
HALL, ROVING = "会议室投票站", "流动票箱"
# 38 + 2 = 40 take part, which is two thirds of 60 and not more.
TOO_FEW = (
    Box(
        HALL,
        38,
        {
            "主任": {"林国安": 30, "陈秀英": 7},
            "副主任": {"王志明": 28, "张桂兰": 9},
            "委员": {"刘建平": 33, "赵美华": 30, "孙立军": 25, "周晓丽": 20},
        },
        invalid=1,
    ),
    Box(ROVING, 2, {"主任": {"林国安": 2}, "副主任": {"王志明": 2}, "委员": {"刘建平": 2}}),
)
# 46 + 2 = 48 take part; more than 24 votes elect: 周晓丽 with 19 + 1 = 20 is not.
ENOUGH = (
    Box(
        HALL,
        46,
        {
            "主任": {"林国安": 29, "陈秀英": 14},
            "副主任": {"王志明": 28, "张桂兰": 17},
            "委员": {"刘建平": 39, "赵美华": 34, "孙立军": 25, "周晓丽": 19},
        },
        invalid=1,
    ),
    Box(
        ROVING,
        2,
        {
            "主任": {"林国安": 1, "陈秀英": 1},
            "副主任": {"王志明": 1, "张桂兰": 1},
            "委员": {"刘建平": 1, "赵美华": 1, "孙立军": 1, "周晓丽": 1},
        },
    ),
)
ELECTED = {
    ("主任", "林国安", 30),
    ("副主任", "王志明", 29),
    ("委员", "刘建平", 40),
    ("委员", "赵美华", 35),
    ("委员", "孙立军", 26),
}


def test_representatives_elect_again_after_no_more_than_two_thirds_came(town: Town, visit: Visit) -> None:
    scene = steps.begin(town, visit, Way.REPRESENTATIVES, checks=False)
    scene.people |= {name: town.officer(Role.REPRESENTATIVE, name) for name in SIGNERS}
    steps.settle(scene, people=RESIDENTS, representatives=ON_ROLL - len(SIGNERS))
    prepare(scene)
    nominate(scene)
    present(scene)
    fail(scene)
    vote_again(scene)
    end(scene)


def prepare(scene: Scene) -> None:
    """Plan, form the committee, and post the representatives in office: nobody registers."""
    steps.plan(scene, "The residents' representatives vote", fields={}, proxies=False)
    steps.issue(scene, "election_day", officer=scene.planner)
    steps.form_committee(scene)
    steps.issue(scene, "committee")
    steps.advance(scene)
    steps.issue(scene, "registration")
    steps.add_people(scene, NOMINEES)
    steps.record(scene, scene.chair, "electors_chosen", "居民代表名册")
    scene.chair.open(scene.path("/registrations"))
    check_page(scene.chair.page)
    scene.chair.sees(words("In this election the residents' representatives vote, and nobody registers."))
    steps.pass_to(scene, 28)
    steps.advance(scene)
    steps.make_and_post_roll(scene, people=ON_ROLL)
    steps.issue(scene, "roll")
    resident = scene.screen_of("林国安")
    resident.open(scene.path("/am-i-on"))
    resident.sees(words("No, you are not on the roll."))
    steps.pass_to(scene, 22)
    steps.record(scene, scene.chair, "rulings_published", "名单公布期间无异议")
    steps.advance(scene)


def nominate(scene: Scene) -> None:
    steps.issue(scene, "nomination")
    steps.nominate_jointly(scene, "副主任", "王志明", SIGNERS)
    others = {**CANDIDATES, "副主任": ("张桂兰",)}
    steps.nominate_others(scene, others)
    steps.pass_to(scene, 14)
    steps.advance(scene)
    steps.issue(scene, "preliminary_list")
    steps.review(scene, "王志明")
    steps.advance(scene)


def present(scene: Scene) -> None:
    steps.post_formal_list(scene)
    steps.issue(scene, "formal_list", "meeting")
    steps.meet(scene, "王志明", SIGNERS[0])
    steps.set_paper(scene)
    for name, kind in ((HALL, "hall"), (ROVING, "roving")):
        steps.add_station(scene, name, kind, is_offline=True)
    steps.pass_to(scene, 3)
    steps.record(scene, scene.chair, "candidates_met", "候选人见面会记录")
    steps.record(scene, scene.chair, "staff_posted", "第10号公告")
    steps.issue(scene, "polling", "staff", "roving_boxes", "invalid_papers")
    steps.freeze(scene)
    steps.advance(scene)


def fail(scene: Scene) -> None:
    """Forty of sixty vote: the result is counted and posted, and elects nobody."""
    steps.pass_to(scene, 0)
    steps.open_poll(scene)
    count(scene, TOO_FEW, "1-38", "39-40")
    reader = scene.visit()
    reader.open(scene.path("/result"))
    reader.sees("40 ≤ 2/3 × 60 = 40", words("Nobody is elected yet"))
    assert steps.elected(scene) == set()


def vote_again(scene: Scene) -> None:
    steps.call_again(scene, on=poll_steps.day(14))
    steps.issue(scene, "further_round", number=2)
    steps.advance(scene)
    steps.pass_days(scene, 14)
    steps.open_poll(scene)
    count(scene, ENOUGH, "1-46", "59-60")


def count(scene: Scene, boxes: Sequence[Box], hall: str, roving: str) -> None:
    """End the poll, enter the two lists of who took a paper, count, certify, and take the result over."""
    steps.end_poll(scene)
    steps.enter_list(scene, HALL, hall)
    steps.enter_list(scene, ROVING, roving)
    steps.advance(scene)
    steps.seal(scene)
    steps.count_quickly(scene, *boxes)
    steps.count_and_certify(scene)
    steps.take_over(scene)
    steps.issue(scene, "result", number=1 if boxes is TOO_FEW else 2)


def end(scene: Scene) -> None:
    reader = scene.visit()
    reader.open(scene.path("/result"))
    reader.sees("48 > 2/3 × 60 = 40", "26 > 1/2 × 48 = 24", "20 ≤ 1/2 × 48 = 24")
    steps.announce_and_file(scene)
    steps.hand_over(scene)
    steps.check_archive(scene, scene.deputy)
    assert steps.elected(scene) == ELECTED
    assert steps.in_office(scene) == {(title, name) for title, name, _votes in ELECTED}
