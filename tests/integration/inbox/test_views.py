"""The home page for each kind of visitor, what it costs, and the page about the site."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.people.models import Person
from tests.factories import make_community, sign_in
from tests.integration.matters.carrying import DAY, Place, add_task, make_done, make_matter_at, make_place
from tests.support.statements import count_statements

NOW = datetime.now(UTC)
# The sign-in with its roles, what goes on in eight lists, who has something that waits, and those that have.
# The committee, which is asked most of, has most.
MOST_STATEMENTS = 25
STAGES_UNDER_WAY = (Stage.RAISED, Stage.SECONDED, Stage.IN_REVIEW, Stage.DELIBERATING, Stage.CARRYING_OUT)


@pytest.fixture
def place(client: FlaskClient) -> Place:
    with client.application.app_context():
        return make_place()


def matter_at(
    client: FlaskClient, place: Place, stage: Stage, title: str, *, due_at: datetime | None = None
) -> None:
    with client.application.app_context():
        matter = db.session.get_one(Matter, make_matter_at(place, stage, due_at=due_at))
        matter.title = title
        db.session.commit()


def open_home(client: FlaskClient, login: str = "", language: str = "en") -> TestResponse:
    client.get(f"/language/{language}")
    if login:
        sign_in(client, login)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer


def section(page: str, name: str) -> str:
    """Return what stands between the heading with this id and the next section's."""
    return page.split(f'id="{name}"', 1)[1].split("</section>", 1)[0]


def test_a_visitor_reads_what_this_is_and_can_sign_in_or_begin(client: FlaskClient, place: Place) -> None:
    page = open_home(client).text
    assert page.count("<h1") == 1
    assert "青松里社区" in page
    assert "see what becomes of it" in page
    assert 'href="/sign-in"' in page
    assert 'href="/matters/new"' in page
    assert "What needs me" not in page


def test_the_steps_count_the_same_matters_as_the_lists_they_lead_to(
    client: FlaskClient, place: Place
) -> None:
    for stage in (Stage.SECONDED, Stage.IN_REVIEW, Stage.TO_DECIDE):
        matter_at(client, place, stage, f"at {stage}")
    steps = section(open_home(client).text, "steps")
    counts = re.findall(r"(\d+) matters? (?:is|are) here", steps)
    assert counts == ["0", "2", "1", "0", "0"]
    listed = client.get("/matters?group=review").text
    assert "at seconded" in listed
    assert "at in_review" in listed
    assert "at to_decide" not in listed


def test_overdue_matters_are_shown_to_everybody_the_longest_overdue_first(
    client: FlaskClient, place: Place
) -> None:
    # The page counts days from its own today, which need not be that of the start of the run.
    now = datetime.now(UTC)
    matter_at(client, place, Stage.IN_REVIEW, "two days late", due_at=now - 2 * DAY)
    matter_at(client, place, Stage.DELIBERATING, "nine days late", due_at=now - 9 * DAY)
    matter_at(client, place, Stage.DELIBERATING, "in time", due_at=now + 9 * DAY)
    overdue = section(open_home(client).text, "overdue")
    assert overdue.index("nine days late") < overdue.index("two days late")
    assert "in time" not in overdue
    assert "overdue by 9 days" in overdue


def test_an_empty_community_says_so_kindly(client: FlaskClient, place: Place) -> None:
    page = open_home(client, "resident0").text
    assert "Nothing waits for you" in page
    assert "Nothing is overdue" in page
    assert "You have not raised anything yet" in page
    assert "No meeting is planned" in page


def test_a_resident_is_greeted_and_asked_to_grade_what_is_done(client: FlaskClient, place: Place) -> None:
    with client.application.app_context():
        matter_id = make_done(place, now=NOW)
    needs = section(open_home(client, "resident1").text, "needs")
    assert "Grade how it turned out" in needs
    assert f'href="/matters/{matter_id}/grade"' in needs


def test_authors_find_their_own_matters_but_not_those_of_others(client: FlaskClient, place: Place) -> None:
    matter_at(client, place, Stage.IN_REVIEW, "resident0's matter")
    assert "resident0&#39;s matter" in section(open_home(client, "resident0").text, "mine")
    client.post("/sign-out")
    assert "resident0&#39;s matter" not in section(open_home(client, "resident1").text, "mine")


@pytest.mark.parametrize(
    ("role", "stage", "words"),
    [
        (Role.PARTY, Stage.SECONDED, "Study it in the party organisation"),
        (Role.COMMITTEE, Stage.IN_REVIEW, "Decide whether it is accepted"),
        (Role.COMMITTEE, Stage.DELIBERATING, "Call a meeting about it"),
        (Role.COMMITTEE, Stage.DECIDED, "Say who does what, and by when"),
        (Role.COMMITTEE, Stage.APPRAISED, "Close it and sum it up"),
    ],
)
def test_each_office_is_told_what_waits_for_it_and_others_are_not(
    client: FlaskClient, place: Place, role: Role, stage: Stage, words: str
) -> None:
    matter_at(client, place, stage, "the matter", due_at=NOW + 5 * DAY)
    assert words in section(open_home(client, role.value).text, "needs")
    client.post("/sign-out")
    assert words not in open_home(client, "resident2").text


