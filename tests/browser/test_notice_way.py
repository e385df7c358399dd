"""A notice from its draft to the end of its days; and one that never came, and what a resident does then."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from civicforum.rulebook.days import day_of
from tests.browser import notice_steps as steps
from tests.browser.conftest import Visit
from tests.browser.notice_steps import People
from tests.support.browser import DESK, Visitor, words
from tests.support.town import Town

ASKS, COMPLAINS = "王秀兰", "陈志强"
TITLE = "居委会经费收支情况"
ACCOUNTS = "收入四万八千元，支出三万六千元。\n报修请拨打{phone}。"
# As people write the number of a phone; who it is of stands in no register.
PHONE = "139 1234 5678"
SHOWN = "139 *****5678"
BALANCE = "收入四万八千元，支出三万六千元，结余一万二千元。\n票据齐全，可到居委会查看。"
QUERY, REPLY = "三万六千元里路灯用了多少？", "路灯维修九千元，共换灯二十盏。"
FURTHER = "换下的旧灯怎么处理的？"
COMPLAINT = "等了很久，一直没有贴出来。"


def test_a_notice_goes_the_whole_way_and_stands_its_days(town: Town, visit: Visit) -> None:
    people = steps.settle(town, resident=ASKS)
    due = steps.let_fall_due(town, "accounts", days=3)
    clerk, director = visit(people.clerk, size=DESK), visit(people.director, size=DESK)
    draft = write(clerk, f"/notices/drafts/new?due={due}")
    review(clerk, visit(people.supervisor), draft)
    notice = post(director, draft)
    reader = visit()
    find(reader, notice)
    print_sheet(reader, notice)
    ask(visit(people.resident), director, notice)
    stand(town, clerk, reader, notice)


def write(clerk: Visitor, form: str) -> str:
    """Write a draft; one with somebody's telephone number in it is not taken. Returns its address."""
    clerk.open(form)
    assert clerk.field("What does the notice answer?").input_value().startswith("due:")
    clerk.fill("Title", TITLE)
    clerk.fill("Text", ACCOUNTS.format(phone=PHONE))
    clerk.press("Save the draft")
    draft = clerk.path
    clerk.press("Hand it in", status=422)
    place = words("Line %(number)s, %(kind)s:", number=2, kind=words("telephone number"))
    clerk.sees(words("A number stands in the text", num=1), place)
    assert clerk.main.locator(".number-places mark").all_inner_texts() == [SHOWN]
    clerk.open(draft)
    clerk.press("Change it")
    clerk.fill("Text", ACCOUNTS.format(phone="12345"))
    clerk.press("Save the draft")
    clerk.press("Hand it in")
    clerk.sees(words("The supervision committee has the draft now."))
    return draft


def review(clerk: Visitor, supervisor: Visitor, draft: str) -> None:
    """The supervision committee objects, the clerk changes the text as asked, and it objects no more."""
    judge(supervisor, draft, "There is an objection", objection="请写明结余。")
    clerk.open(draft)
    clerk.sees("请写明结余。")
    clerk.press("Answer the objection")
    clerk.tick("The notice is changed as asked")
    clerk.fill("Answer to the supervision committee", "已补上结余。")
    clerk.fill("Text", BALANCE)
    clerk.press("Give it back to the supervision committee")
    clerk.sees(words("Taken: the text was changed"), BALANCE)
    judge(supervisor, draft, "No objection")


def judge(supervisor: Visitor, draft: str, verdict: str, *, objection: str = "") -> None:
    supervisor.open(draft)
    # The two verdicts begin alike in Chinese.
    supervisor.main.get_by_label(words(verdict), exact=True).check()
    supervisor.main.get_by_label(words("The objection"), exact=True).fill(objection)
    supervisor.press("Say so")
    supervisor.sees(words("The committee sees what you said."))


def post(director: Visitor, draft: str) -> str:
    """Record the joint meeting and post the notice; return its address."""
    director.open(draft)
    assert not director.button("Post the notice").count()
    director.fill("Held elsewhere: on which day?", day_of(datetime.now(UTC)).isoformat())
    director.fill("What it said about the notice", "同意公布。")
    director.press("Record the meeting")
    director.press("Post the notice")
    director.sees(TITLE, BALANCE, words("done in time"), words("%(num)s objection, answered", num=1))
    return director.path


def find(reader: Visitor, notice: str) -> None:
    """Find the notice by words within its text, and read the same on its page, the sheet and the wall."""
    reader.open("/notices/")
    reader.fill("Words in it", "路灯")
    reader.press("Show")
    reader.sees(words("No notice fits"))
    reader.fill("Words in it", "票据齐全")
    reader.press("Show")
    assert reader.main.locator("mark").first.inner_text() == "票据齐全"
    reader.follow(TITLE)
    assert reader.path == notice
    reader.sees(BALANCE)
    reader.open("/notices/screen")
    reader.sees(TITLE, BALANCE)
    reader.open(notice)
    reader.follow("Sheet for the board, on A4")
    reader.sees(TITLE, BALANCE)


def print_sheet(reader: Visitor, notice: str) -> None:
    """Fetch the sheet as PDF from its page, and look at the paper."""
    address = reader.page.get_by_role("link", name=words("As PDF")).get_attribute("href")
    answer = reader.context.request.get(f"{reader.url}{address}")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    steps.look_at_sheet(
        answer.body(),
        title=TITLE,
        text=BALANCE,
        period=reader.main.locator(".sheet__period").inner_text(),
        address=reader.url + notice,
    )


