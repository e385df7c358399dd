"""Duty reports: whose they are, how late they are, and what the supervision committee says of them."""

from __future__ import annotations

import io
import uuid
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.duty_reports import ReportState, days_late, state_of
from civicforum.appraisals.models import DutyReport
from civicforum.appraisals.queries.reports import list_reports
from civicforum.appraisals.report_files import ODT, PDF, WORD, read_report_file
from civicforum.appraisals.rules import ReportCheck
from civicforum.appraisals.services.posting import void_cycle
from civicforum.appraisals.services.reporting import check_report, enter_report, submit_report
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends, day_of
from tests.factories import NOW
from tests.support.appraisals import (
    HELD_ON,
    Town,
    cycle_of,
    make_town,
    posted_halfyear,
    subject_ids,
)

DUE_AT = day_ends(HELD_ON - timedelta(days=7))


@pytest.fixture
def town(session: Session) -> Town:
    return make_town(representatives=0)


@pytest.fixture
def secretary(town: Town) -> Actor:
    return replace(town.supervisor, person_id=town.secretary_id, roles=frozenset({Role.PARTY, Role.RESIDENT}))


@pytest.fixture
def cycle_id(town: Town) -> uuid.UUID:
    return posted_halfyear(town)


def report_of(session: Session, subject_id: uuid.UUID) -> DutyReport:
    session.expire_all()
    return session.scalars(select(DutyReport).where(DutyReport.subject_id == subject_id)).one()


def hand_in(subject_id: uuid.UUID, actor: Actor, *, text: str = "述职报告", at: timedelta) -> None:
    submit_report(subject_id=subject_id, text=text, file=None, actor=actor, now=DUE_AT + at)


@pytest.mark.law("D4", "appraisal.self_report")
def test_a_report_in_the_last_instant_is_in_time_and_one_later_is_late_by_a_day(
    session: Session, cycle_id: uuid.UUID, town: Town, secretary: Actor
) -> None:
    first, second, _third = subject_ids(cycle_id)
    hand_in(first, secretary, at=timedelta())
    report = report_of(session, first)
    assert report.first_submitted_at == DUE_AT
    assert days_late(report.due_at, report.first_submitted_at, DUE_AT) == 0
    head = replace(secretary, person_id=town.station_head_id)
    hand_in(second, head, at=timedelta(microseconds=1))
    late = report_of(session, second)
    assert days_late(late.due_at, late.first_submitted_at, DUE_AT) == 1
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "appraisal.report")).all()[-1]
    assert entry.payload["days_late"] == 1


def test_a_report_handed_in_again_keeps_when_it_first_came(
    session: Session, cycle_id: uuid.UUID, town: Town, secretary: Actor
) -> None:
    subject_id = subject_ids(cycle_id)[0]
    hand_in(subject_id, secretary, at=-timedelta(days=3))
    now = DUE_AT - timedelta(days=2)
    check_report(subject_id=subject_id, accepts=False, note="缺少收支情况", actor=town.supervisor, now=now)
    hand_in(subject_id, secretary, text="补充收支情况", at=timedelta(days=2))
    report = report_of(session, subject_id)
    assert report.first_submitted_at == DUE_AT - timedelta(days=3)
    assert report.submitted_at == DUE_AT + timedelta(days=2)
    assert (report.check_result, report.check_note, report.text) == (None, "", "补充收支情况")


def test_an_accepted_report_is_published_and_does_not_change(
    session: Session, cycle_id: uuid.UUID, town: Town, secretary: Actor
) -> None:
    subject_id = subject_ids(cycle_id)[0]
    hand_in(subject_id, secretary, at=-timedelta(days=3))
    assert list_reports(cycle_of(cycle_id), None, NOW)[0].is_readable is False
    check_report(subject_id=subject_id, accepts=True, note="", actor=town.supervisor, now=DUE_AT)
    line = list_reports(cycle_of(cycle_id), None, NOW)[0]
    assert (line.is_readable, line.state) == (True, ReportState.ACCEPTED)
    with pytest.raises(AlreadyDone):
        hand_in(subject_id, secretary, at=timedelta())
    with pytest.raises(TransitionNotAllowed):
        check_report(subject_id=subject_id, accepts=False, note="再改", actor=town.supervisor, now=DUE_AT)


def test_only_ones_own_report_is_handed_in(cycle_id: uuid.UUID, secretary: Actor, town: Town) -> None:
    with pytest.raises(NotEligible):
        hand_in(subject_ids(cycle_id)[1], secretary, at=timedelta())
    with pytest.raises(NotFound):
        hand_in(uuid.uuid4(), secretary, at=timedelta())


def test_a_clerk_enters_what_came_on_paper_with_its_day(
    session: Session, cycle_id: uuid.UUID, town: Town, secretary: Actor
) -> None:
    subject_id = subject_ids(cycle_id)[0]
    now, came_on = DUE_AT + timedelta(days=2), day_of(DUE_AT)

    def enter(actor: Actor, day: timedelta = timedelta()) -> None:
        enter_report(
            subject_id=subject_id, text="手写稿", file=None, came_on=came_on + day, actor=actor, now=now
        )

    with pytest.raises(NotEligible):
        enter(secretary)
    for day in (timedelta(days=3), day_of(NOW) - came_on - timedelta(days=1)):
        with pytest.raises(Invalid, match="came_on"):
            enter(town.clerk, day)
    enter(town.clerk)
    report = report_of(session, subject_id)
    assert report.entered_by_id == town.clerk.person_id
    assert report.first_submitted_at == day_ends(came_on)
    assert days_late(report.due_at, report.first_submitted_at, now) == 0


