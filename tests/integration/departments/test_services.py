"""The register and the opinion box: who is listed, clocks at their edges, the rate, and who is not named."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.departments import queries, services
from civicforum.departments.errors import TooManyWaiting
from civicforum.departments.models import Department, DepartmentOpinion
from civicforum.departments.rules import MOST_WAITING_EACH, DepartmentKind, Replies
from civicforum.departments.services import Given
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer, make_person
from tests.support.statements import count_statements

POLICE = Given(
    kind=DepartmentKind.POLICE, name="松河派出所", duty="治安巡逻和户籍办理。", since=date(2020, 1, 1)
)
# Sent on 2 March, an opinion has its reply by the end of 17 March.
LAST_INSTANT = day_ends(date(2026, 3, 17))
AFTER = LAST_INSTANT + timedelta(microseconds=1)


@dataclass
class Town:
    community: Community
    director: Actor
    clerk: Actor
    resident: Actor


@pytest.fixture
def town(session: Session) -> Town:
    community = make_community()
    return Town(
        community,
        actor_of(make_officer(community, Role.COMMITTEE), Role.COMMITTEE),
        actor_of(make_officer(community, Role.CLERK), Role.CLERK),
        actor_of(make_person(community, name="周敏")),
    )


def enter(town: Town, **values: Any) -> uuid.UUID:
    return services.add_department(given=replace(POLICE, **values), actor=town.director, now=NOW)


def send(town: Town, department_id: uuid.UUID, text: str = "巡逻太少。", **values: Any) -> uuid.UUID:
    given = {"actor": town.resident, "now": NOW, **values}
    return services.send_opinion(department_id=department_id, text=text, **given)


def reply(town: Town, opinion_id: uuid.UUID, now: datetime) -> None:
    services.reply_to_opinion(
        opinion_id=opinion_id,
        text="已增加夜间巡逻。",
        replied_by="值班民警，来电",
        actor=town.director,
        now=now,
    )


def replies(session: Session, department_id: uuid.UUID, now: datetime) -> Replies:
    return queries.count_replies(session, department_ids=[department_id], now=now).get(
        department_id, Replies()
    )


@pytest.mark.law("D7")
def test_only_who_works_here_in_the_period_is_listed_for_an_appraisal(session: Session, town: Town) -> None:
    enter(town)
    enter(town, name="老物业", kind=DepartmentKind.PROVIDER, until=date(2026, 1, 31))
    enter(town, name="新物业", kind=DepartmentKind.PROVIDER, since=date(2026, 7, 1))
    enter(town, name="自来水公司", kind=DepartmentKind.PROVIDER)

    def listed(first: date, last: date) -> list[str]:
        found = queries.list_working_here(
            session, community_id=town.community.id, period_from=first, period_until=last
        )
        return [one.name for one in found]

    assert listed(date(2026, 1, 31), date(2026, 6, 30)) == ["松河派出所", "老物业", "自来水公司"]
    assert listed(date(2026, 2, 1), date(2026, 6, 30)) == ["松河派出所", "自来水公司"]
    assert listed(date(2026, 2, 1), date(2026, 7, 1)) == ["松河派出所", "新物业", "自来水公司"]


def test_the_committee_keeps_the_register_and_nobody_else(session: Session, town: Town) -> None:
    department_id = enter(town)
    with pytest.raises(NotEligible):
        services.add_department(given=POLICE, actor=town.clerk, now=NOW)
    with pytest.raises(Invalid) as refused:
        enter(town)
    assert (refused.value.reason, refused.value.field) == ("taken", "name")
    session.rollback()
    for given, action in (
        (replace(POLICE, phone="0312-5550110"), "department.change"),
        (replace(POLICE, until=TODAY), "department.end"),
        (POLICE, "department.resume"),
    ):
        services.change_department(department_id=department_id, given=given, actor=town.director, now=NOW)
        last = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
        assert last is not None
        assert last.action == action
    with pytest.raises(Invalid):
        services.change_department(
            department_id=department_id,
            given=replace(POLICE, until=date(2019, 12, 31)),
            actor=town.director,
            now=NOW,
        )


def test_opinions_are_numbered_within_their_box_and_the_journal_names_nobody(
    session: Session, town: Town
) -> None:
    first, second = enter(town), enter(town, name="自来水公司")
    send(town, first)
    helped = replace(town.resident, assisted_by=town.clerk.person_id)
    send(town, first, actor=helped)
    send(town, second)
    opinions = session.scalars(select(DepartmentOpinion).where(DepartmentOpinion.department_id == first))
    found = sorted(opinions, key=lambda one: one.number)
    assert [(one.number, one.due_at, one.entered_by_id) for one in found] == [
        (1, LAST_INSTANT, None),
        (2, LAST_INSTANT, town.clerk.person_id),
    ]
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "department.opinion")).all()
    assert {(one.actor_id, one.assisted_by_id, one.is_public) for one in entries} == {(None, None, False)}
    assert str(town.resident.person_id) not in str([one.payload for one in entries])


def test_who_has_left_and_who_already_waits_for_enough_replies_is_refused(
    session: Session, town: Town
) -> None:
    department_id = enter(town)
    gone = actor_of(make_person(town.community, left_on=TODAY - timedelta(days=1)))
    with pytest.raises(NotEligible):
        send(town, department_id, actor=gone)
    for _ in range(MOST_WAITING_EACH):
        last = send(town, department_id)
    with pytest.raises(TooManyWaiting):
        send(town, department_id)
    reply(town, last, NOW)
    send(town, department_id)
    services.change_department(
        department_id=department_id,
        given=replace(POLICE, until=TODAY),
        actor=town.director,
        now=NOW,
    )
    with pytest.raises(TransitionNotAllowed):
        send(town, department_id, now=NOW + timedelta(days=1))
    with pytest.raises(NotFound):
        send(town, department_id, actor=actor_of(make_person(make_community(name="别处"))))


@pytest.mark.law("D7", "department.reply")
def test_a_reply_on_the_last_day_is_in_time_and_the_day_after_is_late(session: Session, town: Town) -> None:
    department_id = enter(town)
    kept, missed = send(town, department_id), send(town, department_id)
    assert replies(session, department_id, LAST_INSTANT) == Replies(waiting=2)
    reply(town, kept, LAST_INSTANT)
    assert replies(session, department_id, AFTER) == Replies(in_time=1, missing=1)
    reply(town, missed, AFTER)
    assert replies(session, department_id, AFTER) == Replies(in_time=1, late=1)
    with pytest.raises(AlreadyDone):
        reply(town, kept, AFTER)


def test_hiding_keeps_number_and_reason_and_does_not_mend_the_rate(session: Session, town: Town) -> None:
    department_id = enter(town)
    early, overdue, answered = (send(town, department_id) for _ in range(3))
    reply(town, answered, NOW)

    def hide(opinion_id: uuid.UUID, now: datetime) -> None:
        services.hide_opinion(opinion_id=opinion_id, reason="有他人隐私", actor=town.director, now=now)

    hide(early, LAST_INSTANT)
    hide(overdue, AFTER)
    hide(answered, AFTER)
    assert replies(session, department_id, AFTER) == Replies(in_time=1, missing=1, hidden=1)
    with pytest.raises(AlreadyDone):
        hide(early, AFTER)
    with pytest.raises(TransitionNotAllowed):
        reply(town, overdue, AFTER)
    with pytest.raises(NotEligible):
        services.hide_opinion(opinion_id=early, reason="x", actor=town.clerk, now=AFTER)


def test_a_sweep_flags_an_opinion_without_reply_once(session: Session, town: Town) -> None:
    department_id = enter(town)
    hidden, waiting = send(town, department_id), send(town, department_id)
    services.hide_opinion(opinion_id=hidden, reason="有他人隐私", actor=town.director, now=NOW)
    assert services.sweep_clocks(now=LAST_INSTANT).overdue == 0
    assert services.sweep_clocks(now=AFTER).overdue == 1
    assert services.sweep_clocks(now=AFTER).overdue == 0
    assert session.get_one(DepartmentOpinion, waiting).overdue_at == AFTER
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "department.overdue")).one()
    assert entry.payload["number"] == 2


def test_the_committee_is_told_of_the_box_with_the_first_reply_due_first(
    session: Session, town: Town
) -> None:
    water, police = enter(town, name="自来水公司"), enter(town)
    send(town, police, now=NOW + timedelta(days=1))
    send(town, water)
    needs = queries.list_needs(session, town.director, NOW)
    assert [(one.kind, one.title, one.due_at) for one in needs] == [
        (NeedKind.PASS_ON_OPINIONS, "自来水公司", LAST_INSTANT),
        (NeedKind.PASS_ON_OPINIONS, "松河派出所", LAST_INSTANT + timedelta(days=1)),
    ]
    assert queries.list_needs(session, town.resident, NOW) == []


def test_a_page_of_departments_asks_three_times_whatever_its_length(session: Session, town: Town) -> None:
    session.execute(
        insert(Department),
        [
            {
                "id": uuid.uuid4(),
                "community_id": town.community.id,
                "kind": DepartmentKind.BRANCH,
                "name": f"所{number}",
                "duty": "x",
                "phone": "",
                "since": TODAY,
            }
            for number in range(30)
        ],
    )
    with count_statements() as counted:
        page = queries.list_departments(
            session, community_id=town.community.id, today=TODAY, now=NOW, number=1
        )
    assert (page.total, counted.total) == (30, 3)
