"""Letters on paper: who gets one, what a code in it opens, and what is left of them."""

from __future__ import annotations

import io
import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.accounts.errors import SignInRefused
from civicforum.accounts.models import Account, OneTimeCode, SignInSession
from civicforum.accounts.services import sign_in_with_code
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.inbox import queries_paper
from civicforum.inbox.models import Contact, Letter, LetterPart, LetterRun
from civicforum.inbox.rules_paper import RunState
from civicforum.inbox.rules_told import Channel
from civicforum.inbox.services import paper
from civicforum.notices.errors import PersonalData
from civicforum.people.models import Community, Person
from civicforum.printing import find_chromium
from civicforum.records.models import JournalEntry
from tests.factories import (
    NOW,
    actor_of,
    make_account,
    make_community,
    make_household,
    make_officer,
    make_person,
    sign_in,
)
from tests.support.letters import ask, make_households, print_run

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="no Chromium prints here")
WORDS = {"title": "停水通知", "text": "明日停水。", "call": "社区窗口"}


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def clerk(community: Community) -> Person:
    return make_officer(community, Role.CLERK)


@pytest.fixture
def no_chromium(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", "/nowhere/chromium")


def html_of(session: Session, run_id: uuid.UUID) -> str:
    run = session.get_one(LetterRun, run_id, populate_existing=True)
    return b"".join(queries_paper.read_parts(session, run=run)).decode()


def codes_in(html: str) -> list[tuple[str, str]]:
    """Return login and code of each letter on the page."""
    found = re.findall(r"<b>([^<]+)</b><br>[^<]*<b>(\d{4}) (\d{4})</b>", html)
    return [(login, first + last) for login, first, last in found]


def enter(login: str, code: str, *, now: datetime) -> uuid.UUID:
    return sign_in_with_code(login=login, code=code, address="10.0.0.1", device="", now=now)


def addressed(session: Session, community: Community) -> set[str]:
    people = session.scalars(queries_paper.addressees(session, community_id=community.id, now=NOW))
    return {person.name for person in people}


def test_households_with_a_channel_get_none(session: Session, community: Community) -> None:
    make_person(community, name="无渠道")
    home = make_household(community)
    make_person(community, name="邮箱之母", household=home)
    child = make_person(community, name="邮箱", household=home)
    seen, gone = make_person(community, name="常来"), make_person(community, name="久未登录")
    half = make_person(community, name="未确认")
    for person, channel_since in ((child, NOW), (half, None)):
        session.add(
            Contact(
                community_id=community.id, person_id=person.id, channel=Channel.EMAIL, address="a@b.example",
                added_at=NOW, verified_at=channel_since,
            )
        )  # fmt: skip
    for person, days in ((seen, 89), (gone, 91)):
        at = NOW - timedelta(days=days)
        session.add(
            SignInSession(account_id=make_account(person).id, started_at=at, seen_at=at, expires_at=at)
        )
    session.commit()
    assert addressed(session, community) == {"无渠道", "久未登录", "未确认"}


def test_the_letter_goes_to_an_adult_without_powers_whose_account_is_open(
    session: Session, community: Community
) -> None:
    home = make_household(community)
    make_person(community, name="孩子", number="A1", born_on=NOW.date().replace(year=2015), household=home)
    make_person(community, name="搬走", number="A2", household=home, left_on=NOW.date())
    closed = make_person(community, name="已停用", number="A3", household=home)
    make_account(closed).disabled_at = NOW
    make_person(community, name="成年人", number="A4", household=home)
    make_officer(community, Role.COMMITTEE, name="主任")
    session.commit()
    assert addressed(session, community) == {"成年人"}
    found = queries_paper.preview(session, community_id=community.id, now=NOW, number=1)
    assert (found.households, found.unreached, found.letters, found.without_addressee) == (2, 2, 1, 1)
    assert [count for _name, count in found.by_grid] == [1]


@pytest.mark.usefixtures("no_chromium")
def test_a_code_of_a_letter_signs_in_once_within_thirty_days(
    session: Session, community: Community, clerk: Person
) -> None:
    make_households(community, count=3)
    run_id = print_run(actor_of(clerk, Role.CLERK))
    letters = codes_in(html_of(session, run_id))
    assert len(letters) == 3
    (first, code), (second, late), _third = letters
    # The counters for failed attempts look at the clock of the call.
    account = session.get_one(SignInSession, enter(first, code, now=NOW + timedelta(days=29))).account
    assert account.login == first
    with pytest.raises(SignInRefused):
        enter(first, code, now=NOW + timedelta(days=29, minutes=1))
    with pytest.raises(SignInRefused):
        enter(second, late, now=NOW + timedelta(days=30))
    assert queries_paper.count_used(session, run_id=run_id) == 1


@pytest.mark.usefixtures("no_chromium")
def test_a_new_run_makes_the_codes_of_the_one_before_worthless(
    session: Session, community: Community, clerk: Person
) -> None:
    make_households(community, count=1)
    actor = actor_of(clerk, Role.CLERK)
    [(login, old)] = codes_in(html_of(session, print_run(actor)))
    later = NOW + timedelta(hours=1)
    assert queries_paper.preview(session, community_id=community.id, now=later, number=1).replaced == 1
    [(_same, new)] = codes_in(html_of(session, print_run(actor, now=later)))
    with pytest.raises(SignInRefused):
        enter(login, old, now=later)
    assert enter(login, new, now=later)


@pytest.mark.usefixtures("no_chromium")
def test_a_killed_worker_begins_anew_with_other_codes(
    session: Session, community: Community, clerk: Person
) -> None:
    make_households(community, count=2)
    run_id = ask(actor_of(clerk, Role.CLERK))
    assert paper._begin(run_id, NOW) is not None
    paper._next_sheets(run_id, sign_in_url="", now=NOW)
    paper.print_letters(run_id=run_id, clock=lambda: NOW + timedelta(minutes=9))
    assert len(codes_in(html_of(session, run_id))) == 2
    counting = select(func.count()).where(OneTimeCode.expires_at > NOW + timedelta(days=1))
    assert session.scalar(counting) == 2


def test_a_run_that_cannot_be_printed_leaves_no_code_that_counts(
    session: Session, community: Community, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_households(community, count=2)
    run_id = ask(actor_of(clerk, Role.CLERK))
    monkeypatch.setattr(paper, "print_pdf", lambda html: 1 / 0)
    paper.print_letters(run_id=run_id, clock=lambda: NOW)
    assert session.get_one(LetterRun, run_id, populate_existing=True).state is RunState.FAILED
    assert session.scalars(select(OneTimeCode.id).where(OneTimeCode.expires_at > NOW)).all() == []


@pytest.mark.usefixtures("no_chromium")
def test_whoever_was_given_powers_since_gets_none(
    session: Session, community: Community, clerk: Person
) -> None:
    make_households(community, count=2)
    run_id = ask(actor_of(clerk, Role.CLERK))
    one = session.scalars(select(Letter).where(Letter.run_id == run_id)).first()
    assert one is not None
    make_account(session.get_one(Person, one.person_id)).disabled_at = NOW
    session.commit()
    paper.print_letters(run_id=run_id, clock=lambda: NOW)
    assert len(codes_in(html_of(session, run_id))) == 1


@pytest.mark.usefixtures("no_chromium")
def test_the_journal_names_the_run_and_counts_and_neither_people_nor_codes(
    session: Session, community: Community, clerk: Person
) -> None:
    make_households(community, count=2)
    actor = actor_of(clerk, Role.CLERK)
    run_id = print_run(actor)
    letters = codes_in(html_of(session, run_id))
    paper.note_download(run_id=run_id, actor=actor, now=NOW)
    paper.delete_letters(run_id=run_id, actor=actor, now=NOW)
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_id == run_id).order_by(JournalEntry.sequence)
    ).all()
    assert [entry.action for entry in entries] == [
        "letters.ask", "letters.print", "letters.download", "letters.delete",
    ]  # fmt: skip
    assert all(entry.payload == {"letters": 2} and not entry.is_public for entry in entries)
    assert not any(code in str(entry.payload) for entry in entries for _login, code in letters)
    assert session.scalars(select(LetterPart.run_id)).all() == []
    with pytest.raises(NotFound):
        paper.note_download(run_id=run_id, actor=actor, now=NOW)


