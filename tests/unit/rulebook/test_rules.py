"""How rules are judged: the boundaries that decide votes, and days in Shanghai."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.rulebook import SHANGHAI, Compare, Rulebook, Span, judge, load
from civicforum.rulebook.rules import Clock, Threshold


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load("national-2026")


def shanghai(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.parametrize(
    ("rule_id", "whole", "holds", "fails"),
    [
        # 以上 includes the number.
        ("assembly.representatives.quorum", {"members": 60}, 40, 39),
        ("assembly.representatives.quorum", {"members": 61}, 41, 40),
        ("assembly.representatives.demand", {"representatives": 50}, 10, 9),
        ("assembly.representatives.share_of_representatives", {"members": 50}, 40, 39),
        ("assembly.residents.demand", {"adults": 2760}, 276, 275),
        ("recall.demand.representatives", {"representatives": 60}, 20, 19),
        # 过半数 and 超过 do not.
        ("assembly.representatives.majority", {"present": 40}, 21, 20),
        ("assembly.representatives.majority", {"present": 41}, 21, 20),
        ("assembly.residents.quorum", {"adults": 2760}, 1381, 1380),
        ("election.validity.voters", {"roll": 1000}, 501, 500),
        ("matter.grade.poor", {"cast": 30}, 11, 10),
        # Two thirds of the representatives make an assembly, and not yet a valid election by them.
        ("election.validity.representatives", {"representatives": 60}, 41, 40),
        ("recall.validity.representatives", {"representatives": 60}, 41, 40),
        # The party members' meeting counts those due to attend, and half of them is enough.
        ("resolution.party_meeting.majority", {"party_members": 40, "present": 27}, 20, 19),
    ],
)
def test_a_threshold_holds_exactly_from_its_boundary(
    book: Rulebook, rule_id: str, whole: dict[str, int], holds: int, fails: int
) -> None:
    rule = book.threshold(rule_id)
    assert judge(rule, holds, whole).holds
    assert not judge(rule, fails, whole).holds
    assert judge(rule, fails, whole).least == holds


def test_a_first_round_counts_those_taking_part_and_a_further_round_the_ballots_cast(book: Rulebook) -> None:
    counts = {"taking_part": 900, "cast": 870}
    assert judge(book.threshold("election.elected"), 450, counts).least == 451
    assert judge(book.threshold("election.further_round.floor"), 290, counts).least == 290


@pytest.mark.parametrize(
    ("rule_id", "number", "whole", "arithmetic"),
    [
        ("assembly.representatives.quorum", 41, {"members": 60}, "41 ≥ 2/3 × 60 = 40"),
        ("assembly.representatives.quorum", 39, {"members": 60}, "39 < 2/3 × 60 = 40"),
        ("assembly.representatives.quorum", 34, {"members": 50}, "34 ≥ 2/3 × 50 = 33 1/3"),
        ("assembly.representatives.majority", 20, {"present": 41}, "20 ≤ 1/2 × 41 = 20.5"),
        ("assembly.representatives.majority", 22, {"present": 41}, "22 > 1/2 × 41 = 20.5"),
        ("assembly.residents.demand", 5, {"adults": 41}, "5 ≥ 1/10 × 41 = 4.1"),
        ("matter.grade.poor", 0, {"cast": 1}, "0 ≤ 1/3 × 1 = 1/3"),
        ("matter.grade.poor", 0, {"cast": 0}, "0 ≤ 1/3 × 0 = 0"),
        ("assembly.representatives.quorum", 0, {"members": 0}, "0 < 1"),
    ],
)
def test_a_verdict_prints_its_arithmetic_without_words(
    book: Rulebook, rule_id: str, number: int, whole: dict[str, int], arithmetic: str
) -> None:
    assert judge(book.threshold(rule_id), number, whole).arithmetic == arithmetic


def test_a_body_without_members_has_no_quorum(book: Rulebook) -> None:
    assert not judge(book.threshold("assembly.representatives.quorum"), 0, {"members": 0}).holds


@pytest.mark.parametrize(
    ("number", "whole"), [(-1, {"members": 3}), (4, {"members": 3}), (1, {"present": 3})]
)
def test_impossible_or_missing_counts_are_refused(book: Rulebook, number: int, whole: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"assembly\.representatives\.quorum"):
        judge(book.threshold("assembly.representatives.quorum"), number, whole)


THRESHOLDS = st.sampled_from([rule for rule in load("national-2026").rules() if isinstance(rule, Threshold)])


@given(THRESHOLDS, st.integers(1, 10**9), st.data())
def test_judging_equals_the_comparison_of_exact_fractions(
    rule: Threshold, whole: int, data: st.DataObject
) -> None:
    least = rule.least(whole)
    number = data.draw(
        st.one_of(st.integers(0, whole), st.integers(max(0, least - 2), min(whole, least + 2)))
    )
    part = Fraction(number, whole)
    expected = part >= rule.share if rule.compare is Compare.AT_LEAST else part > rule.share
    assert judge(rule, number, {rule.of: whole}).holds == expected


@given(THRESHOLDS, st.integers(1, 10**9))
def test_the_least_number_holds_and_one_less_does_not(rule: Threshold, whole: int) -> None:
    least = rule.least(whole)
    assert judge(rule, least, {rule.of: whole}).holds
    assert not judge(rule, least - 1, {rule.of: whole}).holds


@pytest.mark.parametrize(
    ("rule_id", "number", "holds", "arithmetic"),
    [
        ("committee.size", 5, True, "5 ≤ 5 ≤ 9"),
        ("committee.size", 9, True, "5 ≤ 9 ≤ 9"),
        ("committee.size", 4, False, "4 < 5"),
        ("committee.size", 10, False, "10 > 9"),
        ("proxy.per_holder", 3, True, "3 ≤ 3"),
        ("proxy.per_holder", 4, False, "4 > 3"),
        ("election.nomination.voters", 10, True, "10 ≥ 10"),
        ("committee.term_years", 5, True, "5 = 5"),
    ],
)
def test_a_count_includes_its_bounds(
    book: Rulebook, rule_id: str, number: int, holds: bool, arithmetic: str
) -> None:
    verdict = book.count(rule_id).judge(number)
    assert (verdict.holds, verdict.arithmetic) == (holds, arithmetic)


@pytest.mark.parametrize(
    ("number", "holds", "arithmetic"),
    [
        (26, True, "26 ≤ 26 ≤ 65; 1300 ÷ 50 = 26; 1300 ÷ 20 = 65"),
        (25, False, "25 < 26; 1300 ÷ 50 = 26"),
        (66, False, "66 > 65; 1300 ÷ 20 = 65"),
    ],
)
def test_one_representative_stands_for_twenty_to_fifty_households(
    book: Rulebook, number: int, holds: bool, arithmetic: str
) -> None:
    verdict = book.ratio("representatives.households").judge(number, 1300)
    assert (verdict.holds, verdict.arithmetic) == (holds, arithmetic)


def test_a_small_group_of_households_has_one_representative(book: Rulebook) -> None:
    assert book.ratio("representatives.households").judge(1, 12).holds
    assert not book.ratio("representatives.households").judge(0, 12).holds


def test_a_deadline_is_the_end_of_the_last_day_in_shanghai(book: Rulebook) -> None:
    # 23:30 in Shanghai on 1 March is still 1 March, although Greenwich is eight hours behind.
    deadline = book.clock("matter.review").deadline(shanghai(2026, 3, 1, 23, 30))
    assert deadline == datetime(2026, 3, 16, 15, 59, 59, 999999, tzinfo=UTC)
    assert deadline.tzinfo is UTC
    # 00:30 on 2 March in Shanghai is 1 March in Greenwich, and one day more here.
    assert book.clock("matter.review").deadline(shanghai(2026, 3, 2, 0, 30)) == deadline + timedelta(days=1)


def test_the_roll_is_posted_twenty_calendar_days_before_the_election(book: Rulebook) -> None:
    clock = book.clock("roll.posting")
    election = shanghai(2026, 6, 21, 8)
    assert clock.judge(shanghai(2026, 6, 1, 23, 59), election).holds
    late = clock.judge(shanghai(2026, 6, 2, 0, 0), election)
    assert (late.holds, late.arithmetic) == (False, "2026-06-21 − 2026-06-02 = 19 < 20")
    assert clock.latest(election).astimezone(SHANGHAI).date() == date(2026, 6, 1)
    assert clock.earliest(shanghai(2026, 6, 1)) == shanghai(2026, 6, 21, 0)


def test_a_posting_stands_for_fifteen_whole_days(book: Rulebook) -> None:
    clock = book.clock("notice.posting")
    posted = shanghai(2026, 3, 1, 23)
    taken_down_early = clock.judge(posted, shanghai(2026, 3, 16, 23, 59))
    assert (taken_down_early.holds, taken_down_early.arithmetic) == (
        False,
        "2026-03-16 − 2026-03-01 = 15 ≤ 15",
    )
    assert clock.judge(posted, shanghai(2026, 3, 17, 0)).holds
    assert clock.earliest(posted) == shanghai(2026, 3, 17, 0)
    assert clock.deadline(posted) < clock.earliest(posted)


def test_an_answer_on_the_last_day_is_in_time_and_the_next_day_late(book: Rulebook) -> None:
    clock = book.clock("roll.objection")
    posted = shanghai(2026, 6, 1)
    assert clock.judge(posted, shanghai(2026, 6, 6, 23, 59)).arithmetic == "2026-06-06 − 2026-06-01 = 5 ≤ 5"
    late = clock.judge(posted, shanghai(2026, 6, 7, 0))
    assert (late.holds, late.arithmetic) == (False, "2026-06-07 − 2026-06-01 = 6 > 5")


def test_months_end_on_the_last_day_of_a_shorter_month(book: Rulebook) -> None:
    clock = book.clock("assembly.representatives.interval")
    last_day = clock.deadline(shanghai(2026, 8, 31)).astimezone(SHANGHAI).date()
    assert last_day == date(2027, 2, 28)
    assert clock.judge(shanghai(2026, 8, 31), shanghai(2027, 3, 1)).arithmetic == "2027-03-01 > 2027-02-28"


def test_an_instant_without_zone_and_the_wrong_question_are_refused(book: Rulebook) -> None:
    with pytest.raises(ValueError, match="time zone"):
        book.clock("matter.review").deadline(datetime(2026, 3, 1))  # noqa: DTZ001
    with pytest.raises(ValueError, match="how early"):
        book.clock("roll.posting").deadline(shanghai(2026, 3, 1))
    for ask in (book.clock("matter.review").earliest, book.clock("matter.review").latest):
        with pytest.raises(ValueError, match="how late"):
            ask(shanghai(2026, 3, 1))


INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = [rule for rule in load("national-2026").rules() if isinstance(rule, Clock)]
ENDING = st.sampled_from([rule for rule in CLOCKS if rule.span is not Span.AT_LEAST])
EARLY = st.sampled_from([rule for rule in CLOCKS if rule.span is not Span.WITHIN])


@given(ENDING, INSTANTS, INSTANTS)
def test_a_later_start_never_ends_earlier(clock: Clock, first: datetime, second: datetime) -> None:
    first, second = sorted((first, second))
    assert first < clock.deadline(first) <= clock.deadline(second)


@given(EARLY, INSTANTS)
def test_the_earliest_event_holds_and_an_instant_before_does_not(clock: Clock, start: datetime) -> None:
    earliest = clock.earliest(start)
    assert clock.judge(start, earliest).holds
    assert not clock.judge(start, earliest - timedelta(microseconds=1)).holds


@given(EARLY, INSTANTS)
def test_the_latest_start_is_early_enough(clock: Clock, event: datetime) -> None:
    assert clock.judge(clock.latest(event), event).holds


def test_near_relatives_do_not_sit_on_committee_and_supervision(book: Rulebook) -> None:
    rules = [rule for rule in book.pairs() if rule.id in {"posts.near_relatives", "posts.supervision"}]
    director, supervisor = "residents_committee.director", "supervision_committee.member"
    assert any(rule.forbids(director, supervisor) for rule in rules)
    assert any(rule.forbids(supervisor, director, related=True) for rule in rules)
    assert any(rule.forbids(director, "residents_committee.member", related=True) for rule in rules)
    # The same person as director and member is a matter of terms, not of near relatives.
    assert not any(rule.forbids(director, "residents_committee.member") for rule in rules)


def test_party_and_residents_committee_may_share_a_member_and_no_post_is_mistaken(book: Rulebook) -> None:
    forbidden = [
        rule
        for rule in book.pairs()
        if rule.forbids("party_committee.secretary", "residents_committee.director")
    ]
    assert forbidden == []
    (rule,) = (rule for rule in book.pairs() if rule.id == "posts.supervision")
    assert not rule.forbids("residents_committee_office.clerk", "supervision_committee.member")
