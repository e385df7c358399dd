"""The frame around every page, and the pages of refusals, in both languages and both views."""

from __future__ import annotations

import pytest
from flask import Flask, render_template, session
from flask.testing import FlaskClient

from civicforum.error_pages import PAGES
from civicforum.errors import RuleRefused
from civicforum.rulebook import judge, load


def test_a_wrong_address_is_answered_in_words(client: FlaskClient) -> None:
    client.get("/language/en")
    answer = client.get("/no/such/page")
    assert answer.status_code == 404
    assert "There is no such page" in answer.text
    assert '<html lang="en"' in answer.text


def test_the_elder_view_stays_until_it_is_switched_off(client: FlaskClient) -> None:
    client.get("/elder/on")
    assert '<body class="govuk-template__body elder">' in client.get("/rules").text
    client.get("/elder/off")
    assert '<body class="govuk-template__body">' in client.get("/rules").text


def test_switching_the_language_leads_back_to_the_same_page(client: FlaskClient) -> None:
    answer = client.get("/language/en?next=/rules?q=1")
    assert answer.headers["Location"] == "/rules?q=1"
    assert '<html lang="en"' in client.get("/rules").text


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
@pytest.mark.parametrize("status", sorted(PAGES))
def test_every_refusal_has_a_page(app: Flask, database: None, status: int, language: str) -> None:
    with app.test_request_context("/"):
        session["language"] = language
        page = render_template(f"errors/{status}.html", refusal=None)
    assert page.count("<h1") == 1
    assert 'href="/"' in page or 'href="/sign-in"' in page


@pytest.mark.parametrize(("language", "word"), [("zh_Hans", "错误："), ("en", "Error:")])
def test_an_error_beside_its_field_is_announced_in_the_language_of_the_page(
    app: Flask, database: None, language: str, word: str
) -> None:
    path = "govuk_frontend_jinja/components/error-message/macro.html"
    with app.test_request_context("/"):
        session["language"] = language
        macro = app.jinja_env.get_template(path).module.govukErrorMessage  # type: ignore[attr-defined]
        words = macro({"id": "code-error", "text": "<b>"})
    assert f'<span class="govuk-visually-hidden">{word}</span> &lt;b&gt;' in words
    assert 'id="code-error"' in words


def test_a_rule_that_does_not_hold_shows_its_sum_and_article(app: Flask, database: None) -> None:
    verdict = judge(load("national-2026").threshold("assembly.representatives.quorum"), 39, {"members": 60})
    with app.test_request_context("/"):
        session["language"] = "zh_Hans"
        page = render_template("errors/409.html", refusal=RuleRefused(verdict))
    assert "39 &lt; 2/3 × 60 = 40" in page
    assert "第二十九条" in page
    assert 'href="/rules/assembly.representatives.quorum"' in page


def test_the_page_of_a_silent_database_needs_no_database(app: Flask) -> None:
    with app.test_request_context("/"):
        page = app.jinja_env.get_template("errors/503_plain.html").render()
    assert "系统暂时无法使用" in page
    assert "The service is not available right now" in page
