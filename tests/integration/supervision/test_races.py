"""Two clicks at once, on real commits: one row, and a refusal in words for the other."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from civicforum.database import db
from civicforum.dossiers.checking import check_package
from civicforum.records.queries import verify_journal
from civicforum.supervision import services
from civicforum.supervision.archive import Record, read_entries
from civicforum.supervision.models import ArchiveCopy, BodyQuestion, SupervisionFinding, SupervisionReport
from civicforum.supervision.rules import Period
from tests.factories import NOW
from tests.support.races import at_once
from tests.support.supervision import ask_committee, file_on_notice, make_desk, make_session


def test_what_is_clicked_three_times_at_once_is_done_once(committed: Flask) -> None:
    with committed.app_context():
        desk = make_desk()
        meeting_id = make_session(desk)
    once = ["AlreadyDone", "AlreadyDone", "done"]
    period = Period(date(2026, 1, 1), date(2026, 3, 1))
    assert at_once(committed, [lambda: file_on_notice(desk)] * 3) == once
    assert at_once(committed, [lambda: ask_committee(desk)] * 3) == once
    assert (
        at_once(
            committed, [lambda: services.sit_in(meeting_id=meeting_id, actor=desk.supervisor, now=NOW)] * 3
        )
        == once
    )
    asks = partial(services.ask_for_copy, period=period, actor=desk.supervisor, now=NOW)
    assert at_once(committed, [asks] * 3) == once
    assert at_once(committed, [lambda: services.sweep_clocks(now=NOW)] * 3) == ["done", "done", "done"]
    with committed.app_context():
        for table in (SupervisionFinding, BodyQuestion, ArchiveCopy, SupervisionReport):
            assert len(db.session.scalars(select(table.id)).all()) == 1, table
        question = db.session.scalars(select(BodyQuestion)).one()
        question_id = question.id
    answered = at_once(
        committed,
        [
            lambda: services.answer_question(
                question_id=question_id, text="凭证在档案柜。", actor=desk.director, now=NOW
            ),
        ]
        * 3,
    )
    assert answered == once
    with committed.app_context():
        assert verify_journal(db.session(), community_id=desk.community_id)[1] is None


def test_what_is_written_while_a_copy_is_made_is_not_in_it(
    committed: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with committed.app_context():
        desk = make_desk()
        file_on_notice(desk)
        copy_id = services.ask_for_copy(
            period=Period(date(2026, 1, 1), date(2026, 3, 2)), actor=desk.supervisor, now=NOW
        )

    def write() -> None:
        with committed.app_context():
            ask_committee(desk)

    def read_late(*given: Any, **named: Any) -> Iterator[Record]:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(write).result()
        return read_entries(*given, **named)

    monkeypatch.setattr("civicforum.supervision.services.archiving.read_entries", read_late)
    with committed.app_context():
        services.make_copy(copy_id=copy_id, now=NOW)
        copy = db.session.get_one(ArchiveCopy, copy_id)
        file = tmp_path / "archive.zip"
        file.write_bytes(copy.content or b"")
        head = bytes.fromhex(copy.head_hash)
    checks = check_package(file, head=head, check_sealed=lambda *_args, **_named: [])[1]
    assert [check.words for check in checks if check.holds is False] == []