def test_who_is_graded_checks_no_report_and_returning_needs_a_note(
    cycle_id: uuid.UUID, town: Town, secretary: Actor
) -> None:
    subject_id = subject_ids(cycle_id)[0]
    with pytest.raises(TransitionNotAllowed):
        check_report(subject_id=subject_id, accepts=True, note="", actor=town.supervisor, now=NOW)
    hand_in(subject_id, secretary, at=-timedelta(days=1))
    graded = replace(town.supervisor, person_id=town.director_id)
    for actor in (graded, town.clerk):
        with pytest.raises(NotEligible):
            check_report(subject_id=subject_id, accepts=True, note="", actor=actor, now=NOW)
    with pytest.raises(Invalid, match="note"):
        check_report(subject_id=subject_id, accepts=False, note=" ", actor=town.supervisor, now=NOW)


def test_a_void_cycle_takes_no_report(cycle_id: uuid.UUID, town: Town, secretary: Actor) -> None:
    void_cycle(cycle_id=cycle_id, ground="名单有误", actor=town.supervisor, now=NOW)
    with pytest.raises(TransitionNotAllowed):
        hand_in(subject_ids(cycle_id)[0], secretary, at=timedelta())


def test_a_report_is_a_text_a_file_or_both(session: Session, cycle_id: uuid.UUID, secretary: Actor) -> None:
    subject_id = subject_ids(cycle_id)[0]
    with pytest.raises(Invalid, match="text"):
        hand_in(subject_id, secretary, text=" ", at=timedelta())
    with pytest.raises(Invalid, match="long"):
        hand_in(subject_id, secretary, text="长" * 20_001, at=timedelta())
    file = read_report_file("C:\\稿\\述职报告.PDF", b"%PDF-1.7 x")
    submit_report(subject_id=subject_id, text="", file=file, actor=secretary, now=NOW)
    assert report_of(session, subject_id).file_name == "述职报告.pdf"
    # The file stays where only the text is changed.
    hand_in(subject_id, secretary, text="提要", at=timedelta())
    assert report_of(session, subject_id).media_type == PDF


@pytest.mark.parametrize(
    ("submitted", "check", "late", "state"),
    [
        (False, None, timedelta(), ReportState.DUE),
        (False, None, timedelta(microseconds=1), ReportState.OVERDUE),
        (True, None, timedelta(days=3), ReportState.HANDED_IN),
        (True, ReportCheck.RETURNED, timedelta(days=3), ReportState.RETURNED),
        (True, ReportCheck.ACCEPTED, timedelta(days=3), ReportState.ACCEPTED),
    ],
)
def test_where_a_report_stands(
    submitted: bool, check: ReportCheck | None, late: timedelta, state: ReportState
) -> None:
    at = DUE_AT if submitted else None
    assert state_of(due_at=DUE_AT, submitted_at=at, check=check, now=DUE_AT + late) is state


def zipped(*names: str, kind: str = "") -> bytes:
    """Return a zip file with entries of these names; `kind` is what its first entry says it is."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        if kind:
            archive.writestr("mimetype", kind)
        for name in names:
            archive.writestr(name, "x")
    return written.getvalue()


def test_a_file_is_told_by_what_is_in_it() -> None:
    assert read_report_file("a.exe", b"%PDF-1.4").media_type == PDF
    assert read_report_file("a.pdf", zipped("word/document.xml")).media_type == WORD
    odt = read_report_file("报告", zipped("content.xml", kind=ODT))
    assert (odt.media_type, odt.name) == (ODT, "report.odt")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"%PDF-" + b"x" * (500 * 1024 - 4), "too_large"),
        (b"MZ", "wrong_type"),
        (b"PK\x03\x04 broken", "wrong_type"),
        (zipped("xl/workbook.xml"), "wrong_type"),
        (zipped("word/document.xml", "word/vbaProject.bin"), "wrong_type"),
        (zipped("content.xml", kind="application/vnd.oasis.opendocument.tex1"), "wrong_type"),
    ],
)
def test_other_files_are_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        read_report_file("a.pdf", data)


def test_no_damaged_archive_is_a_bug_whatever_byte_is_wrong() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("mimetype", ODT)
    whole = written.getvalue()
    for at in range(4, len(whole), 3):
        with pytest.raises(Invalid, match="wrong_type"):
            read_report_file("a.odt", whole[:at] + b"\xff" + whole[at + 1 :])


def test_a_files_name_keeps_nothing_that_cannot_be_seen() -> None:
    assert read_report_file("述\x00职\n.pdf", b"%PDF-1.4").name == "述职.pdf"


def test_half_a_megabyte_is_taken() -> None:
    assert read_report_file("a.pdf", b"%PDF-" + b"x" * (500 * 1024 - 5)).media_type == PDF
