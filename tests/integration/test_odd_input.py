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


def test_a_field_without_a_name_is_refused_with_words(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community()
    sent = b"--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--\r\n"
    answer = client.post("/sign-in", data=sent, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert "<h1" in answer.get_data(as_text=True)


@pytest.mark.parametrize("page", ["0", "-1", "999999999999999999999", "abc", ""])
def test_a_page_number_out_of_range_shows_the_nearest_page(
    app: Flask, client: FlaskClient, page: str
) -> None:
    with app.app_context():
        make_community()
    assert client.get(f"/matters/?page={page}").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        rb'{"entry": "a\u0000b"}',
        rb'{"entry": ["a", {"line": "\ud800"}]}',
        rb'{"\udfff": 1}',
        b'{"entry": "\xed\xa0\x80"}',
        b"[" * 100_000,
    ],
)
def test_odd_texts_in_json_are_refused_before_anything_reads_them(
    app: Flask, client: FlaskClient, body: bytes
) -> None:
    with app.app_context():
        make_community()
    assert client.post("/sign-in", data=body, content_type="application/json").status_code == 400


def test_whole_characters_in_json_are_read(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community()
    body = '{"entry": "\\ud83d\\ude00", "ballot": "龙"}'.encode()
    assert client.post("/sign-in", data=body, content_type="application/json").status_code == 422


def test_a_nul_in_the_name_of_a_file_is_refused(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        make_community()
    body = (
        b"--x\r\nContent-Disposition: form-data; name=\"photo\"; filename*=UTF-8''a%00b.png\r\n"
        b"Content-Type: image/png\r\n\r\nx\r\n--x--\r\n"
    )
    answer = client.post("/sign-in", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
