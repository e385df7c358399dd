"""An election day in miniature: who is there, what they ask for, and what each of them sends."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select, update

from bench.growing import Growth, busiest_matter
from bench.voters import Electorate, Voter, browser_of, make_electorate, sealed_ballots
from civicforum.accounts.models import Account
from civicforum.accounts.passwords import hash_password
from civicforum.database import db, transaction
from civicforum.matters.models import Matter
from civicforum.matters.rules import LIVE, SECONDABLE, Stage
from civicforum.notices.models import Notice
from civicforum.people.models import Community
from civicforum.polls.models import RollEntry
from tests.support.polls import ABSTAIN, AGAINST, FOR

MATTERS = 150
MANY_COMMENTS = 100
SESSIONS = 500
ACTS = 400
PASSWORD = "a day of votes"  # noqa: S105
# Of a hundred requests. One in three of those who cast signs in first; the others still are.
MIX = {
    "home": 30,
    "list of matters": 10,
    "notice board": 10,
    "a matter": 20,
    "a notice": 6,
    "the poll": 6,
    "sign in": 4,
    "cast": 12,
    "second": 1,
    "comment": 1,
}
SIGNED_IN = 0.6
MATTER_OF_MANY = "a matter, 100 comments"
PAGES_ALONE = ("home", "list of matters", "notice board", "a matter", MATTER_OF_MANY, "a notice", "the poll")


@dataclass(frozen=True)
class Scene:
    """The community on its day: addresses of each kind of page, and everybody on the roll."""

    paths: dict[str, list[str]]
    electorate: Electorate
    logins: list[str]
    secondable: list[uuid.UUID]
    commentable: list[uuid.UUID]


def make_scene(app: Flask, *, voters: int) -> Scene:
    """Let the demonstration grow, and open a sealed poll in it for so many more residents."""
    with app.app_context():
        community_id = db.session.scalars(select(Community.id)).one()
        Growth(lambda what: None).to(MATTERS, comments=MANY_COMMENTS)
    electorate = make_electorate(app, community_id, voters=voters)
    with app.app_context():
        busiest = busiest_matter()
        public = Matter.stage.not_in((Stage.DRAFT, Stage.RETURNED))
        matters = db.session.scalars(select(Matter.id).where(public, Matter.id != busiest)).all()
        notices = db.session.scalars(select(Notice.id).where(Notice.removed_at.is_(None))).all()
        stages = {
            stage: list(db.session.scalars(select(Matter.id).where(Matter.stage.in_(stage))))
            for stage in (SECONDABLE, LIVE)
        }
        return Scene(
            paths={
                "home": ["/"],
                "list of matters": ["/matters"],
                "notice board": ["/notices/"],
                "a matter": [f"/matters/{one}" for one in matters],
                MATTER_OF_MANY: [f"/matters/{busiest}"],
                "a notice": [f"/notices/{one}" for one in notices],
                "the poll": [f"/polls/{electorate.poll_id}"],
            },
            electorate=electorate,
            logins=_give_passwords(electorate),
            secondable=stages[SECONDABLE],
            commentable=stages[LIVE],
        )


def plan_of(app: Flask, scene: Scene) -> dict[str, Any]:
    """Return what the people of the load do, as JSON; ballots are sealed here, and not by their browsers."""
    voters = scene.electorate.voters
    residents = [_headers(at, voter.cookie) for at, voter in enumerate(voters[:SESSIONS])]
    strangers = [_headers(at, browser_of(app)[0]) for at in range(SESSIONS)]
    pages = {name: {"paths": paths, "who": "anybody"} for name, paths in scene.paths.items()}
    for name in PAGES_ALONE:
        for who in ("visitors", "residents"):
            pages[f"{name}, {who}"] = {"paths": scene.paths[name], "who": who}
    pages |= {name: {"paths": [f"/{name}"], "who": "visitors"} for name in ("one", "fifty")}
    return {
        "signed_in": SIGNED_IN,
        "residents": residents,
        "visitors": strangers,
        "pages": pages,
        "acts": {
            "sign in": list(_sign_ins(app, scene)),
            "cast": list(_casts(app, scene.electorate)),
            "second": list(_seconds(voters, scene.secondable)),
            "comment": list(_comments(voters, scene.commentable)),
        },
    }


def _give_passwords(electorate: Electorate) -> list[str]:
    """Give the first voters one password, hashed once, and return their logins."""
    hashed = hash_password(PASSWORD)
    with transaction() as session:
        entries = [voter.entry_id for voter in electorate.voters[:SESSIONS]]
        people = select(RollEntry.person_id).where(RollEntry.id.in_(entries))
        session.execute(update(Account).where(Account.person_id.in_(people)).values(password_hash=hashed))
        return list(session.scalars(select(Account.login).where(Account.person_id.in_(people))))


def _sign_ins(app: Flask, scene: Scene) -> Iterator[dict[str, Any]]:
    for at in range(2 * ACTS):
        cookie, token = browser_of(app)
        login = scene.logins[at % len(scene.logins)]
        form = {"login": login, "password": PASSWORD, "csrf_token": token}
        yield _form("/sign-in", _headers(at, cookie), form)


def _casts(app: Flask, electorate: Electorate) -> Iterator[dict[str, Any]]:
    ballots = sealed_ballots(app, electorate, [[FOR], [AGAINST], [ABSTAIN]])
    for at, (voter, ballot) in enumerate(zip(electorate.voters, ballots, strict=True)):
        headers = _headers(at, voter.cookie)
        headers |= {"X-CSRFToken": voter.token, "Content-Type": "application/json"}
        body = electorate.body(voter, ballot).decode()
        path = f"/polls/{electorate.poll_id}/ballots"
        yield {"method": "POST", "path": path, "headers": headers, "body": body, "expects": 201}


def _seconds(voters: Sequence[Voter], matters: Sequence[uuid.UUID]) -> Iterator[dict[str, Any]]:
    for at, voter in enumerate(voters[:ACTS]):
        path = f"/matters/{matters[at % len(matters)]}/second"
        yield _form(path, _headers(at, voter.cookie), {"csrf_token": voter.token})


def _comments(voters: Sequence[Voter], matters: Sequence[uuid.UUID]) -> Iterator[dict[str, Any]]:
    for at, voter in enumerate(voters[:ACTS]):
        path = f"/matters/{matters[at % len(matters)]}/comments"
        form = {"csrf_token": voter.token, "text": f"我也这样想，第{at}次说。"}
        yield _form(path, _headers(at, voter.cookie), form)


def _headers(at: int, cookie: str) -> dict[str, str]:
    # Everybody has an address of their own: limits on requests are for each address.
    return {"Cookie": cookie, "X-Forwarded-For": f"10.1.{at // 250 % 250}.{at % 250 + 1}"}


def _form(path: str, headers: dict[str, str], fields: dict[str, str]) -> dict[str, Any]:
    headers = headers | {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode(fields)
    return {"method": "POST", "path": path, "headers": headers, "body": body, "expects": 303}
