"""Use cases of the supervision committee: who may, what stays for ever, and clocks worked by hand."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.dossiers.checking import check_package
from civicforum.errors import (
    AlreadyDone,
    Invalid,
    NotEligible,
    NotFound,
    RuleRefused,
    TransitionNotAllowed,
)
from civicforum.matters.rules import FindingKind
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingForm, MeetingState
from civicforum.notices.errors import PersonalData
from civicforum.notices.models import Notice
from civicforum.records.models import JournalEntry
from civicforum.records.queries import verify_journal
from civicforum.records.rules import hash_of_text
from civicforum.rulebook import SHANGHAI
from civicforum.sealed.archives import Report
from civicforum.supervision import services
from civicforum.supervision.models import (
    ArchiveCopy,
    BodyQuestion,
    Referral,
    ReportSignature,
    SupervisionFinding,
    SupervisionReport,
)
from civicforum.supervision.queries.figures import get_figures
from civicforum.supervision.queries.findings import list_findings
from civicforum.supervision.rules import (
    CopyState,
    OfficeLevel,
    Period,
    ReferralGround,
    ReferralOutcome,
    ReportState,
    SubjectKind,
)
from tests.factories import NOW, make_community
from tests.support.supervision import (
    Desk,
    ask_committee,
    file_on_notice,
    make_desk,
    make_session,
    open_report,
    refer,
)


@pytest.fixture
def desk(session: Session) -> Desk:
    return make_desk()


def actions(session: Session, desk: Desk) -> list[str]:
    return list(
        session.scalars(
            select(JournalEntry.action)
            .where(JournalEntry.community_id == desk.community_id, JournalEntry.action.like("supervision.%"))
            .order_by(JournalEntry.sequence)
        )
    )


def verify_nothing(_path: Path) -> Report:
    raise AssertionError("there is no sealed vote in it")


Act = Callable[[Desk, Actor], object]
ACTS: dict[str, Act] = {
    "find": lambda desk, actor: file_on_notice(desk, actor=actor),
    "sit_in": lambda desk, actor: services.sit_in(meeting_id=make_session(desk), actor=actor, now=NOW),
    "ask": lambda desk, actor: services.ask_body(
        body_id=desk.committee_id, title="凭证", text="凭证在哪里？", actor=actor, now=NOW
    ),
    "refer": lambda desk, actor: services.write_referral(
        wanted=services.Wanted(
            level=OfficeLevel.SUBDISTRICT,
            ground=ReferralGround.MONEY,
            text="没有凭证。",
            findings=(uuid.uuid4(),),
        ),
        actor=actor,
        now=NOW,
    ),
    "write": lambda desk, actor: services.write_conclusions(
        report_id=uuid.uuid4(), text="总体规范。", actor=actor, now=NOW
    ),
    "copy": lambda desk, actor: services.ask_for_copy(
        period=Period(date(2026, 1, 1), date(2026, 2, 28)), actor=actor, now=NOW
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_neither_committee_nor_clerk_nor_administrator_writes_anything(desk: Desk, act: str) -> None:
    for actor in (desk.director, desk.clerk, desk.admin, desk.resident):
        with pytest.raises(NotEligible):
            ACTS[act](desk, actor)


@pytest.mark.parametrize("act", ACTS)
def test_a_supervisor_does_each_of_them_but_not_while_a_clerk_acts_for_her(desk: Desk, act: str) -> None:
    helped = Actor(
        person_id=desk.supervisor.person_id,
        community_id=desk.community_id,
        roles=desk.supervisor.roles,
        assisted_by=desk.clerk.person_id,
    )
    with pytest.raises(NotEligible):
        ACTS[act](desk, helped)
    if act in ("refer", "write"):
        # They name a row that is not there: she gets further than those who may not.
        with pytest.raises(NotFound):
            ACTS[act](desk, desk.supervisor)
    else:
        ACTS[act](desk, desk.supervisor)


def test_a_finding_is_public_at_once_and_its_hash_stands_in_the_journal(session: Session, desk: Desk) -> None:
    finding_id = file_on_notice(desk)
    (finding,) = list_findings(session, subject_kind="notice", subject_id=desk.notice_id)
    assert (finding.id, finding.number, finding.kind) == (finding_id, "2026-0001", FindingKind.PROBLEM)
    assert finding.subject_title == "第一季度公共收益收支"
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "supervision.find")).one()
    assert entry.payload["text_sha256"] == hash_of_text("收支表缺少支出凭证编号，已当面指出。")
    assert (entry.subject_kind, entry.subject_id) == ("notice", desk.notice_id)
    assert list_findings(session, subject_kind="matter", subject_id=desk.notice_id) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supervision_finding SET text = '没有问题'",
        "UPDATE supervision_finding SET kind = 'in_order'",
        "DELETE FROM supervision_finding",
        "UPDATE supervision_question_entry SET text = '没问过'",
        "DELETE FROM supervision_question_entry",
        "UPDATE supervision_referral SET text = '没有'",
        "UPDATE supervision_referral SET package = 'x', package_sha256 = repeat('0', 64)",
        "DELETE FROM supervision_referral",
        "DELETE FROM supervision_referral_basis",
    ],
)
def test_the_database_itself_refuses_to_change_what_was_found_asked_and_referred(
    session: Session, desk: Desk, statement: str
) -> None:
    finding_id = file_on_notice(desk)
    question_id = ask_committee(desk, finding_id=finding_id)
    refer(desk, findings=(finding_id,), questions=(question_id,))
    with pytest.raises(IntegrityError, match="never changed or removed"):
        session.execute(text(statement))
    session.rollback()


def test_a_mistake_is_corrected_by_a_further_finding_about_the_same_subject(
    session: Session, desk: Desk
) -> None:
    wrong = file_on_notice(desk)
    right = file_on_notice(
        desk,
        text="凭证已当场补齐。",
        kind=FindingKind.IN_ORDER,
        corrects_id=wrong,
        now=NOW + timedelta(minutes=1),
    )
    first, second = list_findings(session, subject_kind="notice", subject_id=desk.notice_id)
    assert [one.id for one in first.corrections] == [right]
    assert second.corrects is not None
    assert second.corrects.number == "2026-0001"
    meeting_id = make_session(desk)
    elsewhere = services.Found(
        subject_kind=SubjectKind.MEETING,
        subject_id=meeting_id,
        kind=FindingKind.REMARK,
        text="更正。",
        corrects_id=wrong,
    )
    with pytest.raises(Invalid, match="corrects"):
        services.file_finding(found=elsewhere, actor=desk.supervisor, now=NOW)


def test_a_finding_sent_twice_is_filed_once_and_numbers_have_no_gap(session: Session, desk: Desk) -> None:
    file_on_notice(desk)
    with pytest.raises(AlreadyDone):
        file_on_notice(desk)
    file_on_notice(desk, actor=desk.supervisors[1])
    assert list(session.scalars(select(SupervisionFinding.number).order_by(SupervisionFinding.number))) == [
        "2026-0001",
        "2026-0002",
    ]


def test_nobody_finds_anything_about_what_concerns_themselves(session: Session, desk: Desk) -> None:
    session.get_one(Notice, desk.notice_id).posted_by_id = desk.supervisor.person_id
    session.commit()
    with pytest.raises(Invalid, match="concerned"):
        file_on_notice(desk)
    file_on_notice(desk, actor=desk.supervisors[1])


def test_a_finding_shows_nobodys_telephone_number(desk: Desk) -> None:
    with pytest.raises(PersonalData):
        file_on_notice(desk, text="经办人电话13812345678，没有接听。")


def test_what_belongs_to_another_community_is_not_found(desk: Desk) -> None:
    other = make_community(name="柳荫里社区")
    stranger = Actor(person_id=desk.supervisor.person_id, community_id=other.id, roles=desk.supervisor.roles)
    with pytest.raises(NotFound):
        file_on_notice(desk, actor=stranger)
    question_id = ask_committee(desk)
    with pytest.raises(NotFound):
        services.ask_again(question_id=question_id, text="还有呢？", actor=stranger, now=NOW)


def test_a_member_sits_in_without_asking_the_chair_and_leaves_remarks_that_stay(
    session: Session, desk: Desk
) -> None:
    meeting_id = make_session(desk)
    services.sit_in(meeting_id=meeting_id, actor=desk.supervisor, now=NOW)
    with pytest.raises(AlreadyDone):
        services.sit_in(meeting_id=meeting_id, actor=desk.supervisor, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.remark(meeting_id=meeting_id, text="会前材料齐全。", actor=desk.supervisor, now=NOW)
    meeting = session.get_one(Meeting, meeting_id)
    meeting.state, meeting.opened_at = MeetingState.OPEN, NOW
    session.commit()
    services.remark(meeting_id=meeting_id, text="程序合规。", actor=desk.supervisor, now=NOW)
    with pytest.raises(NotFound):
        services.remark(meeting_id=meeting_id, text="我没有列席。", actor=desk.supervisors[1], now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.stay_away(meeting_id=meeting_id, actor=desk.supervisor, now=NOW)
    with pytest.raises(IntegrityError, match="never changed or removed"):
        session.execute(text("UPDATE supervision_sitting_remark SET text = '程序不合规。'"))
    session.rollback()
    assert actions(session, desk) == ["supervision.sit_in", "supervision.remark"]


def test_a_hearing_of_residents_is_no_session_to_sit_in_on(desk: Desk) -> None:
    meeting_id = make_session(desk, form=MeetingForm.HEARING)
    with pytest.raises(Invalid, match="form"):
        services.sit_in(meeting_id=meeting_id, actor=desk.supervisor, now=NOW)


@pytest.mark.law("B35", "supervision.question_answered")
def test_a_question_is_late_after_the_last_instant_of_its_fifteenth_day_in_shanghai(
    session: Session, desk: Desk
) -> None:
    # 2 March 2026, 10:00 in Shanghai; fifteen days later the 17th ends.
    question_id = ask_committee(desk)
    due = datetime(2026, 3, 17, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    assert session.get_one(BodyQuestion, question_id).due_at == due
    assert services.sweep_clocks(now=due).questions == 0
    assert services.sweep_clocks(now=due + timedelta(microseconds=1)).questions == 1
    assert services.sweep_clocks(now=due + timedelta(days=1)).questions == 0
    assert actions(session, desk).count("supervision.late_answer") == 1
    services.answer_question(
        question_id=question_id, text="凭证在档案柜。", actor=desk.director, now=due + timedelta(days=2)
    )
    question = session.get_one(BodyQuestion, question_id)
    assert question.due_at is None
    assert question.entries[-1].is_late


def test_only_who_holds_a_post_in_the_body_answers_and_the_second_click_is_told(desk: Desk) -> None:
    question_id = ask_committee(desk)
    for actor in (desk.supervisor, desk.clerk, desk.admin, desk.resident):
        with pytest.raises(NotEligible):
            services.answer_question(question_id=question_id, text="答复。", actor=actor, now=NOW)
    services.answer_question(question_id=question_id, text="凭证在档案柜。", actor=desk.director, now=NOW)
    with pytest.raises(AlreadyDone):
        services.answer_question(question_id=question_id, text="再答。", actor=desk.director, now=NOW)
    services.ask_again(question_id=question_id, text="谁审批？", actor=desk.supervisors[1], now=NOW)
    with pytest.raises(AlreadyDone):
        services.ask_again(question_id=question_id, text="谁审批？", actor=desk.supervisor, now=NOW)


def test_the_supervision_committee_asks_neither_itself_nor_twice(session: Session, desk: Desk) -> None:
    ask_committee(desk)
    with pytest.raises(AlreadyDone):
        ask_committee(desk)
    own = session.execute(text("SELECT id FROM body WHERE kind = 'supervision_committee'")).scalar_one()
    with pytest.raises(Invalid, match="own"):
        services.ask_body(body_id=own, title="自问", text="自问？", actor=desk.supervisor, now=NOW)


@pytest.mark.law("B35", "supervision.referral_answered")
def test_a_referral_freezes_its_package_and_its_answer_comes_from_a_letter(
    session: Session, desk: Desk
) -> None:
    finding_id = file_on_notice(desk)
    question_id = ask_committee(desk, finding_id=finding_id)
    referral_id = refer(desk, findings=(finding_id,), questions=(question_id,))
    referral = session.get_one(Referral, referral_id)
    assert (referral.number, referral.office) == ("2026-0001", "松河街道办事处")
    with zipfile.ZipFile(io.BytesIO(referral.package)) as package:
        assert "三笔维修支出" in package.read("letter.txt").decode()
        assert json.loads(package.read("records/findings.jsonl"))["number"] == "2026-0001"
        names = {one["path"] for one in json.loads(package.read("manifest.json"))["files"]}
        dossier = zipfile.ZipFile(io.BytesIO(package.read("dossiers/1-notice.zip")))
        assert "停车费收入三万二千元" in dossier.read("dossier.html").decode()
    assert {"letter.txt", "records/questions.jsonl", "journal/chain.txt"} <= names
    letter = services.Letter(
        outcome=ReferralOutcome.ORDERED,
        text="已责令补齐凭证。",
        letter_on=date(2026, 3, 20),
        letter_number="松街办〔2026〕7号",
    )
    later = NOW + timedelta(days=20)
    with pytest.raises(TransitionNotAllowed):
        services.enter_answer(referral_id=referral_id, letter=letter, actor=desk.supervisor, now=later)
    services.hand_over(
        referral_id=referral_id, to="街道办事处收发室 李姓工作人员", actor=desk.supervisor, now=NOW
    )
    with pytest.raises(AlreadyDone):
        services.hand_over(referral_id=referral_id, to="再交一次", actor=desk.supervisor, now=NOW)
    # Sixty days after 2 March: the last instant of 1 May.
    assert session.get_one(Referral, referral_id).due_at == datetime(
        2026, 5, 1, 23, 59, 59, 999999, tzinfo=SHANGHAI
    )
    services.enter_answer(referral_id=referral_id, letter=letter, actor=desk.supervisor, now=later)
    with pytest.raises(AlreadyDone):
        services.enter_answer(referral_id=referral_id, letter=letter, actor=desk.supervisor, now=later)
    with pytest.raises(IntegrityError, match="never changed or removed"):
        session.execute(text("UPDATE supervision_referral SET answer = '不属实'"))
    session.rollback()


def test_a_referral_rests_on_something(desk: Desk) -> None:
    with pytest.raises(Invalid, match="basis"):
        refer(desk)
    with pytest.raises(NotFound):
        refer(desk, findings=(uuid.uuid4(),))


@pytest.mark.law("B35", "supervision.report_posted")
def test_the_clock_opens_the_report_of_the_last_half_year_once_and_flags_it_once(
    session: Session, desk: Desk
) -> None:
    # 2 March: the second half of 2025 is over; fifteen days after 31 December the 15th of January ended.
    assert services.sweep_clocks(now=NOW) == services.SweepResult(opened=1, reports=1)
    report = session.scalars(select(SupervisionReport)).one()
    assert (report.period_from, report.period_until) == (date(2025, 7, 1), date(2025, 12, 31))
    assert report.due_at == datetime(2026, 1, 15, 23, 59, 59, 999999, tzinfo=SHANGHAI)
    assert services.sweep_clocks(now=NOW + timedelta(days=1)) == services.SweepResult()


def test_figures_of_a_period_are_those_that_were_written(session: Session, desk: Desk) -> None:
    make_session(desk, state=MeetingState.CLOSED, starts_at=NOW - timedelta(days=2))
    sat_in = make_session(desk, state=MeetingState.OPEN, starts_at=NOW)
    services.sit_in(meeting_id=sat_in, actor=desk.supervisor, now=NOW)
    services.remark(meeting_id=sat_in, text="程序合规。", actor=desk.supervisor, now=NOW)
    meeting = session.get_one(Meeting, sat_in)
    meeting.state, meeting.closed_at = MeetingState.CLOSED, NOW + timedelta(hours=1)
    session.commit()
    make_session(desk, form=MeetingForm.HEARING, state=MeetingState.CLOSED, starts_at=NOW)
    finding_id = file_on_notice(desk)
    file_on_notice(desk, text="已改正。", kind=FindingKind.IN_ORDER)
    question_id = ask_committee(desk, finding_id=finding_id)
    services.answer_question(question_id=question_id, text="在档案柜。", actor=desk.director, now=NOW)
    services.ask_again(question_id=question_id, text="谁审批？", actor=desk.supervisor, now=NOW)
    refer(desk, findings=(finding_id,))
    half_year = Period(date(2026, 1, 1), date(2026, 6, 30))
    found = get_figures(
        session, community_id=desk.community_id, period=half_year, now=NOW + timedelta(days=1)
    )
    assert (found.sessions, found.sat_in) == (2, 1)
    assert (found.in_order, found.remarks, found.problems) == (1, 0, 1)
    assert (found.asked, found.answered_in_time, found.waiting, found.unanswered) == (2, 1, 1, 0)
    assert (found.referrals, found.referrals_answered) == (1, 0)
    later = get_figures(
        session, community_id=desk.community_id, period=half_year, now=NOW + timedelta(days=30)
    )
    assert (later.waiting, later.unanswered) == (0, 1)
    before = Period(date(2025, 7, 1), date(2025, 12, 31))
    assert get_figures(session, community_id=desk.community_id, period=before, now=NOW).findings == 0


@pytest.mark.law("B35", "supervision.report_approved")
def test_a_report_is_posted_with_two_of_three_signatures_and_frozen(session: Session, desk: Desk) -> None:
    report_id = open_report(desk)
    with pytest.raises(Invalid, match="missing"):
        services.put_up(report_id=report_id, actor=desk.supervisor, now=NOW)
    services.write_conclusions(report_id=report_id, text="总体规范。", actor=desk.supervisor, now=NOW)
    services.put_up(report_id=report_id, actor=desk.supervisor, now=NOW)
    digest = session.get_one(SupervisionReport, report_id).text_sha256

    def sign(actor: Actor) -> None:
        minute = NOW + timedelta(minutes=desk.supervisors.index(actor) if actor in desk.supervisors else 0)
        services.sign_report(report_id=report_id, text_sha256=digest, actor=actor, now=minute)

    sign(desk.supervisors[0])
    with pytest.raises(AlreadyDone):
        sign(desk.supervisors[0])
    with pytest.raises(NotEligible):
        sign(desk.director)
    with pytest.raises(RuleRefused) as refused:
        services.post_report(report_id=report_id, actor=desk.supervisor, now=NOW)
    assert refused.value.verdict.arithmetic == "1 ≤ 1/2 × 3 = 1.5"
    sign(desk.supervisors[1])
    notice_id = services.post_report(report_id=report_id, actor=desk.supervisor, now=NOW)
    notice = session.get_one(Notice, notice_id)
    assert notice.title == "2025年下半年居务监督工作报告"
    assert "签字通过的成员：韩正清、柳月华" in notice.text
    assert digest in notice.text
    for statement in (
        "UPDATE supervision_report SET conclusions = '一切都好'",
        "DELETE FROM supervision_report",
        "DELETE FROM supervision_report_signature",
    ):
        with pytest.raises(IntegrityError, match="never changed or removed"), session.begin_nested():
            session.execute(text(statement))
    with pytest.raises(TransitionNotAllowed):
        services.post_report(report_id=report_id, actor=desk.supervisor, now=NOW)


def test_signatures_count_for_the_words_that_were_signed_alone(session: Session, desk: Desk) -> None:
    report_id = open_report(desk)
    services.write_conclusions(report_id=report_id, text="总体规范。", actor=desk.supervisor, now=NOW)
    services.put_up(report_id=report_id, actor=desk.supervisor, now=NOW)
    old = session.get_one(SupervisionReport, report_id).text_sha256
    for actor in desk.supervisors[:2]:
        services.sign_report(report_id=report_id, text_sha256=old, actor=actor, now=NOW)
    services.take_back(report_id=report_id, actor=desk.supervisor, now=NOW)
    services.write_conclusions(report_id=report_id, text="财务不规范。", actor=desk.supervisor, now=NOW)
    services.put_up(report_id=report_id, actor=desk.supervisor, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        services.sign_report(report_id=report_id, text_sha256=old, actor=desk.supervisors[2], now=NOW)
    with pytest.raises(RuleRefused):
        services.post_report(report_id=report_id, actor=desk.supervisor, now=NOW)
    assert session.scalars(select(ReportSignature)).all()
    assert session.get_one(SupervisionReport, report_id).state is ReportState.SIGNING


@pytest.mark.law("E2", "supervision.archive")
def test_a_copy_of_the_archive_is_a_package_that_stays_and_can_be_verified(
    session: Session, desk: Desk, tmp_path: Path
) -> None:
    file_on_notice(desk)
    period = Period(date(2026, 1, 1), date(2026, 3, 2))
    copy_id = services.ask_for_copy(period=period, actor=desk.supervisor, now=NOW)
    with pytest.raises(AlreadyDone):
        services.ask_for_copy(period=period, actor=desk.supervisors[1], now=NOW)
    services.make_copy(copy_id=copy_id, now=NOW)
    services.make_copy(copy_id=copy_id, now=NOW + timedelta(hours=1))
    copy = session.get_one(ArchiveCopy, copy_id)
    assert (copy.state, copy.done) == (CopyState.READY, copy.total)
    assert copy.content is not None
    with zipfile.ZipFile(io.BytesIO(copy.content)) as package:
        notice = json.loads(package.read("records/notices.jsonl").decode().splitlines()[0])
        entries = package.read("journal/entries.jsonl").decode().splitlines()
    assert notice["text"] == "停车费收入三万二千元，支出见附表。"
    assert len(entries) == copy.entries
    file = tmp_path / "archive.zip"
    file.write_bytes(copy.content)
    lines, checks = check_package(file, head=bytes.fromhex(copy.head_hash), check_sealed=verify_nothing)
    assert "archive: period 2026-01-01 – 2026-03-02" in lines[0]
    assert [check.words for check in checks if check.holds is False] == []
    with pytest.raises(IntegrityError, match="never changed or removed"):
        session.execute(text("UPDATE supervision_archive_copy SET content = 'x'"))
    session.rollback()
    count, broken = verify_journal(session, community_id=desk.community_id)
    assert broken is None
    assert count > 0


@pytest.mark.parametrize(
    ("period", "reason"),
    [
        (Period(date(2026, 2, 1), date(2026, 1, 1)), "order"),
        (Period(date(2026, 1, 1), date(2026, 3, 3)), "future"),
        (Period(date(2024, 1, 1), date(2025, 1, 1)), "long"),
    ],
)
def test_a_copy_is_of_a_period_that_can_be_copied(desk: Desk, period: Period, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        services.ask_for_copy(period=period, actor=desk.supervisor, now=datetime(2026, 3, 2, 8, tzinfo=UTC))
