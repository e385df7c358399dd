"""The law on assemblies at its edges (DOMAIN.md B37 to B42): just below each number, at it, just above it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from civicforum import rulebook
from civicforum.drafts.rules import ANSWERS_RULE, COMMENTS_RULE
from civicforum.errors import RuleRefused
from civicforum.matters.rules import REVIEW_GROUNDS, STEPS, Act, Ground, Stage
from civicforum.meetings.default_rules import limits_of
from civicforum.meetings.preparation import (
    Signers,
    demand_deadline,
    due_by_interval,
    due_by_year,
    judge_demand,
)
from civicforum.meetings.rules import (
    MeetingForm,
    check_notice,
    check_study,
    judge_composition,
    judge_notice,
    judge_quorum,
)
from civicforum.meetings.rules_after import minutes_due_at

BOOK = rulebook.load("national-2026")
RESIDENTS, REPRESENTATIVES = MeetingForm.RESIDENTS_ASSEMBLY, MeetingForm.REPRESENTATIVE_ASSEMBLY
POSTED = datetime(2026, 3, 2, 15, 59, tzinfo=UTC)  # The last minute of 2 March in Shanghai.
NOBODY = Signers(0, 1000, 0, 400, 0, 30)


def starting_on(day: int) -> datetime:
    """Return the first minute of a day of March 2026 in Shanghai."""
    return datetime(2026, 3, day, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.law("B37", "assembly.residents.notice")
@pytest.mark.parametrize(("day", "holds"), [(11, False), (12, True), (13, True)])
def test_residents_assembly_is_announced_ten_days_before(day: int, holds: bool) -> None:
    assert judge_notice(BOOK, RESIDENTS, posted_at=POSTED, starts_at=starting_on(day)).holds is holds


@pytest.mark.law("B37", "assembly.residents.urgent")
def test_emergency_with_its_reason_needs_no_ten_days() -> None:
    check_notice(BOOK, RESIDENTS, posted_at=POSTED, starts_at=starting_on(3), urgent_reason="供水主管破裂")
    with pytest.raises(RuleRefused):
        check_notice(BOOK, RESIDENTS, posted_at=POSTED, starts_at=starting_on(3), urgent_reason="")


@pytest.mark.law("B37", "assembly.residents.demand")
@pytest.mark.parametrize(
    ("adults", "all_adults", "enough"),
    [(99, 1000, False), (100, 1000, True), (101, 1001, True), (100, 1001, False)],
)
def test_tenth_of_the_adults_demands_the_assembly(adults: int, all_adults: int, enough: bool) -> None:
    signers = Signers(adults, all_adults, 0, 400, 0, 30)
    assert judge_demand(BOOK, RESIDENTS, signers).is_enough is enough


@pytest.mark.law("B37", "assembly.residents.demand_by_households")
@pytest.mark.parametrize(("households", "enough"), [(39, False), (40, True), (41, True)])
def test_tenth_of_the_households_demands_the_assembly(households: int, enough: bool) -> None:
    signers = Signers(households, 1000, households, 400, 0, 30)
    assert judge_demand(BOOK, RESIDENTS, signers).is_enough is enough


@pytest.mark.law("B37", "assembly.residents.demand_by_representatives")
@pytest.mark.parametrize(
    ("signed", "of_all", "enough"), [(9, 30, False), (10, 30, True), (10, 31, False), (11, 31, True)]
)
def test_third_of_the_representatives_demands_the_residents_assembly(
    signed: int, of_all: int, enough: bool
) -> None:
    signers = Signers(signed, 1000, 0, 400, signed, of_all)
    assert judge_demand(BOOK, RESIDENTS, signers).is_enough is enough


@pytest.mark.law("B37", "assembly.residents.per_year")
def test_residents_assembly_is_due_until_one_was_held_in_the_year() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    due = due_by_year(BOOK, held=[date(2025, 12, 31)], now=now)
    assert due is not None
    assert (due.last_on, due.verdict.arithmetic) == (date(2025, 12, 31), "0 < 1")
    assert not due.is_late(now)
    assert due.is_late(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert due_by_year(BOOK, held=[date(2026, 1, 1)], now=now) is None


@pytest.mark.law("B38", "assembly.residents.quorum")
@pytest.mark.parametrize(
    ("present", "due", "holds"), [(500, 1000, False), (501, 1000, True), (500, 999, True), (499, 999, False)]
)
def test_more_than_half_of_the_adults_take_part(present: int, due: int, holds: bool) -> None:
    assert judge_quorum(BOOK, RESIDENTS, present=present, due=due).holds is holds


@pytest.mark.law("B38", "assembly.residents.quorum_by_households")
@pytest.mark.parametrize(("present", "holds"), [(199, False), (200, False), (201, True)])
def test_more_than_half_of_the_households_take_part(present: int, holds: bool) -> None:
    rule = BOOK.threshold("assembly.residents.quorum_by_households")
    assert rule.judge(present, {"households": 400}).holds is holds


@pytest.mark.law("B38", "assembly.residents.majority")
@pytest.mark.parametrize(
    ("in_favour", "present", "holds"),
    [(250, 501, False), (251, 501, True), (250, 500, False), (251, 500, True)],
)
def test_residents_decide_by_more_than_half_of_those_present(
    in_favour: int, present: int, holds: bool
) -> None:
    rule = BOOK.threshold("assembly.residents.majority")
    assert rule.judge(in_favour, {"present": present}).holds is holds


@pytest.mark.law("B40", "assembly.representatives.share_of_representatives")
@pytest.mark.parametrize(
    ("representatives", "members", "holds"), [(27, 34, False), (28, 35, True), (29, 36, True)]
)
def test_four_fifths_of_the_members_are_representatives(
    representatives: int, members: int, holds: bool
) -> None:
    assert judge_composition(BOOK, representatives=representatives, members=members).holds is holds


@pytest.mark.law("B40", "assembly.representatives.interval")
@pytest.mark.parametrize(("minutes", "late"), [(-1, False), (0, False), (1, True)])
def test_representative_assembly_meets_every_half_year(minutes: int, late: bool) -> None:
    # Held on 31 August: half a year later is the last day of February.
    now = datetime(2026, 2, 28, 15, 59, 59, 999999, tzinfo=UTC) + timedelta(minutes=minutes)
    due = due_by_interval(BOOK, REPRESENTATIVES, last_on=date(2025, 8, 31), since=date(2025, 1, 1), now=now)
    assert due.is_late(now) is late
    assert due.verdict.holds is not late


@pytest.mark.law("B40", "assembly.representatives.interval")
def test_assembly_that_never_met_is_due_half_a_year_after_it_began() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    due = due_by_interval(BOOK, REPRESENTATIVES, last_on=None, since=date(2026, 1, 15), now=now)
    assert due.due_at.date() == date(2026, 7, 15)


@pytest.mark.law("B40", "assembly.representatives.demand")
@pytest.mark.parametrize(
    ("signed", "of_all", "enough"), [(5, 30, False), (6, 30, True), (6, 31, False), (7, 31, True)]
)
def test_fifth_of_the_representatives_demands_their_assembly(signed: int, of_all: int, enough: bool) -> None:
    signers = Signers(1000, 1000, 400, 400, signed, of_all)
    assert judge_demand(BOOK, REPRESENTATIVES, signers).is_enough is enough


def test_residents_alone_never_demand_the_representative_assembly() -> None:
    assert not judge_demand(BOOK, REPRESENTATIVES, NOBODY).is_enough


@pytest.mark.law("B40", "assembly.representatives.after_demand")
def test_demanded_assembly_is_called_until_the_end_of_the_fifteenth_day() -> None:
    assert demand_deadline(BOOK, REPRESENTATIVES, POSTED) == datetime(
        2026, 3, 17, 15, 59, 59, 999999, tzinfo=UTC
    )


@pytest.mark.law("B40", "assembly.representatives.notice")
@pytest.mark.parametrize(("day", "holds"), [(4, False), (5, True), (6, True)])
def test_representatives_get_the_agenda_three_days_before(day: int, holds: bool) -> None:
    assert judge_notice(BOOK, REPRESENTATIVES, posted_at=POSTED, starts_at=starting_on(day)).holds is holds


@pytest.mark.law("B40", "assembly.representatives.quorum")
@pytest.mark.parametrize(
    ("present", "due", "holds"), [(19, 30, False), (20, 30, True), (20, 31, False), (21, 31, True)]
)
def test_two_thirds_of_the_members_are_enough_to_vote(present: int, due: int, holds: bool) -> None:
    assert judge_quorum(BOOK, REPRESENTATIVES, present=present, due=due).holds is holds


@pytest.mark.law("B40", "assembly.representatives.majority")
@pytest.mark.parametrize(
    ("in_favour", "present", "holds"), [(10, 20, False), (11, 20, True), (10, 21, False), (11, 21, True)]
)
def test_representatives_decide_by_more_than_half_of_those_present(
    in_favour: int, present: int, holds: bool
) -> None:
    rule = BOOK.threshold("assembly.representatives.majority")
    assert rule.judge(in_favour, {"present": present}).holds is holds


@pytest.mark.law("B41", "assembly.party_study")
@pytest.mark.parametrize("form", [RESIDENTS, REPRESENTATIVES])
def test_assembly_votes_on_nothing_that_the_party_organisation_has_not_studied(form: MeetingForm) -> None:
    with pytest.raises(RuleRefused) as refused:
        check_study(BOOK, form, text="居民公约", is_studied=False)
    assert refused.value.verdict.rule.articles == (30,)
    check_study(BOOK, form, text="居民公约", is_studied=True)
    check_study(BOOK, form, text="", is_studied=False)


@pytest.mark.law("B41", "assembly.party_study")
def test_deliberation_needs_no_study() -> None:
    check_study(BOOK, MeetingForm.COUNCIL, text="居民公约", is_studied=False)


@pytest.mark.law("B41", "assembly.party_study")
def test_every_path_of_a_matter_to_the_assembly_leads_through_the_study() -> None:
    open_stages, reached = {Stage.DRAFT}, set[Stage]()
    while open_stages:
        stage = open_stages.pop()
        reached.add(stage)
        for act, step in STEPS.items():
            if act is not Act.STUDY and stage in step.stages and step.to and step.to not in reached:
                open_stages.add(step.to)
    assert Stage.SECONDED in reached
    assert Stage.TO_DECIDE not in reached


@pytest.mark.law("B42")
def test_what_breaks_the_law_is_declined_before_anybody_votes_on_it() -> None:
    assert Ground.AGAINST_LAW in REVIEW_GROUNDS
    assert STEPS[Act.DECLINE].to is Stage.DECLINED
    assert Stage.DECLINED not in STEPS[Act.PLAN_MEETING].stages


@pytest.mark.law("C6", "council.joint_notice")
@pytest.mark.parametrize(("day", "holds"), [(16, False), (17, True), (18, True)])
def test_topics_of_a_joint_meeting_are_out_fifteen_days_before(day: int, holds: bool) -> None:
    verdict = judge_notice(BOOK, MeetingForm.JOINT, posted_at=POSTED, starts_at=starting_on(day))
    assert verdict.holds is holds


@pytest.mark.law("C6", "council.joint_interval")
@pytest.mark.parametrize(("day", "late"), [(14, False), (15, False), (16, True)])
def test_joint_meeting_is_held_every_half_year(day: int, late: bool) -> None:
    now = datetime(2026, 9, day, 4, 0, tzinfo=UTC)
    due = due_by_interval(BOOK, MeetingForm.JOINT, last_on=date(2026, 3, 15), since=date(2025, 1, 1), now=now)
    assert due.is_late(now) is late


@pytest.mark.law("C1", "council.notice")
@pytest.mark.parametrize(("day", "holds"), [(4, False), (5, True), (6, True)])
def test_council_session_is_announced_three_days_before(day: int, holds: bool) -> None:
    verdict = judge_notice(BOOK, MeetingForm.COUNCIL, posted_at=POSTED, starts_at=starting_on(day))
    assert verdict.holds is holds


@pytest.mark.law("C2", "council.minutes")
def test_minutes_are_signed_until_the_end_of_the_fifth_day() -> None:
    assert minutes_due_at(BOOK, POSTED) == datetime(2026, 3, 7, 15, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.law("C2", "council.draft_comments")
@pytest.mark.parametrize(("day", "holds"), [(8, False), (9, True), (10, True)])
def test_draft_is_out_for_comment_for_seven_days(day: int, holds: bool) -> None:
    assert BOOK.clock(COMMENTS_RULE).judge(POSTED, starting_on(day)).holds is holds


@pytest.mark.law("C2", "council.draft_answers")
def test_comments_are_answered_until_the_end_of_the_fifteenth_day() -> None:
    assert BOOK.clock(ANSWERS_RULE).deadline(POSTED) == datetime(2026, 3, 17, 15, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.law("B40", "assembly.representatives.residents_may_speak")
def test_residents_who_sit_in_may_speak_where_nothing_else_was_adopted() -> None:
    assert limits_of(BOOK).observers_speak
