"""Sending: to a real mail server, which may be down; each message once, whoever sends."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.database import db, transaction
from civicforum.inbox.channels import MailSender, Outgoing, Refused
from civicforum.inbox.models import Contact, Notification, OutboxMessage
from civicforum.inbox.rules_told import CLAIM_LASTS, WAITS, Channel, Digest, MessageState
from civicforum.inbox.services import sending
from civicforum.inbox.services.outbox import KEEP_NOTIFICATIONS, forget_old, forget_person, retry_failed
from civicforum.inbox.services.sending import Sent, send_due
from civicforum.inbox.telling import tell
from civicforum.people.models import Community, Person
from tests.factories import make_community
from tests.integration.inbox.told import MORNING, add_address, make_reader, messages, telling
from tests.support.mail import MailServer, mail_server

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def community(session: Session) -> Community:
    return make_community(name="青松里社区")


def tell_them(
    community: Community, *people: Person, title: str = "您的提议已受理", now: datetime = MORNING
) -> None:
    with transaction() as session:
        ids = [person.id for person in people]
        tell(session, community_id=community.id, person_ids=ids, telling=telling(title), now=now)


def run(server: MailServer, now: datetime = MORNING) -> Sent:
    sender = MailSender(server.url, "notice@minyi.example.cn")
    try:
        return send_due({Channel.EMAIL: sender}, now=now)
    finally:
        sender.close()


def test_a_message_arrives_in_chinese_with_a_text_and_the_same_as_html(
    community: Community, server: MailServer
) -> None:
    person = make_reader(community, address="li.fang@example.cn")
    tell_them(community, person)
    assert run(server).sent == 1
    [mail] = server.mails
    assert mail["Subject"] == "您的提议已受理"
    assert mail["To"] == "li.fang@example.cn"
    assert mail["From"] == "青松里社区 <notice@minyi.example.cn>"
    plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert person.name in plain.get_content()
    assert "请到页面查看。" in plain.get_content()
    assert "请到页面查看。" in html.get_content()
    [row] = messages(person)
    assert mail["Message-ID"] == f"<{row.id}@minyi.example.cn>"
    assert (row.state, row.sent_at, row.attempts) == (MessageState.SENT, MORNING, 1)


def test_nothing_is_lost_while_the_server_is_down_and_each_reader_gets_it_once(
    community: Community, server: MailServer
) -> None:
    people = [make_reader(community) for _ in range(3)]
    tell_them(community, *people)
    server.stop()
    now = MORNING
    while now < MORNING + timedelta(hours=1):
        assert run(server, now).sent == 0
        now += MINUTE
    assert {row.state for row in messages()} == {MessageState.WAITING}
    server.start()
    for _minute in range(90):
        run(server, now)
        now += MINUTE
    assert len(server.recipients) == 3
    assert len(set(server.recipients)) == 3
    assert {row.state for row in messages()} == {MessageState.SENT}


def test_only_one_message_is_tried_at_a_server_that_is_down(community: Community, server: MailServer) -> None:
    tell_them(community, *[make_reader(community) for _ in range(3)])
    server.stop()
    assert run(server) == Sent(put_off=3)
    assert sorted(row.attempts for row in messages()) == [0, 0, 1]


def test_an_address_that_does_not_exist_is_given_up_and_one_put_off_is_tried_again(
    community: Community, server: MailServer
) -> None:
    refused = make_reader(community, address="refused@example.cn")
    later = make_reader(community, address="later@example.cn")
    tell_them(community, refused, later, make_reader(community))
    assert run(server) == Sent(sent=1, failed=1, put_off=1)
    assert [(row.state, row.last_error) for row in messages(refused)] == [
        (MessageState.FAILED, "recipient 550")
    ]
    [row] = messages(later)
    assert (row.state, row.not_before) == (MessageState.WAITING, MORNING + WAITS[0])


def test_waits_grow_and_after_the_last_the_message_has_failed(
    community: Community, server: MailServer
) -> None:
    person = make_reader(community, address="later@example.cn")
    tell_them(community, person)
    tried, now = 0, MORNING
    while messages(person)[0].state is MessageState.WAITING:
        now = messages(person)[0].not_before
        run(server, now)
        tried += 1
    assert tried == len(WAITS) + 1
    assert now - MORNING > timedelta(days=1)
    assert messages(person)[0].state is MessageState.FAILED


def test_a_digest_is_one_mail_with_all_of_it(community: Community, server: MailServer) -> None:
    person = make_reader(community, digest=Digest.DAILY)
    tell_them(community, person, title="第一件事")
    tell_them(community, person, title="第二件事", now=MORNING + MINUTE)
    assert run(server, MORNING + MINUTE).sent == 0
    assert run(server, MORNING + timedelta(days=1)).sent == 1
    plain = server.mails[0].get_body(("plain",))
    assert plain is not None
    assert plain.get_content().index("第一件事") < plain.get_content().index("第二件事")


def test_an_address_changed_meanwhile_is_obeyed(community: Community, server: MailServer) -> None:
    person = make_reader(community, address="old@example.cn")
    tell_them(community, person)
    contact = db.session.query(Contact).filter_by(person_id=person.id).one()
    contact.address, contact.verified_at = "new@example.cn", None
    db.session.commit()
    assert run(server) == Sent(dropped=1)
    assert server.recipients == []


def test_a_claim_of_a_worker_that_is_gone_runs_out(community: Community, server: MailServer) -> None:
    person = make_reader(community)
    tell_them(community, person)
    [row] = messages(person)
    row.state, row.claimed_at, row.attempts = MessageState.SENDING, MORNING, 1
    db.session.commit()
    assert run(server, MORNING + CLAIM_LASTS - MINUTE).sent == 0
    assert run(server, MORNING + CLAIM_LASTS).sent == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("address", "a@example.cn\r\nBcc: b@example.cn"), ("subject", "好\r\nBcc: b@example.cn")],
)
def test_a_line_break_begins_no_other_header(server: MailServer, field: str, value: str) -> None:
    words = {"address": "a@example.cn", "sender_name": "社区", "subject": "好", "text": "好", field: value}
    sender = MailSender(server.url, "notice@minyi.example.cn")
    with pytest.raises(Refused):
        sender.send(Outgoing(id=OutboxMessage().id, **words))  # type: ignore[arg-type]
    assert server.mails == []


def test_two_workers_at_once_send_each_message_once(committed: Flask, server: MailServer) -> None:
    with committed.app_context():
        community = make_community()
        tell_them(community, *[make_reader(community) for _ in range(30)])
    start = threading.Barrier(2)

    def work() -> None:
        with committed.app_context():
            start.wait()
            run(server)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(server.recipients) == 30
    assert len(set(server.recipients)) == 30


def test_an_unconfirmed_address_is_sent_nothing(community: Community, server: MailServer) -> None:
    person = make_reader(community, channel=Channel.SMS, address="13800000000")
    add_address(person, "mail@example.cn", is_verified=False)
    tell_them(community, person)
    assert run(server) == Sent()
    assert messages(person) == []


def test_a_mail_leads_to_the_page_and_has_a_way_out_in_one_click(
    app: Flask, community: Community, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(app.config["CIVICFORUM"], site_url="https://minyi.example.cn")
    monkeypatch.setitem(app.config, "CIVICFORUM", settings)
    matter_id = uuid.uuid4()
    person = make_reader(community)
    words = telling(endpoint="matters.show", arguments={"matter_id": matter_id})
    with transaction() as session:
        tell(session, community_id=community.id, person_ids=[person.id], telling=words, now=MORNING)
    run(server)
    [mail] = server.mails
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert f"https://minyi.example.cn/matters/{matter_id}" in plain.get_content()
    assert mail["List-Unsubscribe"].startswith("<https://minyi.example.cn/inbox/unsubscribe/")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_message_that_cannot_be_written_keeps_no_other_back(
    community: Community, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, well = make_reader(community), make_reader(community)
    tell_them(community, broken, well)
    write = sending.outgoing

    def fail_for_one(message: OutboxMessage, *given: Any, **named: Any) -> Outgoing:
        if message.person_id == broken.id:
            raise LookupError
        return write(message, *given, **named)

    monkeypatch.setattr(sending, "outgoing", fail_for_one)
    assert run(server) == Sent(sent=1, failed=1)
    assert messages(broken)[0].last_error == "no words"


def test_what_is_old_is_deleted_and_what_waits_is_kept(community: Community, server: MailServer) -> None:
    sent, waiting = make_reader(community), make_reader(community, digest=Digest.WEEKLY)
    tell_them(community, sent, waiting)
    run(server)
    later = MORNING + KEEP_NOTIFICATIONS + timedelta(days=1)
    forget_old(now=later)
    assert messages(sent) == []
    assert len(messages(waiting)) == 1
    assert db.session.scalars(select(Notification.person_id)).all() == [waiting.id]
    with transaction() as session:
        forget_person(session, person_id=waiting.id)
    assert db.session.scalars(select(Contact.person_id)).all() == [sent.id]
    assert messages() == []


def test_what_failed_goes_out_again_when_asked(community: Community, server: MailServer) -> None:
    person = make_reader(community, address="refused@example.cn")
    tell_them(community, person)
    run(server)
    contact = db.session.scalars(select(Contact)).one()
    contact.address = "right@example.cn"
    db.session.commit()
    assert retry_failed(community_id=None, now=MORNING) == 1
    assert run(server).sent == 1
    assert server.recipients == ["right@example.cn"]
