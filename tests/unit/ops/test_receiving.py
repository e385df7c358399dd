"""A request is received whole before a page is made of it, or no page is made."""

from __future__ import annotations

import io
import socket
import threading
from typing import Any

import pytest

from civicforum.receiving import Receiving


class Page:
    """An application that notes what it was given."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.bodies.append(environ["wsgi.input"].read())
        start_response("200 OK", [])
        return [b"made"]


class Answered:
    status = ""

    def __call__(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        self.status = status


def ask(
    page: Page,
    body: io.IOBase,
    *,
    length: int | str | None,
    most: int = 100,
    seconds: float = 60,
    **more: Any,
) -> str:
    environ: dict[str, Any] = {"wsgi.input": body, **more}
    if length is not None:
        environ["CONTENT_LENGTH"] = str(length)
    answered = Answered()
    list(Receiving(page, most=most, seconds=seconds)(environ, answered))
    return answered.status


def test_what_arrives_whole_is_handed_on() -> None:
    page = Page()
    assert ask(page, io.BytesIO(b"0123456789"), length=10) == "200 OK"
    assert page.bodies == [b"0123456789"]


def test_what_breaks_off_reaches_no_page() -> None:
    page = Page()
    assert ask(page, io.BytesIO(b"01234"), length=10) == "400 Bad Request"
    assert page.bodies == []


def test_what_is_announced_as_too_long_is_left_to_the_page_unread() -> None:
    page, body = Page(), io.BytesIO(b"0" * 200)
    assert ask(page, body, length=200) == "200 OK"
    assert page.bodies == [b"0" * 200]


def test_chunks_without_a_length_are_taken_up_to_the_limit() -> None:
    page = Page()
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked"}
    assert ask(page, io.BytesIO(b"0" * 100), length=None, **chunked) == "200 OK"
    assert ask(page, io.BytesIO(b"0" * 101), length=None, **chunked) == "413 Content Too Large"
    assert page.bodies == [b"0" * 100]


@pytest.mark.parametrize("length", [None, 0, "", "strange"])
def test_a_request_without_a_body_is_handed_on(length: int | str | None) -> None:
    page = Page()
    assert ask(page, io.BytesIO(b""), length=length) == "200 OK"
    assert page.bodies == [b""]


def test_who_sends_for_too_long_is_cut_off() -> None:
    page = Page()
    ours, theirs = socket.socketpair()
    ending = threading.Event()

    def send_slowly() -> None:
        while not ending.wait(0.02):
            theirs.send(b"0")

    thread = threading.Thread(target=send_slowly)
    thread.start()
    body = ours.makefile("rb", buffering=0)
    assert ask(page, Whole(body), length=100_000, most=200_000, seconds=0.2, **{"gunicorn.socket": ours}) == (
        "408 Request Timeout"
    )
    ending.set()
    thread.join()
    assert page.bodies == []


class Whole(io.RawIOBase):
    """Reads as gunicorn does: until there is as much as was asked for, or nothing more comes."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def read(self, size: int = -1) -> bytes:
        read = b""
        while len(read) < size and (piece := self._raw.read(size - len(read))):
            read += piece
        return read
