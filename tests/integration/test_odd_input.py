"""Input that no form sends, and that must not become an error of ours."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories import make_community


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/matters?q=%00", 400),
        ("/rules?q=a%00b", 400),
        ("/?page=%00", 400),
        ("/register?page=-5&about=x", 200),
    ],
)
def test_an_odd_address_is_answered_and_is_no_error_of_ours(
    app: Flask, client: FlaskClient, address: str, status: int
) -> None:
    with app.app_context():
        make_community()
    assert client.get(address, follow_redirects=True).status_code == status


def test_a_nul_in_a_form_is_refused_with_words(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community()
    answer = client.post("/sign-in", data={"login": "a\x00b", "password": "x"})
    assert answer.status_code == 400
    assert "<h1" in answer.get_data(as_text=True)


@pytest.mark.parametrize("page", ["0", "-1", "999999999999999999999", "abc", ""])
def test_a_page_number_out_of_range_shows_the_nearest_page(
    app: Flask, client: FlaskClient, page: str
) -> None:
    with app.app_context():
        make_community()
    assert client.get(f"/matters/?page={page}").status_code == 200
