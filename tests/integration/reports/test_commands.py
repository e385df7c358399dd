"""The commands of the authority, from the pair of keys to the answer, on a computer without scripts."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo

from civicforum.reports import boxes, contents
from civicforum.reports.cli import reports
from civicforum.sealed import from_base64, to_base64
from tests.factories import make_community
from tests.support.reports import TOLD, Holder, make_holder, picture, send


@pytest.fixture
def holder(app: Flask, database: None) -> Holder:
    with app.app_context():
        return make_holder(make_community(), now=datetime.now(UTC))


@pytest.fixture
def key_file(holder: Holder, tmp_path: Path) -> Path:
    path = tmp_path / "key.json"
    path.write_text(json.dumps({"secret": holder.secret.hex()}), encoding="utf-8")
    return path


def run(*arguments: object, typed: str = "", app: Flask | None = None) -> tuple[int, str]:
    info = ScriptInfo(create_app=lambda: app) if app else None
    ran = CliRunner().invoke(reports, [str(argument) for argument in arguments], input=typed, obj=info)
    return ran.exit_code, ran.output


def test_a_new_key_is_a_file_that_nobody_else_reads_and_that_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key.json"
    status, said = run("new-key", path)
    kept = json.loads(path.read_text(encoding="utf-8"))
    public = boxes.public_of(bytes.fromhex(kept["secret"]))
    assert (status, kept["public"]) == (0, public.hex())
    assert boxes.fingerprint(public) in said
    assert kept["secret"] not in said
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert run("new-key", path)[0] == 1
    assert json.loads(path.read_text(encoding="utf-8")) == kept


def test_a_sealed_word_is_read_with_the_right_key(holder: Holder, key_file: Path, tmp_path: Path) -> None:
    sealed = to_base64(boxes.seal(b"word", holder.public))
    assert run("prove", "--key", key_file, sealed) == (0, "word\n")
    other = tmp_path / "other.json"
    run("new-key", other)
    assert run("prove", "--key", other, sealed)[0] == 1


def test_exported_reports_are_opened_and_answered(
    app: Flask, holder: Holder, key_file: Path, tmp_path: Path
) -> None:
    file, into = tmp_path / "reports.jsonl", tmp_path / "opened"
    with app.app_context():
        content = contents.Content(TOLD.kind, TOLD.text, TOLD.where, TOLD.contact, (picture(),))
        number, sealed = send(holder, now=datetime.now(UTC), content=content)
    assert run("export", file, app=app)[0] == 0
    assert TOLD.text not in file.read_text(encoding="utf-8")
    assert run("open", "--key", key_file, file, "--into", into)[0] == 0
    shown = f"{number[:4]}-{number[4:]}"
    assert TOLD.text in (into / f"{shown}.txt").read_text(encoding="utf-8")
    assert (into / f"{shown}-1.jpg").read_bytes() == picture()
    status, answer = run("answer", "--key", key_file, file, shown, typed="已受理\n")
    assert status == 0
    boxed = from_base64(answer.strip())
    assert (
        contents.read_answer(boxed, code=sealed.code, salt=sealed.salt, authority=holder.public) == "已受理"
    )
    assert run("answer", "--key", key_file, file, "0000-0000", typed="已受理")[0] == 1
    assert run("answer", "--key", key_file, file, shown, typed=" ")[0] == 1


def test_a_report_that_was_changed_is_named_and_the_others_are_opened(
    app: Flask, holder: Holder, key_file: Path, tmp_path: Path
) -> None:
    file, into = tmp_path / "reports.jsonl", tmp_path / "opened"
    with app.app_context():
        for _ in range(2):
            send(holder, now=datetime.now(UTC))
    run("export", file, app=app)
    head, first, second = file.read_text(encoding="utf-8").splitlines()
    changed = json.loads(first) | {"sealed": json.loads(first)["sealed"][:-4] + "AAAA"}
    file.write_text("\n".join([head, json.dumps(changed), second]), encoding="utf-8")
    status, said = run("open", "--key", key_file, file, "--into", into)
    assert status == 1
    assert "was changed" in said
    assert len(list(into.iterdir())) == 1


@pytest.mark.parametrize("number", ["/abc/def", "../../AB", "AB\nCDEFG", 7, None])
def test_a_file_that_names_a_place_instead_of_a_report_writes_nothing(
    number: object, key_file: Path, holder: Holder, tmp_path: Path
) -> None:
    file, into = tmp_path / "reports.jsonl", tmp_path / "opened"
    head = {"civicforum": "sealed reports", "v": 1}
    sealed = contents.seal_report(TOLD, holder.public)
    line = {
        "number": number,
        "received_on": "2026-03-02",
        "answered_on": None,
        "reply": to_base64(sealed.reply),
        "sealed": to_base64(sealed.sealed),
    }
    file.write_text(f"{json.dumps(head)}\n{json.dumps(line)}\n", encoding="utf-8")
    assert run("open", "--key", key_file, file, "--into", into)[0] == 1
    assert not list(into.iterdir())


def test_the_export_asks_which_of_several_keys(app: Flask, holder: Holder, tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    with app.app_context():
        make_holder(make_community(name="另一个社区"), now=datetime.now(UTC))
    status, said = run("export", file, app=app)
    assert status == 1
    fingerprint = boxes.fingerprint(holder.public)
    assert fingerprint in said
    assert run("export", file, "--fingerprint", fingerprint, app=app)[0] == 0


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"secret": "zz"}', '{"secret": "11"}'])
def test_what_is_no_key_file_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "key.json"
    path.write_text(text, encoding="utf-8")
    status, said = run("prove", "--key", path, "AAAA")
    assert status == 1
    assert "is no key file" in said
