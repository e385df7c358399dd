"""Each illegal step of an election is refused on its page, with the article and what would make it lawful."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import select

from civicforum.bodies.models import Term
from civicforum.bodies.rules import BodyKind, PostKind, Role
from civicforum.database import db
from civicforum.elections.models import CommitteePlace, Election
from civicforum.elections.rules import CandidateState, Disqualification, Stage, Way
from civicforum.people.models import Community, Kinship
from civicforum.people.rules import KinshipKind
from civicforum.polls.models import Mandate, RollEntry
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules_paper import BoxSheet
from civicforum.rulebook import BASE, load
from tests.factories import make_body, make_community, make_officer, make_person, make_post, sign_in
from tests.support.days import today
from tests.support.elections import (
    make_candidate,
    make_election,
    make_registration,
    make_round,
    make_voters,
)
from tests.support.paper import make_hall, stop
from tests.support.polls import question_row

ENGLISH = {"Accept-Language": "en"}
ONE_SEAT = ((PostKind.DIRECTOR, "主任", 1),)


@dataclass(frozen=True)
class Place:
    """An election, and what else a page is asked for. The election officer is signed in."""

    election: uuid.UUID
    community: uuid.UUID
    poll: uuid.UUID | None = None
    entries: Sequence[uuid.UUID] = ()

    def path(self, page: str) -> str:
        return f"/elections/{self.election}{page}"


def english(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"


def begin(client: FlaskClient, *, days: int, stage: Stage, by_proxy: bool = False) -> Place:
    """Make an election so many days ahead, whose election committee's officer is signed in."""
    with client.application.app_context():
        community = make_community()
        day = today() + timedelta(days=days)
        election = make_election(community, day=day, seats=ONE_SEAT, stage=stage, by_proxy=by_proxy)
        make_officer(community, Role.ELECTION_OFFICER, login="officer")
        place = Place(election.id, community.id)
    sign_in(client, "officer")
    return place


def law(rule_id: str) -> list[str]:
    """Return what a refusal by this rule says on a page: the article, and what would make it lawful."""
    rule = load(BASE).rule(rule_id)
    assert rule.remedy("en")
    return [str(escape(rule.citation("en"))), str(escape(rule.remedy("en")))]


def refused(client: FlaskClient, path: str, data: dict[str, str], rule_id: str, *said: str) -> None:
    """Assert that a page refuses what is sent by this rule, and says all of this."""
    answer = client.post(path, data=data, headers=ENGLISH)
    assert answer.status_code == 422
    says(answer.text, rule_id, *said)


def says(page: str, rule_id: str, *said: str) -> None:
    errors = re.findall(r"<(?:a|p)[^>]*(?:error|verdict)[^>]*>.*?</(?:a|p)>", page, re.DOTALL)
    missing = [words for words in (*law(rule_id), *said) if words not in page]
    assert not missing, f"{missing} not said, but: {errors}"


def test_roll_posted_nineteen_days_before_is_refused_art_17(client: FlaskClient) -> None:
    place = begin(client, days=19, stage=Stage.ROLL)
    with client.application.app_context():
        election = db.session.get_one(Election, place.election)
        for person in make_voters(election, 3):
            make_registration(election, person)
    client.post(place.path("/rounds/roll"))
    day = today() + timedelta(days=19)
    refused(
        client,
        place.path("/rounds/roll/post"),
        {},
        "roll.posting",
        "art 17",
        "Choose a later election day",
        f"{day} − {today()} = 19 &lt; 20",
        f"For this election day it is posted on {english(today() - timedelta(days=1))} at the latest.",
    )


def test_as_many_candidates_as_seats_are_refused_art_18(client: FlaskClient) -> None:
    place = begin(client, days=10, stage=Stage.CANDIDATES)
    with client.application.app_context():
        election = db.session.get_one(Election, place.election)
        person = make_person(db.session.get_one(Community, place.community), name="林国安")
        checks = {ground.value: {"applies": False, "source": "街道复函"} for ground in Disqualification}
        candidate = make_candidate(election, "主任", person, checks=checks).id
    said = "art 18", "1 − 1 = 0", "0 &lt; 1", "There are more candidates than seats"
    path, form = place.path("/formal-list"), {f"place-{candidate}": "1"}
    refused(
        client, path, form, "election.excess", *said, "or have one of the assemblies decide on fewer seats"
    )


def on_paper(client: FlaskClient) -> Place:
    """Make an election with a posted roll of six, the first of whom stands on the paper."""
    place = begin(client, days=10, stage=Stage.CANDIDATES, by_proxy=True)
    with client.application.app_context():
        election = db.session.get_one(Election, place.election)
        community = db.session.get_one(Community, place.community)
        people = [make_person(community, name=f"选民{serial}") for serial in range(6)]
        make_candidate(election, "主任", people[0], state=CandidateState.FORMAL, position=1)
        poll = make_round(election, people=people).poll
        spec = QuestionSpec(
            QuestionKind.SELECTION, "主任", options=("选民0", "陈秀英"), marking=Marking.EACH, write_ins=1
        )
        poll.questions.append(question_row(community, spec, 1))
        db.session.commit()
        found = select(RollEntry.id).where(RollEntry.poll_id == poll.id).order_by(RollEntry.position)
        return Place(place.election, place.community, poll.id, db.session.scalars(found).all())


def proxy(place: Place, *, principal: int, holder: int) -> dict[str, str]:
    return {
        "principal": str(place.entries[principal]),
        "holder": str(place.entries[holder]),
        "reason": "在外地工作",
        "written_on": today().isoformat(),
    }


