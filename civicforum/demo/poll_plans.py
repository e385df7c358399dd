"""What the votes of the demonstration ask, of whom, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from civicforum.bodies.rules import PostKind
from civicforum.database import db
from civicforum.demo.population import ASSEMBLY
from civicforum.demo.story import Script
from civicforum.people.models import Household, Person
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import Basis, Draw
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import Preset

SATISFACTION = ("满意", "基本满意", "不满意")


@dataclass(frozen=True)
class Plan:
    """A vote as the story tells it; days are counted from today."""

    title: str
    text: str
    preset: Preset
    questions: Sequence[QuestionSpec]
    draw: Callable[[Script], Draw]
    drafted: int
    opens: int
    closes: int
    by_paper: bool = False
    trustees: int = 1


def _representatives(script: Script) -> Draw:
    return Draw(Basis.POSTS, posts=((script.people.bodies[ASSEMBLY], PostKind.REPRESENTATIVE),))


def _second_yard(script: Script) -> Draw:
    grid = db.session.scalars(
        select(Household.grid_id)
        .join(Person, Person.household_id == Household.id)
        .where(Person.id == script.people.adults_of_grid[2][0])
    ).one()
    return Draw(Basis.CAPACITIES, capacities=(CapacityKind.HUKOU,), grids=(grid,))


def _everybody(_script: Script) -> Draw:
    return Draw(Basis.CAPACITIES, capacities=(CapacityKind.HUKOU, CapacityKind.USUAL_RESIDENCE))


CHARGING = Plan(
    title="槐荫里电动车集中充电棚建设方案表决",
    text=(
        "居民议事会三次商议后形成方案：在二号院东侧空地建充电棚一处，设四十个充电位，电费按表计量，"
        "由社区公共收益和街道补助共同出资十二万元。请居民代表对方案表决，并对前期征求意见的工作打分。"
    ),
    preset=Preset.POLL,
    questions=(
        QuestionSpec(
            QuestionKind.MOTION,
            "是否同意建设集中充电棚",
            majority_rule="assembly.representatives.majority",
        ),
        QuestionSpec(
            QuestionKind.GRADE,
            "对前期工作的评价",
            options=("征求意见的范围", "方案说明是否清楚", "答复是否及时"),
            levels=SATISFACTION,
        ),
    ),
    draw=_representatives,
    drafted=-26,
    opens=-18,
    closes=-14,
)
STEWARDS = Plan(
    title="二号院文明楼栋监督员推选",
    text="每位居民可以推选两人。推选出的两名监督员任期一年，负责楼道堆物、消防通道的日常巡看。",
    preset=Preset.POLL,
    questions=(
        QuestionSpec(
            QuestionKind.SELECTION,
            "推选文明楼栋监督员二人",
            options=("方淑芬", "梁建军", "邱月琴", "石宝山"),
            marking=Marking.TICKS,
            most=2,
            seats=2,
        ),
    ),
    draw=_second_yard,
    drafted=-20,
    opens=-10,
    closes=-5,
    by_paper=True,
)
READING = Plan(
    title="暑期社区图书室怎么开放，听听大家的",
    text=(
        "图书室七月起延长开放，经费和志愿者都有限，只能先做一部分。这是征求意见，不是表决："
        "结果会原样公布，居民委员会据此安排，并逐条说明采纳情况。"
    ),
    preset=Preset.POLL,
    questions=(
        QuestionSpec(QuestionKind.MOTION, "周末晚上是否延长开放到九点"),
        QuestionSpec(
            QuestionKind.RANKING,
            "先办哪几件，请排个先后",
            text="把最想先办的排在第一位，不必全部排完。",
            options=("儿童绘本角", "老年人读报区", "自习座位", "午间开放", "书法与棋类桌"),
            depth=3,
            method="schulze",
        ),
        QuestionSpec(
            QuestionKind.GRADE,
            "对图书室现状的评价",
            options=("环境", "图书更新", "志愿者服务"),
            levels=SATISFACTION,
        ),
    ),
    draw=_everybody,
    drafted=-8,
    opens=-1,
    closes=6,
)
PROPERTY = Plan(
    title="物业服务考评结果与续聘意见表决",
    text=(
        "物业服务合同年底到期。居务监督委员会提交了考评报告，请居民代表无记名表决是否建议业主大会续聘，"
        "并就驻点工作小组的人选投票。"
    ),
    preset=Preset.SEALED,
    questions=(
        QuestionSpec(
            QuestionKind.MOTION,
            "是否建议续聘现物业服务企业",
            majority_rule="assembly.representatives.majority",
        ),
        QuestionSpec(
            QuestionKind.SELECTION,
            "物业监督工作小组三人",
            options=("田国庆", "彭爱华", "方淑芬", "梁建军"),
            marking=Marking.EACH,
            most=3,
            seats=3,
            write_ins=1,
        ),
    ),
    draw=_representatives,
    drafted=-9,
    opens=-1,
    closes=4,
    by_paper=True,
    trustees=3,
)
