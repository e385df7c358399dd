"""Callers and counters of an election are neither candidates nor their near relatives (DOMAIN.md B24)."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.elections.errors import StaffBarred
from civicforum.elections.models import Election
from civicforum.elections.notices import Need, Wish
from civicforum.elections.rules import NoticeKind
from civicforum.elections.services.notices import issue_notice
from civicforum.errors import NotEligible
from civicforum.people.models import Community, Kinship, Person
from civicforum.people.rules import KinshipKind
from civicforum.polls.models import Poll, Station
from civicforum.polls.rules import PollState
from civicforum.polls.rules_paper import BoxSheet
from civicforum.polls.services.box_counts import enter_count
from tests.factories import actor_of, make_community, make_officer, make_person, sign_in
from tests.support.election_records import ASKED, Records, after, make_records
from tests.support.rounds import latest, make_running


@pytest.fixture
def community(session: Session) -> Community:
    return make_community()


@pytest.fixture
def records(community: Community) -> Records:
    return make_records(community)


def relate(session: Session, community: Community, one: Person, other: Person) -> None:
    pair = {"person_id": one.id, "relative_id": other.id, "kind": KinshipKind.SPOUSE}
    session.add(Kinship(community_id=community.id, **pair))
    session.commit()


def named(session: Session, name: str) -> Person:
    return session.scalars(select(Person).where(Person.name == name)).one()


def refusal(session: Session, records: Records, **asked: str) -> tuple[str, str | None, str] | None:
    """Return why the notice of the staff is refused, beside which field, and for whom; None if it is not."""
    election = session.get_one(Election, records.id)
    officer = actor_of(session.get_one(Person, records.officers[0]), Role.ELECTION_OFFICER)
    wish = Wish(asked={**ASKED, **asked})
    try:
        issue_notice(
            election_id=records.id, need=Need(NoticeKind.STAFF), wish=wish, actor=officer, now=after(election)
        )
    except StaffBarred as barred:
        return barred.reason, barred.field, barred.name
    return None


@pytest.mark.law("B24", "posts.polling_staff")
def test_a_candidate_neither_calls_nor_counts(session: Session, records: Records) -> None:
    assert refusal(session, records, callers="许志远、李文涛") == ("candidate", "callers", "李文涛")
    assert refusal(session, records, counters="赵淑芬 韩雪") == ("candidate", "counters", "赵淑芬")
    assert refusal(session, records) is None


@pytest.mark.law("B24", "posts.polling_staff")
def test_a_near_relative_of_a_candidate_does_not_count_and_a_namesake_does(
    session: Session, community: Community, records: Records
) -> None:
    spouse = make_person(community, name="韩雪")
    relate(session, community, spouse, named(session, "李文涛"))
    assert refusal(session, records) == ("relative", "counters", "韩雪")
    # With two of the name, the one who is nobody's relative may be meant.
    make_person(community, name="韩雪")
    assert refusal(session, records) is None


@pytest.mark.law("B24", "posts.polling_staff")
def test_a_near_relative_of_a_candidate_enters_no_count_of_an_election(
    session: Session, community: Community
) -> None:
    running = make_running(community, {"主任": ("陈一", "林二"), "委员": ("何四", "高五", "罗六")})
    poll = session.get_one(Poll, latest(running.election_id).poll_id)
    poll.state, poll.opened_at, poll.closed_at = PollState.CLOSED, poll.opens_at, poll.closes_at
    counter, closed_at = running.counters[1], poll.closes_at
    assert closed_at is not None
    relate(session, community, named(session, "陈一"), session.get_one(Person, counter.person_id))
    station = session.scalars(select(Station.id).where(Station.poll_id == poll.id)).one()
    sheet = BoxSheet(found=0, invalid=0, counts=(0,) * 14, texts=({}, {}), grounds={})
    with pytest.raises(NotEligible):
        enter_count(station_id=station, sheet=sheet, actor=counter, now=closed_at)


def test_the_page_names_who_cannot_serve_and_keeps_what_was_typed(app: Flask, client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with app.app_context():
        community = make_community()
        records = make_records(community)
        make_officer(community, Role.ELECTION_OFFICER, name="宋选举", login="election_officer")
    sign_in(client, "election_officer")
    typed = {"callers": "许志远 李文涛", "counters": "韩雪", "issue": "1"}
    answer = client.post(f"/elections/{records.id}/notices/staff/issue", data=typed)
    assert answer.status_code == 422
    assert "李文涛 is a candidate, or has the name of one." in answer.text
    assert 'value="许志远 李文涛"' in answer.text
