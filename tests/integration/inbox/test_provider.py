"""Text messages and WeChat through a provider: against a real server on a port of this machine."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from civicforum.config import Settings
from civicforum.inbox.channels import (
    ConsoleSender,
    HttpSender,
    Outgoing,
    Refused,
    Unreachable,
    open_senders,
    sending_channels,
)
from civicforum.inbox.channels import provider as module
from civicforum.inbox.channels.mail import BadMailSettings, MailSender
from civicforum.inbox.channels.provider import BadProvider, read_providers
from civicforum.inbox.rules_told import Channel

MESSAGE = Outgoing(
    id=uuid.UUID(int=7),
    address="13800000000",
    sender_name="青松里社区",
    subject="现在可以投票",
    text='现在可以投票："{secret}" 选举\n第二行',
    link="https://minyi.example.cn/polls/1",
)


@dataclass
class Provider:
    """What was asked of the server, and what it answers."""

    port: int
    status: int = 200
    answers: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 0
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def provider() -> Iterator[Provider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given.tokens += 1
            self._answer({"errcode": 0, "access_token": f"token{given.tokens}", "expires_in": 7200})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            given.asked.append((self.path, dict(self.headers), body))
            self._answer(given.answers.pop(0) if given.answers else {"errcode": 0})

        def _answer(self, values: dict[str, Any]) -> None:
            self.send_response(given.status)
            self.end_headers()
            self.wfile.write(json.dumps(values).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    given = Provider(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    module._tokens.clear()
    yield given
    server.shutdown()
    thread.join()
    server.server_close()


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "providers.toml"
    path.write_text(text, encoding="utf-8")
    return path


def webhook(provider: Provider, tmp_path: Path) -> HttpSender:
    path = written(
        tmp_path,
        f"""
        [sms]
        url = "{provider.url}/send"
        headers = {{ Authorization = "Bearer {{secret}}" }}
        body = {{ mobile = "{{address}}", params = ["{{text}}", "{{link}}"], id = "{{id}}", type = 1 }}
        secrets = {{ secret = "env:TEST_SMS_SECRET" }}
        signature_header = "X-Signature"
        signature_secret = "secret"
        """,
    )
    return HttpSender(read_providers(path)[Channel.SMS])


def wechat(provider: Provider, tmp_path: Path) -> HttpSender:
    path = written(
        tmp_path,
        f"""
        [wechat]
        url = "{provider.url}/cgi-bin/message/send?access_token={{token}}"
        body.touser = "{{address}}"
        body.msgtype = "text"
        body.agentid = 1000002
        body.text = {{ content = "{{text}}" }}
        ok_field = "errcode"
        later_values = [-1]
        [wechat.token]
        url = "{provider.url}/cgi-bin/gettoken"
        """,
    )
    return HttpSender(read_providers(path)[Channel.WECHAT])


def test_a_message_is_posted_as_the_file_says_and_signed(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("TEST_SMS_SECRET", "s3cret")
    with caplog.at_level(logging.DEBUG, logger="civicforum"):
        webhook(provider, tmp_path).send(MESSAGE)
    [(path, headers, body)] = provider.asked
    assert path == "/send"
    # What a resident wrote is never read as a template: the braces arrive as they were.
    assert json.loads(body) == {
        "mobile": "13800000000",
        "params": ['现在可以投票："{secret}" 选举\n第二行', "https://minyi.example.cn/polls/1"],
        "id": str(MESSAGE.id),
        "type": 1,
    }
    assert headers["Authorization"] == "Bearer s3cret"
    assert headers["X-Signature"] == hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert "s3cret" not in caplog.text
    assert "13800000000" not in caplog.text


def test_the_token_of_wechat_is_fetched_once_and_again_when_it_no_longer_counts(
    provider: Provider, tmp_path: Path
) -> None:
    sender = wechat(provider, tmp_path)
    sender.send(replace(MESSAGE, address="LiFang"))
    sender.send(replace(MESSAGE, address="LiFang"))
    assert provider.tokens == 1
    provider.answers = [{"errcode": 42001, "errmsg": "access_token expired"}, {"errcode": 0}]
    sender.send(replace(MESSAGE, address="LiFang"))
    assert provider.tokens == 2
    assert [path.split("=")[1] for path, _, _ in provider.asked] == ["token1", "token1", "token1", "token2"]
    assert json.loads(provider.asked[0][2])["touser"] == "LiFang"


def test_what_the_provider_refuses_is_given_up_and_what_it_puts_off_is_not(
    provider: Provider, tmp_path: Path
) -> None:
    sender = wechat(provider, tmp_path)
    provider.answers = [{"errcode": 81013}, {"errcode": 81013}]
    with pytest.raises(Refused, match="answer 81013"):
        sender.send(MESSAGE)
    provider.answers = [{"errcode": -1}]
    with pytest.raises(Unreachable) as later:
        sender.send(MESSAGE)
    assert later.value.whole is False


@pytest.mark.parametrize(
    ("status", "fault"), [(500, Unreachable), (429, Unreachable), (401, Unreachable), (400, Refused)]
)
def test_status_codes_say_later_or_never(
    provider: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, fault: type[Exception]
) -> None:
    monkeypatch.setenv("TEST_SMS_SECRET", "s3cret")
    provider.status = status
    with pytest.raises(fault, match=f"status {status}"):
        webhook(provider, tmp_path).send(MESSAGE)


def test_a_provider_that_is_not_there_is_unreachable(provider: Provider, tmp_path: Path) -> None:
    gone = Provider(port=1)
    with pytest.raises(Unreachable, match="ConnectError"):
        wechat(gone, tmp_path).send(MESSAGE)


@pytest.mark.parametrize(
    "text",
    [
        "[pigeon]\nurl = 'http://a'\nbody = {}",
        "[sms]\nurl = 'http://a'",
        "[sms]\nurl = 'http://a'\nbody = {}\nspeed = 3",
        "[sms]\nurl = 'http://a'\nbody = {}\nsecrets = { a = 'env:NOT_SET_ANYWHERE' }",
        "[sms]\nurl = 'http://a'\nbody = {}\nsignature_header = 'X'\nsignature_secret = 'a'",
        "[sms]\nurl = 'http://a'\nbody = {}\nsignature_header = 'X'\nsignature_secret = { a = 1 }",
        "[sms]\nurl = 5\nbody = {}",
        "[sms]\nurl = 'http://a'\nbody = 'text'",
        "sms",
    ],
)
def test_a_file_that_cannot_be_used_is_refused_at_the_start(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadProvider):
        read_providers(written(tmp_path, text))


@pytest.mark.parametrize(
    ("url", "mail_from"),
    [
        ("mail.example.cn", "a@example.cn"),
        ("http://mail.example.cn", "a@example.cn"),
        ("smtp+plain://user:word@mail.example.cn", "a@example.cn"),
        ("smtp://mail.example.cn", ""),
        ("smtp://mail.example.cn", "a@example.cn\nBcc: b@example.cn"),
    ],
)
def test_mail_settings_that_cannot_be_used_are_refused_at_the_start(url: str, mail_from: str) -> None:
    with pytest.raises(BadMailSettings):
        MailSender(url, mail_from)


def test_without_settings_nothing_is_sent_and_the_log_says_neither_to_whom_nor_what(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert sending_channels(settings) == frozenset()
    senders = open_senders(settings)
    assert {type(sender) for sender in senders.values()} == {ConsoleSender}
    with caplog.at_level(logging.INFO, logger="civicforum"):
        senders[Channel.SMS].send(MESSAGE)
    assert str(MESSAGE.id) in caplog.text
    assert "138" not in caplog.text
    assert "投票" not in caplog.text
