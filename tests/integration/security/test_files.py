"""Files that come in and go out: what lies about itself, what would fill memory, what a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import String, Text, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from civicforum.api.kinds import KINDS
from civicforum.database import Base, db
from civicforum.dossiers.packages import MANIFEST
from civicforum.errors import Invalid
from civicforum.people.importing.reading import Fault, FileRefused, read_rows
from civicforum.records.photos import MOST_UNPACKED, PhotoProblem, PhotoRefused, read_photo
from civicforum.spreadsheets import FORMULA
from civicforum.supervision import comparing
from tests.factories import make_community
from tests.resident_lists import lines, workbook
from tests.support import open_data

JPEG_START, PNG_START = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"


def test_a_picture_that_would_unpack_to_gigabytes_is_refused_unread() -> None:
    target = io.BytesIO()
    Image.new("1", (MOST_UNPACKED // 1_000, 1_001)).save(target, "PNG", optimize=True)
    assert len(target.getvalue()) < 50_000
    with pytest.raises(PhotoRefused) as refused:
        read_photo(target.getvalue())
    assert refused.value.problem is PhotoProblem.TOO_MANY_PIXELS


def test_a_size_that_is_a_lie_is_refused() -> None:
    lie = (
        PNG_START
        + (13).to_bytes(4)
        + b"IHDR"
        + (2**31 - 1).to_bytes(4) * 2
        + bytes([8, 6, 0, 0, 0])
        + bytes(8)
    )
    with pytest.raises(PhotoRefused):
        read_photo(lie)


def test_of_a_picture_that_is_a_page_or_a_program_too_only_the_pixels_are_kept() -> None:
    target = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(target, "JPEG", comment=b"<script>alert(1)</script>")
    kept = read_photo(target.getvalue() + b"PK\x03\x04<?php system($_GET[0]); ?><svg onload=alert(1)>")
    for content in (kept.content, kept.thumbnail):
        assert content.startswith(JPEG_START)
        assert not any(told in content for told in (b"script", b"PK\x03\x04", b"php", b"svg"))


def test_a_workbook_whose_words_stand_for_billions_is_refused_in_words() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    bomb = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "ha">{laughs}]><worksheet>&l9;</worksheet>'
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(list(lines(3))))) as source,
        zipfile.ZipFile(content, "w") as made,
    ):
        for entry in source.infolist():
            is_sheet = entry.filename.endswith("sheet1.xml")
            made.writestr(entry.filename, bomb if is_sheet else source.read(entry))
    with pytest.raises(FileRefused) as refused:
        read_rows(content.getvalue())
    assert refused.value.fault in (Fault.CORRUPT, Fault.EMPTY)


@pytest.mark.parametrize("name", ["../../outside", "/etc/passwd", "a\u202egpj.exe", "manifest.json\x00"])
def test_a_copy_of_the_archive_is_read_by_names_of_ours_alone(session: Session, name: str) -> None:
    community_id = make_community().id
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr(name, b"x")
    with pytest.raises(Invalid, match="no_copy"):
        comparing.compare_package(session, content.getvalue(), community_id=community_id)


@pytest.mark.parametrize(("limit", "member"), [("LARGEST_MANIFEST", MANIFEST), ("MOST_BYTES", "x.jsonl")])
def test_a_copy_packed_to_burst_is_refused_unread(
    session: Session, monkeypatch: pytest.MonkeyPatch, limit: str, member: str
) -> None:
    community_id = make_community().id
    monkeypatch.setattr(comparing, limit, 2**20)
    monkeypatch.setattr(comparing.json, "loads", pytest.fail)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(member, bytes(2**20 + 1))
    with pytest.raises(Invalid, match="no_copy"):
        comparing.compare_package(session, content.getvalue(), community_id=community_id)


# Columns of what people write; others hold names of rules, hashes and numbers.
WRITTEN = ("answer", "body", "description", "name", "note", "place", "resolution", "text", "title")


@pytest.fixture
def calculating(client: FlaskClient) -> FlaskClient:
    """A community with something of all open data, in which every text that can begins with a formula."""
    with client.application.app_context():
        open_data.fill(whole=True)
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if type(column.type) in (String, Text) and column.name.endswith(WRITTEN):
                    _prefix(table.name, column.name)
        db.session.commit()
    return client


def _prefix(table: str, column: str) -> None:
    """Put a formula before every text of a column, where its constraints let it."""
    try:
        with db.session.begin_nested():
            db.session.execute(text(f'UPDATE "{table}" SET "{column}" = \'=1+1|\' || "{column}"'))
    except DBAPIError:
        # A code or a hash of fixed length, or what the journal's guard holds.
        return


def test_no_table_that_anybody_downloads_has_a_cell_that_a_spreadsheet_calculates(
    calculating: FlaskClient,
) -> None:
    provoked = 0
    for kind in KINDS:
        answer = calculating.get(f"/api/v1/exports/{kind.name}.csv")
        assert answer.status_code == 200, kind.name
        cells = _cells(answer.text)
        wrong = [cell for cell in cells if cell.startswith(FORMULA) and not _is_number(cell)]
        assert wrong == [], kind.name
        provoked += sum(cell.startswith("'=") for cell in cells)
    assert provoked > 20


def _cells(content: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(content.removeprefix("\ufeff"))) for cell in row]


def _is_number(cell: Any) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
