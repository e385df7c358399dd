"""Whether the site that was just started answers, asked as one of its visitors would."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from civicforum.serve import _answers


class OneName(BaseHTTPRequestHandler):
    """Answers to one name, as the site does with CIVICFORUM_HOSTS."""

    def do_GET(self) -> None:
        self.send_response(200 if self.headers["Host"] == "minyi.example.cn" else 400)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), OneName) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("hosts", [("minyi.example.cn", "other.example.cn"), (".minyi.example.cn",)])
def test_a_site_with_names_is_asked_by_the_first_of_them(address: str, hosts: tuple[str, ...]) -> None:
    assert _answers(address, hosts)


def test_a_site_that_refuses_has_not_answered(address: str) -> None:
    assert not _answers(address, ())


def test_nobody_there_is_no_answer(address: str) -> None:
    assert not _answers("http://127.0.0.1:9", ())
