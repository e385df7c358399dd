"""What is kept shows no change late, and nobody what is another's."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from civicforum.accounts.models import SignInSession
from civicforum.accounts.rules import Actor
from civicforum.accounts.services import end_session
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.drafts.models import Draft, DraftComment
from civicforum.kept import answering
from civicforum.kept.store import Store
from civicforum.matters.models import Comment, Matter
from civicforum.matters.rules import HideReason, Stage
from civicforum.matters.services.commenting import add_comment, hide_comment
from civicforum.people.models import Community, Person
from tests.factories import sign_in
from tests.integration.matters.carrying import Place, make_matter_at, make_place
from tests.support.statements import count_statements

NOW = datetime.now(UTC)
# On the body of a page in the elder view.
LARGE = 'govuk-template__body elder"'


@pytest.fixture
def place(client: FlaskClient, kept: Store) -> Place:
    with client.application.app_context():
        return make_place()


@pytest.fixture
def matter_id(client: FlaskClient, place: Place) -> uuid.UUID:
    with client.application.app_context():
        return make_matter_at(place, Stage.RAISED)


def somebody(client: FlaskClient, login: str = "", language: str = "en") -> FlaskClient:
    """Return another browser, signed in where a login is given, that has not acted for a while."""
    other = client.application.test_client()
    other.get(f"/language/{language}")
    if login:
        sign_in(other, login)
    return other


def is_from_kept(visitor: FlaskClient, address: str) -> tuple[bool, TestResponse]:
    """Ask for a page and tell whether it was answered with the one statement that asks who asks."""
    with count_statements() as counted:
        answer = visitor.get(address)
    return counted.total <= 2, answer


def say(client: FlaskClient, place: Place, matter_id: uuid.UUID, text: str) -> uuid.UUID:
    with client.application.app_context():
        return add_comment(matter_id=matter_id, actor=place.residents[1], text=text, parent_id=None, now=NOW)


def test_a_page_is_made_once_for_all_visitors(client: FlaskClient, place: Place) -> None:
    first, second = is_from_kept(somebody(client), "/"), is_from_kept(somebody(client), "/")
    assert not first[0]
    assert second[0]
    assert second[1].text == first[1].text


def test_what_a_journal_entry_tells_of_shows_at_the_next_look(
    client: FlaskClient, place: Place, matter_id: uuid.UUID
) -> None:
    for reader in (somebody(client), somebody(client, "resident2")):
        address = f"/matters/{matter_id}"
        reader.get(address)
        assert is_from_kept(reader, address)[0]
        text = f"said {uuid.uuid4()}"
        say(client, place, matter_id, text)
        assert text in reader.get(address).text


def test_a_hidden_text_is_gone_at_the_next_look(
    client: FlaskClient, place: Place, matter_id: uuid.UUID
) -> None:
    comment_id = say(client, place, matter_id, "an insult")
    reader, address = somebody(client), f"/matters/{matter_id}"
    assert "an insult" in reader.get(address).text
    with client.application.app_context():
        hide_comment(
            matter_id=matter_id,
            comment_id=comment_id,
            reason=HideReason.PERSONAL_ATTACK,
            actor=place.actors[Role.COMMITTEE],
            now=NOW,
        )
    assert "an insult" not in reader.get(address).text


def test_a_change_without_an_entry_shows_after_five_seconds(
    client: FlaskClient, place: Place, matter_id: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment_id = say(client, place, matter_id, "before")
    reader, address = somebody(client), f"/matters/{matter_id}"
    reader.get(address)
    with client.application.app_context():
        db.session.get_one(Comment, comment_id).text = "after"
        db.session.commit()
    assert "before" in reader.get(address).text
    at = answering.time.monotonic()
    monkeypatch.setattr(answering.time, "monotonic", lambda: at + 5)
    assert "after" in reader.get(address).text


def test_who_sent_a_form_sees_at_once_what_no_journal_knows(
    client: FlaskClient, place: Place, matter_id: uuid.UUID
) -> None:
    reader = somebody(client, "resident2")
    reader.get("/matters")
    assert is_from_kept(reader, "/matters")[0]
    reader.post(f"/matters/{matter_id}/second")
    reader.get("/matters")
    assert not is_from_kept(reader, "/matters")[0]


def test_two_people_see_their_own_name_and_nothing_of_each_other(client: FlaskClient, place: Place) -> None:
    with client.application.app_context():
        people = [db.session.get_one(Person, actor.person_id) for actor in place.residents[:2]]
        names = [person.name for person in people]
        people[1].name = names[1] = "<b>Li & Wang</b>"
        db.session.commit()
    first, second = somebody(client, "resident0"), somebody(client, "resident1")
    assert names[0] in first.get("/bodies").text
    from_kept, answer = is_from_kept(second, "/bodies")
    assert from_kept
    assert "&lt;b&gt;Li &amp; Wang&lt;/b&gt;" in answer.text
    assert names[0] not in answer.text
    assert answering.NAME_MARK not in answer.text


def name_of(client: FlaskClient, person: Actor) -> str:
    with client.application.app_context():
        return db.session.get_one(Person, person.person_id).name


def make_draft(place: Place) -> Draft:
    """Put a draft out on which everybody may comment, with no entry in the journal."""
    draft = Draft(
        community_id=place.community_id,
        title="小区公约修订稿",
        text="第一条 遛狗拴绳。",
        put_out_at=NOW,
        put_out_by_id=place.actors[Role.COMMITTEE].person_id,
        until=NOW + timedelta(days=10),
        profile=db.session.get_one(Community, place.community_id).profile,
    )
    db.session.add(draft)
    db.session.commit()
    db.session.refresh(draft)
    db.session.expunge(draft)
    return draft


def comment_on(draft: Draft, author: Actor) -> DraftComment:
    return DraftComment(
        community_id=draft.community_id,
        draft_id=draft.id,
        number=1,
        author_id=author.person_id,
        text="同意。",
        made_at=NOW,
    )


def test_home_is_made_once_for_all_for_whom_the_same_waits(client: FlaskClient, place: Place) -> None:
    first, second = somebody(client, "resident1"), somebody(client, "resident2")
    assert name_of(client, place.residents[1]) in first.get("/").text
    with count_statements() as counted:
        page = second.get("/").text
    assert counted.total <= 4, "who asks, and what waits; nothing of the community"
    assert name_of(client, place.residents[2]) in page
    assert name_of(client, place.residents[1]) not in page
    assert is_from_kept(second, "/")[0], "nor what waits, a moment later"


def test_home_shows_what_waits_for_one_to_nobody_else(client: FlaskClient, place: Place) -> None:
    first, second = somebody(client, "resident1"), somebody(client, "resident2")
    with client.application.app_context():
        own = make_matter_at(place, Stage.DRAFT)
        matter = db.session.get_one(Matter, own)
        matter.author_id, matter.title = place.residents[1].person_id, "still to be finished"
        db.session.commit()
    for reader, is_theirs in ((first, True), (second, False), (first, True)):
        assert ("still to be finished" in reader.get("/").text) is is_theirs


def test_home_shows_what_one_raised_to_nobody_else(
    client: FlaskClient, place: Place, matter_id: uuid.UUID
) -> None:
    with client.application.app_context():
        title = db.session.get_one(Matter, matter_id).title
    author, other = somebody(client, "resident0"), somebody(client, "resident1")
    for reader, is_theirs in ((author, True), (other, False), (author, True)):
        assert (title in reader.get("/").text) is is_theirs


def test_home_made_after_something_was_done_is_not_for_those_for_whom_it_still_waits(
    client: FlaskClient, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with client.application.app_context():
        draft = make_draft(place)
    done, waiting = somebody(client, "resident1"), somebody(client, "resident2")
    at = answering.time.monotonic()
    assert draft.title in waiting.get("/").text
    # The page made for the other is found, and noted is that this one needs the same.
    monkeypatch.setattr(answering.time, "monotonic", lambda: at + 4)
    assert draft.title in done.get("/").text
    with client.application.app_context():
        db.session.add(comment_on(draft, place.residents[1]))
        db.session.commit()
    # The page is too old now, and what was noted is not.
    monkeypatch.setattr(answering.time, "monotonic", lambda: at + 6)
    assert draft.title not in done.get("/").text
    assert draft.title in waiting.get("/").text


def test_each_gets_a_token_of_the_own_session(client: FlaskClient, place: Place) -> None:
    def tokens(reader: FlaskClient) -> set[str]:
        return set(re.findall(r'name="csrf_token" value="([^"]+)"', reader.get("/bodies").text))

    first, second = somebody(client, "resident0"), somebody(client, "resident1")
    of_first, of_second = tokens(first), tokens(second)
    assert of_first
    assert of_second
    assert not of_first & of_second
    with second.session_transaction() as cookie:
        raw = cookie["csrf_token"]
    assert all(_raw(client, token) == raw for token in of_second)


def _raw(client: FlaskClient, token: str) -> object:
    secret = client.application.config["SECRET_KEY"]
    return URLSafeTimedSerializer(secret, salt="wtf-csrf-token").loads(token)


def test_posts_and_languages_have_pages_of_their_own(client: FlaskClient, place: Place) -> None:
    somebody(client, "resident0").get("/meetings/")
    assert "/meetings/plan" in somebody(client, "committee").get("/meetings/").text
    assert "/meetings/plan" not in somebody(client, "resident1").get("/meetings/").text
    assert 'lang="zh-Hans"' in somebody(client, "resident1", "zh_Hans").get("/meetings/").text


def test_who_signs_out_reads_as_a_visitor(client: FlaskClient, place: Place) -> None:
    reader = somebody(client, "resident0")
    assert "/sign-out" in reader.get("/bodies").text
    reader.post("/sign-out")
    assert "/sign-out" not in reader.get("/bodies").text


def test_a_session_ended_elsewhere_is_over_at_the_next_look(client: FlaskClient, place: Place) -> None:
    reader = client.application.test_client()
    session_id = sign_in(reader, "resident0")
    reader.get("/bodies")
    assert is_from_kept(reader, "/bodies")[0]
    with client.application.app_context():
        account_id = db.session.get_one(SignInSession, session_id).account_id
        end_session(session_id=session_id, account_id=account_id, now=datetime.now(UTC))
    assert "/sign-out" not in reader.get("/bodies").text


def test_whoever_has_a_part_in_a_matter_gets_the_page_made(
    client: FlaskClient, place: Place, matter_id: uuid.UUID
) -> None:
    say(client, place, matter_id, "mine")
    address = f"/matters/{matter_id}"
    for login, is_kept in (("resident0", False), ("resident1", False), ("resident2", True)):
        reader = somebody(client, login)
        reader.get(address)
        assert is_from_kept(reader, address)[0] == is_kept, login


def test_two_communities_are_kept_apart(client: FlaskClient, place: Place) -> None:
    with client.application.app_context():
        other = make_place(suffix="-other")
        make_matter_at(other, Stage.RAISED)
    first, second = somebody(client, "resident0"), somebody(client, "resident0-other")
    assert "/matters/" not in re.sub(r"/matters/(new|overdue|\?)", "", main_of(first.get("/matters")))
    assert "坡道" in main_of(second.get("/matters"))
    visitor = somebody(client)
    visitor.get(f"/communities/{place.community_id}")
    assert "坡道" not in main_of(visitor.get("/matters"))
    visitor.get(f"/communities/{other.community_id}")
    assert "坡道" in main_of(visitor.get("/matters"))


def test_elder_view_and_the_usual_one_are_kept_apart(client: FlaskClient, place: Place) -> None:
    usual, large = somebody(client), somebody(client)
    large.get("/elder/on")
    assert LARGE not in usual.get("/bodies").text
    assert LARGE in large.get("/bodies").text
    for reader, is_large in ((usual, False), (large, True)):
        from_kept, answer = is_from_kept(reader, "/bodies")
        assert from_kept
        assert (LARGE in answer.text) == is_large


def test_each_name_of_the_site_has_pages_of_its_own(client: FlaskClient, place: Place) -> None:
    """A page names its own address in its links to itself; of another name it would lead astray."""
    reader = somebody(client)
    sites = ("http://one.example", "http://two.example")
    for site in sites:
        with count_statements() as counted:
            reader.get("/bodies", base_url=site)
        assert counted.total > 2
    for site in sites:
        with count_statements() as counted:
            reader.get("/bodies", base_url=site)
        assert counted.total <= 2


def main_of(answer: TestResponse) -> str:
    return answer.text.split("<main", 1)[1].split("</main>", 1)[0]


def test_a_browser_that_has_the_page_is_told_so(client: FlaskClient, place: Place) -> None:
    reader = somebody(client, "resident0")
    reader.get("/bodies")
    tag = reader.get("/bodies").headers["ETag"]
    again = reader.get("/bodies", headers={"If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""
    assert somebody(client, "resident1").get("/bodies", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("address", ["/matters?page=x" + "x" * 400, "/sign-in", "/reports", "/healthz"])
def test_what_is_not_listed_or_too_long_is_not_kept(
    client: FlaskClient, place: Place, kept: Store, address: str
) -> None:
    somebody(client).get(address)
    assert kept.bytes_kept == 0


def test_a_page_with_a_message_on_it_is_not_kept(client: FlaskClient, place: Place, kept: Store) -> None:
    reader = somebody(client)
    with reader.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "only for you")]
    assert "only for you" in reader.get("/bodies").text
    assert kept.bytes_kept == 0


def test_nobody_gets_the_page_of_somebody_whose_rights_changed_while_it_was_made(
    client: FlaskClient, place: Place, kept: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = answering.find_viewer

    def changing(*given: object, **named: object) -> object:
        viewer = original(*given, **named)  # type: ignore[arg-type]
        calls.append(viewer)
        return viewer if len(calls) % 2 else None

    calls: list[object] = []
    monkeypatch.setattr(answering, "find_viewer", changing)
    somebody(client, "resident0").get("/bodies")
    assert len(calls) == 2
    assert kept.bytes_kept == 0


def test_last_seen_is_still_noted(client: FlaskClient, place: Place) -> None:
    reader = client.application.test_client()
    session_id = sign_in(reader, "resident0")
    reader.get("/bodies")
    with client.application.app_context():
        db.session.get_one(SignInSession, session_id).seen_at = NOW - timedelta(hours=1)
        db.session.commit()
    reader.get("/bodies")
    with client.application.app_context():
        assert db.session.get_one(SignInSession, session_id).seen_at > NOW - timedelta(minutes=1)
