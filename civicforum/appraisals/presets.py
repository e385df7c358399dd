"""What the plan of each kind of cycle begins with; everything in it can be changed before it is posted.

Texts are Chinese whatever the language of the page: they are printed on forms and posted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from civicforum.appraisals import law
from civicforum.appraisals.plans import GroupPlan, Plan, SubjectPlan, half_year, whole_year
from civicforum.appraisals.rules import CycleKind, RaterBasis
from civicforum.appraisals.scales import ScalePlan, body_scale, duty_scale
from civicforum.rulebook import Rulebook

_K = CycleKind
HALF_YEARLY = frozenset({_K.DUTY_REPORTS, _K.SUPPORT})
IN_THE_ASSEMBLY = frozenset({_K.DUTY_REPORTS, _K.MEMBERS, _K.RESERVE, _K.SUPPORT})
SCALES: dict[CycleKind, tuple[ScalePlan, ...]] = {
    _K.DUTY_REPORTS: (duty_scale("述职评议"),),
    _K.MEMBERS: (duty_scale("居民委员会成员履职情况"), body_scale("居民委员会整体工作")),
    _K.STATION: (duty_scale("工作人员履职情况"), body_scale("社区服务站工作")),
    _K.DEPARTMENTS: (body_scale("对驻区部门工作的评价"),),
    _K.PROVIDERS: (body_scale("对服务单位工作的评价"),),
    _K.RESERVE: (duty_scale("后备干部民主测评"),),
    _K.SUPPORT: (duty_scale("复评"),),
}
TITLES: dict[CycleKind, str] = {
    _K.DUTY_REPORTS: "述职评议",
    _K.MEMBERS: "居民委员会成员民主评议",
    _K.STATION: "社区服务站满意度评价",
    _K.DEPARTMENTS: "驻区部门工作评议",
    _K.PROVIDERS: "服务单位工作评议",
    _K.RESERVE: "后备干部民主测评",
    _K.SUPPORT: "帮扶对象复评",
}
ASSEMBLY, RESIDENTS, COMMITTEE = "居民代表", "居民", "居民委员会成员"
# The committee's appraisal of its station, and the residents' beside it, which weighs more (DOMAIN.md D5).
COMMITTEE_WEIGHT, RESIDENTS_WEIGHT = Fraction(2, 5), Fraction(3, 5)


@dataclass(frozen=True)
class Offer:
    """A subject that a plan of this kind may have; `is_usual` ones are in the plan from the beginning.

    `note`: the post or the duty, to tell people of one name apart.
    """

    subject: SubjectPlan
    note: str = ""
    is_usual: bool = True


def period_of(kind: CycleKind, today: date) -> tuple[date, date]:
    """Return the time that a cycle planned today looks back on."""
    return half_year(today) if kind in HALF_YEARLY else whole_year(today)


def usual_title(kind: CycleKind, period: tuple[date, date]) -> str:
    """Return the title of a cycle, as in 2026年上半年述职评议."""
    first, last = period
    if last.month - first.month == 11:
        return f"{first.year}年度{TITLES[kind]}"
    return f"{first.year}年{'上半年' if first.month == 1 else '下半年'}{TITLES[kind]}"


def usual_plan(
    book: Rulebook,
    kind: CycleKind,
    *,
    today: date,
    held_on: date,
    offers: Sequence[Offer],
    committee: Mapping[str, Any],
    residents: Mapping[str, Any],
) -> Plan:
    """Return the plan that a cycle begins with.

    Args:
        offers: who and what this kind may grade, in the order of the form.
        committee, residents: polls.electorates.Draw as JSON, for the rolls of a kind that has them.
    """
    period = period_of(kind, today)
    least = law.judge_least(book, 0).least or 1
    return Plan(
        kind=kind,
        title=usual_title(kind, period),
        period_from=period[0],
        period_until=period[1],
        held_on=held_on,
        counts_for_37=kind is _K.MEMBERS,
        # A re-appraisal is meant to come soon.
        keeps_distance=law.asks_distance(book) and kind is not _K.SUPPORT,
        least=least,
        rank_least=max(law.judge_rank(book, 0).least or 1, least),
        lower_on_tie=law.takes_lower(book),
        scales=SCALES[kind],
        subjects=tuple(offer.subject for offer in offers if offer.is_usual),
        groups=_groups(kind, least, committee, residents),
    )


def _groups(
    kind: CycleKind, least: int, committee: Mapping[str, Any], residents: Mapping[str, Any]
) -> tuple[GroupPlan, ...]:
    if kind in IN_THE_ASSEMBLY:
        return (GroupPlan(name=ASSEMBLY, basis=RaterBasis.PRESENT, least=least),)
    if kind is not _K.STATION:
        return (GroupPlan(name=RESIDENTS, basis=RaterBasis.ROLL, least=least, draw=residents),)
    return (
        GroupPlan(
            name=COMMITTEE, basis=RaterBasis.ROLL, weight=COMMITTEE_WEIGHT, least=least, draw=committee
        ),
        GroupPlan(
            name=RESIDENTS, basis=RaterBasis.ROLL, weight=RESIDENTS_WEIGHT, least=least, draw=residents
        ),
    )
