"""Dossiers: what they gather, what they leave out, who gets none, and the zip that anybody can check."""

from __future__ import annotations

import hashlib
import io
import json
import uuid
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import printing
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.dossiers import services
from civicforum.dossiers.cli import verify
from civicforum.dossiers.packages import ENTRIES
from civicforum.dossiers.services import pack
from civicforum.errors import NotFound
from civicforum.matters import services as matters
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import FindingKind, Stage
from civicforum.moderation.models import HideDecision
from civicforum.moderation.rules import DecisionState, Kind, Reason
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice
from civicforum.notices.rules import ItemSource, NoticeCategory, NoticeState, Rhythm
from civicforum.people.models import Community, Person
from civicforum.polls.rules import PollState, Preset
from civicforum.printing import find_chromium
from civicforum.records.models import JournalEntry
from civicforum.records.rules import HASHED, REDACT, entry_hash
from civicforum.records.services import record
from tests.factories import NOW, actor_of, make_community, make_officer, make_person
from tests.integration.meetings.scenes import TEXT
from tests.support.dossiers import ADDRESS, BORN_ON, IDENTITY_HASH, LATER, PHONE, Decided, make_decided
from tests.support.polls import FOR, make_poll
from tests.support.results import AFTER, cast, stop, sweep
from tests.support.statements import count_statements


@pytest.fixture
def decided(session: Session, app: Flask) -> Decided:
    return make_decided()


