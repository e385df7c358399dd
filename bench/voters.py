"""A poll with many voters who are signed in, and their sealed ballots as bytes ready to be sent."""

from __future__ import annotations

import json
import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, select

from civicforum import rulebook, sealed
from civicforum.accounts.models import Account, SignInSession
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.people.models import Community, Grid, Group, Household, Person, Region
from civicforum.people.rules import RegionKind, Sex
from civicforum.polls import keyring
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.questions import QuestionSpec
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import boards, founding
from civicforum.polls.services.sealing import open_box_locked, seal_locked
from civicforum.polls.services.states import stop_locked
from civicforum.records.services import open_journal
from civicforum.sealed import Answer, verify_archive
from civicforum.sealed.archives import Report
from tests.support.polls import YES_NO, question_row


@dataclass(frozen=True)
class Voter:
    """Somebody on the roll; `cookie` and `token` are those of a browser that is signed in."""

    entry_id: uuid.UUID
    cookie: str
    token: str


@dataclass(frozen=True)
class Electorate:
    """An open poll of the preset `poll`, and everybody on its roll."""

    poll_id: uuid.UUID
    voters: list[Voter]

    def request(self, voter: Voter, ballot: bytes) -> bytes:
        """Return the HTTP request that casts a ballot."""
        body = self.body(voter, ballot)
        head = (
            f"POST /polls/{self.poll_id}/ballots HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {voter.cookie}\r\n"
            f"X-CSRFToken: {voter.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def body(self, voter: Voter, ballot: bytes) -> bytes:
        """Return what that request says."""
        written = urlsafe_b64encode(ballot).rstrip(b"=").decode()
        return json.dumps({"entry": str(voter.entry_id), "ballot": written}).encode()


def make_community() -> uuid.UUID:
    """Make a community with one household for everybody. Wants an app context."""
    with transaction() as session:
        city = Region(kind=RegionKind.CITY, name="临江市")
        district = Region(kind=RegionKind.DISTRICT, name="东湖区", parent=city)
        subdistrict = Region(kind=RegionKind.SUBDISTRICT, name="松河街道", parent=district)
        community = Community(name="青松里社区", subdistrict=subdistrict, created_at=datetime.now(UTC))
        session.add(community)
        session.flush()
        grid = Grid(community_id=community.id, code="01", name="第一网格")
        group = Group(community_id=community.id, name="第一居民小组")
        session.add(Household(community_id=community.id, number="1", address="1号楼", grid=grid, group=group))
        open_journal(session, community_id=community.id)
        return community.id


def make_electorate(
    app: Flask, community_id: uuid.UUID, *, voters: int, questions: Sequence[QuestionSpec] = (YES_NO,)
) -> Electorate:
    """Make so many residents who are signed in, and an open poll that all of them may vote in."""
    with app.app_context():
        people, cookies = _residents(app, community_id, voters)
        poll_id = _open_poll(app, community_id, people, questions)
        entries = dict(
            db.session.execute(
                select(RollEntry.person_id, RollEntry.id).where(RollEntry.poll_id == poll_id)
            ).all()
        )
        return Electorate(
            poll_id,
            [Voter(entries[person], *cookie) for person, cookie in zip(people, cookies, strict=True)],
        )


def sealed_ballots(
    app: Flask, electorate: Electorate, answers: Sequence[Sequence[Answer]], *, sequence: int = 0
) -> list[bytes]:
    """Return the ballot of every voter, who answer in turn as `answers` says."""
    with app.app_context():
        manifest = boards.manifest_of(db.session(), electorate.poll_id)
        picks = [sealed.picks_of(manifest.contests, answer) for answer in answers]
    keys = keyring.read_keys(_settings(app).instance, electorate.poll_id)
    return [
        sealed.seal(
            manifest.race,
            picks[number % len(picks)],
            sealed.secret_of(str(electorate.poll_id), keys.code_of(voter.entry_id)),
            sequence,
            secrets.token_bytes(32),
        )
        for number, voter in enumerate(electorate.voters)
    ]


def _settings(app: Flask) -> Settings:
    settings: Settings = app.config["CIVICFORUM"]
    return settings


def _residents(
    app: Flask, community_id: uuid.UUID, number: int
) -> tuple[list[uuid.UUID], list[tuple[str, str]]]:
    now = datetime.now(UTC)
    people, sessions = [uuid.uuid4() for _ in range(number)], [uuid.uuid4() for _ in range(number)]
    accounts = [uuid.uuid4() for _ in range(number)]
    with transaction() as session:
        household = session.scalars(
            select(Household.id).where(Household.community_id == community_id)
        ).first()
        tables: list[tuple[Any, list[dict[str, Any]]]] = [
            (
                Person,
                [
                    {
                        "id": person,
                        "community_id": community_id,
                        "number": person.hex,
                        "name": f"居民{at}",
                        "sex": Sex.FEMALE,
                        "born_on": date(1970, 5, 17),
                        "household_id": household,
                    }
                    for at, person in enumerate(people)
                ],
            ),
            (
                Account,
                [
                    {
                        "id": account,
                        "community_id": community_id,
                        "person_id": person,
                        "login": person.hex,
                        "created_at": now,
                    }
                    for account, person in zip(accounts, people, strict=True)
                ],
            ),
            (
                SignInSession,
                [
                    {
                        "id": key,
                        "account_id": account,
                        "started_at": now,
                        "seen_at": now,
                        "expires_at": now + timedelta(days=1),
                    }
                    for key, account in zip(sessions, accounts, strict=True)
                ],
            ),
        ]
        for table, rows in tables:
            session.execute(insert(table), rows)
    return people, [browser_of(app, key) for key in sessions]


def browser_of(app: Flask, session_id: uuid.UUID | None = None) -> tuple[str, str]:
    """Return cookie and token against forgery, as the application itself would give them.

    Args:
        session_id: of whom is signed in; None for a visitor.
    """
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    raw = secrets.token_hex(20)
    user = {} if session_id is None else {"_user_id": str(session_id), "_fresh": True}
    cookie = signer.dumps(user | {"csrf_token": raw})
    token = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
    name = app.config["SESSION_COOKIE_NAME"]
    return f"{name}={cookie if isinstance(cookie, str) else cookie.decode()}", str(token)


def _open_poll(
    app: Flask, community_id: uuid.UUID, people: Sequence[uuid.UUID], questions: Sequence[QuestionSpec]
) -> uuid.UUID:
    now, book = datetime.now(UTC), rulebook.load("national-2026")
    with transaction() as session:
        poll = Poll(
            community_id=community_id,
            title="小区事项表决",
            question="",
            preset=Preset.POLL,
            state=PollState.OPEN,
            profile=book.name,
            profile_version=book.version,
            members=len(people),
            created_at=now,
            opened_at=now,
            roll_posted_at=now,
            roll_frozen_at=now,
            opens_at=now,
            closes_at=now + timedelta(days=1),
        )
        community = session.get_one(Community, community_id)
        poll.questions = [question_row(community, spec, at) for at, spec in enumerate(questions, 1)]
        session.add(poll)
        session.flush()
        session.execute(
            insert(RollEntry),
            [
                {
                    "community_id": community_id,
                    "poll_id": poll.id,
                    "person_id": person,
                    "position": position,
                    "ground": "capacity.hukou",
                    "name": f"居民{position}",
                    "group_name": "第一居民小组",
                }
                for position, person in enumerate(people, 1)
            ],
        )
        founding.found_platform_poll(session, poll=poll, settings=_settings(app), now=now)
        return poll.id


def count_vote(poll_id: uuid.UUID, settings: Settings, archive: Path) -> Report:
    """Close, open and count a vote sealed by the platform; write its archive, and return its verification."""
    now = datetime.now(UTC)
    with transaction() as session:
        poll = session.get_one(Poll, poll_id, with_for_update=True)
        poll.closes_at = now
        stop_locked(session, poll, actor=None, now=now)
    with transaction() as session:
        seal_locked(session, session.get_one(Poll, poll_id), actor=None, now=now)
    with transaction() as session:
        open_box_locked(session, session.get_one(Poll, poll_id), actor=None, settings=settings, now=now)
    archive.write_bytes(b"".join(line + b"\n" for line in boards.list_lines(db.session(), poll_id)))
    return verify_archive(archive, head=boards.replay(db.session(), poll_id).head)