@pytest.mark.usefixtures("no_chromium")
def test_the_file_is_deleted_after_a_day(session: Session, community: Community, clerk: Person) -> None:
    make_households(community, count=1)
    run_id = print_run(actor_of(clerk, Role.CLERK))
    assert paper.forget_letters(now=NOW + timedelta(hours=23)) == 0
    assert paper.forget_letters(now=NOW + timedelta(days=1)) == 1
    run = session.get_one(LetterRun, run_id, populate_existing=True)
    assert run.state is RunState.DELETED
    assert session.scalars(select(LetterPart.run_id)).all() == []


def test_what_cannot_be_sent_is_refused(session: Session, community: Community, clerk: Person) -> None:
    actor = actor_of(clerk, Role.CLERK)
    with pytest.raises(Invalid, match="nobody"):
        ask(actor)
    make_households(community, count=1)
    with pytest.raises(PersonalData):
        ask(actor, text="请打 13812345678 给老王。")
    with pytest.raises(Invalid, match="lines"):
        ask(actor, text="行\n" * 16)
    with pytest.raises(NotEligible):
        ask(actor_of(clerk))
    with pytest.raises(NotEligible):
        paper.note_download(run_id=uuid.uuid4(), actor=actor_of(clerk), now=NOW)


def test_two_clicks_make_one_run(session: Session, community: Community, clerk: Person) -> None:
    make_households(community, count=1)
    actor, key = actor_of(clerk, Role.CLERK), uuid.uuid4()
    ask(actor, run_id=key)
    for again in (key, uuid.uuid4()):
        with pytest.raises(AlreadyDone):
            ask(actor, run_id=again)
    assert session.scalar(select(func.count()).select_from(LetterRun)) == 1


