"""Who is registered, and the clocks of the roll: arts 14, 16 and 17, and civil procedure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from civicforum.elections.calendar import Milestone, breaches, plan
from civicforum.elections.law import require
from civicforum.elections.registers import (
    Filed,
    RegisterFault,
    Statement,
    duplicates,
    judge_age,
    judge_employment,
    judge_household,
    judge_posting,
    judge_statement,
    state_of,
)
from civicforum.elections.rules import RegistrationState, Way
from civicforum.errors import Invalid, RuleRefused
from civicforum.people.rules import CapacityKind
from civicforum.polls.rules_roll import last_lawsuit, objection_period, ruling_due
from civicforum.rulebook import Rulebook
from civicforum.rulebook.days import day_ends
from tests.support.law import BOOK, POLLING_DAY, at, book_with, person

TODAY = POLLING_DAY - timedelta(days=30)
HERE = Statement(born_on=date(1970, 5, 17), ground=CapacityKind.HUKOU, is_declared=True)


@pytest.mark.law("B10", "roll.voting_age", "roll.age_on_election_day")
@pytest.mark.parametrize(
    ("born_on", "holds"),
    [(date(2008, 4, 13), False), (date(2008, 4, 12), True), (date(2008, 4, 11), True)],
)
def test_art_16_a_voter_is_eighteen_on_election_day(born_on: date, holds: bool) -> None:
    assert judge_age(BOOK, born_on, polling_day=POLLING_DAY, today=TODAY).holds is holds


@pytest.mark.law("B10", "roll.age_on_election_day")
def test_local_a_profile_can_count_the_age_when_people_register() -> None:
    book = book_with("roll.age_on_election_day", on=False)
    assert not judge_age(book, date(2008, 4, 12), polling_day=POLLING_DAY, today=TODAY).holds
    assert judge_age(book, date(2008, 3, 13), polling_day=POLLING_DAY, today=TODAY).holds


@pytest.mark.law("B11", "roll.social_worker")
@pytest.mark.parametrize(
    ("since", "holds"),
    [(date(2025, 10, 13), False), (date(2025, 10, 12), True), (date(2025, 10, 11), True)],
)
def test_art_16_a_community_worker_is_employed_here_for_six_months(since: date, holds: bool) -> None:
    assert judge_employment(BOOK, since, POLLING_DAY).holds is holds
    worker = replace(HERE, ground=CapacityKind.COMMUNITY_WORKER, employed_since=since)
    verdicts = judge_statement(BOOK, worker, polling_day=POLLING_DAY, today=TODAY)
    assert all(verdict.holds for verdict in verdicts) is holds


@pytest.mark.law("B11", "roll.social_worker", "roll.usual_residents")
def test_art_16_three_grounds_entitle_and_a_worker_applies() -> None:
    assert state_of(CapacityKind.HUKOU) is RegistrationState.REGISTERED
    assert state_of(CapacityKind.USUAL_RESIDENCE) is RegistrationState.REGISTERED
    assert state_of(CapacityKind.COMMUNITY_WORKER) is RegistrationState.APPLIED
    for ground in (CapacityKind.OWNER, CapacityKind.PARTY_MEMBER, CapacityKind.COLLECTIVE_MEMBER):
        with pytest.raises(Invalid) as refusal:
            judge_statement(BOOK, replace(HERE, ground=ground), polling_day=POLLING_DAY, today=TODAY)
        assert refusal.value.reason == RegisterFault.NOT_STATUTORY
    with pytest.raises(Invalid, match=RegisterFault.NO_EMPLOYMENT):
        judge_statement(
            BOOK,
            replace(HERE, ground=CapacityKind.COMMUNITY_WORKER),
            polling_day=POLLING_DAY,
            today=TODAY,
        )


@pytest.mark.law("B11", "roll.usual_residents")
@pytest.mark.parametrize(
    ("book", "holds"), [(BOOK, True), (book_with("roll.usual_residents", on=False), False)]
)
def test_art_16_who_usually_lives_here_registers_unless_a_profile_says_otherwise(
    book: Rulebook, holds: bool
) -> None:
    usual = replace(HERE, ground=CapacityKind.USUAL_RESIDENCE)
    verdicts = judge_statement(book, usual, polling_day=POLLING_DAY, today=TODAY)
    assert all(verdict.holds for verdict in verdicts) is holds


@pytest.mark.law("B11", "roll.one_place")
def test_local_who_registers_declares_to_be_registered_nowhere_else() -> None:
    require(*judge_statement(BOOK, HERE, polling_day=POLLING_DAY, today=TODAY))
    with pytest.raises(RuleRefused) as refusal:
        require(
            *judge_statement(BOOK, replace(HERE, is_declared=False), polling_day=POLLING_DAY, today=TODAY)
        )
    assert refusal.value.verdict.rule.id == "roll.one_place"


@pytest.mark.law("B11", "roll.one_place")
def test_local_two_registrations_of_one_name_and_birthday_are_shown_to_a_person() -> None:
    born_on = date(1970, 5, 17)
    first, again = Filed(person(1), "王 秀英", born_on), Filed(person(2), "王秀英", born_on)
    namesake = Filed(person(3), "王秀英", date(1970, 5, 18))
    assert duplicates([first, namesake, again]) == [(first, again)]


@pytest.mark.law("B3", "roll.per_household")
@pytest.mark.parametrize(("representatives", "holds"), [(0, True), (1, True), (2, False)])
def test_art_14_a_household_sends_one_representative(representatives: int, holds: bool) -> None:
    verdict = judge_household(BOOK, Way.HOUSEHOLDS, representatives)
    assert verdict is not None
    assert verdict.holds is holds
    assert judge_household(BOOK, Way.VOTERS, representatives) is None


@pytest.mark.law("B12", "roll.posting")
@pytest.mark.parametrize(("days", "holds"), [(19, False), (20, True), (21, True)])
def test_art_17_the_roll_is_posted_twenty_days_before(days: int, holds: bool) -> None:
    posted_on = POLLING_DAY - timedelta(days=days)
    assert judge_posting(BOOK, at(posted_on, 23, 59), POLLING_DAY).holds is holds
    assert judge_posting(BOOK, at(posted_on, 0, 1), POLLING_DAY).holds is holds


@pytest.mark.law("B12", "roll.posting")
@pytest.mark.parametrize("way", [Way.HOUSEHOLDS, Way.REPRESENTATIVES])
@pytest.mark.parametrize(("days", "holds"), [(19, False), (20, True), (21, True)])
def test_art_17_those_chosen_to_elect_are_posted_twenty_days_before(way: Way, days: int, holds: bool) -> None:
    dates = plan(POLLING_DAY, way)
    chosen_on = POLLING_DAY - timedelta(days=days)
    found = breaches(BOOK, {**dates, Milestone.ELECTORS_CHOSEN: chosen_on})
    late = [one for one in found if one.verdict is not None]
    assert [one.milestone for one in late] == ([] if holds else [Milestone.ELECTORS_CHOSEN])


@pytest.mark.law("B13", "roll.objection")
@pytest.mark.parametrize(("days", "runs"), [(4, True), (5, True), (6, False)])
def test_art_17_objections_are_made_within_five_days(days: int, runs: bool) -> None:
    posted_at = at(date(2026, 3, 15))
    # An election has the clock of the law, whatever days the poll was given.
    period = objection_period(BOOK, posted_at=posted_at, is_statutory=True, objection_days=1)
    assert period.runs(day_ends(date(2026, 3, 15) + timedelta(days=days))) is runs


@pytest.mark.law("B13", "roll.objection")
@pytest.mark.parametrize(("days", "holds"), [(4, False), (5, True), (6, False)])
def test_art_17_a_calendar_gives_objections_their_five_days_and_no_more(days: int, holds: bool) -> None:
    dates = plan(POLLING_DAY, Way.VOTERS)
    closes = dates[Milestone.ROLL_POSTED] + timedelta(days=days)
    # Rulings follow on the third day, so that their clock is kept.
    dates |= {Milestone.OBJECTIONS_CLOSE: closes, Milestone.RULINGS_PUBLISHED: closes + timedelta(days=3)}
    found = [one.verdict.rule.id for one in breaches(BOOK, dates) if one.verdict is not None]
    assert found == ([] if holds else ["roll.objection"])


@pytest.mark.law("B13", "roll.ruling")
@pytest.mark.parametrize(("days", "holds"), [(2, True), (3, True), (4, False)])
def test_art_17_an_objection_is_ruled_on_within_three_days(days: int, holds: bool) -> None:
    filed_at = at(date(2026, 3, 16), 18)
    assert (at(date(2026, 3, 16) + timedelta(days=days), 23) <= ruling_due(BOOK, filed_at)) is holds


@pytest.mark.law("B13", "roll.lawsuit")
def test_civil_procedure_art_188_a_lawsuit_is_filed_five_days_before() -> None:
    last = last_lawsuit(BOOK, at(POLLING_DAY, 8))
    assert at(date(2026, 4, 6), 23) < last
    assert at(date(2026, 4, 7), 23, 59) <= last
    assert at(date(2026, 4, 8), 0) > last
