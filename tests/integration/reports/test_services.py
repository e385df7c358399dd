"""Keys, reports, answers, visits and the count of each day."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from civicforum.reports import boxes, contents, exporting, queries, rules, services
from civicforum.reports.models import Report, ReportKey, ReportVisit
from civicforum.reports.rules import Counts
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_community, make_officer
from tests.support.reports import ADDRESS, NAME, PHONE, TOLD, Holder, make_holder, reply, send


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def holder(community: Community) -> Holder:
    return make_holder(community, now=NOW)


def entries(session: Session, action: str) -> list[JournalEntry]:
    found = select(JournalEntry).where(JournalEntry.action == f"report_key.{action}")
    return list(session.scalars(found.order_by(JournalEntry.sequence)))


def test_entering_a_key_is_public_with_its_fingerprint(session: Session, holder: Holder) -> None:
    (entry,) = entries(session, "enter")
    assert entry.is_public
    assert entry.payload["fingerprint"] == boxes.fingerprint(holder.public)
    assert entry.subject_title == NAME


@pytest.mark.parametrize("role", [Role.COMMITTEE, Role.ELECTION_OFFICER, Role.SUPERVISOR, Role.CLERK])
def test_whoever_may_be_reported_about_enters_no_key(community: Community, role: Role) -> None:
    actor = actor_of(make_officer(community, role), role)
    given = services.Authority(NAME, PHONE, ADDRESS, boxes.public_of(boxes.new_secret()))
    with pytest.raises(NotEligible):
        services.enter_key(authority=given, actor=actor, now=NOW)


def test_a_key_is_replaced_with_a_reason_in_public(
    session: Session, community: Community, holder: Holder
) -> None:
    admin = actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)
    new = services.Authority(NAME, PHONE, ADDRESS, boxes.public_of(boxes.new_secret()))
    with pytest.raises(Invalid, match="no reason"):
        services.enter_key(authority=new, actor=admin, now=NOW)
    services.enter_key(authority=new, actor=admin, now=NOW, reason="钥匙文件遗失")
    (entry,) = entries(session, "replace")
    assert entry.is_public
    assert entry.reason == "钥匙文件遗失"
    assert entry.payload["before"] == boxes.fingerprint(holder.public)
    again = services.Authority(NAME, PHONE, ADDRESS, holder.public)
    with pytest.raises(Invalid, match="known"):
        services.enter_key(authority=again, actor=admin, now=NOW, reason="换回")
    weak = services.Authority(NAME, PHONE, ADDRESS, bytes(32))
    with pytest.raises(Invalid, match="unusable"):
        services.enter_key(authority=weak, actor=admin, now=NOW, reason="换回")


def test_nothing_is_sent_for_a_key_that_nobody_proved_or_that_was_replaced(community: Community) -> None:
    first = make_holder(community, now=NOW, is_proved=False)
    with pytest.raises(Invalid, match="replaced"):
        send(first, now=NOW)
    first.visit(NOW)
    send(first, now=NOW)
    make_holder(community, now=NOW)
    with pytest.raises(Invalid, match="replaced"):
        send(first, now=NOW)


def test_reports_for_a_replaced_key_stay_with_its_holder(
    session: Session, community: Community, holder: Holder
) -> None:
    number, sealed = send(holder, now=NOW)
    make_holder(community, now=NOW)
    reply(holder, number, sealed, now=NOW)
    assert session.scalars(select(Report.answered_on)).one() == day_of(NOW)


def test_a_form_sent_twice_is_kept_once(session: Session, holder: Holder) -> None:
    sealed = contents.seal_report(TOLD, holder.public)
    form = {
        "report_id": uuid.uuid4(),
        "key_id": holder.key_id,
        "salt": sealed.salt,
        "reply": sealed.reply,
        "sealed": sealed.sealed,
        "now": NOW,
    }
    services.file_report(**form)  # type: ignore[arg-type]
    with pytest.raises(AlreadyDone):
        services.file_report(**form)  # type: ignore[arg-type]
    assert len(session.scalars(select(Report.id)).all()) == 1


@pytest.mark.parametrize(("salt", "key", "extra"), [(15, 32, 0), (16, 31, 0), (16, 32, 1)])
def test_what_has_another_length_is_not_kept(holder: Holder, salt: int, key: int, extra: int) -> None:
    with pytest.raises(Invalid, match="malformed"):
        services.file_report(
            report_id=uuid.uuid4(),
            key_id=holder.key_id,
            salt=bytes(salt),
            reply=bytes(key),
            sealed=bytes(contents.SEALED_SIZES[0] + extra),
            now=NOW,
        )


def test_a_flood_ends_at_the_most_of_a_day(holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_A_DAY", 2)
    send(holder, now=NOW)
    send(holder, now=NOW)
    with pytest.raises(Invalid, match="too many today"):
        send(holder, now=NOW)
    send(holder, now=NOW + timedelta(days=1))


def test_a_test_that_was_passed_lets_nobody_in_again(holder: Holder) -> None:
    visit_id = holder.visit(NOW)
    with pytest.raises(AlreadyDone):
        services.begin_visit(visit_id=visit_id, key_id=holder.key_id, now=NOW)
    services.end_visit(visit_id=visit_id, now=NOW)
    with pytest.raises(AlreadyDone):
        services.begin_visit(visit_id=visit_id, key_id=holder.key_id, now=NOW)


def test_an_answer_is_kept_once_and_while_the_visit_lasts(session: Session, holder: Holder) -> None:
    number, sealed = send(holder, now=NOW)
    visit_id = holder.visit(NOW)
    answer = contents.write_answer("已受理", reply=sealed.reply, secret=holder.secret)
    late = NOW + rules.VISIT_LASTS
    with pytest.raises(NotEligible):
        services.answer_report(visit_id=visit_id, number=number, answer=answer, now=late)
    with pytest.raises(NotEligible):
        services.answer_report(visit_id=uuid.uuid4(), number=number, answer=answer, now=NOW)
    with pytest.raises(Invalid):
        services.answer_report(visit_id=visit_id, number=number, answer=answer[:-1], now=NOW)
    services.answer_report(visit_id=visit_id, number=number, answer=answer, now=NOW)
    with pytest.raises(AlreadyDone):
        services.answer_report(visit_id=visit_id, number=number, answer=answer, now=NOW)
    session.expire_all()
    kept = session.scalars(select(Report)).one()
    assert kept.answer is not None
    assert (
        contents.read_answer(kept.answer, code=sealed.code, salt=kept.salt, authority=holder.public)
        == "已受理"
    )


def test_figures_follow_the_clock_of_the_law(session: Session, community: Community, holder: Holder) -> None:
    send(holder, now=NOW)
    number, sealed = send(holder, now=NOW)
    reply(holder, number, sealed, now=NOW + timedelta(days=30))

    def told(days: int) -> Counts:
        return queries.count_reports(session, community, day_of(NOW) + timedelta(days=days))

    assert told(0) == Counts()
    assert told(30) == Counts(came=2, waiting=1, answered=1)
    assert told(31) == Counts(came=2, overdue=1, answered=1)


def test_the_night_writes_the_days_count_and_digest_into_the_journal(
    session: Session, community: Community, holder: Holder
) -> None:
    sent = [send(holder, now=NOW) for _ in range(3)]
    assert services.sweep(now=NOW) == 0
    assert services.sweep(now=NOW + timedelta(days=1)) == 1
    assert services.sweep(now=NOW + timedelta(days=2)) == 0
    (entry,) = entries(session, "count_day")
    assert entry.actor_id is None
    assert entry.payload == {
        "day": day_of(NOW).isoformat(),
        "came": 3,
        "numbers": sorted(number for number, _ in sent),
        "digest": services.digest_of([sealed.sealed for _, sealed in sent]),
    }
    assert verify_journal(session, community_id=community.id)[1] is None
    session.expire_all()
    assert all(
        contents.open_report(report.sealed, secret=holder.secret)[0] == TOLD
        for report in session.scalars(select(Report))
    )


def test_old_visits_are_forgotten(session: Session, holder: Holder) -> None:
    holder.visit(NOW)
    ends = NOW + rules.VISIT_LASTS + rules.TEST_LASTS
    services.sweep(now=ends)
    assert session.scalars(select(ReportVisit)).all()
    services.sweep(now=ends + timedelta(seconds=1))
    assert not session.scalars(select(ReportVisit)).all()


def test_the_file_for_the_authority_holds_every_report_sealed(
    session: Session, holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    numbers = {send(holder, now=NOW)[0] for _ in range(5)}
    key = session.get_one(ReportKey, holder.key_id)
    head, *reports = exporting.lines(session, key)
    assert head["fingerprint"] == boxes.fingerprint(holder.public)
    assert {report["number"] for report in reports} == numbers
    assert len(reports) == 5
