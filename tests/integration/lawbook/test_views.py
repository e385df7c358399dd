"""The pages of the rules, as anybody sees them without signing in."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from civicforum.rulebook import load, profiles
from tests.factories import make_community


def in_english(client: FlaskClient) -> FlaskClient:
    client.get("/language/en")
    return client


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_every_rule_is_on_the_page_with_its_article(client: FlaskClient, language: str) -> None:
    client.get(f"/language/{language}")
    answer = client.get("/rules")
    assert answer.status_code == 200
    for rule in load("national-2026").rules():
        assert f'id="{rule.id}"' in answer.text
    quorum = load("national-2026").rule("assembly.representatives.quorum")
    assert quorum.text(language) in answer.text
    assert quorum.citation("zh_Hans") in answer.text or "art 29" in answer.text


def test_another_profile_is_compared_with_the_rules_that_apply_here(client: FlaskClient) -> None:
    page = in_english(client).get("/rules?profile=beijing-2026&q=further+round+is+held").text
    assert "You are comparing" in page
    assert "within 15 days" in page
    assert "before: within 30 days" in page
    assert "here: within 30 days" in page


def test_the_profile_of_the_community_applies(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community(profile="nanhai-sample")
    page = in_english(client).get("/rules/posts.economic_separation").text
    assert "not together" in page
    assert "allowed together" in page
    assert "Nanhai, sample of separated posts (applies here)" in page


def test_every_rule_of_every_profile_has_a_page(client: FlaskClient) -> None:
    for profile in profiles():
        for rule in load(profile).rules():
            if rule.set_by == profile:
                assert client.get(f"/rules/{rule.id}?profile={profile}").status_code == 200, rule.id


def test_a_rule_that_refuses_says_what_makes_it_lawful(client: FlaskClient) -> None:
    page = in_english(client).get("/rules/proxy.per_holder").text
    assert "What makes it lawful" in page
    assert "Choose another voter who does not hold so many proxies yet" in page
    assert "What makes it lawful" not in client.get("/rules/committee.term_years").text


def test_a_search_without_result_says_so(client: FlaskClient) -> None:
    answer = in_english(client).get("/rules?q=%3Cscript%3E")
    assert answer.status_code == 200
    assert "No rule contains these words." in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    "url", ["/rules/assembly.nothing", "/rules?profile=nowhere", "/rules?profile=../national-2026"]
)
def test_unknown_rules_and_profiles_are_not_found(client: FlaskClient, url: str) -> None:
    assert client.get(url).status_code == 404
