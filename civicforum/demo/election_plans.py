"""What the elections of the demonstration fill, who stands in them, and how people vote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from civicforum.demo.population import COMMITTEE, SUPERVISION
from civicforum.elections.rules import ElectionKind, Way
from civicforum.polls.rules import StationKind
from civicforum.polls.services.stations import StationPlan

# In the order of their votes; whoever comes last follows on when somebody leaves.
PRESIDING = ("何文清", "程淑珍", "许志明", "潘春燕", "叶长林", "卢守田")
SIZE = 5
# What no data holds and the officers type into notices. No Chinese number begins with 1000.
ASKED = {
    "office": "社区党群服务中心一楼",
    "office_hours": "上午9:00至11:30，下午2:00至5:30",
    "phone": "1000-0000",
    "meeting_hour": "下午3时",
    "meeting_place": "社区党群服务中心二楼会议室",
    "callers": "潘春燕、叶长林",
    "counters": "程淑珍、许志明",
    "approval": "柳荫街道办事处",
}


# In hundredths of the households: those that state that they take part.
REGISTERED_SHARE = 80
QUESTION = "四号院的楼道灯坏了半年，换届以后多久能修？"
ANSWER = "已经报修三次，卡在公共收益的使用程序。当选后先走议事会，一个月内给出开工日期。"


@dataclass(frozen=True)
class Standing:
    """Somebody who is nominated: to which post, by how many joint voters (0: by the party organisation)."""

    name: str
    post: str
    signatures: int = 0
    statement: str = ""
    reason: str = "居民信任，做事公道。"
    has_agreed: bool = True


@dataclass(frozen=True)
class Plan:
    """An election as the story tells it; days are counted from today.

    Attributes:
        from_day: election day is the first Sunday from this day on.
        formed: the day on which its committee is formed, counted from election day.
        seats: by title of the post.
    """

    kind: ElectionKind
    way: Way
    body: str
    title: str
    from_day: int
    formed: int
    seats: Mapping[str, int]
    standing: Sequence[Standing]
    by_proxy: bool = False


@dataclass(frozen=True)
class Turnout:
    """One round: papers handed out at each station, and votes in hundredths of the valid papers.

    Attributes:
        papers: at each station in the order of STATIONS.
        votes: (for, against) by name.
    """

    papers: Sequence[int]
    votes: Mapping[str, tuple[int, int]]


# The first one has a network; the lists of the others are entered in the evening.
STATIONS = (
    StationPlan("老厂俱乐部投票站", StationKind.HALL, "老厂俱乐部门厅", ("宋玉珍", "唐文彬"), scribe="贾丽"),
    StationPlan(
        "北院广场投票站",
        StationKind.HALL,
        "北院广场凉棚",
        ("卢守田", "高振东"),
        scribe="魏红",
        is_offline=True,
    ),
    StationPlan(
        "流动票箱",
        StationKind.ROVING,
        "行动不便的居民家中",
        ("徐慧", "曹建业", "薛鹏"),
        scribe="袁静",
        is_offline=True,
    ),
)
FIRST = Turnout(
    papers=(36, 548, 9),
    votes={
        "林晓燕": (83, 6),
        "刘德海": (12, 41),
        "杨桂芝": (75, 9),
        "韩冬": (68, 12),
        "李国栋": (33, 28),
        "苏丽萍": (73, 8),
        "邓国平": (65, 11),
        "冯雪梅": (62, 12),
        "罗永福": (47, 17),
        "田国庆": (44, 15),
        "彭爱华": (37, 19),
    },
)
SECOND = Turnout(papers=(27, 521, 8), votes={"罗永福": (57, 14), "田国庆": (38, 22)})

TERM = Plan(
    kind=ElectionKind.COMMITTEE,
    way=Way.HOUSEHOLDS,
    body=COMMITTEE,
    title="槐荫里社区居民委员会换届选举",
    from_day=-108,
    formed=-34,
    by_proxy=True,
    seats={"主任": 1, "副主任": 2, "委员": 4},
    standing=(
        Standing("林晓燕", "主任", 0, "把充电棚、楼道照明这些提了多年的事一件一件办完，办到哪一步随时公布。"),
        Standing("刘德海", "主任", 14, "我在老厂干了三十年，最清楚老楼缺什么：先修管道，再谈绿化。"),
        Standing("杨桂芝", "副主任", 0, "分管调解和助老，每周三下午在二号院坐班，有事当面说。"),
        Standing("韩冬", "副主任", 13, "把五个网格的巡查结果按月贴出来，谁家的事谁来对账。"),
        Standing("李国栋", "副主任", 11, "停车和消防通道要立规矩，规矩由居民自己商量。"),
        Standing("苏丽萍", "委员", 0, "继续办好四点半课堂，寒暑假不断档。"),
        Standing("邓国平", "委员", 12, "河滨网格的积水点，三年里一处一处销号。"),
        Standing("冯雪梅", "委员", 11, "让上班族也能参与：议事会晚上开，材料提前一周上墙。"),
        Standing("罗永福", "委员", 15, "楼道堆物年年清年年有，我愿意挨家挨户去说。"),
        Standing("田国庆", "委员", 10, "做调解多年，邻里的事我听得进、说得开。"),
        Standing("彭爱华", "委员", 10, "把文艺队、棋牌室的老伙伴组织起来照看独居老人。"),
    ),
)
UNDER_WAY = Plan(
    kind=ElectionKind.SUPERVISION,
    way=Way.REPRESENTATIVES,
    body=SUPERVISION,
    title="槐荫里社区居务监督委员会换届选举",
    from_day=15,
    # Long before the roll: it also runs the votes of the story.
    formed=-50,
    seats={"主任": 1, "委员": 2},
    standing=(
        Standing("郑国华", "主任", 12, reason="上一届监督居务公开一期不落，账目问得细。"),
        Standing("刘德海", "主任", 6, reason="懂工程，看得出预算里的水分。", has_agreed=False),
        Standing("宋玉珍", "委员", 11, reason="原来是单位会计，审票据有经验。"),
        Standing("唐文彬", "委员", has_agreed=False),
        Standing("田国庆", "委员", 10, reason="调解多年，街坊都信他。"),
        Standing("李国栋", "委员", 4, reason="平时爱较真，适合做监督。", has_agreed=False),
    ),
)
