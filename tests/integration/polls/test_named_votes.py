"""A named vote that stands alone: its names are shown to everybody once it is over, and to nobody before."""

from __future__ import annotations

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.database import db
from civicforum.people.models import Community
from civicforum.polls.models import Poll, RollEntry
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services.named_ballots import cast_named_ballot
from tests.factories import NOW, make_community
from tests.support.polls import AGAINST, YES_NO, make_poll
from tests.support.statements import count_statements

ANSWERED, STRUCK_OFF = 0, 2
OVER = (PollState.CLOSED, PollState.COUNTED, PollState.CERTIFIED, PollState.VOID)


def make_votes(app: Flask, *, state: PollState, preset: Preset = Preset.OPEN, voters: int = 3) -> uuid.UUID:
    """Make a poll in which the first on the roll voted against, and the third too and was struck off."""
    with app.app_context():
        community = db.session.scalars(select(Community)).one_or_none() or make_community()
        poll = make_poll(community, questions=[YES_NO], voters=voters, preset=preset)
        if preset is Preset.OPEN:
            actor = poll.actor(ANSWERED)
            cast_named_ballot(poll_id=poll.id, answers=[AGAINST], actor=actor, now=NOW)
            struck = poll.actor(STRUCK_OFF)
            cast_named_ballot(poll_id=poll.id, answers=[AGAINST], actor=struck, now=NOW)
        db.session.get_one(RollEntry, poll.entries[STRUCK_OFF]).struck_off_at = NOW
        row = db.session.get_one(Poll, poll.id)
        row.state = state
        row.void_ground = "选票印错" if state is PollState.VOID else ""
        if state in OVER:
            row.closed_at = NOW
        db.session.commit()
        return poll.id


def page_of(client: FlaskClient, poll_id: uuid.UUID) -> tuple[int, str]:
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    answer = client.get(f"/polls/{poll_id}/votes")
    return answer.status_code, " ".join(answer.text.split())


@pytest.mark.parametrize("state", OVER)
def test_everybody_sees_who_voted_how_once_it_is_over(
    app: Flask, client: FlaskClient, state: PollState
) -> None:
    status, said = page_of(client, make_votes(app, state=state))
    assert status == 200
    assert said.count("did not vote") == said.count("not counted") == 1
    assert said.count("Against") == 1
    assert said.count("<s>") == 1


def test_nobody_sees_names_while_it_is_open(app: Flask, client: FlaskClient) -> None:
    assert page_of(client, make_votes(app, state=PollState.OPEN))[0] == 404


@pytest.mark.parametrize("preset", [Preset.POLL, Preset.SEALED])
def test_a_secret_vote_has_no_such_page(app: Flask, client: FlaskClient, preset: Preset) -> None:
    assert page_of(client, make_votes(app, state=PollState.COUNTED, preset=preset))[0] == 404


def test_a_long_list_costs_no_more_statements(app: Flask, client: FlaskClient) -> None:
    few, many = (make_votes(app, state=PollState.COUNTED, voters=voters) for voters in (3, 19))
    page_of(client, few)
    with count_statements() as short:
        page_of(client, few)
    with count_statements() as long:
        assert page_of(client, many)[0] == 200
    assert long.total == short.total