def test_the_pages_show_preview_progress_and_file(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", "/nowhere/chromium")
    with client.application.app_context():
        community = make_community()
        make_households(community, count=2)
        make_officer(community, Role.CLERK, login="clerk")
        make_account(make_person(community), login="resident")
        make_officer(make_community(name="邻居社区"), Role.CLERK, login="other")
    client.get("/language/en")
    sign_in(client, "clerk")
    page = client.get("/letters").get_data(as_text=True)
    assert "桂花路1号2单元301室" in page
    assert "letters would be printed" in page
    bad = client.post("/letters", data={**WORDS, "text": "身份证 11010519491231002X"})
    assert (bad.status_code, "Take it out" in bad.text) == (422, True)
    key = str(uuid.uuid4())
    for _click in range(2):
        answer = client.post("/letters", data={**WORDS, "key": key})
        assert (answer.status_code, answer.location) == (303, f"/letters/{key}")
    assert "<progress" in client.get(f"/letters/{key}").text
    with client.application.app_context():
        paper.print_letters(run_id=uuid.UUID(key), clock=lambda: datetime.now(UTC))
    assert "This server has no Chromium" in client.get(f"/letters/{key}").text
    file = client.post(f"/letters/{key}/file")
    assert "attachment" in file.headers["Content-Disposition"]
    assert len(codes_in(file.text)) == 3
    sign_in(client, "other")
    assert [client.get(f"/letters/{key}").status_code, client.post(f"/letters/{key}/file").status_code] == [
        404, 404,
    ]  # fmt: skip
    sign_in(client, "resident")
    assert client.get("/letters").status_code == 403
    sign_in(client, "clerk")
    assert client.post(f"/letters/{key}/delete").status_code == 303
    assert client.post(f"/letters/{key}/file").status_code == 404


@needs_chromium
def test_sixty_letters_are_sixty_pages_of_a4_and_their_codes_sign_in(
    session: Session, community: Community, clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_households(community, count=60)
    done: list[int] = []
    note = paper._note_done
    monkeypatch.setattr(paper, "_note_done", lambda run_id, count: (done.append(count), note(run_id, count)))
    run_id = print_run(actor_of(clerk, Role.CLERK))
    assert done == [25, 50, 60]
    run = session.get_one(LetterRun, run_id, populate_existing=True)
    content = b"".join(queries_paper.read_parts(session, run=run))
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 60
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in pages} == {(595, 842)}
    logins = set(session.scalars(select(Account.login).where(Account.password_hash.is_(None))))
    words = pages[40].extract_text()
    code = re.search(r"(\d{4}) (\d{4})", words)
    login = next(login for login in logins if re.search(rf"\b{re.escape(login)}\b", words))
    assert code is not None
    assert enter(login, code[1] + code[2], now=NOW)