def test_a_fourth_proxy_for_one_holder_is_refused_art_19(client: FlaskClient) -> None:
    place = on_paper(client)
    path = f"/polls/{place.poll}/mandates/add"
    for principal in (2, 3, 4):
        assert client.post(path, data=proxy(place, principal=principal, holder=1)).status_code == 303
    said = "art 19", "4 &gt; 3", "Nobody holds more than three proxies", "Choose another voter"
    refused(client, path, proxy(place, principal=5, holder=1), "proxy.per_holder", *said)
    with client.application.app_context():
        assert len(db.session.scalars(select(Mandate)).all()) == 3


def test_a_candidate_as_proxy_is_refused_art_19(client: FlaskClient) -> None:
    place = on_paper(client)
    path, said = f"/polls/{place.poll}/mandates/add", ("art 19", "Candidates hold no proxies")
    refused(client, path, proxy(place, principal=2, holder=0), "proxy.candidates", *said)


def test_a_proxy_where_representatives_elect_is_refused_art_19(client: FlaskClient) -> None:
    with client.application.app_context():
        community = make_community()
        make_officer(community, Role.COMMITTEE, login="committee")
        body = make_body(community, BodyKind.DELIBERATION_COUNCIL, name="议事会")
        post = make_post(body, PostKind.MEMBER, title="议事员", seats=5)
        form = {"body": str(body.id), f"seats_{post.id.hex}": "5"}
    sign_in(client, "committee")
    form |= {
        "key": str(uuid.uuid4()),
        "occasion": "term",
        "way": Way.REPRESENTATIVES.value,
        "polling_on": (today() + timedelta(days=60)).isoformat(),
        "opens": "08:00",
        "closes": "18:00",
        "place": "党群服务中心",
    }
    said = "art 19", 'id="by_proxy-error"'
    refused(client, "/elections/new", {**form, "by_proxy": "y"}, "proxy.by_representatives", *said)
    # Without proxies the same plan is lawful.
    assert client.post("/elections/new", data=form).status_code == 200


def test_near_relatives_on_the_election_committee_are_refused_with_the_rule(client: FlaskClient) -> None:
    with client.application.app_context():
        community = make_community()
        make_officer(community, Role.COMMITTEE, login="committee")
        election = make_election(community, day=today() + timedelta(days=41), stage=Stage.COMMITTEE)
        people = [make_person(community, name=f"推选{serial}") for serial in range(6)]
        for position, person in enumerate(people, 1):
            db.session.add(
                CommitteePlace(
                    community_id=community.id,
                    election_id=election.id,
                    person_id=person.id,
                    position=position,
                    votes=90 - position,
                )
            )
        db.session.add(
            Kinship(
                community_id=community.id,
                person_id=people[0].id,
                relative_id=people[4].id,
                kind=KinshipKind.SIBLING,
            )
        )
        db.session.commit()
        path, ids = f"/elections/{election.id}/committee", [str(person.id) for person in people]
    sign_in(client, "committee")
    form = {"size": "5", "director": ids[1]}
    refused(client, f"{path}/form", form, "posts.election_committee", "推选0", "推选4", "1 &gt; 0")
    # Whoever follows takes the place.
    client.post(f"{path}/places/remove", data={"person": ids[4]})
    assert client.post(f"{path}/form", data=form).status_code == 303


def test_somebody_appointed_to_an_elected_post_is_refused_with_the_article(client: FlaskClient) -> None:
    with client.application.app_context():
        community = make_community()
        make_officer(community, Role.ADMIN, login="admin")
        body = make_body(community, BodyKind.RESIDENTS_COMMITTEE)
        post = make_post(body, PostKind.DIRECTOR, title="主任", seats=1).id
        person = make_person(community, name="赵指派").id
    sign_in(client, "admin")
    form = {"person": str(person), "appointed": "appointed", "since": today().isoformat(), "until": ""}
    said = "Only an election fills this post.", "art 4", "are elected; nobody may appoint"
    refused(client, f"/bodies/posts/{post}/appoint", form, "posts.elected_only", *said)
    with client.application.app_context():
        assert not db.session.scalars(select(Term).where(Term.post_id == post)).all()


@pytest.mark.parametrize(("found", "is_void"), [(2, False), (3, True)])
def test_more_papers_than_handed_out_make_the_poll_void_art_44(
    app: Flask, client: FlaskClient, found: int, is_void: bool
) -> None:
    with app.app_context():
        hall = make_hall(make_community(), logins=("clerk", "officer"))
        for voter in (0, 1):
            hall.issue(voter)
        stop(hall.poll)
        hall.count_alike(BoxSheet(found, 0, (found, 0)), more_found=True)
    sign_in(client, "officer")
    page = client.get(f"/polls/{hall.poll.id}/paper", headers=ENGLISH).text
    sign = "&gt;" if is_void else "≤"
    assert f"{found} {sign} 2" in page
    assert "art 44" in page
    assert ("By this rule the poll cannot be counted; it can only be declared void." in page) is is_void
    if is_void:
        says(page, "ballot.excess_papers_void_poll")


def test_officers_read_beforehand_that_the_roll_comes_too_late_art_17(client: FlaskClient) -> None:
    place = begin(client, days=19, stage=Stage.ROLL)
    page = client.get(place.path("/manage"), headers=ENGLISH).text
    assert "art 17" in page
    assert "19 &lt; 20" in page
    assert f'href="{place.path("/day")}"' in page
