"""The screen in the hall: boxes and sums while it is counted, the result at the end, and no vote before."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.database import db
from civicforum.polls.models import Poll, Station
from civicforum.polls.queries.hall import HallPage, get_hall
from civicforum.polls.rules import PollState
from civicforum.polls.rules_paper import BoxState, PaperSum
from civicforum.polls.services import box_counts, states
from tests.factories import make_community
from tests.support.polls import settings_now
from tests.support.rounds import Running, hand_out, hold, latest, make_running, sheet_of

NAMES = {"主任": ("陈一", "林二"), "委员": ("何四", "高五", "罗六")}
VOTES = {"主任": {"陈一": 12, "林二": 3}, "委员": {"何四": 13, "高五": 12, "罗六": 2}}


@pytest.fixture
def running(session: Session) -> Running:
    return make_running(make_community(), NAMES)


def poll_of(session: Session, running: Running) -> Poll:
    return session.get_one(Poll, latest(running.election_id).poll_id, populate_existing=True)


def hall(session: Session, running: Running) -> HallPage:
    session.expire_all()
    poll = poll_of(session, running)
    return get_hall(session, poll_id=poll.id, community_id=poll.community_id)


def state_of(page: HallPage) -> BoxState:
    return page.boxes[0].state


def test_a_box_is_followed_from_the_opening_to_the_signed_sum(session: Session, running: Running) -> None:
    assert state_of(hall(session, running)) is BoxState.WAITING
    poll = poll_of(session, running)
    poll_id, officer = poll.id, running.officer
    assert poll.opens_at is not None
    assert poll.closes_at is not None
    opens_at, closes_at = poll.opens_at, poll.closes_at
    states.open_poll(poll_id=poll_id, actor=officer, settings=settings_now(), now=opens_at)
    station = session.scalars(select(Station.id).where(Station.poll_id == poll_id)).one()
    hand_out(poll_id, station, officer, voters=16)
    page = hall(session, running)
    assert (state_of(page), page.boxes[0].issued, page.boxes[0].papers) == (BoxState.OPEN, 16, None)
    states.stop_poll(poll_id=poll_id, actor=officer, now=closes_at)
    assert state_of(hall(session, running)) is BoxState.SHUT
    sheet = sheet_of(poll_id, VOTES, found=15)
    for actor, then in zip(running.counters, (BoxState.COUNTING, BoxState.COUNTED), strict=True):
        box_counts.enter_count(station_id=station, sheet=sheet, actor=actor, now=closes_at)
        page = hall(session, running)
        assert (state_of(page), page.boxes[0].papers, page.account.together) == (then, None, None)
    for actor in running.counters:
        box_counts.sign_station(station_id=station, actor=actor, now=closes_at)
    page = hall(session, running)
    assert (state_of(page), page.boxes[0].papers, page.signed) == (BoxState.SIGNED, PaperSum(16, 15, 0), 1)
    assert page.result is None


def test_a_handful_of_papers_is_never_shown_by_itself(session: Session, running: Running) -> None:
    poll = poll_of(session, running)
    poll_id = poll.id
    assert poll.opens_at is not None
    states.open_poll(poll_id=poll_id, actor=running.officer, settings=settings_now(), now=poll.opens_at)
    station = session.scalars(select(Station.id).where(Station.poll_id == poll_id)).one()
    hand_out(poll_id, station, running.officer, voters=4)
    assert hall(session, running).boxes[0].issued is None
    assert hall(session, running).turnout is not None


def test_the_page_shows_no_vote_before_the_poll_is_counted_and_each_question_after(
    app: Flask, client: FlaskClient
) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with app.app_context():
        running = make_running(make_community(), NAMES)
        poll_id = latest(running.election_id).poll_id
    address = f"/polls/{poll_id}/hall"
    before = client.get(address).text
    assert '<meta http-equiv="refresh" content="20; url=' in before
    assert "陈一" in before
    assert "bars__count" not in before
    with app.app_context():
        hold(poll_id, VOTES, running.counters, voters=15)
        assert db.session.get_one(Poll, poll_id).state is PollState.CERTIFIED
    first = client.get(address).text
    assert "Elected: 陈一" in first
    # 12 of 15 who took part, more than half.
    judged = r'hall__verdict--{}"><strong>{}</strong> <span class="hall__arithmetic">{} '.format
    assert re.search(judged("holds", "✓ 陈一", 12), first)
    assert re.search(judged("fails", "✗ 林二", 3), first)
    assert f'content="20; url={address}?at=2"' in first
    second = client.get(f"{address}?at=2&still=1").text
    assert "Elected: 何四, 高五" in second
    assert "http-equiv" not in second


def test_a_draft_has_no_screen(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        running = make_running(make_community(), NAMES)
        poll = db.session.get_one(Poll, latest(running.election_id).poll_id)
        poll.state, poll.roll_posted_at = PollState.DRAFT, None
        db.session.commit()
        poll_id: uuid.UUID = poll.id
    assert client.get(f"/polls/{poll_id}/hall").status_code == 404
