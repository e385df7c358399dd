"""Pages of paper: who reaches which in which state, and what the desk and the count say."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select

from civicforum.bodies.rules import Role
from civicforum.database import db, transaction
from civicforum.people.models import Household, Person
from civicforum.people.rules import Sex
from civicforum.polls.models import BoxCount, PaperIssue, Poll, RollEntry, Station
from civicforum.polls.rules import PollState
from civicforum.polls.rules_paper import BoxSheet
from civicforum.polls.services.casting import cast_sealed_ballot
from tests.factories import NOW, TODAY, make_account, make_community, make_officer, make_person, sign_in
from tests.support.paper import Hall, make_hall, make_mandate, make_station, stop
from tests.support.polls import FOR, settings_now
from tests.support.statements import count_statements, gather_statistics


@dataclass(frozen=True)
class Place:
    """A hall in a community with an officer for each role, signed in by the role's name."""

    hall: Hall
    box: uuid.UUID
    poll: str

    def at(self, page: str, station: uuid.UUID | None = None) -> str:
        return f"{self.poll}/stations/{station or self.hall.station}/{page}"

    def issue(self, voter: int) -> str:
        return f"{self.poll}/desk/{self.hall.station}/{self.hall.poll.entries[voter]}"


@pytest.fixture
def place(app: Flask, client: FlaskClient) -> Place:
    with app.app_context():
        community = make_community()
        people = [make_person(community, name=name) for name in ("王秀英", "李大伟", "周小川", "郑芳")]
        hall = make_hall(community, people=people, logins=("clerk", "election_officer"))
        with transaction() as session:
            # The day of the test's own clock is inside the poll.
            poll = session.get_one(Poll, hall.poll.id)
            poll.closes_at = poll.closes_at.replace(year=2099)  # type: ignore[union-attr]
        box = make_station(hall.poll, name="一号流动票箱", is_offline=True)
        make_account(db.session.get_one(Person, hall.poll.people[0]), login="resident")
        for role in (Role.COMMITTEE, Role.SUPERVISOR, Role.STATION_HEAD):
            make_officer(community, role, login=role.value)
        return Place(hall, box, f"/polls/{hall.poll.id}")


def papers(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(PaperIssue)) or 0


def set_state(app: Flask, place: Place, state: PollState) -> None:
    with app.app_context():
        if state is PollState.CLOSED:
            stop(place.hall.poll)
        elif state is PollState.READY:
            with transaction() as session:
                poll = session.get_one(Poll, place.hall.poll.id)
                poll.state, poll.opened_at = PollState.READY, None


READERS = {"clerk", "committee", "election_officer", "supervisor"}
DOOR = READERS - {"supervisor"}
RUNNERS = {"committee", "election_officer"}


def test_who_reaches_which_page_in_which_state(app: Flask, client: FlaskClient, place: Place) -> None:
    """One table: page, who may, and its status in the states ready, open and closed with a list awaited."""
    table = {
        f"{place.poll}/stations": (READERS, (200, 200, 200)),
        f"{place.poll}/desk": (READERS, (200, 200, 200)),
        f"{place.poll}/paper": (READERS, (200, 200, 200)),
        place.at("sheet"): (READERS, (200, 200, 200)),
        place.at("differences"): (READERS, (200, 200, 200)),
        f"{place.poll}/stations/{place.hall.station}": (RUNNERS, (200, 200, 200)),
        place.issue(1): (DOOR, (200, 200, 200)),
        place.at("count"): (DOOR, (409, 409, 409)),
        place.at("list", place.box): (DOOR, (409, 409, 200)),
        place.at("list"): (DOOR, (409, 409, 409)),
    }
    for number, state in enumerate((PollState.READY, PollState.OPEN, PollState.CLOSED)):
        if state is PollState.OPEN:
            with app.app_context(), transaction() as session:
                poll = session.get_one(Poll, place.hall.poll.id)
                poll.state, poll.opened_at = PollState.OPEN, NOW
        else:
            set_state(app, place, state)
        for login in sorted(READERS | {"station_head", "resident"}):
            sign_in(client, login)
            for page, (allowed, statuses) in table.items():
                expected = statuses[number] if login in allowed else 403
                assert client.get(page).status_code == expected, (state, login, page)


def test_a_supervisor_changes_nothing(app: Flask, client: FlaskClient, place: Place) -> None:
    sign_in(client, "supervisor")
    for page in (place.issue(1), place.at("exchange"), place.at("count"), place.at("sign")):
        assert client.post(page).status_code == 403
    # The page of stations is read by all of them, and its form refused by the service.
    answer = client.post(f"{place.poll}/stations", data={"kind": "hall", "name": "东门"})
    assert answer.status_code == 403
    assert papers(app) == 0


def test_a_vote_in_a_meeting_or_without_paper_has_no_desk(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Poll, place.hall.poll.id).by_paper = False
    sign_in(client, "clerk")
    assert client.get(f"{place.poll}/desk").status_code == 404
    assert client.get(f"/polls/{uuid.uuid4()}/desk").status_code == 404


