"""The public page of a poll and the officer's page of it, in both languages, and what one does there."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community
from civicforum.polls.models import (
    CredentialLink,
    Mandate,
    PaperIssue,
    Poll,
    RollEntry,
    RollObjection,
    Station,
)
from civicforum.polls.rules import ObjectionKind, PollState, Preset, StationKind, VoteChannel
from civicforum.polls.services.casting import cast_sealed_ballot
from tests.factories import make_account, make_community, make_officer, make_person, sign_in
from tests.support.polls import FOR, YES_NO, SealedPoll, make_poll, settings_now
from tests.support.statements import count_statements

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
OPEN: dict[str, Any] = {"opens_at": NOW - DAY, "closes_at": NOW + DAY}


@dataclass
class Place:
    """A poll of three voters, with who runs it and who watches. Ids, so that sessions may end."""

    poll: SealedPoll
    community_id: uuid.UUID

    @property
    def url(self) -> str:
        return f"/polls/{self.poll.id}"


def make_place(state: PollState = PollState.OPEN, **terms: Any) -> Place:
    community = make_community()
    for role in (Role.COMMITTEE, Role.ELECTION_OFFICER, Role.CLERK, Role.SUPERVISOR):
        make_officer(community, role, login=role.value)
    people = [make_person(community, name=name) for name in ("赵敏", "钱伟", "孙丽")]
    for number, person in enumerate(people):
        make_account(person, login=f"voter{number}")
    poll = make_poll(community, people=people, **{**OPEN, **terms})
    change(poll.id, state=state, **({"opened_at": None} if state is PollState.READY else {}))
    return Place(poll, community.id)


def change(poll_id: uuid.UUID, **values: Any) -> None:
    row = db.session.get_one(Poll, poll_id)
    for name, value in values.items():
        setattr(row, name, value)
    db.session.commit()


def vote(place: Place, voter: int) -> None:
    cast_sealed_ballot(
        poll_id=place.poll.id,
        entry_id=place.poll.entries[voter],
        ballot=place.poll.seal(voter, [FOR]),
        actor=place.poll.actor(voter),
        settings=settings_now(),
        now=NOW,
    )


def read(client: FlaskClient, url: str, *, login: str = "", language: str = "en", status: int = 200) -> str:
    client.get(f"/language/{language}")
    if login:
        sign_in(client, login)
    answer = client.get(url)
    assert answer.status_code == status
    return answer.text


def test_a_visitor_reads_what_is_asked_until_when_and_how_secretly(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
    page = read(client, place.url)
    assert YES_NO.title in page
    assert "the platform is able to open the ballots" in page
    assert "0 of 3 on the roll" in page
    assert "Sign in to vote" in page
    assert "/polls/promises#poll" in page
    assert "If you cannot use a phone" in page


def test_pages_are_in_chinese_too(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(PollState.READY, least=4)
    shown = read(client, place.url, language="zh_Hans")
    assert "怎样保密" in shown
    managed = read(client, place.url + "/manage", login="committee", language="zh_Hans")
    assert "下一步" in managed
    assert "开始投票前" in managed


def test_who_may_vote_has_one_button_and_who_has_voted_may_change_it(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
    page = read(client, place.url, login="voter0")
    assert page.count(f'href="{place.url}/ballot"') == 1
    assert "Vote now" in page
    with client.application.app_context():
        vote(place, 0)
    page = read(client, place.url)
    assert "You have voted." in page
    assert "the last ballot counts" in page
    assert "1 of 3 on the roll" in page
    assert "Vote now" not in page


def test_without_revoting_there_is_nothing_more_to_do(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(revote=False)
        vote(place, 0)
    page = read(client, place.url, login="voter0")
    assert "There is nothing more to do." in page
    assert f"{place.url}/ballot" not in page


def test_once_the_links_are_gone_nobody_is_told_who_voted(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
        vote(place, 0)
        change(place.poll.id, state=PollState.CLOSED, closed_at=NOW)
        for link in db.session.scalars(select(CredentialLink)):
            db.session.delete(link)
        db.session.commit()
    assert "You have voted" not in read(client, place.url, login="voter0")


def test_a_proxy_has_a_button_for_each_principal(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(by_paper=True, by_proxy=True)
        principal, holder = place.poll.entries[:2]
        mandate = Mandate(
            community_id=place.community_id,
            poll_id=place.poll.id,
            principal_id=principal,
            holder_id=holder,
            reason="外出务工",
            written_on=NOW.date(),
            entered_by_id=place.poll.people[2],
            entered_at=NOW,
        )
        db.session.add(mandate)
        db.session.commit()
    page = read(client, place.url, login="voter1")
    assert "As the proxy of 赵敏" in page
    assert f'href="{place.url}/ballot?for={principal}"' in page
    assert f'href="{place.url}/ballot"' in page
    assert "As the proxy of" not in read(client, place.url, login="voter2")


def test_paper_that_was_handed_out_is_said(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(preset=Preset.POLL, by_paper=True)
        station = Station(
            community_id=place.community_id, poll_id=place.poll.id, name="会议室", kind=StationKind.HALL
        )
        paper = PaperIssue(
            community_id=place.community_id,
            poll_id=place.poll.id,
            roll_entry_id=place.poll.entries[0],
            station=station,
            channel=VoteChannel.HALL,
            issued_by_id=place.poll.people[2],
            issued_at=NOW,
        )
        db.session.add(paper)
        db.session.commit()
    page = read(client, place.url, login="voter0")
    assert "You were handed a paper ballot." in page
    assert "1 of 3 on the roll" in page
    assert "会议室" in page


def test_drafts_are_for_officers(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(PollState.READY)
        change(place.poll.id, state=PollState.DRAFT)
    read(client, place.url, status=404)
    read(client, place.url, login="voter0", status=404)
    read(client, place.url, login="supervisor")


def test_a_void_poll_says_why(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
        change(place.poll.id, state=PollState.VOID, void_ground="选票印错")
    page = read(client, place.url)
    assert "Reason: 选票印错" in page
    assert "on the roll" not in page


def test_groups_are_told_after_the_count_and_never_small_ones(client: FlaskClient) -> None:
    with client.application.app_context():
        community = make_community()
        poll = make_poll(community, voters=12, **OPEN)
        entries = db.session.scalars(select(RollEntry).order_by(RollEntry.position)).all()
        for at, entry in enumerate(entries):
            entry.group_name = "第一居民小组" if at < 7 else f"第{at}居民小组"
            entry.took_part = VoteChannel.SCREEN if at % 2 else None
        change(poll.id, state=PollState.CLOSED, closed_at=NOW)
    url = f"/polls/{poll.id}"
    assert "Turnout by residents&#39; group" not in read(client, url)
    with client.application.app_context():
        change(poll.id, state=PollState.COUNTED, counted_at=NOW)
    page = read(client, url)
    assert "Smaller groups together" in page
    assert "第8居民小组" not in page


def test_the_officer_sees_what_stands_in_the_way_with_its_link(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(PollState.READY, by_paper=True)
    page = read(client, place.url + "/manage", login="committee")
    assert "Voting should have opened at" in page
    assert "Paper is provided for, and there is no polling station." in page
    assert f'href="{place.url}/stations"' in page
    assert "Set up a station" in page
    with client.application.app_context():
        db.session.add(
            Station(
                community_id=place.community_id, poll_id=place.poll.id, name="会议室", kind=StationKind.HALL
            )
        )
        db.session.commit()
    page = read(client, place.url + "/manage")
    assert "no polling station" not in page
    assert "Open voting now" in page


def test_opening_what_is_blocked_says_why_and_changes_nothing(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(PollState.READY, least=4)
    sign_in(client, "committee")
    client.get("/language/en")
    answer = client.post(place.url + "/open", follow_redirects=True)
    assert "This did not work" in answer.text
    assert "Fewer than 4 ballots are never opened" in answer.text
    with client.application.app_context():
        assert db.session.get_one(Poll, place.poll.id).state is PollState.READY
        change(place.poll.id, least=3)
    assert "Voting is open." in client.post(place.url + "/open", follow_redirects=True).text


def test_stopping_is_refused_before_the_hour_and_done_after_it(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
    sign_in(client, "committee")
    client.get("/language/en")
    assert "Voting goes on until" in client.post(place.url + "/stop", follow_redirects=True).text
    with client.application.app_context():
        change(place.poll.id, closes_at=NOW - timedelta(hours=1))
    assert "End voting now" in client.get(place.url + "/manage").text
    assert "Voting has ended." in client.post(place.url + "/stop", follow_redirects=True).text
    assert client.post(place.url + "/stop").status_code == 409


def test_extending_keeps_what_was_typed_until_it_is_right(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
    sign_in(client, "committee")
    client.get("/language/en")
    typed = {"closes_on": NOW.date().isoformat(), "closes_at": "00:01", "reason": "站点停电"}
    answer = client.post(place.url + "/extend", data=typed)
    assert answer.status_code == 422
    assert "This is not later than voting ends now." in answer.text
    assert "站点停电" in answer.text
    later = {**typed, "closes_on": (NOW + 5 * DAY).date().isoformat()}
    assert client.post(place.url + "/extend", data=later).status_code == 303
    assert "站点停电" in client.get(place.url + "/manage").text


def test_a_poll_is_void_with_its_ground_alone(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
    sign_in(client, "committee")
    assert client.post(place.url + "/void", data={"ground": " "}).status_code == 422
    assert client.post(place.url + "/void", data={"ground": "选票印错"}).status_code == 303
    assert client.post(place.url + "/void", data={"ground": "选票印错"}).status_code == 409


@pytest.mark.parametrize("act", ["open", "stop", "extend", "void"])
@pytest.mark.parametrize(
    ("login", "statutory"), [("clerk", False), ("supervisor", False), ("committee", True)]
)
def test_who_does_not_run_it_may_read_and_not_act(
    client: FlaskClient, login: str, statutory: bool, act: str
) -> None:
    with client.application.app_context():
        place = make_place(is_statutory=statutory)
    page = read(client, place.url + "/manage", login=login)
    assert f"{place.url}/void" not in page
    assert client.post(f"{place.url}/{act}", data={"ground": "选票印错"}).status_code == 403


def test_another_community_has_no_such_poll(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
        make_officer(make_community(name="别处社区"), Role.COMMITTEE, login="elsewhere")
    sign_in(client, "elsewhere")
    assert client.get(place.url + "/manage").status_code == 404
    assert client.post(place.url + "/void", data={"ground": "选票印错"}).status_code == 404


def test_home_asks_those_who_have_not_voted(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place()
    home = read(client, "/", login="voter0")
    assert "Cast your vote" in home
    assert f'href="{place.url}"' in home
    with client.application.app_context():
        vote(place, 0)
    assert "Cast your vote" not in read(client, "/")
    with client.application.app_context():
        change(place.poll.id, closes_at=NOW - timedelta(hours=1))
    assert "Cast your vote" not in read(client, "/", login="voter1")


def test_home_asks_a_proxy_for_the_principal(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(by_paper=True, by_proxy=True)
        vote(place, 1)
        mandate = Mandate(
            community_id=place.community_id,
            poll_id=place.poll.id,
            principal_id=place.poll.entries[0],
            holder_id=place.poll.entries[1],
            reason="外出务工",
            written_on=NOW.date(),
            entered_by_id=place.poll.people[2],
            entered_at=NOW,
        )
        db.session.add(mandate)
        db.session.commit()
    assert "Cast your vote" in read(client, "/", login="voter1")


@pytest.mark.parametrize(
    ("state", "statutory", "asked"),
    [
        (PollState.READY, False, "Clear what stands against opening this vote"),
        (PollState.CLOSED, False, "Take this vote to its next step"),
        (PollState.COUNTED, False, "Take this vote to its next step"),
        (PollState.OPEN, False, ""),
        (PollState.CERTIFIED, False, ""),
        (PollState.CLOSED, True, ""),
    ],
)
def test_home_asks_who_runs_the_poll(
    client: FlaskClient, state: PollState, statutory: bool, asked: str
) -> None:
    with client.application.app_context():
        place = make_place(state, is_statutory=statutory)
    home = read(client, "/", login="committee")
    if asked:
        assert asked in home
    assert (f"{place.url}/manage" in home) is bool(asked)


def test_an_objection_that_waits_for_its_ruling_is_a_task(client: FlaskClient) -> None:
    with client.application.app_context():
        place = make_place(PollState.READY)
        change(place.poll.id, state=PollState.ROLL_POSTED, opens_at=NOW + DAY, closes_at=NOW + 2 * DAY)
        objection = RollObjection(
            community_id=place.community_id,
            poll_id=place.poll.id,
            filed_by_id=place.poll.people[0],
            kind=ObjectionKind.OMITTED,
            about="李雷",
            text="李雷应当在名单上",
            filed_at=NOW,
            due_at=NOW + DAY,
        )
        db.session.add(objection)
        db.session.commit()
    assert f"{place.url}/manage" in read(client, "/", login="committee")


def test_pages_cost_as_many_statements_for_a_long_roll_as_for_a_short_one(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        place = make_place(PollState.READY)
        community = db.session.get_one(Community, place.community_id)
        long = make_poll(community, voters=40, **OPEN)
        change(long.id, state=PollState.READY, opened_at=None)
    sign_in(client, "committee")
    costs = []
    for poll_id in (place.poll.id, long.id):
        with count_statements() as counted:
            client.get(f"/polls/{poll_id}")
            client.get(f"/polls/{poll_id}/manage")
        costs.append(counted.total)
    assert costs[0] == costs[1]
    assert costs[0] < 60
