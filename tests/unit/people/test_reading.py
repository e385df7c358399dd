from __future__ import annotations

import io
import zipfile

import pytest

from civicforum.people.importing import reading
from civicforum.people.importing.reading import Fault, FileRefused, read_rows
from tests.resident_lists import lines, text, workbook


def fault_of(content: bytes) -> Fault:
    with pytest.raises(FileRefused) as refused:
        read_rows(content)
    return refused.value.fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_that_lists_come_in(encoding: str) -> None:
    rows = read_rows(text(list(lines(3)), encoding=encoding))
    assert [row.line for row in rows] == [1, 2, 3, 4]
    assert rows[0].cells[:2] == ("编号", "姓名")
    assert rows[1].cells[1] == "王伟"


def test_workbook_and_text_say_the_same() -> None:
    table = list(lines(5))
    assert read_rows(workbook(table)) == read_rows(text(table))


def test_tabs_and_semicolons_separate_too() -> None:
    for mark in "\t;":
        rows = read_rows(f"编号{mark}姓名{mark}户号\n1{mark}张三{mark}1\n".encode())
        assert rows[1].cells == ("1", "张三", "1")


def test_lines_are_those_of_the_file_across_blank_rows_and_quoted_breaks() -> None:
    rows = read_rows('编号,姓名,户号\n\n1,"张\n三",1\n2,李四,1\n'.encode())
    assert [row.line for row in rows] == [1, 3, 5]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b" \n\n", Fault.EMPTY),
        (b"\xd0\xcf\x11\xe0 old workbook", Fault.OLD_EXCEL),
        (b"\x89PNG\r\n\x1a\n\x00\x00,", Fault.WRONG_TYPE),
        (b"<html><table>a,b</table></html>", Fault.WRONG_TYPE),
        ("只有一句话".encode(), Fault.WRONG_TYPE),
        (b"PK\x03\x04 no archive", Fault.CORRUPT),
    ],
)
def test_what_is_no_table_is_refused_by_its_content(content: bytes, fault: Fault) -> None:
    assert fault_of(content) is fault


def test_damaged_workbook_is_refused() -> None:
    content = workbook(list(lines(3)))
    assert fault_of(content[: len(content) // 2]) is Fault.CORRUPT
    broken = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(broken, "w") as target:
        for entry in source.infolist():
            target.writestr(entry, b"<a" if entry.filename.endswith("sheet1.xml") else source.read(entry))
    assert fault_of(broken.getvalue()) is Fault.CORRUPT


def test_other_archive_is_no_workbook() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("readme.txt", "x")
    assert fault_of(archive.getvalue()) is Fault.WRONG_TYPE


def test_archive_packed_to_burst_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_UNPACKED", 1024**2)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/workbook.xml", b"")
        target.writestr("xl/worksheets/sheet1.xml", b"0" * (reading.MAX_UNPACKED + 1))
    monkeypatch.setattr(reading, "sheet_rows", pytest.fail)
    assert fault_of(bomb.getvalue()) is Fault.TOO_LARGE


def test_too_many_bytes_or_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 5)
    assert len(read_rows(text(list(lines(5))))) == 6
    assert fault_of(text(list(lines(6)))) is Fault.TOO_MANY_ROWS
    monkeypatch.setattr(reading, "MAX_BYTES", 100)
    assert fault_of(text(list(lines(4)))) is Fault.TOO_LARGE