def test_the_desk_says_one_word_and_hands_a_paper_out_by_name(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    sign_in(client, "clerk")
    assert "可投票" in client.get(f"{place.poll}/desk?q=王秀英").text
    assert "发给王秀英" in client.get(place.issue(0)).text
    answer = client.post(place.issue(0), follow_redirects=True)
    assert "请交给王秀英一张选票" in answer.text
    found = client.get(f"{place.poll}/desk?q=王秀英").text
    assert "已投票" in found
    assert "社区活动室" in found
    assert "不在名单" in client.get(f"{place.poll}/desk?q=没有这人").text
    again = client.post(place.issue(0), follow_redirects=True)
    assert "已经领过选票" in again.text
    assert papers(app) == 1


def test_the_desk_asks_once_more_who_voted_online(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        cast_sealed_ballot(
            poll_id=place.hall.poll.id,
            entry_id=place.hall.poll.entries[1],
            ballot=place.hall.poll.seal(1, [FOR]),
            actor=place.hall.poll.actor(1),
            settings=settings_now(),
            now=NOW,
        )
    sign_in(client, "clerk")
    assert "已在网上投票" in client.get(f"{place.poll}/desk?q=李大伟").text
    refused = client.post(place.issue(1))
    assert refused.status_code == 422
    assert "不再计入" in refused.text
    assert papers(app) == 0
    assert client.post(place.issue(1), data={"despite_screen": "1"}).status_code == 303
    assert papers(app) == 1


def test_the_paper_of_a_principal_is_handed_to_the_holder(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    with app.app_context():
        mandate = make_mandate(place.hall, principal=2, holder=3)
    sign_in(client, "clerk")
    assert "受周小川委托" in client.get(f"{place.poll}/desk?q=郑芳").text
    asked = client.get(f"{place.issue(2)}?mandate={mandate}").text
    assert "把周小川的选票发给郑芳" in asked
    assert client.post(place.issue(2), data={"mandate": str(mandate)}).status_code == 303
    assert client.get(f"{place.issue(2)}?mandate={uuid.uuid4()}").status_code == 404
    assert papers(app) == 1


def test_an_offline_list_is_shown_row_by_row_and_entered_whole(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    sign_in(client, "clerk")
    client.post(place.issue(0))
    set_state(app, place, PollState.CLOSED)
    page = place.at("list", place.box)
    wrong = client.post(page, data={"handed_out": "1-2, 77", "exchanged": "0", "confirm": "1"})
    assert wrong.status_code == 422
    assert "已经领过选票" in wrong.text
    assert "没有这个编号" in wrong.text
    assert "1-2, 77" in wrong.text
    assert client.post(page, data={"handed_out": "二号", "exchanged": "0"}).status_code == 422
    shown = client.post(page, data={"handed_out": "2、3", "exchanged": "0"})
    assert "李大伟" in shown.text
    assert papers(app) == 1
    assert client.post(page, data={"handed_out": "2、3", "exchanged": "0", "confirm": "1"}).status_code == 303
    assert papers(app) == 3
    assert client.get(page).status_code == 409


def test_the_second_person_sees_no_number_of_the_first(app: Flask, client: FlaskClient, place: Place) -> None:
    sign_in(client, "clerk")
    for voter in range(4):
        client.post(place.issue(voter))
    set_state(app, place, PollState.CLOSED)
    client.post(place.at("list", place.box), data={"handed_out": "", "exchanged": "0", "confirm": "1"})
    typed = {"found": "4", "invalid": "1", "ground-torn": "1", "mark-0": "2", "mark-1": "1"}
    wrong = client.post(place.at("count"), data={**typed, "mark-1": "2"})
    assert wrong.status_code == 422
    assert "2 + 2 = 4 &gt; 3" in wrong.text
    assert client.post(place.at("count"), data=typed).status_code == 303
    assert 'value="2"' in client.get(place.at("count")).text
    sign_in(client, "election_officer")
    own = client.get(place.at("count")).text
    assert not re.search(r'name="(found|invalid|mark-\d)" value="\d', own)
    told = client.get(place.at("differences")).text
    assert "赵办事已录入计票" in told
    assert "撕破" not in told
    client.post(place.at("count"), data={**typed, "mark-0": "1", "mark-1": "2"})
    told = client.get(place.at("differences")).text
    assert "两份计票有 2 处不一致" in told
    assert "赵办事记 2，钱委员记 1" in told
    assert client.post(place.at("sign")).status_code == 409
    client.post(place.at("count"), data=typed)
    assert "完全一致" in client.get(place.at("differences")).text
    client.post(place.at("sign"))
    sign_in(client, "clerk")
    assert "两人都已签字" in client.post(place.at("sign"), follow_redirects=True).text
    assert client.get(place.at("count")).status_code == 409


def test_more_papers_found_are_entered_only_when_counted_again(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    set_state(app, place, PollState.CLOSED)
    sign_in(client, "clerk")
    client.post(place.at("list", place.box), data={"handed_out": "", "exchanged": "0", "confirm": "1"})
    typed = {"found": "1", "invalid": "0", "mark-0": "1", "mark-1": "0"}
    refused = client.post(place.at("count"), data=typed)
    assert refused.status_code == 422
    assert "1 &gt; 0" in refused.text
    assert client.post(place.at("count"), data={**typed, "more_found": "1"}).status_code == 303
    sign_in(client, "election_officer")
    client.post(place.at("count"), data={**typed, "more_found": "1"})
    with app.app_context():
        counts = db.session.scalars(select(BoxCount).where(BoxCount.station_id == place.hall.station)).all()
        assert [count.found for count in counts] == [1, 1]


def test_the_sheet_has_names_and_nothing_else(app: Flask, client: FlaskClient, place: Place) -> None:
    sign_in(client, "clerk")
    sheet = client.get(place.at("sheet")).text
    assert "王秀英" in sheet
    assert "第一居民小组" in sheet
    with app.app_context():
        household = db.session.get_one(Person, place.hall.poll.people[0]).household
        number, address = household.number, household.address
    assert number not in sheet
    assert address not in sheet


def test_a_station_that_was_refused_keeps_what_was_typed(
    app: Flask, client: FlaskClient, place: Place
) -> None:
    set_state(app, place, PollState.READY)
    sign_in(client, "election_officer")
    typed = {"kind": "roving", "name": "二号流动票箱", "place": "北区", "supervisors": "孙一\n李二"}
    refused = client.post(f"{place.poll}/stations", data=typed)
    assert refused.status_code == 422
    assert "2 &lt; 3" in refused.text
    assert "北区" in refused.text
    typed["supervisors"] += "\n周三"
    assert client.post(f"{place.poll}/stations", data=typed).status_code == 303
    with app.app_context():
        row = db.session.scalars(select(Station).where(Station.name == "二号流动票箱")).one()
        station = row.id
    changed = client.post(f"{place.poll}/stations/{station}", data={**typed, "place": "南区"})
    assert changed.status_code == 303
    assert "南区" in client.get(f"{place.poll}/stations").text
    assert client.post(f"{place.poll}/stations/{station}/remove").status_code == 303


def test_the_desk_is_quick_on_a_long_roll(app: Flask, client: FlaskClient, place: Place) -> None:
    with app.app_context():
        _add_voters(place, 5000)
    sign_in(client, "clerk")
    client.get(f"{place.poll}/desk?q=王秀英")
    totals = []
    for text in ("选民", "4321", "第一居民小组", "王秀英"):
        with count_statements() as counted:
            page = client.get(f"{place.poll}/desk?q={text}&page=2")
        assert page.status_code == 200
        assert page.text.count("desk-line__name") <= 10
        totals.append(counted.total)
    # As many as for one name, however many are found.
    assert max(totals) <= totals[-1] + 1
    assert max(totals) < 22


def _add_voters(place: Place, number: int) -> None:
    community_id = place.hall.poll.community_id
    household_id = db.session.scalars(
        select(Household.id).where(Household.community_id == community_id).limit(1)
    ).one()
    people = [
        {
            "id": uuid.uuid4(),
            "community_id": community_id,
            "number": f"V{serial:05}",
            "name": f"选民{serial}",
            "sex": Sex.FEMALE,
            "born_on": TODAY.replace(year=1980),
            "phone": "",
            "household_id": household_id,
        }
        for serial in range(number)
    ]
    db.session.execute(insert(Person), people)
    entries = [
        {
            "id": uuid.uuid4(),
            "community_id": community_id,
            "poll_id": place.hall.poll.id,
            "person_id": person["id"],
            "position": at,
            "ground": "capacity.hukou",
            "name": person["name"],
            "group_name": "第一居民小组",
        }
        for at, person in enumerate(people, 5)
    ]
    db.session.execute(insert(RollEntry), entries)
    gather_statistics()


def test_the_account_is_shown_with_its_article(app: Flask, client: FlaskClient, place: Place) -> None:
    sign_in(client, "clerk")
    client.post(place.issue(0))
    set_state(app, place, PollState.CLOSED)
    client.post(place.at("list", place.box), data={"handed_out": "", "exchanged": "0", "confirm": "1"})
    assert "每个票箱的计票都由两人签字后" in client.get(f"{place.poll}/paper").text
    with app.app_context():
        place.hall.count_alike(BoxSheet(2, 0, (1, 1)), more_found=True)
        place.hall.count_alike(BoxSheet(0, 0, (0, 0)), station=place.box)
    told = client.get(f"{place.poll}/paper").text
    assert "2 &gt; 1" in told
    assert "第四十四条" in told or "44" in told
    assert "只能宣布无效" in told
