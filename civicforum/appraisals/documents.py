"""The Chinese documents that planning an appraisal produces.

They are written in Chinese whatever the language of the page, because they are posted and filed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from civicforum.appraisals import law
from civicforum.appraisals.models import AppraisalSubject, Cycle, RaterGroup, Scale
from civicforum.appraisals.plans import Demander
from civicforum.appraisals.rules import RaterBasis
from civicforum.appraisals.scales import percent, sum_text
from civicforum.bodies.rules import PostKind
from civicforum.elections.wording.dates import past_day as day_words
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import Draw, draw_from_json
from civicforum.rulebook import SHANGHAI, Rulebook
from civicforum.rulebook.days import day_ends

BASIS: dict[RaterBasis, str] = {
    RaterBasis.PRESENT: "到会的居民代表，当场填写评议表",
    RaterBasis.ROLL: "列入评议人名册的人员",
    RaterBasis.OUTSIDE: "社区以外的单位，以其盖章的评议结果为准",
}
DEMANDERS: dict[Demander, str] = {
    Demander.VOTERS: "选民",
    Demander.REPRESENTATIVES: "居民代表",
}
CAPACITIES: dict[CapacityKind, str] = {
    CapacityKind.HUKOU: "户籍在本社区的居民",
    CapacityKind.USUAL_RESIDENCE: "经常居住在本社区的居民",
    CapacityKind.COMMUNITY_WORKER: "社区工作者",
    CapacityKind.OWNER: "业主",
    CapacityKind.COLLECTIVE_MEMBER: "集体经济组织成员",
    CapacityKind.PARTY_MEMBER: "党员",
}
POSTS: dict[PostKind, str] = {
    PostKind.SECRETARY: "书记",
    PostKind.DEPUTY_SECRETARY: "副书记",
    PostKind.DIRECTOR: "主任",
    PostKind.DEPUTY_DIRECTOR: "副主任",
    PostKind.MEMBER: "委员",
    PostKind.REPRESENTATIVE: "居民代表",
    PostKind.GROUP_LEADER: "居民小组长",
    PostKind.STATION_HEAD: "站长",
    PostKind.CLERK: "办事员",
    PostKind.GRID_WORKER: "网格员",
    PostKind.MANAGER: "经理",
    PostKind.ADMINISTRATOR: "管理员",
}
_NUMBERS = "一二三四五六七八九十"


def notice_of_plan(
    cycle: Cycle, book: Rulebook, community: str, names: Mapping[uuid.UUID, str]
) -> tuple[str, str]:
    """Return title and text of the notice that publishes the plan of a cycle.

    Args:
        names: of the bodies, residents' groups and grids that its rolls are drawn from.
    """
    parts = [
        *_head(cycle, book),
        *_section("评议对象和等次", 0, _scales(cycle)),
        *_section("评议主体和权重", 1, _groups(cycle, names)),
        *_section("时间安排", 2, _days(cycle, book)),
        *_section("结果的产生和使用", 3, _rules(cycle, book)),
        "",
        "评议采用无记名方式，任何人不得打听他人如何评议。对本方案有意见的，可以向社区居务监督委员会提出；"
        "评议方案公布后不再更改。",
        "",
        f"{community}居务监督委员会",
    ]
    return f"关于{cycle.title}的方案", "\n".join(parts)


def notice_of_void(cycle: Cycle) -> tuple[str, str]:
    """Return title and text of the notice that a cycle does not count."""
    text = f"“{cycle.title}”宣布无效，不产生任何评议结果。理由：{cycle.void_ground}"
    return f"关于{cycle.title}无效的公告", text


def moment_words(at: datetime) -> str:
    """Return day and hour as a notice writes them."""
    local = at.astimezone(SHANGHAI)
    return f"{day_words(local.date())}{local:%H:%M}"


def _head(cycle: Cycle, book: Rulebook) -> Iterator[str]:
    basis = f"根据{book.rule('appraisal.per_year').article}"
    if not cycle.counts_for_37:
        basis = f"参照{book.rule('appraisal.plan_notice').article.removesuffix('（参照）')}"
    period = f"{day_words(cycle.period_from)}至{day_words(cycle.period_until)}"
    yield f"{basis}，对{period}的工作进行民主评议，由居务监督委员会主持。现将评议方案公布如下。"
    if cycle.demand is not None and cycle.demanded_at is not None:
        who = DEMANDERS[Demander(cycle.demand["by"])]
        yield (
            f"本次评议经{cycle.demand['signatures']}名{who}联名要求进行"
            f"（{cycle.demand['arithmetic']}，{book.rule(cycle.demand['rule']).article}）。{cycle.demand_text}"
        )
    if cycle.introduction:
        yield from ("", cycle.introduction)


def _section(title: str, number: int, lines: Iterator[str]) -> Iterator[str]:
    yield from ("", f"{_NUMBERS[number]}、{title}")
    yield from lines


def _scales(cycle: Cycle) -> Iterator[str]:
    for scale in cycle.scales:
        graded = [one for one in cycle.subjects if one.scale_id == scale.id]
        if graded:
            yield f"{scale.title}：{'、'.join(_subject(one) for one in graded)}。"
            yield f"等次及分值：{_levels(scale)}；“{scale.levels[scale.poor_from]}”及以下为较差等次。"


def _subject(one: AppraisalSubject) -> str:
    return f"{one.name}（提交书面述职报告）" if one.needs_report else one.name


def _levels(scale: Scale) -> str:
    pairs = zip(scale.levels, scale.points, strict=True)
    return "，".join(f"{level}{f' {points}分' if points else '（不计分）'}" for level, points in pairs)


def _groups(cycle: Cycle, names: Mapping[uuid.UUID, str]) -> Iterator[str]:
    for number, group in enumerate(cycle.groups, 1):
        yield (
            f"{number}. {group.name}：{BASIS[group.basis]}{_roll(group, names)}，"
            f"权重{percent(group.weight)}，收回有效评议表少于{group.least}份的不公布其分组结果。{_panel(group)}"
        )
    if len(cycle.groups) > 1:
        yield f"权重合计：{sum_text(one.weight for one in cycle.groups)}。"


def _roll(group: RaterGroup, names: Mapping[uuid.UUID, str]) -> str:
    if not group.draw:
        return ""
    said = draw_words(draw_from_json(group.draw), names, CAPACITIES.__getitem__, POSTS.__getitem__)
    return f"（{'；'.join('、'.join(part) for part in said)}）"


def draw_words(
    draw: Draw,
    names: Mapping[uuid.UUID, str],
    capacity: Callable[[CapacityKind], str],
    post: Callable[[PostKind], str],
) -> list[list[str]]:
    """Return who is on a roll: the capacities or posts, then the groups and grids that it is limited to.

    Args:
        names: of bodies, residents' groups and grids; one that is gone is left out.
    """
    who = [capacity(kind) for kind in draw.capacities]
    who += [f"{names[body]}{post(kind)}" for body, kind in draw.posts if body in names]
    where = [names[one] for one in (*draw.groups, *draw.grids) if one in names]
    return [part for part in (who, where) if part]


def _panel(group: RaterGroup) -> str:
    document = f"依据：{group.document}。" if group.document else ""
    if not group.is_panel:
        return document
    return f"评议团{group.panel_size}人，其中普通居民代表{group.panel_ordinary}人。{document}"


def _days(cycle: Cycle, book: Rulebook) -> Iterator[str]:
    if any(one.needs_report for one in cycle.subjects):
        due = law.report_due_at(book, cycle.held_on)
        if cycle.reports_due_on is not None:
            due = min(due, day_ends(cycle.reports_due_on))
        last = day_words(due.astimezone(SHANGHAI).date())
        yield f"书面述职报告于{last}前交居务监督委员会审阅（当日有效）。"
    if cycle.meeting is not None:
        meeting = cycle.meeting
        yield f"评议会：{moment_words(meeting.starts_at)}，{meeting.place}（{meeting.title}）。"
    else:
        yield f"评议自{day_words(cycle.held_on)}开始。"
    for group in cycle.groups:
        if group.closes_at is not None:
            yield f"{group.name}的评议于{moment_words(group.closes_at)}截止。"


def _rules(cycle: Cycle, book: Rulebook) -> Iterator[str]:
    yield (
        f"每名评议对象共收回有效评议表{cycle.least}份以上的，产生评议结果；"
        f"{cycle.rank_least}份以上的，方可参加排名。"
    )
    tie = "取其中较低的等次" if cycle.lower_on_tie else "不定等次，只公布各等次票数"
    yield f"得票最多的等次为评议等次；两个等次得票相同的，{tie}。"
    if cycle.is_sample:
        yield "居民评议为抽样评议，公布结果时一并公布样本数和误差范围。"
    if cycle.counts_for_37:
        strikes = book.rule("appraisal.strikes")
        yield f"评议结果按照{strikes.article}计算：{strikes.text_zh}"
    else:
        yield f"本次评议结果不作为{book.rule('appraisal.strikes').article}规定的评议结果。"
