"""A community on a running server, for browsers: its people, with a sign-in each."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from werkzeug.datastructures import Headers
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import make_server

from civicforum.accounts.models import Account, SignInSession
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services as matters
from civicforum.matters.models import GradeRound
from civicforum.matters.rules import Category
from civicforum.meetings.models import Meeting
from civicforum.meetings.rules import MeetingState
from civicforum.people.models import Community, Person
from tests.factories import actor_of, make_account, make_community, make_officer, make_person
from tests.support.browser import AXE, AXE_PATH

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@dataclass(frozen=True)
class Neighbour:
    """Somebody of the town. `cookie` is that of a browser in which they are signed in."""

    id: uuid.UUID
    name: str
    login: str
    actor: Actor
    cookie: str


class Town:
    """One community, alone in its database. `url` is where its pages are served."""

    def __init__(self, app: Flask, url: str) -> None:
        self.app = app
        self.url = url
        with app.app_context():
            self.community_id = make_community(name="青松里社区").id

    @property
    def community(self) -> Community:
        """The community's row; wants an app context, as the factories do."""
        return db.session.get_one(Community, self.community_id)

    def resident(self, name: str) -> Neighbour:
        with self.app.app_context():
            person = make_person(self.community, name=name)
            make_account(person)
            return self._signed_in(person, Role.RESIDENT)

    def officer(self, role: Role, name: str) -> Neighbour:
        with self.app.app_context():
            return self._signed_in(make_officer(self.community, role, name=name), role)

    def representatives(self, number: int) -> list[Neighbour]:
        return [self.officer(Role.REPRESENTATIVE, f"代表{serial:02}") for serial in range(1, number + 1)]

    def matter(self, author: Neighbour, *, title: str, seconds: int = 0) -> str:
        """Raise a matter, seconded by so many new residents, without a page; return its address."""
        now = datetime.now(UTC)
        neighbours = [self.resident(f"附议人{serial}") for serial in range(seconds)]
        with self.app.app_context():
            matter_id = matters.start_draft(actor=author.actor, title=title, now=now)
            matters.edit_details(
                matter_id=matter_id,
                actor=author.actor,
                body="几户邻居都遇到了同样的问题，希望大家一起商量个办法。",
                category=Category.FACILITIES,
                place="",
                grid_id=None,
                now=now,
            )
            matters.publish_matter(matter_id=matter_id, actor=author.actor, now=now)
            for neighbour in neighbours:
                matters.second_matter(matter_id=matter_id, actor=neighbour.actor, now=now)
        return f"/matters/{matter_id}"

    def let_meetings_start(self) -> None:
        """Let the days of notice go by: every planned meeting was announced in time and begins now."""
        now = datetime.now(UTC)
        with self.app.app_context():
            for meeting in db.session.scalars(select(Meeting).where(Meeting.state == MeetingState.PLANNED)):
                meeting.noticed_at -= meeting.starts_at - now
                meeting.starts_at = now
            db.session.commit()

    def let_grading_end(self) -> None:
        """Let the days of grading go by, and the clocks be swept as the worker does."""
        now = datetime.now(UTC)
        with self.app.app_context():
            for grading in db.session.scalars(select(GradeRound).where(GradeRound.closed_at.is_(None))):
                grading.closes_at = now - timedelta(minutes=1)
            db.session.commit()
            matters.sweep_clocks(now=now)

    def _signed_in(self, person: Person, role: Role) -> Neighbour:
        now = datetime.now(UTC)
        account = db.session.scalars(select(Account).where(Account.person_id == person.id)).one()
        row = SignInSession(account=account, started_at=now, seen_at=now, expires_at=now + timedelta(hours=2))
        db.session.add(row)
        db.session.commit()
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return Neighbour(
            id=person.id,
            name=person.name,
            login=account.login,
            actor=actor_of(person, role),
            cookie=str(signer.dumps({"_user_id": str(row.id), "_fresh": True})),
        )


def id_in(address: str) -> uuid.UUID:
    """Return the last id in an address, as in /matters/<id>."""
    return uuid.UUID(next(part for part in reversed(address.split("/")) if len(part) == 36))


def _kept(app: WSGIApplication) -> WSGIApplication:
    """Let browsers keep scripts and styles: while tests run they do not change."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            changed = Headers(headers)
            changed["Cache-Control"] = "max-age=3600"
            changed.remove("Vary")
            return start_response(status, changed.to_wsgi_list(), *rest)

        is_file = environ["PATH_INFO"].startswith(("/static/", AXE_PATH))
        return app(environ, start if is_file else start_response)

    return answer


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    """Serve the application in threads of this process on a free port, and yield its URL."""
    server = make_server(
        "127.0.0.1", 0, _kept(SharedDataMiddleware(app, {AXE_PATH: str(AXE)})), threaded=True
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join(timeout=5)
    server.server_close()
