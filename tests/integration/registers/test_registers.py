"""The registers: owners' decisions with remarks, and reports at the place of residence, once a term."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.models import Term
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.inbox.rules import NeedKind
from civicforum.people.models import Community, Person
from civicforum.records.models import JournalEntry
from civicforum.registers.errors import AlreadyReported
from civicforum.registers.models import OwnersDecision, ResidenceReport
from civicforum.registers.queries.needs import list_needs
from civicforum.registers.queries.owners import count_waiting, get_decision, list_decisions
from civicforum.registers.queries.residence import count_reports, list_reports, term_start
from civicforum.registers.rules import RemarkState
from civicforum.registers.services.owners import notify_decision, remark_on
from civicforum.registers.services.residence import confirm_report, report_in
from tests.factories import (
    NOW,
    TODAY,
    actor_of,
    make_body,
    make_community,
    make_officer,
    make_person,
    make_post,
    make_term,
    sign_in,
)
from tests.support.asking import Town, make_town
from tests.support.races import at_once, numbered
from tests.support.statements import count_statements


@pytest.fixture
def town(session: Session) -> Town:
    return make_town()


def notify(town: Town, decided_on: date = TODAY - timedelta(days=4)) -> uuid.UUID:
    return notify_decision(
        owners="东苑业主大会",
        title="更换电梯的维修资金使用方案",
        text="同意使用维修资金三十万元更换两部电梯。",
        decided_on=decided_on,
        actor=town.clerk,
        now=NOW,
    )


def party(town: Town) -> Person:
    return make_officer(db.session.get_one(Community, town.community_id), Role.PARTY, login="party")


class TestOwners:
    def test_every_decision_has_its_notification_and_waits_for_the_committee(
        self, session: Session, town: Town
    ) -> None:
        decision_id = notify(town)
        line = get_decision(session, decision_id=decision_id, community_id=town.community_id)
        assert (line.state, line.days_to_notify) == (RemarkState.WAITING, 4)
        assert (line.decision.notified_by_id, line.decision.notified_at) == (town.clerk.person_id, NOW)
        with count_statements() as counted:
            needs = list_needs(session, town.director, NOW)
        assert [(need.kind, need.arguments) for need in needs] == [
            (NeedKind.REMARK_DECISION, {"decision_id": decision_id})
        ]
        assert counted.total == 1

    def test_member_of_an_owners_committee_notifies_and_nobody_else(
        self, session: Session, town: Town
    ) -> None:
        community = session.get_one(Community, town.community_id)
        member = make_person(community)
        make_term(member, make_post(make_body(community, BodyKind.OWNERS_COMMITTEE), PostKind.DIRECTOR))
        notify(replace(town, clerk=actor_of(member)))
        for other in (town.resident, town.director, replace(town.clerk, assisted_by=uuid.uuid4())):
            with pytest.raises(NotEligible):
                notify(replace(town, clerk=other))

    def test_decision_of_tomorrow_is_refused(self, town: Town) -> None:
        notify(town, TODAY)
        with pytest.raises(Invalid, match="future"):
            notify(town, TODAY + timedelta(days=1))

    @pytest.mark.parametrize(
        ("text", "state"), [("请公示资金明细。", RemarkState.REMARKED), (" ", RemarkState.NONE)]
    )
    def test_committee_remarks_once_and_changes_nothing(
        self, session: Session, town: Town, text: str, state: RemarkState
    ) -> None:
        decision_id = notify(town)
        remark_on(decision_id=decision_id, text=text, actor=town.director, now=NOW)
        line = get_decision(session, decision_id=decision_id, community_id=town.community_id)
        assert (line.state, line.decision.text) == (state, "同意使用维修资金三十万元更换两部电梯。")
        assert count_waiting(session, community_id=town.community_id) == 0
        with pytest.raises(AlreadyDone):
            remark_on(decision_id=decision_id, text="再说。", actor=town.director, now=NOW)

    def test_remarks_are_the_committees(self, town: Town) -> None:
        decision_id = notify(town)
        for other in (town.clerk, town.supervisor, replace(town.director, assisted_by=uuid.uuid4())):
            with pytest.raises(NotEligible):
                remark_on(decision_id=decision_id, text="意见。", actor=other, now=NOW)

    def test_list_makes_two_statements(self, session: Session, town: Town) -> None:
        for days in range(3):
            notify(town, TODAY - timedelta(days=days))
        with count_statements() as counted:
            page = list_decisions(session, community_id=town.community_id, number=1)
        assert [line.days_to_notify for line in page.items] == [0, 1, 2]
        assert counted.total == 2

    def test_decision_of_another_community_is_not_found(self, town: Town) -> None:
        stranger = actor_of(make_officer(make_community(name="外社区"), Role.COMMITTEE), Role.COMMITTEE)
        with pytest.raises(NotFound):
            remark_on(decision_id=notify(town), text="意见。", actor=stranger, now=NOW)


class TestResidence:
    def test_second_report_of_a_term_is_refused_with_the_day_of_the_first(self, town: Town) -> None:
        report_in(unit="市自来水公司", actor=town.resident, now=NOW)
        with pytest.raises(AlreadyReported) as refused:
            report_in(unit="市自来水公司", actor=town.resident, now=NOW + timedelta(days=30))
        assert refused.value.day == TODAY

    def test_new_term_takes_a_new_report(self, session: Session, town: Town) -> None:
        report_in(unit="市自来水公司", actor=town.resident, now=NOW)
        community_id = town.community_id
        assert term_start(session, community_id=community_id, day=TODAY) == date(2024, 1, 1)
        session.scalars(select(Term).where(Term.person_id == town.director.person_id)).one().since = TODAY
        session.commit()
        assert term_start(session, community_id=community_id, day=TODAY) == TODAY
        report_in(unit="市自来水公司", actor=town.resident, now=NOW)
        counts = count_reports(session, community_id=community_id, day=TODAY)
        assert (counts.reported, counts.confirmed) == (1, 0)

    def test_party_confirms_and_nobody_else_sees_names(self, session: Session, town: Town) -> None:
        secretary = actor_of(party(town), Role.PARTY)
        report_id = report_in(unit="市自来水公司", actor=town.resident, now=NOW)
        needs = list_needs(session, secretary, NOW)
        assert [(need.kind, need.endpoint) for need in needs] == [
            (NeedKind.CONFIRM_REPORTS, "registers.reports")
        ]
        for other in (town.director, town.clerk, town.supervisor, town.resident):
            with pytest.raises(NotEligible):
                confirm_report(report_id=report_id, actor=other, now=NOW)
            with pytest.raises(NotEligible):
                list_reports(session, actor=other, term_from=date(2024, 1, 1), number=1)
        confirm_report(report_id=report_id, actor=secretary, now=NOW)
        with pytest.raises(AlreadyDone):
            confirm_report(report_id=report_id, actor=secretary, now=NOW)
        assert list_needs(session, secretary, NOW) == []
        page = list_reports(session, actor=secretary, term_from=date(2024, 1, 1), number=1)
        assert [report.person_id for report in page.items] == [town.resident.person_id]

    def test_nobody_confirms_the_own_report(self, session: Session, town: Town) -> None:
        secretary = actor_of(party(town), Role.PARTY)
        report_id = report_in(unit="市自来水公司", actor=secretary, now=NOW)
        with pytest.raises(NotEligible):
            confirm_report(report_id=report_id, actor=secretary, now=NOW)
        assert list_needs(session, secretary, NOW) == []

    def test_journal_names_nobody_who_reported_in(self, session: Session, town: Town) -> None:
        report_id = report_in(unit="市自来水公司", actor=town.resident, now=NOW)
        entry = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == report_id)).one()
        assert (entry.actor_id, entry.assisted_by_id, entry.is_public) == (None, None, False)
        assert entry.payload == {}

    def test_report_of_another_community_is_not_found(self, town: Town) -> None:
        report_id = report_in(unit="市自来水公司", actor=town.resident, now=NOW)
        stranger = actor_of(make_officer(make_community(name="外社区"), Role.PARTY), Role.PARTY)
        with pytest.raises(NotFound):
            confirm_report(report_id=report_id, actor=stranger, now=NOW)


def test_two_clicks_at_once_leave_one_report_and_one_remark(committed: Flask) -> None:
    with committed.app_context():
        town = make_town()
        decision_id = notify(town)

    def report(_index: int) -> None:
        report_in(unit="市自来水公司", actor=town.resident, now=NOW)

    def remark(index: int) -> None:
        remark_on(decision_id=decision_id, text=f"意见{index}", actor=town.director, now=NOW)

    assert at_once(committed, numbered(2, report)) == ["AlreadyReported", "done"]
    assert at_once(committed, numbered(2, remark)) == ["AlreadyDone", "done"]
    with committed.app_context():
        assert db.session.scalar(select(func.count()).select_from(ResidenceReport)) == 1


class TestPages:
    def test_notified_remarked_and_read_by_everybody(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            make_town()
        sign_in(client, "clerk")
        data = {
            "owners": "东苑业主大会",
            "title": "更换电梯",
            "text": "同意更换。",
            "decided_on": "2026-03-01",
        }
        page = client.post("/registers/owners/notify", data={**data, "title": ""})
        assert page.status_code == 422
        assert "同意更换。" in page.text
        page = client.post("/registers/owners/notify", data=data)
        assert page.status_code == 303
        address = page.headers["Location"]
        sign_in(client, "committee")
        assert client.post(f"{address}/remark", data={"text": "长" * 2001}).status_code == 422
        assert client.post(f"{address}/remark", data={"text": "请公示明细。"}).status_code == 303
        assert "请公示明细。" in app.test_client().get(address).text
        assert "更换电梯" in app.test_client().get("/registers/owners").text
        sign_in(client, "resident")
        assert client.get("/registers/owners/notify").status_code == 403

    def test_reported_in_confirmed_and_shown_as_a_number(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            party(make_town())
        sign_in(client, "resident")
        assert client.post("/registers/residence/report", data={"unit": ""}).status_code == 422
        assert client.post("/registers/residence/report", data={"unit": "市自来水公司"}).status_code == 303
        again = client.post("/registers/residence/report", data={"unit": "市自来水公司"})
        assert again.status_code == 422
        sign_in(client, "party")
        page = client.get("/registers/residence/reports").text
        assert "王秀兰" in page
        assert client.get("/").status_code == 200
        public = app.test_client().get("/registers/residence").text
        assert "王秀兰" not in public
        assert "市自来水公司" not in public

    def test_entry_of_another_community_is_not_shown(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            town = make_town()
            decision_id = notify(town)
            make_officer(make_community(name="外社区"), Role.COMMITTEE, login="other")
            assert db.session.get(OwnersDecision, decision_id) is not None
        sign_in(client, "other")
        assert client.get(f"/registers/owners/{decision_id}").status_code == 404
        assert client.post(f"/registers/owners/{decision_id}/remark", data={"text": ""}).status_code == 404