def ask(resident: Visitor, director: Visitor, notice: str) -> None:
    """A resident asks, the committee answers, and the resident asks on: the time for an answer runs again."""
    resident.open(notice)
    resident.press("Put a query")
    resident.fill("Your query", QUERY)
    resident.press("Put the query")
    resident.sees(QUERY, ASKS, words("Your query is public, and the time for its answer has begun."))
    assert not resident.link("Ask on").count()
    director.open(notice)
    director.press("Reply to this query")
    director.fill("The answer", REPLY)
    director.press("Publish the answer")
    director.sees(QUERY, REPLY, "林晓燕")
    resident.open(notice)
    resident.sees(REPLY)
    resident.follow("Ask on")
    resident.fill("Your query", FURTHER)
    resident.press("Put the question")
    resident.sees(QUERY, REPLY, FURTHER)
    director.open(notice)
    director.sees(FURTHER)
    assert director.button("Reply to this query").is_visible()


def stand(town: Town, clerk: Visitor, reader: Visitor, notice: str) -> None:
    """The sheet may come off the board after fifteen days and not before; then the posting is over."""
    clerk.open(notice)
    clerk.press("The sheet hangs on the board")
    clerk.press("The sheet is off the board", status=409)
    clerk.sees(words("The rules do not allow this yet"), "居务公开的内容公布不少于十五日。")
    assert steps.pass_days(town, 14).expired == 0
    clerk.open(notice)
    clerk.press("The sheet is off the board", status=409)
    # The period goes on to the end of its last day.
    assert steps.pass_days(town, 2).expired == 1
    clerk.open(notice)
    clerk.press("The sheet is off the board")
    clerk.sees(words("Recorded: the sheet is off the board."))
    reader.open(notice)
    reader.sees(words("Posting over"), BALANCE, words("Taken down"))
    reader.open("/notices/screen")
    assert TITLE not in reader.text


def test_what_is_missing_turns_red_and_is_complained_about_in_confidence(
    town: Town, visit: Visit, tmp_path: Path
) -> None:
    people = steps.settle(town, resident=COMPLAINS)
    steps.let_fall_due(town, "government_money", days=2)
    reader, item = visit(), words("Use of money and goods from the government")
    wait(reader, item)
    assert steps.pass_days(town, 2).missing == 0
    wait(reader, item)
    assert steps.pass_days(town, 1).missing == 1
    turn_red(reader, item)
    complaint = complain(visit(people.resident), item, tmp_path)
    keep_confidence(visit, people, complaint)


def wait(reader: Visitor, item: str) -> None:
    """Until its last day is over, the item is due and not missing."""
    for address in ("/notices/", "/notices/screen"):
        reader.open(address)
        assert item not in reader.text
    reader.open("/notices/due")
    reader.sees(item, words("Nothing is missing"))


def turn_red(reader: Visitor, item: str) -> None:
    """What did not come stands in a red frame on the board, among what must be posted, and on the wall."""
    frames = {
        "/notices/": ".missing",
        "/notices/due": ".missing",
        "/notices/screen": ".notice-wall__missing",
    }
    for address, name in frames.items():
        reader.open(address)
        frame = reader.main.locator(name)
        assert item in frame.inner_text()
        assert steps.is_red(frame)
    reader.open("/notices/due")
    reader.sees(words("overdue by %(num)s day", num=1))


def complain(resident: Visitor, item: str, folder: Path) -> str:
    """Complain from the list of what is missing, get letter and package; return the complaint's address."""
    resident.open("/notices/due")
    resident.follow("Complain that it is missing")
    resident.fill("What you have to say about it", COMPLAINT)
    resident.press("File the complaint")
    resident.sees(item, COMPLAINT, "松河街道办事处", words("filed, not handed over yet"))
    complaint = resident.path
    with resident.page.expect_download() as coming:
        resident.button("Download the package").click()
    package = folder / "package.zip"
    coming.value.save_as(package)
    look_at_package(resident, package, item)
    resident.press("The letter, to print and sign")
    resident.sees("松河街道办事处：", item, COMPLAINT, COMPLAINS, digest_of(package))
    return complaint


def look_at_package(resident: Visitor, package: Path, item: str) -> None:
    """The package verifies, is the one the page names, and says what is missing but not who complains."""
    result = steps.verify_package(package)
    assert result.exit_code == 0, result.output
    assert item in result.output
    resident.sees(digest_of(package))
    with zipfile.ZipFile(package) as opened:
        said = b"".join(map(opened.read, opened.namelist())).decode()
    assert item in said
    assert not [one for one in (COMPLAINS, COMPLAINT) if one in said]


def digest_of(package: Path) -> str:
    return hashlib.sha256(package.read_bytes()).hexdigest()


def keep_confidence(visit: Visit, people: People, complaint: str) -> None:
    """The residents' committee sees that there is a complaint, and nowhere whose; the supervisors do."""
    for who in (people.director, people.clerk):
        officer = visit(who, size=DESK)
        officer.checks = False
        for address in (complaint, "/notices/complaints", "/register", "/"):
            officer.open(address)
            said = officer.page.content()
            assert not [one for one in (COMPLAINS, COMPLAINT) if one in said], address
        officer.open(f"{complaint}/letter", status=403)
        answer = officer.context.request.get(f"{officer.url}{complaint}/package.zip")
        assert answer.status == 403
    supervisor = visit(people.supervisor)
    supervisor.open(complaint)
    supervisor.sees(COMPLAINS, COMPLAINT)
