"""Screens that follow a meeting: what reaches them, and what they hold of the server meanwhile."""

from __future__ import annotations

import http.client
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from civicforum.database import db
from civicforum.meetings import services
from civicforum.meetings.live.running import HUB, end_streams, make_hub
from civicforum.meetings.live.streams import Pace
from civicforum.meetings.views import live as views
from civicforum.polls.rules import Choice
from civicforum.polls.services.named import cast_open_ballot
from tests.factories import NOW
from tests.integration.meetings.scenes import Scene, Sitting, make_scene
from tests.support.live import come_in, make_session
from tests.support.town import serve

SOON = 2.0
LISTENERS = sa.text(
    "SELECT pid FROM pg_stat_activity "
    "WHERE application_name = 'civicforum live' AND datname = current_database()"
)


@dataclass
class Follower:
    """A screen: reads a stream in a thread, and keeps its events as (name, id, data)."""

    url: str
    address: str
    headers: dict[str, str] = field(default_factory=dict)
    events: list[tuple[str, str, str]] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    status: int = 0
    has_ended: bool = False

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=5)
        self.connection.connect()
        # The connection forgets its socket once there is an answer.
        self.socket: socket.socket = self.connection.sock
        self.connection.request("GET", self.address, headers=self.headers)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self) -> None:
        one: dict[str, list[str]] = {}
        with suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            while line := self.answer.readline():
                text = line.decode().rstrip("\n")
                if text:
                    name, _, value = text.partition(": ")
                    one.setdefault(name.rstrip(":"), []).append(value)
                    self.told += [value] if name == "retry" else []
                else:
                    name, key = "".join(one.get("event", [])), "".join(one.get("id", []))
                    self.events.append((name, key, "\n".join(one.get("data", []))))
                    one = {}
        self.has_ended = True

    @property
    def frames(self) -> list[str]:
        return [data for name, _, data in self.events if name == "frame"]

    @property
    def retries(self) -> list[int]:
        """Return after how many milliseconds it was told to come again, each time."""
        return [int(value) for value in self.told]

    def count(self, name: str) -> int:
        return sum(event[0] == name for event in self.events)

    def until(self, is_so: Callable[[Follower], bool]) -> None:
        """Wait until it is so of the screen."""
        wait_for(lambda: is_so(self))

    def close(self) -> None:
        # Wakes the thread that reads, too.
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(SOON)
        self.answer.close()
        self.connection.close()


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until it is so; far longer than it takes, because the machine may be busy."""
    ends = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.005)


@dataclass
class Hall:
    """A meeting on a server, and the screens that follow it."""

    app: Flask
    url: str
    scene: Scene
    sitting: Sitting
    screens: list[Follower] = field(default_factory=list)

    def follow(self, kind: str = "wall", *, query: str = "", **headers: str) -> Follower:
        address = f"/meetings/{self.sitting.meeting_id}/live/{kind}{query}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.screens.append(Follower(self.url, address, headers))
        return self.screens[-1]

    def tick(self, number: int) -> None:
        """Let one more member come in."""
        with self.app.app_context():
            come_in(self.scene, self.sitting.meeting_id, self.scene.member_ids[number : number + 1], now=NOW)

    def listeners(self) -> list[int]:
        with self.app.app_context():
            return list(db.session.scalars(LISTENERS))


@pytest.fixture(scope="module")
def house(
    make_database: Callable[[str], str], make_app: Callable[[str], Flask], template: str
) -> Iterator[tuple[Flask, str, Scene]]:
    """An application whose commits are real, its address, and an assembly of six; tests share it."""
    app = make_app(make_database(template))
    with app.app_context():
        scene = make_scene(members=6)
    with serve(app) as url:
        yield app, url, scene
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def hall(house: tuple[Flask, str, Scene]) -> Iterator[Hall]:
    app, url, scene = house
    with app.app_context():
        sitting = make_session(scene, present=3, now=NOW)
    hall = Hall(app, url, scene, sitting)
    yield hall
    for screen in hall.screens:
        screen.close()
    end_streams(app)
    hub = app.extensions.pop(HUB, None)
    if hub is not None:
        hub.join_thread(SOON)


def test_a_change_reaches_every_screen(hall: Hall) -> None:
    screens = [hall.follow(), hall.follow(), hall.follow("person")]
    for screen in screens:
        screen.until(lambda it: len(it.frames) == 1)
        assert "3" in screen.frames[0]
    hall.tick(3)
    for screen in screens:
        screen.until(lambda it: len(it.frames) == 2)
    assert "<strong>4</strong> / 6" in screens[0].frames[1]
    assert "2/3 × 6 = 4" in screens[0].frames[1]


def test_each_screen_is_told_in_its_language(hall: Hall) -> None:
    chinese, english = hall.follow(), hall.follow(Accept_Language="en")
    chinese.until(lambda it: bool(it.frames))
    english.until(lambda it: bool(it.frames))
    assert "Nobody is speaking" in english.frames[0]
    assert "Nobody is speaking" not in chinese.frames[0]
    assert chinese.events[-1][1] != english.events[-1][1]


def test_what_a_screen_has_seen_is_not_sent_again(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PACE", Pace(beat=0.05))
    first = hall.follow()
    first.until(lambda it: bool(it.frames))
    seen = next(number for name, number, _ in first.events if name == "frame")
    again, loaded = hall.follow(Last_Event_ID=seen), hall.follow(query=f"?seen={seen}")
    for screen in (again, loaded):
        screen.until(lambda it: it.count("beat") > 2)
        assert not screen.frames
    hall.tick(3)
    for screen in (again, loaded):
        screen.until(lambda it: len(it.frames) == 1)


def test_many_changes_at_once_are_few_frames_and_the_last_is_right(hall: Hall) -> None:
    screen = hall.follow()
    screen.until(lambda it: bool(it.frames))
    for _ in range(3):
        for number in (3, 4, 5):
            with suppress(Exception):
                hall.tick(number)
    screen.until(lambda it: "<strong>6</strong> / 6" in it.frames[-1])
    assert len(screen.frames) <= 4


def test_screens_hold_one_connection_and_only_for_listening(hall: Hall) -> None:
    screens = [hall.follow() for _ in range(12)]
    for screen in screens:
        screen.until(lambda it: bool(it.frames))
    with hall.app.app_context():
        pool = db.engine.pool
    wait_for(lambda: pool.checkedout() == 0)  # type: ignore[attr-defined]
    assert len(hall.listeners()) == 1


def test_a_broken_connection_is_made_anew_and_nothing_is_lost(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("civicforum.meetings.live.listening.BACK_OFF_SECONDS", (0.3,))
    screen = hall.follow()
    screen.until(lambda it: bool(it.frames))
    (pid,) = hall.listeners()
    with hall.app.app_context():
        db.session.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    # Nobody hears of this one.
    hall.tick(3)
    screen.until(lambda it: "<strong>4</strong> / 6" in it.frames[-1])
    (now,) = hall.listeners()
    assert now != pid
    hall.tick(4)
    screen.until(lambda it: "<strong>5</strong> / 6" in it.frames[-1])


def test_more_screens_than_places_are_told_to_look_now_and_then(hall: Hall) -> None:
    hall.app.extensions[HUB] = make_hub(hall.app, most=2)
    first, second, third = hall.follow(), hall.follow(), hall.follow()
    assert [first.status, second.status, third.status] == [200, 200, 503]
    assert third.answer.headers["Retry-After"]
    # Whoever goes makes room at once, without a sign of life in between.
    first.close()
    wait_for(lambda: hall.app.extensions[HUB].taken == 1)
    assert hall.follow().status == 200


def test_the_end_of_the_meeting_ends_the_stream(hall: Hall) -> None:
    screen = hall.follow()
    screen.until(lambda it: bool(it.frames))
    with hall.app.app_context():
        services.close_meeting(meeting_id=hall.sitting.meeting_id, actor=hall.scene.director, now=NOW)
    screen.until(lambda it: it.has_ended)
    assert [name for name, *_ in screen.events[-2:]] == ["frame", "end"]
    assert hall.app.extensions[HUB].taken == 0


def test_a_stream_ends_after_its_time_and_is_followed_at_once(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PACE", Pace(lasts=(0.1, 0.1)))
    screen = hall.follow()
    screen.until(lambda it: it.has_ended)
    assert screen.count("end") == 0


def test_the_end_of_the_process_ends_streams_and_begins_none(hall: Hall) -> None:
    screen = hall.follow()
    screen.until(lambda it: bool(it.frames))
    end_streams(hall.app)
    screen.until(lambda it: it.has_ended)
    assert hall.follow().status == 503


def test_ballots_are_seen_although_casting_tells_nobody(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicforum.meetings.live.drawing.LOOK_AT_VOTE_SECONDS", 0.2)
    hall.tick(3)
    with hall.app.app_context():
        poll_id = services.open_vote(item_id=hall.sitting.item_id, actor=hall.scene.director, now=NOW)
    screen = hall.follow()
    screen.until(lambda it: bool(it.frames))
    assert "<strong>0</strong> / 4" in screen.frames[-1]
    with hall.app.app_context():
        cast_open_ballot(poll_id=poll_id, choice=Choice.FOR, actor=hall.scene.members[1], now=NOW)
    screen.until(lambda it: "<strong>1</strong> / 4" in it.frames[-1])


def test_whoever_asks_instead_gets_the_same_frame_once(hall: Hall) -> None:
    client: FlaskClient = hall.app.test_client()
    address = f"/meetings/{hall.sitting.meeting_id}/live/wall/now"
    answer = client.get(address)
    assert "<strong>3</strong> / 6" in answer.text
    assert client.get(address, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    screen = hall.follow()
    screen.until(lambda it: bool(it.frames))
    assert next(number for name, number, _ in screen.events if name == "frame") == answer.headers[
        "ETag"
    ].strip('"')


def test_a_proxy_may_come_by_a_socket_of_the_file_system(hall: Hall) -> None:
    address = f"/meetings/{hall.sitting.meeting_id}/live/wall"
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        answer = hall.app.test_client().get(address, environ_overrides={"gunicorn.socket": ours})
        assert answer.status_code == 200
        answer.close()


def test_a_meeting_that_is_not_there_is_not_followed(hall: Hall) -> None:
    client = hall.app.test_client()
    for page in ("wall", "live/wall", "live/person/now"):
        assert client.get(f"/meetings/{uuid.uuid4()}/{page}").status_code == 404
    assert client.get(f"/meetings/{hall.sitting.meeting_id}/live/other").status_code == 404
