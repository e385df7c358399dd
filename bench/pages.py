"""Every page that links lead to, and what making it costs: time in process, statements, bytes."""

from __future__ import annotations

import re
import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass
from html import unescape

from flask import Flask
from flask.testing import FlaskClient

from tests.support.statements import count_statements

LINK = re.compile(r'href="(/[^"#]*)')
# Of each kind of page the longest of so many is measured.
OF_A_KIND = 2
ROUNDS, SLOW_MS = 5, 2000.0
LEFT_OUT = {
    "static",
    # Answers that do not end, or change what the next page shows.
    "meetings.live",
    "meetings.live_now",
    "preferences.community",
    "preferences.elder",
    "preferences.health",
    "preferences.language",
}
OK, REFUSED = 200, 400


@dataclass(frozen=True)
class Place:
    """A page of one kind for one reader: `who` is a role of the demonstration, "" somebody not signed in."""

    who: str
    endpoint: str
    path: str


@dataclass(frozen=True)
class Cost:
    """What one answer costs. `ms` is the shortest of several: everything else on the machine only adds."""

    ms: float
    statements: int
    bytes: int


def client_of(app: Flask, who: str) -> FlaskClient:
    """Return a browser in which somebody of the demonstration is signed in, by its own page."""
    client = app.test_client()
    if who:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
        assert token is not None
        form = {"role": who, "csrf_token": token[1]}
        assert client.post("/sign-in/demonstration", data=form).status_code == 303
    return client


def walk(client: FlaskClient, who: str, *, start: Iterable[str] = ("/", "/communities")) -> dict[str, Place]:
    """Follow the links from page to page; return the longest page of each kind by its endpoint."""
    routes = client.application.url_map.bind("")
    waiting, seen, kinds = deque(start), set[str](), Counter[str]()
    longest: dict[str, int] = {}
    found: dict[str, Place] = {}
    while waiting:
        path = waiting.popleft()
        endpoint, _ = routes.match(path.split("?")[0])
        if path in seen or endpoint in LEFT_OUT or kinds[endpoint] >= OF_A_KIND:
            continue
        seen.add(path)
        # A download keeps its transaction until it is closed, and no vacuum sees past that.
        with client.get(path) as answer:
            if answer.status_code != OK:
                continue
            kinds[endpoint] += 1
            if len(answer.data) > longest.get(endpoint, -1):
                longest[endpoint], found[endpoint] = len(answer.data), Place(who, endpoint, path)
            if answer.mimetype == "text/html":
                waiting.extend(unescape(link) for link in LINK.findall(answer.text))
    return found


def cost_of(client: FlaskClient, path: str) -> Cost:
    """Make a page several times, the first of which is not counted; a slow one only once more."""
    times: list[float] = []
    with count_statements() as counted, client.get(path) as answer:
        length = len(answer.data)
    assert answer.status_code < REFUSED, (path, answer.status_code)
    while len(times) < ROUNDS and sum(times) < SLOW_MS:
        started = time.perf_counter()
        with client.get(path) as answer:
            answer.data  # noqa: B018
        times.append(1000 * (time.perf_counter() - started))
    return Cost(min(times), counted.total, length)
