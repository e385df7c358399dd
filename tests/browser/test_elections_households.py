"""One of each household elects: two are level for the last seat, and are voted on again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
VOTERS = tuple(f"许{serial:02}" for serial in range(1, 11))
RESIDENTS = 3_400
# One vote for each of 1,200 households; those of the people named here are their own.
ON_ROLL = 1_200
HOUSEHOLDS = ON_ROLL - len(steps.CHOSEN) - len(NOMINEES) - len(VOTERS)
HALL, CLUB, ROVING = "第一投票站", "第二投票站", "流动票箱"
# In the first hall 许02 takes a paper, and 许04 one for the household of 许03, who is away.
FIRST = (
    Box(
        HALL,
        2,
        {
            "主任": {"林国安": 2},
            "副主任": {"王志明": 2},
            "委员": {"刘建平": 2, "赵美华": 2, "孙立军": 1, "周晓丽": 1},
        },
    ),
    Box(
        CLUB,
        683,
        {
            "主任": {"林国安": 490, "陈秀英": 150},
            "副主任": {"王志明": 470, "张桂兰": 160},
            "委员": {"刘建平": 440, "赵美华": 410, "孙立军": 371, "周晓丽": 373},
        },
        invalid=8,
    ),
    Box(
        ROVING,
        15,
        {
            "主任": {"林国安": 8, "陈秀英": 5},
            "副主任": {"王志明": 8, "张桂兰": 5},
            "委员": {"刘建平": 8, "赵美华": 8, "孙立军": 8, "周晓丽": 6},
        },
    ),
)
# By hand: 2 + 683 + 15 = 700 of 1,200 took part, and more than 350 votes elect. Of the members, 刘 has
# 2 + 440 + 8 = 450, 赵 2 + 410 + 8 = 420, 孙 1 + 371 + 8 = 380, 周 1 + 373 + 6 = 380: the third seat is open.
FOR_FIRST = {"刘建平": "450", "赵美华": "420", "孙立军": "380", "周晓丽": "380"}
# Of those who are level the most votes elect: 周 330 + 6 = 336, 孙 300 + 4 = 304.
AGAIN = (
    Box(HALL, 0, {"委员": {}}),
    Box(CLUB, 640, {"委员": {"孙立军": 300, "周晓丽": 330}}, invalid=5),
    Box(ROVING, 10, {"委员": {"孙立军": 4, "周晓丽": 6}}),
)
FOR_AGAIN = {"孙立军": "304", "周晓丽": "336"}
ELECTED = {
    ("主任", "林国安", 500),
    ("副主任", "王志明", 480),
    ("委员", "刘建平", 450),
    ("委员", "赵美华", 420),
    ("委员", "周晓丽", 336),
}


def test_households_elect_and_vote_again_on_two_who_are_level(town: Town, visit: Visit) -> None:
    scene = steps.begin(town, visit, Way.HOUSEHOLDS, checks=False)
    prepare(scene)
    make_roll(scene)
    nominate(scene)
    present(scene)
    tie(scene)
    vote_again(scene)
    end(scene)


def prepare(scene: Scene) -> None:
    steps.plan(scene, "One of each household votes", fields={}, proxies=True)
    steps.issue(scene, "election_day", officer=scene.planner)
    steps.form_committee(scene)
    steps.issue(scene, "committee")
    steps.advance(scene)
    steps.issue(scene, "registration")
    steps.add_people(scene, (*NOMINEES, *VOTERS))
    phone = scene.screen_of(VOTERS[0])
    phone.open(scene.path("/register"))
    check_page(phone.page)
    steps.register_on_phone(scene, VOTERS[0])
    phone.sees(words("You cast the vote of your household."))
    residents = steps.settle(scene, people=RESIDENTS, households=HOUSEHOLDS)
    named = [scene.people[name].id for name in (*steps.CHOSEN, *NOMINEES, *VOTERS[1:])]
    steps.register_many(scene, [*residents[:HOUSEHOLDS], *named])
    steps.record(scene, scene.chair, "electors_chosen", "各户推选的投票人名册")
    steps.pass_to(scene, 28)
    steps.advance(scene)


def make_roll(scene: Scene) -> None:
    steps.make_and_post_roll(scene, people=ON_ROLL)
    steps.issue(scene, "roll")
    steps.pass_to(scene, 22)
    steps.record(scene, scene.chair, "rulings_published", "名单公布期间无异议")
    steps.advance(scene)


def nominate(scene: Scene) -> None:
    steps.issue(scene, "nomination")
    steps.nominate_jointly(scene, "委员", "孙立军", VOTERS)
    steps.nominate_others(scene, {**CANDIDATES, "委员": ("刘建平", "赵美华", "周晓丽")})
    steps.pass_to(scene, 14)
    steps.advance(scene)
    steps.issue(scene, "preliminary_list")
    steps.review(scene, "孙立军")
    steps.advance(scene)


def present(scene: Scene) -> None:
    steps.post_formal_list(scene)
    steps.issue(scene, "formal_list", "meeting")
    steps.meet(scene, "孙立军", VOTERS[0])
    steps.set_paper(scene)
    for name, kind in ((HALL, "hall"), (CLUB, "hall"), (ROVING, "roving")):
        steps.add_station(scene, name, kind, is_offline=name != HALL)
    steps.add_proxy(scene, VOTERS[2], VOTERS[3])
    steps.pass_to(scene, 3)
    steps.record(scene, scene.chair, "candidates_met", "候选人见面会记录")
    steps.record(scene, scene.chair, "staff_posted", "第10号公告")
    steps.record(scene, scene.chair, "proxy_list", "第12号公告")
    steps.issue(scene, "polling", "staff", "roving_boxes", "proxies", "invalid_papers")
    steps.freeze(scene)
    steps.advance(scene)


def tie(scene: Scene) -> None:
    """Two members are elected; the last seat waits for one of two who are level."""
    steps.pass_to(scene, 0)
    steps.open_poll(scene)
    steps.hand_out(scene, HALL, VOTERS[1:2])
    steps.hand_to_proxy(scene, HALL, VOTERS[2], VOTERS[3])
    count(scene, FIRST, f"{ON_ROLL - 682}-{ON_ROLL}", f"{ON_ROLL - 697}-{ON_ROLL - 683}")
    steps.issue(scene, "result", number=1)
    assert figures(scene) == FOR_FIRST
    reader = scene.visit()
    reader.open(scene.path("/result"))
    reader.sees("700 > 1/2 × 1200 = 600", "380 > 1/2 × 700 = 350")
    scene.chair.open(scene.path("/rounds"))
    level = scene.chair.text.partition(words("level:"))[2].split()[0]
    assert set(level.split("、")) == {"孙立军", "周晓丽"}
    check_page(scene.chair.page)


def vote_again(scene: Scene) -> None:
    steps.call_again(scene, on=poll_steps.day(3))
    steps.issue(scene, "further_round", number=2)
    steps.advance(scene)
    steps.pass_days(scene, 3)
    steps.open_poll(scene)
    count(scene, AGAIN, f"{ON_ROLL - 639}-{ON_ROLL}", "1-10")
    steps.issue(scene, "result", number=2)
    assert figures(scene) == FOR_AGAIN


def count(scene: Scene, boxes: Sequence[Box], club: str, roving: str) -> None:
    """End the poll, enter the lists of those who took a paper, count, certify, and take the result over."""
    steps.end_poll(scene)
    steps.enter_list(scene, CLUB, club)
    steps.enter_list(scene, ROVING, roving)
    steps.advance(scene)
    steps.seal(scene)
    steps.count_quickly(scene, *boxes)
    steps.count_and_certify(scene)
    steps.take_over(scene)


def figures(scene: Scene) -> dict[str, str]:
    """Return how many were for each member, as everybody reads it on the result sheet of the last round."""
    reader = scene.visit()
    reader.open(scene.poll_path("/result"))
    return {name: numbers[0] for name, numbers in poll_steps.figures_of(reader, "委员").items()}


def end(scene: Scene) -> None:
    steps.announce_and_file(scene)
    steps.hand_over(scene)
    steps.check_archive(scene, scene.deputy)
    assert steps.elected(scene) == ELECTED
    assert steps.in_office(scene) == {(title, name) for title, name, _votes in ELECTED}
