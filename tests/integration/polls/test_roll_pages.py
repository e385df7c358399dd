"""The pages of rolls and proxies: who sees what in which state, and that nothing typed is lost."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum import rulebook
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.people.models import Community, Person
from civicforum.polls.models import Mandate, Poll, RollEntry, RollObjection
from civicforum.polls.rules import ObjectionKind, PollState, Preset
from civicforum.polls.services import objecting, rolls
from civicforum.polls.services.correcting import strike_off
from tests.factories import actor_of, make_account, make_community, make_officer, make_person, sign_in
from tests.support.days import right_now
from tests.support.rolls import RECALL, RESIDENTS, election_officer, entry_of, freeze, make_draft, post

ADDRESS, PHONE, NUMBER = "长安街九号院", "13900001111", "R778899"


@pytest.fixture
def place(app: Flask, database: None) -> dict[str, uuid.UUID]:
    """A community with officers who sign in by the name of their role, and one resident, `wang`."""
    with app.app_context():
        community = make_community()
        for role in (Role.ELECTION_OFFICER, Role.COMMITTEE, Role.CLERK, Role.SUPERVISOR):
            make_officer(community, role, login=role.value, name=f"干部{role.value}")
        person = make_person(community, name="王芳", phone=PHONE, number=NUMBER, born_on=date(1961, 7, 9))
        person.household.address = ADDRESS
        db.session.commit()
        make_account(person, login="wang")
        return {"community": community.id, "wang": person.id}


def at(app: Flask, place: dict[str, uuid.UUID], state: str, **terms: Any) -> uuid.UUID:
    """Make a poll at "draft", "drawn", "posted", "objected", "over" or "frozen"."""
    with app.app_context():
        community = db.session.get_one(Community, place["community"])
        officer = election_officer(community)
        wang = db.session.get_one(Person, place["wang"])
        now = right_now()
        posted = now if state in ("draft", "drawn", "posted", "objected") else now - timedelta(days=7)
        times: dict[str, Any] = {"opens_at": now + timedelta(days=30), "closes_at": now + timedelta(days=33)}
        poll_id = make_draft(community, **{**times, **terms})
        if state == "drawn":
            rolls.draw_roll(poll_id=poll_id, draw=RESIDENTS, actor=officer, now=posted)
        elif state != "draft":
            post(poll_id, officer, now=posted)
        if state == "objected":
            objecting.object_to_roll(
                poll_id=poll_id,
                kind=ObjectionKind.OMITTED,
                entry_id=None,
                about="赵敏",
                text="她住在我家楼上。",
                actor=actor_of(wang),
                now=now,
            )
        if state == "frozen":
            freeze(poll_id, officer, now=now)
        return poll_id


def as_(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    if login:
        sign_in(client, login)
    return client


# What each visitor gets from each page, by the state of the roll.
PAGES = {
    ("roll", "draft"): {"": 404, "wang": 404, "election_officer": 404},
    ("roll", "posted"): {"": 200, "wang": 200, "election_officer": 200},
    ("roll/sheet", "draft"): {"": 404},
    ("roll/sheet", "frozen"): {"": 200},
    ("roll/objections", "draft"): {"": 404},
    ("roll/objections", "objected"): {"": 200, "wang": 200, "supervisor": 200},
    ("mandates", "draft"): {"": 404},
    ("mandates", "posted"): {"": 200},
    ("roll/draw", "draft"): {"": 302, "wang": 403, "clerk": 403, "committee": 200, "election_officer": 200},
    ("roll/draw", "posted"): {"election_officer": 302},
    ("roll/freeze", "draft"): {"wang": 403, "election_officer": 302},
    ("roll/freeze", "over"): {"supervisor": 403, "committee": 200, "election_officer": 200},
    ("roll/freeze", "frozen"): {"election_officer": 302},
    ("roll/correct", "draft"): {"election_officer": 409},
    ("roll/correct", "frozen"): {"wang": 403, "election_officer": 200},
    ("roll/object", "draft"): {"wang": 404},
    ("roll/object", "posted"): {"": 302, "wang": 200},
    ("roll/object", "frozen"): {"wang": 200},
    ("mandates/add", "posted"): {"wang": 403, "clerk": 200},
}


@pytest.mark.parametrize(("page", "state"), PAGES)
def test_who_gets_which_page_in_which_state(
    app: Flask, place: dict[str, uuid.UUID], page: str, state: str
) -> None:
    poll_id = at(app, place, state)
    found = {
        login: as_(app, login).get(f"/polls/{poll_id}/{page}").status_code for login in PAGES[page, state]
    }
    assert found == PAGES[page, state]


def test_the_election_committee_alone_runs_an_election(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "draft", is_statutory=True)
    address = f"/polls/{poll_id}/roll/draw"
    assert as_(app, "committee").get(address).status_code == 403
    assert as_(app, "election_officer").get(address).status_code == 200


def test_the_roll_shows_name_group_and_ground_and_nothing_else(
    app: Flask, place: dict[str, uuid.UUID]
) -> None:
    poll_id = at(app, place, "posted")
    for page in ("roll", "roll/sheet"):
        text = as_(app, "").get(f"/polls/{poll_id}/{page}").text
        assert "王芳" in text
        assert "第一居民小组" in text
        for private in (ADDRESS, PHONE, NUMBER, "1961"):
            assert private not in text, page


def test_a_name_is_found_and_a_long_roll_has_pages(app: Flask, place: dict[str, uuid.UUID]) -> None:
    with app.app_context():
        community = db.session.get_one(Community, place["community"])
        for serial in range(60):
            make_person(community, name=f"张三{serial}")
    poll_id = at(app, place, "posted")
    client = as_(app, "")
    assert "王芳" in client.get(f"/polls/{poll_id}/roll?q=王").text
    assert "张三59" not in client.get(f"/polls/{poll_id}/roll?q=王").text
    assert "?page=2" in client.get(f"/polls/{poll_id}/roll").text


def test_the_numbers_come_before_the_roll_is_drawn(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "draft")
    client = as_(app, "election_officer")
    address = f"/polls/{poll_id}/roll/draw?by=capacities"
    shown = client.post(address, data={"capacities": ["hukou"], "preview": "1"})
    assert shown.status_code == 200
    assert "第一居民小组" in shown.text
    with app.app_context():
        assert db.session.scalars(select(RollEntry)).all() == []
    drawn = client.post(address, data={"capacities": ["hukou"]})
    assert (drawn.status_code, drawn.headers["Location"]) == (303, f"/polls/{poll_id}/roll/draw")
    assert client.post(f"/polls/{poll_id}/roll/post").status_code == 303
    with app.app_context():
        assert db.session.get_one(Poll, poll_id).state is PollState.ROLL_POSTED


@pytest.mark.parametrize(
    ("basis", "data"),
    [
        ("capacities", {}),
        ("capacities", {"capacities": ["nothing"]}),
        ("posts", {}),
        ("households", {"capacities": ["hukou"], "chosen": "不认识的人"}),
    ],
)
def test_a_draw_that_makes_no_roll_is_shown_again(
    app: Flask, place: dict[str, uuid.UUID], basis: str, data: dict[str, object]
) -> None:
    poll_id = at(app, place, "draft")
    shown = as_(app, "election_officer").post(f"/polls/{poll_id}/roll/draw?by={basis}", data=data)
    assert shown.status_code == 422
    assert "govuk-error-message" in shown.text
    assert str(data.get("chosen", "")) in shown.text


def test_households_choose_by_name_or_number(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "draft")
    client = as_(app, "election_officer")
    data = {"capacities": ["hukou"], "chosen": f"{NUMBER}\n\n"}
    assert client.post(f"/polls/{poll_id}/roll/draw?by=households", data=data).status_code == 303
    with app.app_context():
        entry = db.session.scalars(select(RollEntry).where(RollEntry.person_id == place["wang"])).one()
        assert entry.ground == "household.chosen"
    assert NUMBER in client.get(f"/polls/{poll_id}/roll/draw?by=households").text


def test_a_draft_without_times_says_what_is_missing(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "draft", opens_at=None, closes_at=None)
    client = as_(app, "election_officer")
    for answer in (
        client.get(f"/polls/{poll_id}/roll/draw?by=capacities"),
        client.post(f"/polls/{poll_id}/roll/post"),
    ):
        assert answer.status_code == 422
        assert "govuk-error-summary" in answer.text


@pytest.mark.parametrize(
    ("terms", "mended_at"),
    [
        ({"questions": ()}, "questions"),
        ({"opens_at": right_now() - timedelta(days=1)}, "terms"),
        ({"is_statutory": True, "preset": Preset.OPEN}, "edit"),
    ],
)
def test_a_draft_that_does_not_fit_leads_to_where_it_is_changed(
    app: Flask, place: dict[str, uuid.UUID], terms: dict[str, Any], mended_at: str
) -> None:
    poll_id = at(app, place, "drawn", **terms)
    refused = as_(app, "election_officer").post(f"/polls/{poll_id}/roll/post")
    assert refused.status_code == 422
    assert f'<a href="/polls/{poll_id}/{mended_at}">' in refused.text


def test_an_election_online_is_not_posted_and_the_page_names_the_rule(
    app: Flask, place: dict[str, uuid.UUID]
) -> None:
    poll_id = at(app, place, "drawn", **RECALL | {"by_screen": True})
    refused = as_(app, "election_officer").post(f"/polls/{poll_id}/roll/post")
    assert refused.status_code == 422
    rule = rulebook.load("national-2026").switch("election.online")
    assert rule.citation("zh_Hans") in refused.text


def test_an_objection_is_filed_from_the_page_and_seen_by_those_who_rule(
    app: Flask, place: dict[str, uuid.UUID]
) -> None:
    poll_id = at(app, place, "posted")
    client = as_(app, "wang")
    address = f"/polls/{poll_id}/roll/object?kind=wrongly_listed"
    found = client.post(address, data={"q": "干部clerk", "search": "q", "text": "他已经搬走了。"})
    assert found.status_code == 200
    assert "他已经搬走了。" in found.text
    entry_id = re.search(r'name="entry" type="radio" value="([0-9a-f-]{36})"', found.text)
    assert entry_id is not None
    missing = client.post(address, data={"q": "干部clerk", "text": "他已经搬走了。"})
    assert missing.status_code == 422
    assert "他已经搬走了。" in missing.text
    filed = client.post(address, data={"entry": entry_id[1], "text": "他已经搬走了。"})
    assert filed.status_code == 303
    pages = {login: as_(app, login).get(f"/polls/{poll_id}/roll/objections").text for login in VISITORS}
    assert {login for login, text in pages.items() if "他已经搬走了。" in text} == {
        "wang",
        "election_officer",
        "supervisor",
        "committee",
    }
    # The name of who objected stands only in the pages of those who rule, and above one's own.
    assert "王芳" not in pages[""]
    assert "王芳" in pages["election_officer"]


VISITORS = ["", "wang", "clerk", "supervisor", "committee", "election_officer"]


def test_a_ruling_is_published_with_its_reasons(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "objected")
    with app.app_context():
        objection_id = db.session.scalars(select(RollObjection.id)).one()
    client = as_(app, "election_officer")
    address = f"/polls/{poll_id}/roll/objections/{objection_id}/rule"
    assert "赵敏" in client.get(address).text
    without_person = client.post(address, data={"ruling": "upheld", "text": "经查属实。"})
    assert without_person.status_code == 422
    assert "经查属实。" in without_person.text
    assert client.post(address, data={"ruling": "rejected"}).status_code == 422
    assert client.post(address, data={"ruling": "rejected", "text": "不在本社区居住。"}).status_code == 303
    assert "不在本社区居住。" in as_(app, "").get(f"/polls/{poll_id}/roll/objections").text
    assert client.get(address).status_code == 303


def test_freezing_too_early_shows_the_sum(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "objected")
    answer = as_(app, "election_officer").post(f"/polls/{poll_id}/roll/freeze")
    assert answer.status_code == 409
    assert "= 0 ≤ 5" in answer.text
    assert "1 − 0 = 1 &gt; 0" in answer.text


def test_freezing_leads_back_to_the_roll(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "over", preset=Preset.POLL)
    assert as_(app, "election_officer").post(f"/polls/{poll_id}/roll/freeze").status_code == 303
    with app.app_context():
        assert db.session.get_one(Poll, poll_id).state is PollState.READY


def test_corrections_stand_beside_the_number_that_was_frozen(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "frozen")
    with app.app_context():
        members = db.session.get_one(Poll, poll_id).members
        entry_id = db.session.scalars(
            select(RollEntry.id).where(RollEntry.poll_id == poll_id, RollEntry.person_id == place["wang"])
        ).one()
    client = as_(app, "election_officer")
    address = f"/polls/{poll_id}/roll/correct?kind=struck_off"
    assert client.post(address, data={"reason": "已去世"}).status_code == 422
    said = {"entry": str(entry_id), "reason": "已去世", "decision": "选委会七号"}
    assert client.post(address, data=said).status_code == 303
    text = as_(app, "").get(f"/polls/{poll_id}/roll").text
    assert "<s>王芳</s>" in text
    assert "已去世" in text
    assert "选委会七号" in text
    figures = re.findall(r'figures__value[^>]*">(\d+)<', text)
    assert figures[:2] == [str(members - 1), str(members)]
    added = client.post(
        f"/polls/{poll_id}/roll/correct?kind=added",
        data={"person": str(place["wang"]), "reason": "更正"},
    )
    assert added.status_code == 422


def test_a_proxy_goes_from_the_form_to_the_posted_list(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "posted", by_paper=True, by_proxy=True)
    with app.app_context():
        wang = entry_of(poll_id, db.session.get_one(Person, place["wang"])).id
        clerk = db.session.scalars(select(RollEntry.id).where(RollEntry.name == "干部clerk")).one()
    client = as_(app, "clerk")
    address = f"/polls/{poll_id}/mandates/add"
    said = {"reason": "在外地工作", "written_on": right_now().date().isoformat()}
    found = client.post(address, data={**said, "from": "王", "to": "clerk", "search": "from"})
    assert str(wang) in found.text
    assert str(clerk) in found.text
    assert "在外地工作" in found.text
    same = client.post(address, data={**said, "principal": str(wang), "holder": str(wang), "from": "王"})
    assert same.status_code == 422
    entered = client.post(address, data={**said, "principal": str(wang), "holder": str(clerk)})
    assert entered.status_code == 303
    public, own = (
        as_(app, "").get(f"/polls/{poll_id}/mandates").text,
        client.get(f"/polls/{poll_id}/mandates").text,
    )
    assert "王芳" in public
    assert "干部clerk" in public
    assert "在外地工作" not in public
    assert "在外地工作" in own
    with app.app_context():
        mandate_id = db.session.scalars(select(Mandate.id)).one()
    leave = f"/polls/{poll_id}/mandates/{mandate_id}/withdraw"
    assert client.post(leave, data={}).status_code == 422
    assert client.post(leave, data={"reason": "提前回来"}).status_code == 303
    assert "<s>王芳</s>" in as_(app, "").get(f"/polls/{poll_id}/mandates").text


def test_a_refused_proxy_names_the_rule_and_its_article(app: Flask, place: dict[str, uuid.UUID]) -> None:
    tomorrow = right_now() + timedelta(days=1)
    soon = {"opens_at": tomorrow, "closes_at": tomorrow + timedelta(days=1), "objection_days": 0}
    poll_id = at(app, place, "posted", by_paper=True, by_proxy=True, **soon)
    with app.app_context():
        sides = db.session.scalars(select(RollEntry.id).where(RollEntry.poll_id == poll_id).limit(2)).all()
    answer = as_(app, "clerk").post(
        f"/polls/{poll_id}/mandates/add",
        data={
            "principal": str(sides[0]),
            "holder": str(sides[1]),
            "reason": "在外地工作",
            "written_on": right_now().date().isoformat(),
        },
    )
    assert answer.status_code == 422
    assert "&lt; 3" in answer.text
    assert "三日以前" in answer.text


def test_whoever_was_struck_off_is_told_so(app: Flask, place: dict[str, uuid.UUID]) -> None:
    poll_id = at(app, place, "posted")
    client = as_(app, "wang")
    before = client.get(f"/polls/{poll_id}/roll").text
    with app.app_context():
        officer = election_officer(db.session.get_one(Community, place["community"]))
        entry = entry_of(poll_id, db.session.get_one(Person, place["wang"]))
        strike_off(
            poll_id=poll_id, entry_id=entry.id, reason="已迁出", decision="", actor=officer, now=right_now()
        )
        number = entry.position
    after = client.get(f"/polls/{poll_id}/roll").text
    # The number alone tells the two sentences apart in any language.
    assert re.search(rf'govuk-inset-text">[^<]*{number}', before)
    assert not re.search(rf'govuk-inset-text">[^<]*{number}', after)
