"""Complaints to the subdistrict office: when one can be filed, who sees whose it is, and what follows."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.notices.models import Complaint, DisclosureDue, DisclosureItem
from civicforum.notices.queries.complaining import get_complaint, get_readable, list_complaints
from civicforum.notices.queries.needs_asking import list_needs
from civicforum.notices.rules import ComplaintGround, ComplaintOutcome, ItemSource, NoticeCategory, Rhythm
from civicforum.notices.services import complaining, querying
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_community, make_officer, sign_in
from tests.support.asking import Town, make_notice, make_scene, make_town
from tests.support.races import at_once, numbered
from tests.support.statements import count_statements

WORDS = "支出与我看到的发票不符。"


@pytest.fixture
def town(session: Session) -> Town:
    return make_town()


def file(town: Town, notice_id: uuid.UUID, actor: Actor | None = None, now: datetime = NOW) -> uuid.UUID:
    return complaining.file_complaint(
        ground=ComplaintGround.FALSE, text=WORDS, notice_id=notice_id, actor=actor or town.resident, now=now
    )


def make_due(town: Town, due_at: datetime, notice_id: uuid.UUID | None = None) -> uuid.UUID:
    item = DisclosureItem(
        community_id=town.community_id,
        code="accounts",
        category=NoticeCategory.MONEY_AND_DONATIONS,
        rhythm=Rhythm.MONTHLY,
        source=ItemSource.LAW,
        since=day_of(due_at),
    )
    due = DisclosureDue(
        community_id=town.community_id,
        item=item,
        period_from=day_of(due_at),
        period_until=day_of(due_at),
        due_at=due_at,
        notice_id=notice_id,
    )
    db.session.add_all([item, due])
    db.session.commit()
    return due.id


def complain_of_due(town: Town, due_id: uuid.UUID, now: datetime) -> uuid.UUID:
    return complaining.file_complaint(
        ground=ComplaintGround.LATE, text="至今没有贴出来。", due_id=due_id, actor=town.resident, now=now
    )


def answer(town: Town, complaint_id: uuid.UUID, outcome: ComplaintOutcome = ComplaintOutcome.ORDERED) -> None:
    complaining.enter_outcome(
        complaint_id=complaint_id,
        outcome=outcome,
        answer="经查属实，限十日内更正。",
        actor=town.supervisor,
        now=NOW,
    )


def test_numbers_of_a_year_follow_one_another(session: Session, town: Town) -> None:
    for title in ("公告甲", "公告乙"):
        file(town, make_notice(town, title=title))
    file(town, make_notice(town), now=datetime(2027, 1, 1, 1, 0, tzinfo=UTC))
    numbers = session.scalars(select(Complaint.number).order_by(Complaint.filed_at, Complaint.number)).all()
    assert numbers == ["T2026-001", "T2026-002", "T2027-001"]


def test_package_is_kept_as_it_was_with_its_fingerprint(session: Session, town: Town) -> None:
    notice_id = make_notice(town)
    complaint = session.get_one(Complaint, file(town, notice_id))
    assert hashlib.sha256(complaint.package).hexdigest() == complaint.package_sha256
    with zipfile.ZipFile(io.BytesIO(complaint.package)) as package:
        assert "manifest.json" in package.namelist()
        said = b"".join(package.read(name) for name in package.namelist()).decode()
    assert "结余3000元" in said
    assert WORDS not in said
    assert "王秀兰" not in said
    assert complaint.office == "松河街道办事处"


@pytest.mark.parametrize("text", ["", "话" * 3001])
def test_complaint_needs_words(town: Town, text: str) -> None:
    with pytest.raises(Invalid):
        complaining.file_complaint(
            ground=ComplaintGround.LATE,
            text=text,
            notice_id=make_notice(town),
            actor=town.resident,
            now=NOW,
        )


def test_missing_item_can_be_complained_about_after_its_last_instant(town: Town) -> None:
    due_id = make_due(town, NOW)
    with pytest.raises(Invalid, match="not late"):
        complain_of_due(town, due_id, NOW)
    complain_of_due(town, due_id, NOW + timedelta(microseconds=1))


def test_item_posted_in_time_gives_no_ground_and_one_posted_late_does(town: Town) -> None:
    in_time = make_due(town, NOW, make_notice(town, now=NOW))
    with pytest.raises(Invalid, match="not late"):
        complain_of_due(town, in_time, NOW + timedelta(days=1))
    db.session.get_one(DisclosureDue, in_time).due_at = NOW - timedelta(microseconds=1)
    db.session.commit()
    complain_of_due(town, in_time, NOW + timedelta(days=1))


def test_query_can_be_complained_about_while_it_waits_too_long(town: Town) -> None:
    query_id = querying.ask_about(
        notice_id=make_notice(town), text="九千元用在哪里？", actor=town.neighbour, now=NOW
    )
    late = NOW + timedelta(days=6)

    def complain(now: datetime) -> uuid.UUID:
        return complaining.file_complaint(
            ground=ComplaintGround.UNANSWERED,
            text="没人答复。",
            query_id=query_id,
            actor=town.resident,
            now=now,
        )

    with pytest.raises(Invalid, match="not late"):
        complain(NOW)
    complain(late)
    querying.answer_query(query_id=query_id, text="路灯。", actor=town.director, now=late)
    with pytest.raises(Invalid, match="not late"):
        complain(late)


def test_ground_has_to_fit_what_it_is_about(town: Town) -> None:
    with pytest.raises(Invalid, match="ground"):
        complaining.file_complaint(
            ground=ComplaintGround.UNANSWERED,
            text=WORDS,
            notice_id=make_notice(town),
            actor=town.resident,
            now=NOW,
        )


def test_same_complaint_waits_once_and_three_of_a_person_at_most(session: Session, town: Town) -> None:
    first = make_notice(town)
    file(town, first)
    with pytest.raises(AlreadyDone):
        file(town, first)
    for _ in range(2):
        file(town, make_notice(town))
    with pytest.raises(Invalid, match="too many"):
        file(town, make_notice(town))
    file(town, first, town.neighbour)


def test_who_complained_stands_in_no_journal_entry(session: Session, town: Town) -> None:
    complaint_id = file(town, make_notice(town))
    entry = session.scalars(select(JournalEntry).where(JournalEntry.subject_id == complaint_id)).one()
    assert (entry.action, entry.actor_id, entry.assisted_by_id) == ("complaint.file", None, None)
    assert str(town.resident.person_id) not in str(entry.payload)


def test_only_the_author_and_supervisors_read_it(session: Session, town: Town) -> None:
    complaint_id = file(town, make_notice(town))
    for actor in (town.resident, town.supervisor):
        page = get_readable(session, complaint_id=complaint_id, actor=actor, with_package=True)
        assert page.complaint.package.startswith(b"PK")
    for other in (town.director, town.clerk, town.neighbour):
        assert not get_complaint(
            session, complaint_id=complaint_id, community_id=town.community_id, actor=other
        ).may_read
        with pytest.raises(NotEligible):
            get_readable(session, complaint_id=complaint_id, actor=other)


def test_list_loads_neither_author_nor_package(session: Session, town: Town) -> None:
    for _ in range(3):
        file(town, make_notice(town))
    session.expire_all()
    with count_statements() as counted:
        page = list_complaints(session, community_id=town.community_id, number=1)
    assert [line.about for line in page.items] == ["第一季度公益金收支"] * 3
    assert counted.total == 2
    assert not [one for one in counted.statements if "complaint.package," in one or "person" in one]


def test_way_of_a_complaint_to_what_the_committee_did(session: Session, town: Town) -> None:
    complaint_id = file(town, make_notice(town))
    with pytest.raises(TransitionNotAllowed):
        answer(town, complaint_id)
    complaining.hand_over(complaint_id=complaint_id, actor=town.clerk, now=NOW)
    with pytest.raises(AlreadyDone):
        complaining.hand_over(complaint_id=complaint_id, actor=town.supervisor, now=NOW)
    assert [need.kind for need in list_needs(session, town.supervisor, NOW)] == [NeedKind.FOLLOW_COMPLAINT]
    answer(town, complaint_id)
    assert list_needs(session, town.supervisor, NOW) == []
    needs = list_needs(session, town.director, NOW)
    assert [(need.kind, need.title) for need in needs] == [(NeedKind.CORRECT_NOTICE, "T2026-001")]
    complaining.enter_remedy(
        complaint_id=complaint_id, text="已重新公布更正后的账目。", actor=town.director, now=NOW
    )
    assert list_needs(session, town.director, NOW) == []
    with pytest.raises(AlreadyDone):
        complaining.enter_remedy(complaint_id=complaint_id, text="再说。", actor=town.director, now=NOW)


def test_nothing_is_set_right_where_nothing_was_ordered(session: Session, town: Town) -> None:
    complaint_id = file(town, make_notice(town))
    complaining.hand_over(complaint_id=complaint_id, actor=town.supervisor, now=NOW)
    answer(town, complaint_id, ComplaintOutcome.UNFOUNDED)
    assert list_needs(session, town.director, NOW) == []
    with pytest.raises(TransitionNotAllowed):
        complaining.enter_remedy(complaint_id=complaint_id, text="更正。", actor=town.director, now=NOW)


def test_who_does_which_step(town: Town) -> None:
    complaint_id = file(town, make_notice(town))
    for actor in (town.director, town.resident):
        with pytest.raises(NotEligible):
            complaining.hand_over(complaint_id=complaint_id, actor=actor, now=NOW)
    complaining.hand_over(complaint_id=complaint_id, actor=town.clerk, now=NOW)
    for actor in (town.director, town.clerk):
        with pytest.raises(NotEligible):
            complaining.enter_outcome(
                complaint_id=complaint_id,
                outcome=ComplaintOutcome.UNFOUNDED,
                answer="无。",
                actor=actor,
                now=NOW,
            )
    answer(town, complaint_id)
    with pytest.raises(NotEligible):
        complaining.enter_remedy(complaint_id=complaint_id, text="改。", actor=town.supervisor, now=NOW)


def test_complaint_of_another_community_is_not_found(session: Session, town: Town) -> None:
    complaint_id = file(town, make_notice(town))
    stranger = actor_of(make_officer(make_community(name="外社区"), Role.SUPERVISOR), Role.SUPERVISOR)
    with pytest.raises(NotFound):
        complaining.hand_over(complaint_id=complaint_id, actor=stranger, now=NOW)
    with pytest.raises(NotFound):
        get_readable(session, complaint_id=complaint_id, actor=stranger)


def test_complaints_filed_at_once_have_numbers_of_their_own_and_a_second_click_none(
    committed: Flask,
) -> None:
    with committed.app_context():
        town = make_town()
        notice_id = make_notice(town)
    actors = [town.resident, town.resident, town.neighbour]
    ended = at_once(committed, numbered(3, lambda index: file(town, notice_id, actors[index])))
    assert ended == ["AlreadyDone", "done", "done"]
    with committed.app_context():
        numbers = db.session.scalars(select(Complaint.number).order_by(Complaint.number)).all()
        assert numbers == ["T2026-001", "T2026-002"]


class TestPages:
    def test_filed_printed_and_read_by_nobody_else(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            town = make_town()
            notice_id = make_notice(town)
        sign_in(client, "resident")
        page = client.post(
            f"/notices/complaints/file?notice={notice_id}", data={"ground": "false", "text": WORDS}
        )
        assert page.status_code == 303
        address = page.headers["Location"]
        letter = client.get(f"{address}/letter").text
        assert "松河街道办事处" in letter
        assert "王秀兰" in letter
        assert client.get(f"{address}/package.zip").mimetype == "application/zip"
        assert WORDS in client.get(address).text
        officer = app.test_client()
        sign_in(officer, "committee")
        for visitor in (app.test_client(), officer):
            text = visitor.get(address).text
            assert "-001" in text
            assert WORDS not in text
            assert "王秀兰" not in text
        assert officer.get(f"{address}/letter").status_code == 403
        assert officer.get(f"{address}/package.zip").status_code == 403
        public = app.test_client().get(f"/notices/{notice_id}").text
        assert address.rsplit("/", 1)[1] in public

    def test_refused_form_keeps_what_was_typed(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            town = make_town()
            notice_id = make_notice(town)
            due_id = make_due(town, datetime.now(UTC) + timedelta(days=2))
        sign_in(client, "resident")
        page = client.post(f"/notices/complaints/file?notice={notice_id}", data={"text": WORDS})
        assert page.status_code == 422
        assert WORDS in page.text
        page = client.post(f"/notices/complaints/file?due={due_id}", data={"ground": "late", "text": WORDS})
        assert page.status_code == 422
        assert client.get("/notices/complaints/file").status_code == 404

    def test_officers_take_it_to_its_end(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            town = make_town()
            address = f"/notices/complaints/{file(town, make_notice(town))}"
        sign_in(client, "clerk")
        assert client.post(f"{address}/hand-over").status_code == 303
        sign_in(client, "supervisor")
        assert client.post(f"{address}/answer", data={"answer": "属实。"}).status_code == 422
        data = {"outcome": "ordered", "answer": "属实，限期更正。"}
        assert client.post(f"{address}/answer", data=data).status_code == 303
        sign_in(client, "committee")
        assert "T2026-001" in client.get("/").text
        assert client.post(f"{address}/remedy", data={"text": ""}).status_code == 422
        assert client.post(f"{address}/remedy", data={"text": "已更正。"}).status_code == 303
        text = app.test_client().get(address).text
        assert "属实，限期更正。" in text
        assert "已更正。" in text
        assert app.test_client().get("/notices/complaints").status_code == 200


def test_every_page_of_the_scene_answers(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        ids = make_scene(make_town())
    places = {
        "resident": [
            f"/notices/{ids['notice_id']}",
            f"/notices/queries/{ids['answered_id']}/ask-again",
            f"/notices/demands/{ids['demand_id']}",
            f"/notices/complaints/{ids['complaint_id']}/letter",
            "/registers/residence",
        ],
        "committee": [
            f"/notices/queries/{ids['asked_id']}/answer",
            f"/notices/complaints/{ids['complaint_id']}/remedy",
            f"/registers/owners/{ids['decision_id']}",
        ],
        "supervisor": [f"/notices/complaints/{ids['filed_id']}/answer"],
        "clerk": ["/registers/owners/notify", "/notices/due"],
    }
    for login, addresses in places.items():
        sign_in(client, login)
        assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
