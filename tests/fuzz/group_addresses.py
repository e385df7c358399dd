"""What a request says beside its forms: addresses, parameters, cursors, headers, fields."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from urllib.parse import urljoin, urlsplit

from flask import Flask, request
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import EnvironBuilder
from wtforms import Form

from civicforum.api import feeds
from civicforum.api.cursors import read_cursor, write_cursor
from civicforum.api.filters import NoFilters
from civicforum.api.kinds import appraisals, disclosure, elections, journal, matters, meetings, notices, polls
from civicforum.api.reading import Unreadable, read_filters
from civicforum.config import ROOT
from civicforum.errors import Invalid
from civicforum.fields import ClockField, DayField, KeyField, LineField, WholeField, instant_of
from civicforum.layout import LOCALES, select_locale
from civicforum.operating.rules import is_request_id
from civicforum.paging import page_number
from civicforum.preferences import safe_next
from civicforum.receiving import Receiving
from tests.fuzz.target import Target, as_text

SITE = "http://localhost/somewhere"


@cache
def _app() -> Flask:
    """Return an application with two pages and no database."""
    app = Flask("fuzz", root_path=str(ROOT))
    app.config.update(SECRET_KEY="fuzz", BABEL_DEFAULT_LOCALE="zh_Hans")
    Babel(app, locale_selector=select_locale)
    app.add_url_rule("/", "home", lambda: "")
    app.add_url_rule("/matters/<uuid:matter_id>", "matter", lambda matter_id: "")
    return app


def _next(data: bytes) -> None:
    """The address followed is a page of this site, read as browsers read addresses."""
    with _app().test_request_context("/", method="POST", data={"next": as_text(data)}):
        followed = safe_next("/default")
    read = followed.replace("\\", "/").replace("\t", "").replace("\n", "").replace("\r", "").strip()
    assert urlsplit(urljoin(SITE, read)).netloc == "localhost"
    assert read.startswith("/")
    assert not read.startswith("//")


_TYPES = (int, str, uuid.UUID, datetime, date)
_KEY = (7, "青松里", uuid.UUID(int=1), datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 2))


def _cursor(data: bytes) -> None:
    key = read_cursor(as_text(data), _TYPES)
    assert [type(value) for value in key] == list(_TYPES)
    assert read_cursor(write_cursor(key), _TYPES) == key


_FILTERS: tuple[type[NoFilters], ...] = (
    matters.MatterFilters, matters.OfMatter, matters.FindingFilters, notices.NoticeFilters,
    appraisals.CycleFilters, polls.PollFilters, disclosure.NoticeQueryFilters, disclosure.ItemFilters,
    disclosure.DueFilters, meetings.MeetingFilters, elections.ElectionFilters, journal.EntryFilters,
    feeds.FeedFilters,
)  # fmt: skip


def _filters(data: bytes) -> None:
    with _app().test_request_context("/?" + as_text(data).replace("#", "%23")):
        for kind in _FILTERS:
            try:
                found = read_filters(kind)
            except Unreadable as refusal:
                json.dumps([error.model_dump() for error in refusal.errors], ensure_ascii=False).encode()
            else:
                found.model_dump_json()


def _page(data: bytes) -> None:
    with _app().test_request_context("/?page=" + as_text(data).replace("#", "%23")):
        assert isinstance(page_number(), int)


def _headers(data: bytes) -> None:
    """Read the headers that any visitor sets as a server hands them on: Latin-1, on one line."""
    names = (
        "ACCEPT_LANGUAGE",
        "COOKIE",
        "X_REQUEST_ID",
        "X_FORWARDED_FOR",
        "X_FORWARDED_PROTO",
        "X_FORWARDED_HOST",
    )
    values = [part.decode("latin-1").replace("\r", "").replace("\0", "") for part in data.split(b"\n")]
    given = {f"HTTP_{name}": value for name, value in zip(names, values, strict=False)}
    environ = EnvironBuilder(base_url="http://localhost/").get_environ() | given
    ProxyFix(lambda _environ, _start: [], x_for=1, x_proto=1, x_host=1)(environ, lambda *_: lambda _: None)
    with _app().request_context(environ | {"SERVER_NAME": "localhost"}):
        assert select_locale() in LOCALES
        assert all(isinstance(value, str) for value in request.cookies.values())
    request_id = given.get("HTTP_X_REQUEST_ID", "")
    if is_request_id(request_id):
        assert request_id.isascii()
        assert request_id.isprintable()
        assert not set(request_id) & set(" \"'<>")


def _receiving(data: bytes) -> None:
    """Receive a request whose length is what the first line says, up to the application."""
    length, _, body = data.partition(b"\n")
    seen: list[bytes] = []

    def application(environ: dict[str, object], start: Callable[..., object]) -> list[bytes]:
        seen.append(environ["wsgi.input"].read(len(body)))  # type: ignore[attr-defined]
        return []

    answers: list[str] = []

    def start(status: str, *_headers: object) -> Callable[[bytes], None]:
        answers.append(status)
        return lambda _piece: None

    builder = EnvironBuilder(method="POST", data=body)
    environ = builder.get_environ() | {"CONTENT_LENGTH": length.decode("latin-1")}
    list(_receiver(application)(environ, start))
    assert bool(seen) != bool(answers)
    assert all(answer[:3] in ("400", "408", "413") for answer in answers)


def _receiver(application: Callable[..., object]) -> Receiving:
    return Receiving(application, most=10_000)  # type: ignore[arg-type]


class _Fields(Form):
    whole = WholeField()
    day = DayField("day")
    clock = ClockField("clock")
    key = KeyField()
    line = LineField()


def _fields(data: bytes) -> None:
    values = as_text(data).split("\n")
    with _app().test_request_context("/"):
        form = _Fields(MultiDict(list(zip(("whole", "day", "clock", "key", "line"), values, strict=False))))
        is_valid = form.validate()
        [str(message) for messages in form.errors.values() for message in messages]
        assert isinstance(form.key.key, uuid.UUID)
        if is_valid and form.day.data and form.clock.data:
            assert instant_of(form.day, form.clock).tzinfo is UTC
        if is_valid and form.whole.data is not None:
            assert abs(form.whole.data) < 2**31


TARGETS = (
    Target(
        "addresses.next",
        "where a form leads back to",
        "it stays on this site",
        _next,
        lambda: [b"/", b"/matters/" + str(uuid.UUID(int=1)).encode(), b"//other.example", b"/\\other"],
        longest=400,
    ),
    Target(
        "addresses.cursor",
        "where a page of the API's lists ended",
        "written and read again it is the same",
        _cursor,
        lambda: [write_cursor(_KEY).encode()],
        (Invalid,),
        longest=600,
    ),
    Target(
        "addresses.filters",
        "the parameters of the API and the feeds",
        "refusals can be written as JSON",
        _filters,
        lambda: [
            b"state=open&q=%E8%B7%AF",
            b"community=" + str(uuid.UUID(int=1)).encode() + b"&limit=5",
            b"since=2026-03-02T10:00:00%2B08:00&cursor=x",
        ],
        longest=600,
    ),
    Target(
        "addresses.page", "the number of a page", "it is a number", _page, lambda: [b"1", b"-5"], longest=200
    ),
    Target(
        "addresses.headers",
        "languages, cookies, request ids and what proxies write",
        "an id taken over ends no line and begins no tag; the language is one of ours",
        _headers,
        lambda: [
            b"zh-CN,zh;q=0.9,en;q=0.8\nsession=a; b=c\nabcd-1234-abcd\n192.0.2.1, 10.0.0.1\nhttps\nexample.cn"
        ],
        longest=1000,
    ),
    Target(
        "addresses.receiving",
        "a request whose stated length is not its length",
        "the application sees it, or it is answered 400, 408 or 413",
        _receiving,
        lambda: [b"3\nabc", b"\n", b"9\nabc"],
    ),
    Target(
        "addresses.fields",
        "numbers, days, times and ids in forms",
        "columns and calendars take what is valid",
        _fields,
        lambda: [b"12\n2026-03-08\n19:30\n" + str(uuid.UUID(int=1)).encode() + b"\n words "],
        longest=400,
    ),
)