@pytest.fixture(autouse=True)
def _nothing_kept(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are kept for the next visitor belong to one test."""
    monkeypatch.setattr("civicforum.dossiers.views._folder", lambda: tmp_path / "kept")


def packed(session: Session, kind: str, subject_id: uuid.UUID, community_id: uuid.UUID) -> bytes:
    return pack(session, subject_kind=kind, subject_id=subject_id, community_id=community_id, now=LATER)


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def check(tmp_path: Path, content: bytes) -> Result:
    path = tmp_path / "dossier.zip"
    path.write_bytes(content)
    return CliRunner().invoke(verify, [str(path), "--processes", "1"])


def test_a_matter_s_dossier_has_its_meeting_vote_minutes_findings_and_queries(
    session: Session, decided: Decided, tmp_path: Path
) -> None:
    content = packed(session, "matter", decided.matter_id, decided.community_id)
    files = opened(content)
    page = files["dossier.html"].decode()
    for words in (
        "楼道里飞线充电太危险。",
        TEXT,
        "5 ≥ 2/3 × 6 = 4",
        "合同还没有公示。",
        "费用由谁承担？",
        "从社区服务资金列支。",
        "林国栋",
    ):
        assert words in page
    digest = hashlib.sha256(files[f"texts/poll-{decided.poll_id}.txt"]).hexdigest()
    assert files[f"texts/poll-{decided.poll_id}.txt"].decode() == TEXT
    assert digest in page
    assert TEXT in files[f"texts/minutes-{decided.meeting_id}.txt"].decode()
    assert check(tmp_path, content).exit_code == 0


def test_every_dossier_of_a_decision_verifies_and_is_the_same_each_time(
    session: Session, decided: Decided, tmp_path: Path
) -> None:
    for kind in ("meeting", "poll", "notice"):
        subject_id = getattr(decided, f"{kind}_id")
        content = packed(session, kind, subject_id, decided.community_id)
        result = check(tmp_path, content)
        assert result.exit_code == 0, result.output
        assert "ok     The entries stand in the chain" in result.stdout
        assert content == packed(session, kind, subject_id, decided.community_id)


def test_nothing_of_a_person_but_what_the_pages_name_is_in_it(session: Session, decided: Decided) -> None:
    comment = "我住在对门，昨晚也看到了。"
    session.add(
        Comment(
            community_id=decided.community_id,
            matter_id=decided.matter_id,
            author_id=decided.scene.members[1].person_id,
            text=comment,
            at=LATER,
        )
    )
    session.commit()
    for kind in ("matter", "meeting", "poll", "notice"):
        content = packed(session, kind, getattr(decided, f"{kind}_id"), decided.community_id)
        inside = b"\n".join(opened(content).values()).decode()
        for secret in (PHONE, ADDRESS, IDENTITY_HASH, BORN_ON.isoformat(), "1951年9月23日", comment):
            assert secret not in inside
        # Three were for it and one against; nowhere stands who.
        assert '"choice"' not in inside
        assert "个人信息保护法" in inside


def test_an_entry_of_the_journal_that_was_altered_is_named(
    session: Session, decided: Decided, tmp_path: Path
) -> None:
    entry = session.scalars(
        select(JournalEntry)
        .where(JournalEntry.subject_id == decided.matter_id, JournalEntry.is_public)
        .order_by(JournalEntry.sequence)
    ).first()
    assert entry is not None
    entry.reason = "事后改写"
    session.flush()
    result = check(tmp_path, packed(session, "matter", decided.matter_id, decided.community_id))
    assert result.exit_code == 1
    assert f"entry {entry.sequence} was changed" in result.stdout


def test_words_that_the_journal_announces_as_removed_do_not_break_it(
    session: Session, decided: Decided, tmp_path: Path
) -> None:
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.file_finding")).one()
    entry.subject_title = "（已删除）"
    stands = entry_hash({name: getattr(entry, name) for name in HASHED})
    told = {"sequence": entry.sequence, "hash": entry.hash, "stands": stands, "fields": ["subject_title"]}
    record(
        session,
        community_id=decided.community_id,
        actor=None,
        action=REDACT,
        subject_kind="community",
        subject_id=decided.community_id,
        payload={"entries": [told]},
        now=LATER,
    )
    session.commit()
    result = check(tmp_path, packed(session, "matter", decided.matter_id, decided.community_id))
    assert result.exit_code == 0, result.output
    assert "Words were removed, as the journal itself announces" in result.stdout


def test_a_sealed_vote_s_archive_is_in_the_dossier_and_verified_with_it(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    community = make_community()
    poll = make_poll(community, voters=3)
    cast(poll, 0, [FOR])
    before = opened(packed(session, "poll", poll.id, community.id))
    assert not any(name.startswith("ballots/") for name in before)
    stop(poll)
    sweep()
    content = pack(session, subject_kind="poll", subject_id=poll.id, community_id=community.id, now=AFTER)
    result = check(tmp_path, content)
    assert result.exit_code == 0, result.output
    assert f"ok     The archive of sealed ballots ballots/{poll.id}.jsonl verifies" in result.stdout
    monkeypatch.setattr(services, "MOST_BALLOTS", 10)
    far = pack(session, subject_kind="poll", subject_id=poll.id, community_id=community.id, now=AFTER)
    result = check(tmp_path, far)
    assert result.exit_code == 0
    assert f"is had at /polls/{poll.id}/archive.jsonl" in result.stdout
    # When ballots have left the website, no dossier has them either.
    later = AFTER + timedelta(days=400)
    after = pack(session, subject_kind="poll", subject_id=poll.id, community_id=community.id, now=later)
    assert not any(name.startswith("ballots/") for name in opened(after))
    assert json.loads(opened(after)["manifest.json"])["elsewhere"] == []


def test_a_missing_notice_has_a_dossier_that_says_so(session: Session, tmp_path: Path) -> None:
    community = make_community()
    item = DisclosureItem(
        community_id=community.id,
        code="local.lights",
        name="路灯维修费用",
        category=NoticeCategory.MONEY_AND_DONATIONS,
        rhythm=Rhythm.QUARTERLY,
        source=ItemSource.LOCAL,
        since=date(2026, 1, 1),
    )
    due = DisclosureDue(
        community_id=community.id,
        item=item,
        period_from=date(2026, 1, 1),
        period_until=date(2026, 1, 31),
        due_at=NOW,
    )
    session.add(due)
    session.commit()
    content = packed(session, "disclosure_due", due.id, community.id)
    page = opened(content)["dossier.html"].decode()
    assert "路灯维修费用" in page
    assert "缺漏：期限已过，仍未公布。" in page
    assert check(tmp_path, content).exit_code == 0


def test_a_notice_that_was_taken_down_keeps_its_text_to_itself(session: Session, decided: Decided) -> None:
    notice = session.get_one(Notice, decided.notice_id)
    notice.state, notice.removed_at, notice.removed_because = NoticeState.REMOVED, LATER, "有笔误"
    notice.removed_by_id = decided.scene.clerk.person_id
    session.commit()
    inside = opened(packed(session, "notice", notice.id, decided.community_id))
    assert f"{session.get_one(Person, notice.removed_by_id).name}于 " in inside["dossier.html"].decode()
    assert f"texts/notice-{notice.id}.txt" not in inside
    assert notice.text.splitlines()[0] not in inside["dossier.html"].decode()
    assert "有笔误" in inside["dossier.html"].decode()


def test_a_hidden_matter_s_entries_are_left_out(session: Session, decided: Decided) -> None:
    session.add(
        HideDecision(
            community_id=decided.community_id,
            kind=Kind.MATTER,
            subject_id=decided.matter_id,
            words="",
            reason=Reason.UNLAWFUL,
            state=DecisionState.IN_FORCE,
            by_id=decided.scene.clerk.person_id,
            at=LATER,
            since=LATER,
        )
    )
    session.commit()
    inside = opened(packed(session, "matter", decided.matter_id, decided.community_id))
    assert str(decided.matter_id) not in inside[ENTRIES].decode()


def test_what_is_not_there_is_said_in_words(session: Session) -> None:
    community = make_community()
    person = make_person(community)
    matter = Matter(
        community_id=community.id,
        number="2026-009",
        title="修路灯",
        body="路灯坏了。",
        stage=Stage.RAISED,
        stage_since=NOW,
        author_id=person.id,
        profile="national-2026",
        created_at=NOW,
        raised_at=NOW,
    )
    session.add(matter)
    session.commit()
    page = opened(packed(session, "matter", matter.id, community.id))["dossier.html"].decode()
    for words in ("没有归档的会议记录。", "尚未表决。", "尚未就此召开会议。", "还没有人就公告提出询问。"):
        assert words in page


def test_drafts_other_communities_and_unknown_kinds_have_none(
    session: Session, decided: Decided, client: FlaskClient
) -> None:
    other = make_community(name="桂花园社区")
    draft = Matter(
        community_id=decided.community_id,
        stage_since=NOW,
        author_id=decided.scene.members[1].person_id,
        profile="national-2026",
        created_at=NOW,
    )
    session.add(draft)
    session.commit()
    community = session.get_one(Community, decided.community_id)
    poll = make_poll(community, preset=Preset.OPEN, state=PollState.DRAFT, opened_at=None)
    for kind, subject_id, community_id in (
        ("matter", draft.id, decided.community_id),
        ("poll", poll.id, decided.community_id),
        ("person", decided.scene.members[0].person_id, decided.community_id),
        ("matter", decided.meeting_id, decided.community_id),
        *(
            (kind, getattr(decided, f"{kind}_id"), other.id)
            for kind in ("matter", "meeting", "poll", "notice")
        ),
    ):
        with pytest.raises(NotFound):
            packed(session, kind, subject_id, community_id)


def test_the_page_says_all_and_takes_a_bounded_number_of_statements(app: Flask, committed: Flask) -> None:
    with committed.app_context():
        decided = make_decided()
    client = committed.test_client()
    address = f"/dossiers/matter/{decided.matter_id}"
    client.get(address)
    with count_statements() as few:
        page = client.get(address)
    assert page.status_code == 200
    assert "合同还没有公示。" in page.text
    assert PHONE not in page.text
    assert ADDRESS not in page.text
    with committed.app_context():
        _add_rows(decided)
    with count_statements() as many:
        longer = client.get(address)
    assert longer.text.count("又一条意见") == 20
    assert many.total == few.total
    assert many.total < 60
    for suffix in ("pdf", "zip"):
        assert client.get(f"/dossiers/matter/{uuid.uuid4()}.{suffix}").status_code == 404
    _look_at_downloads(client, address)


def _add_rows(decided: Decided) -> None:
    community = db.session.get_one(Community, decided.community_id)
    supervisor = actor_of(make_officer(community, Role.SUPERVISOR), Role.SUPERVISOR)
    for _ in range(20):
        matters.file_finding(
            matter_id=decided.matter_id,
            task_id=None,
            kind=FindingKind.PROBLEM,
            text="又一条意见",
            actor=supervisor,
            now=datetime.now(UTC),
        )


def _look_at_downloads(client: FlaskClient, address: str) -> None:
    package = client.get(f"{address}.zip")
    assert (package.status_code, package.mimetype) == (200, "application/zip")
    assert client.get(f"{address}.zip").data == package.data


@pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed")
def test_the_pdf_has_every_part_in_chinese_on_several_numbered_pages(
    client: FlaskClient, decided: Decided
) -> None:
    answer = client.get(f"/dossiers/matter/{decided.matter_id}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    reader = PdfReader(io.BytesIO(answer.data))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) >= 3
    assert f"2 / {len(texts)}" in texts[1]
    whole = "".join(texts)
    for words in ("加装集中充电棚", "合同还没有公示", "5 ≥ 2/3 × 6 = 4", "社区日志", "居民代表"):
        assert words in whole.replace("\n", "")
    assert PHONE not in whole


def test_without_a_browser_the_page_says_how_to_print(
    client: FlaskClient, decided: Decided, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", str(tmp_path / "none"))
    address = f"/dossiers/matter/{decided.matter_id}"
    page = client.get(address)
    assert f"{address}.pdf" not in page.text
    assert "另存为 PDF" in page.text
    answer = client.get(f"{address}.pdf")
    assert (answer.status_code, answer.location) == (303, address)


@pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed")
def test_a_dossier_too_long_to_be_printed_here_is_not_said_to_come_in_a_minute(
    client: FlaskClient, decided: Decided, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "LARGEST_PAGE", 1000)
    address = f"/dossiers/matter/{decided.matter_id}"
    answer = client.get(f"{address}.pdf", follow_redirects=True)
    assert answer.request.path == address
    assert "卷宗太长" in answer.text
    assert "一分钟" not in answer.text
