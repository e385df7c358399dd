"""What is to be planned is on the home page of the supervision committee until it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.queries.needs_due import list_needs
from civicforum.appraisals.rules import CycleKind
from civicforum.rulebook.days import day_ends
from tests.factories import NOW
from tests.support.appraisals import Town, make_town, plan_kind, post
from tests.support.statements import count_statements

THREE = {"林国安", "刘建平", "陈伯龙"}
MEMBERS = {"陈伯龙", "张桂兰", "王志明"}


@pytest.fixture
def town(session: Session) -> Town:
    return make_town()


def waiting(session: Session, actor: Actor, now: datetime = NOW) -> list[set[str]]:
    return [set(need.title.split("、")) for need in list_needs(session, actor, now)]


@pytest.mark.law("D1", "appraisal.reports_every", "appraisal.per_year")
def test_reports_and_members_wait_until_their_cycles_are_posted(session: Session, town: Town) -> None:
    assert waiting(session, town.supervisor) == [THREE, MEMBERS]
    assert waiting(session, town.clerk) == []
    cycle_id = plan_kind(town, CycleKind.DUTY_REPORTS)
    assert waiting(session, town.supervisor) == [THREE, MEMBERS]
    post(town, cycle_id)
    assert waiting(session, town.supervisor) == [MEMBERS]


@pytest.mark.law("D1", "appraisal.reports_every")
def test_reports_of_a_half_year_wait_from_sixty_days_before_its_end(session: Session, town: Town) -> None:
    begins = day_ends(date(2026, 6, 30)) - timedelta(days=60)

    assert THREE not in waiting(session, town.supervisor, begins - timedelta(seconds=1))
    assert THREE in waiting(session, town.supervisor, begins)


def test_what_waits_is_found_in_a_few_statements(session: Session, town: Town) -> None:
    with count_statements() as statements:
        list_needs(session, town.supervisor, NOW)
    assert statements.total <= 4