def test_what_is_due_first_stands_first_whatever_feature_it_comes_from(
    client: FlaskClient, place: Place
) -> None:
    matter_at(client, place, Stage.DELIBERATING, "due third", due_at=NOW + 8 * DAY)
    matter_at(client, place, Stage.IN_REVIEW, "due first", due_at=NOW - DAY)
    matter_at(client, place, Stage.APPRAISED, "due second", due_at=NOW + 2 * DAY)
    needs = section(open_home(client, "committee").text, "needs")
    assert needs.index("due first") < needs.index("due second") < needs.index("due third")


def test_a_post_is_named_under_the_greeting(client: FlaskClient, place: Place) -> None:
    page = open_home(client, "committee").text
    assert 'class="greeting__post"' in page
    client.post("/sign-out")
    assert 'class="greeting__post"' not in open_home(client, "resident0").text


def test_many_needs_are_folded_away_after_the_most_urgent(client: FlaskClient, place: Place) -> None:
    for number in range(9):
        matter_at(client, place, Stage.IN_REVIEW, f"matter {number}", due_at=NOW + (number + 1) * DAY)
    needs = section(open_home(client, "committee").text, "needs")
    shown, folded = needs.split("<details", 1)
    assert "matter 5" in shown
    assert "matter 6" in folded
    assert "Show 3 more" in folded


@pytest.mark.parametrize("login", ["", "resident0", "committee", "party", "supervisor", "clerk"])
def test_the_number_of_statements_does_not_grow_with_the_lists(
    client: FlaskClient, place: Place, login: str
) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            for stage in STAGES_UNDER_WAY:
                matter_at(client, place, stage, f"{stage} {number}", due_at=NOW - DAY)
        with client.application.app_context():
            for _ in range(count):
                add_task(place, make_matter_at(place, Stage.DECIDED), now=NOW)

    fill(1)
    open_home(client, login)
    with count_statements() as few:
        client.get("/")
    fill(4)
    with count_statements() as many:
        client.get("/")
    assert many.total <= few.total
    assert few.total <= MOST_STATEMENTS


@pytest.mark.parametrize("login", ["", "committee"])
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_home_page_has_each_text_in_both_languages(
    client: FlaskClient, place: Place, login: str, language: str
) -> None:
    matter_at(client, place, Stage.IN_REVIEW, "一件事", due_at=NOW - DAY)
    page = open_home(client, login, language).text
    assert ("一件事怎么走完全程" in page) == (language == "zh_Hans")
    assert ("The path of every matter" in page) == (language == "en")


def test_with_several_communities_a_visitor_chooses_one_first(client: FlaskClient, place: Place) -> None:
    with client.application.app_context():
        make_community(name="梧桐里社区")
    answer = client.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/communities"


def test_about_names_who_runs_the_community_and_where_it_belongs(client: FlaskClient, place: Place) -> None:
    client.get("/language/en")
    page = client.get("/about").text
    assert page.count("<h1") == 1
    assert "松河街道" in page
    with client.application.app_context():
        director = db.session.get_one(Person, place.actors[Role.COMMITTEE].person_id).name
        resident = db.session.get_one(Person, place.residents[0].person_id).name
    assert director in page
    assert resident not in page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "What is stored, and who sees it"), ("zh_Hans", "保存哪些信息，谁能看到")]
)
def test_about_says_in_both_languages_what_is_stored_and_who_sees_it(
    client: FlaskClient, place: Place, language: str, words: str
) -> None:
    client.get(f"/language/{language}")
    page = client.get("/about").text
    assert words in page
    assert "AGPL" in page or "Affero" in page


def test_about_offers_the_source_where_the_operator_says_it_is(
    client: FlaskClient, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/language/en")
    assert "Ask whoever operates this site" in client.get("/about").text
    app: Flask = client.application
    settings = replace(app.config["CIVICFORUM"], source_url="https://code.example/civicforum")
    monkeypatch.setitem(app.config, "CIVICFORUM", settings)
    assert 'href="https://code.example/civicforum"' in client.get("/about").text


def test_about_can_be_read_before_a_community_is_chosen(client: FlaskClient) -> None:
    assert client.get("/about").status_code == 200


def test_the_footer_of_every_page_leads_to_about(client: FlaskClient, place: Place) -> None:
    assert 'href="/about"' in client.get("/rules").text
