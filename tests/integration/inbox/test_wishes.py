"""Messages on the site, and the page on which somebody chooses what they are told, and where."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.errors import Invalid, NotFound
from civicforum.inbox.letters import unsubscribe_address
from civicforum.inbox.models import Choice, Contact, Notification, OutboxMessage
from civicforum.inbox.rules_told import CODE_ATTEMPTS, Channel, MessageState, Topic, Wish
from civicforum.inbox.services.addresses import confirm_address, set_address
from civicforum.inbox.services.wishes import save_wishes
from civicforum.inbox.telling import tell
from civicforum.people.models import Person
from tests.factories import actor_of, make_community, make_officer, make_person, sign_in
from tests.integration.inbox.told import MORNING, add_address, messages, telling

KEY = "key of the test"


@pytest.fixture
def reader(client: FlaskClient) -> Iterator[uuid.UUID]:
    """Somebody signed in at a site that sends mail and knows its address."""
    app = client.application
    kept = app.config["CIVICFORUM"]
    app.config["CIVICFORUM"] = replace(
        kept,
        smtp_url="smtp+plain://127.0.0.1:9",
        mail_from="notice@example.cn",
        site_url="https://minyi.example.cn",
    )
    with app.app_context():
        community = make_community()
        person_id = make_officer(community, Role.RESIDENT, login="reader").id
        make_officer(community, Role.ADMIN, login="admin")
    client.get("/language/en")
    sign_in(client, "reader")
    yield person_id
    app.config["CIVICFORUM"] = kept


def tell_reader(
    client: FlaskClient, person_id: uuid.UUID, *titles: str, topic: Topic = Topic.MATTERS
) -> None:
    with client.application.app_context(), transaction() as session:
        person = session.get_one(Person, person_id)
        for title in titles:
            tell(
                session,
                community_id=person.community_id,
                person_ids=[person_id],
                telling=telling(title, topic=topic),
                now=MORNING,
            )


def give_address(client: FlaskClient, person_id: uuid.UUID, address: str = "li.fang@example.cn") -> None:
    with client.application.app_context():
        add_address(db.session.get_one(Person, person_id), address)


def test_what_is_new_is_counted_in_the_header_and_read_once_opened(
    client: FlaskClient, reader: uuid.UUID
) -> None:
    tell_reader(client, reader, "第一件事", "第二件事")
    page = client.get("/inbox").text
    assert re.search(r'count--bad">2<', page)
    assert page.count("told--unread") == 2
    opened = client.post(re.findall(r'action="(/inbox/[^"]+/open)"', page)[0])
    assert (opened.status_code, opened.location) == (303, "/")
    assert client.get("/inbox").text.count("told--unread") == 1
    client.post("/inbox/read")
    page = client.get("/inbox").text
    assert "told--unread" not in page
    assert "count--bad" not in page


def test_nobody_reads_what_another_is_told(client: FlaskClient, reader: uuid.UUID) -> None:
    tell_reader(client, reader, "只告诉一个人")
    path = re.findall(r'action="(/inbox/[^"]+/open)"', client.get("/inbox").text)[0]
    client.post("/sign-out")
    sign_in(client, "admin")
    assert "只告诉一个人" not in client.get("/inbox").text
    assert client.post(path).status_code == 404


def test_what_was_chosen_is_kept_and_what_the_law_asks_for_stays_on(
    client: FlaskClient, reader: uuid.UUID
) -> None:
    give_address(client, reader)
    page = client.get("/inbox/settings").text
    assert "cannot be switched off" in page.lower()
    assert 'value="votes:email"' not in page
    kept = {"digest": "daily", "quiet_from": "22", "quiet_until": "7", "on": ["matters:email"]}
    assert client.post("/inbox/settings", data=kept).status_code == 303
    page = client.get("/inbox/settings").text
    assert re.search(r'value="matters:email" checked', page)
    assert not re.search(r'value="notices:(?:app|email)" checked', page)
    tell_reader(client, reader, "公告", topic=Topic.NOTICES)
    tell_reader(client, reader, "投票", topic=Topic.VOTES)
    with client.application.app_context():
        assert db.session.scalars(select(Notification.title)).all() == ["投票"]


def test_a_form_that_is_not_ours_is_refused_and_nothing_typed_is_lost(
    client: FlaskClient, reader: uuid.UUID
) -> None:
    wrong = {"digest": "hourly", "quiet_from": "22", "quiet_until": "7", "on": ["drafts:app"]}
    answer = client.post("/inbox/settings", data=wrong)
    assert answer.status_code == 422
    assert re.search(r'value="drafts:app" checked', answer.text)
    assert re.search(r'<option value="22" selected', answer.text)


def test_an_address_is_confirmed_by_the_code_that_was_sent_there(
    client: FlaskClient, reader: uuid.UUID
) -> None:
    answer = client.post("/inbox/address", data={"channel": "email", "address": " li.fang@example.cn "})
    assert answer.status_code == 303
    with client.application.app_context():
        [message] = messages()
        code = re.findall(r"\d{6}", message.text)[0]
    assert "li.fang" not in client.get("/inbox/settings").text
    wrong = "000000" if code != "000000" else "111111"
    refused = client.post("/inbox/address/confirm", data={"channel": "email", "code": wrong})
    assert refused.status_code == 422
    assert "not the code we sent" in refused.text
    typed = f"{code[:3]} {code[3:]}"
    assert client.post("/inbox/address/confirm", data={"channel": "email", "code": typed}).status_code == 303
    assert "Confirmed" in client.get("/inbox/settings").text


@pytest.mark.parametrize(
    "address", ["", "li fang@example.cn", "a@example.cn\r\nBcc: b@example.cn", "a@b", "Li <a@example.cn>"]
)
def test_what_is_no_address_is_refused(client: FlaskClient, reader: uuid.UUID, address: str) -> None:
    answer = client.post("/inbox/address", data={"channel": "email", "address": address})
    assert answer.status_code == 422
    assert "There is a problem" in answer.text or "Please check" in answer.text
    with client.application.app_context():
        assert db.session.scalars(select(Contact)).all() == []


def test_a_channel_that_is_not_set_up_takes_no_address(client: FlaskClient, reader: uuid.UUID) -> None:
    answer = client.post("/inbox/address", data={"channel": "wechat", "address": "lifang"})
    assert answer.status_code == 422
    assert client.post("/inbox/address/pigeon/remove").status_code == 404


def test_a_code_is_tried_a_few_times_only_and_not_for_long(session: Session) -> None:
    actor = actor_of(make_person(make_community()))
    given = {"actor": actor, "channel": Channel.EMAIL, "key": KEY}
    set_address(**given, address="a@example.cn", sends=True, now=MORNING)  # type: ignore[arg-type]
    code = re.findall(r"\d{6}", messages()[0].text)[0]
    wrong = f"{(int(code) + 1) % 10**6:06}"
    with pytest.raises(Invalid, match="over"):
        confirm_address(**given, code=code, now=MORNING + timedelta(hours=2))  # type: ignore[arg-type]
    for _attempt in range(CODE_ATTEMPTS):
        with pytest.raises(Invalid, match="code"):
            confirm_address(**given, code=wrong, now=MORNING)  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="over"):
        confirm_address(**given, code=code, now=MORNING)  # type: ignore[arg-type]


def test_what_the_law_asks_for_cannot_be_switched_off(session: Session) -> None:
    actor = actor_of(make_person(make_community()))
    with pytest.raises(Invalid, match="statutory"):
        save_wishes(actor=actor, wish=Wish(), chosen={(Topic.VOTES, Channel.EMAIL): False})
    assert db.session.scalars(select(Choice)).all() == []


def test_one_click_ends_all_but_what_the_law_asks_for(client: FlaskClient, reader: uuid.UUID) -> None:
    give_address(client, reader)
    tell_reader(client, reader, "提议")
    tell_reader(client, reader, "投票", topic=Topic.VOTES)
    with client.application.app_context():
        path = unsubscribe_address(db.session.scalars(select(Contact)).one()).removeprefix(
            "https://minyi.example.cn"
        )
    client.post("/sign-out")
    client.application.config["WTF_CSRF_ENABLED"] = True
    try:
        assert client.get(path).status_code == 200
        with client.application.app_context():
            assert db.session.scalars(select(Choice)).all() == []
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
    finally:
        client.application.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    tell_reader(client, reader, "又一个提议")
    with client.application.app_context():
        states = db.session.execute(
            select(Notification.title, OutboxMessage.state)
            .join_from(OutboxMessage, OutboxMessage.items)
            .join(Notification)
        ).all()
        assert {tuple(row) for row in states} == {
            ("提议", MessageState.DROPPED),
            ("投票", MessageState.WAITING),
        }
    assert client.get(path + "x").status_code == 404


def test_a_stranger_cannot_unsubscribe_with_an_id(client: FlaskClient, reader: uuid.UUID) -> None:
    assert client.post(f"/inbox/unsubscribe/{uuid.uuid4().hex}").status_code == 404


def test_the_administrator_sees_what_failed_without_the_address_and_sends_it_again(
    client: FlaskClient, reader: uuid.UUID
) -> None:
    give_address(client, reader)
    tell_reader(client, reader, "提议")
    with client.application.app_context():
        [row] = messages()
        row.state, row.last_error = MessageState.FAILED, "recipient 550"
        db.session.commit()
    assert client.get("/outbox").status_code == 403
    client.post("/sign-out")
    sign_in(client, "admin")
    assert "Messages did not arrive" in client.get("/").text
    page = client.get("/outbox").text
    assert "recipient 550" in page
    assert "l***@example.cn" in page
    assert "li.fang" not in page
    assert client.post("/outbox/retry").status_code == 303
    with client.application.app_context():
        assert messages()[0].state is MessageState.WAITING


def test_to_confirm_what_was_never_entered_is_refused(session: Session) -> None:
    actor = actor_of(make_person(make_community()))
    with pytest.raises(NotFound):
        confirm_address(actor=actor, channel=Channel.SMS, code="123456", key=KEY, now=MORNING)
