"""Vote-buying is reported without a sign-in, with a script or without; the authority alone reads it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.reports.models import Report
from tests.browser.conftest import Visit
from tests.support.browser import DESK, Visitor, words
from tests.support.reports import ADDRESS, NAME, PHONE, TOLD, picture
from tests.support.town import Town

ANSWER = "已受理，正在向三号楼的居民了解情况。"
CODE = re.compile(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4})+")
KIND = "Bribery: money, gifts or favours for votes"


def slot(visitor: Visitor, name: str) -> str:
    return visitor.main.locator(f"[data-slot={name}]").inner_text().strip()


def write(reporter: Visitor, *, text: str) -> None:
    reporter.tick(KIND)
    reporter.fill("What happened?", text)
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": picture(place=True)}
    reporter.field("Photos as evidence").set_input_files([photo])  # type: ignore[list-item]


def test_a_report_goes_to_the_authority_and_its_answer_back_and_nobody_between_reads_either(
    town: Town, visit: Visit, tmp_path: Path
) -> None:
    authority, admin = visit(size=DESK), visit(town.officer(Role.ADMIN, "管理员"))
    # The pair of keys is made in the authority's browser; what leaves it is the public one.
    authority.open("/reports/keys/make")
    with authority.page.expect_download() as saving:
        authority.button("Make a pair of keys and save the private one").click()
    key_file = tmp_path / "key.json"
    saving.value.save_as(key_file)
    public, fingerprint = slot(authority, "public"), slot(authority, "fingerprint")
    admin.open("/reports/keys/new")
    for label, value in [
        ("Which authority is it?", NAME),
        ("Its telephone number", PHONE),
        ("Where it is, and when it is open", ADDRESS),
        ("The public key that the authority gave", public),
    ]:
        admin.fill(label, value)
    admin.press("Enter the key")
    admin.sees(fingerprint, words("not passed yet"))
    authority.open("/reports/")
    authority.follow("Open the reports with the key file")
    authority.sees(fingerprint)
    authority.arrive(lambda: authority.page.locator("[data-key-file]").set_input_files(key_file))
    authority.sees(words("No report has come for this key"))

    # Somebody without scripts; the first try lacks the text, and the photo stays.
    reporter = visit(scripts=False)
    reporter.open("/reports/new")
    write(reporter, text="")
    reporter.press("Seal and send", status=422)
    assert reporter.field(KIND).is_checked()
    reporter.fill("What happened?", TOLD.text)
    reporter.press("Seal and send", status=201)
    number, code = slot(reporter, "number"), slot(reporter, "code")
    assert CODE.fullmatch(number)
    assert CODE.fullmatch(code)

    # Somebody with scripts: the text does not leave the browser.
    other = visit()
    posted: list[str] = []
    other.page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    other.open("/reports/new")
    write(other, text=TOLD.text)
    other.button("Seal and send").click()
    other.main.get_by_role("heading", name=words("Your report is sealed and kept")).wait_for()
    other.check()
    assert posted == [f"{town.url}/reports/sealed"]
    assert CODE.fullmatch(slot(other, "code"))

    for shown in (slot(other, "number"), number):
        authority.open("/reports/inbox")
        authority.go(authority.main.get_by_role("link", name=shown))
        authority.main.get_by_text(TOLD.text).wait_for()
        authority.main.get_by_role("img").first.wait_for()
        authority.sees(words(KIND))
    authority.check()
    authority.fill("Your answer to whoever reported", ANSWER)
    authority.press("Seal and send the answer")
    authority.open("/reports/inbox")
    authority.press("Leave, and forget the key in this browser")
    assert authority.page.evaluate("sessionStorage.getItem('civicforum-report-key')") is None

    # Without a script the server opens the answer; with one the browser does, and the code stays there.
    for reader in (reporter, other):
        reader.open("/reports/answer")
        reader.fill("Report number", number)
        reader.fill("Reading code", code)
    reporter.press("Read the answer")
    other.button("Read the answer").click()
    other.main.get_by_text(ANSWER).wait_for()
    other.check()
    for reader in (reporter, other):
        reader.sees(ANSWER, fingerprint)
    assert posted[1:] == [f"{town.url}/reports/answer/sealed"]

    with town.app.app_context():
        for report in db.session.query(Report):
            report.received_on -= timedelta(days=2)
        db.session.commit()
    director = visit(town.officer(Role.COMMITTEE, "主任"))
    director.open("/reports/")
    assert re.findall(r"\d+", director.main.locator(".figures").inner_text()) == ["2", "1", "0", "1", "0"]
    assert number not in director.text
    director.open("/reports/inbox", status=403)
