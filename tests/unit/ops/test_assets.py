from __future__ import annotations

from pathlib import Path

from flask import Flask, url_for

from civicforum import assets


def address(folder: Path, name: str) -> str:
    app = Flask(__name__, static_folder=str(folder), static_url_path="/static")
    assets.init_app(app)
    with app.test_request_context():
        return url_for("static", filename=name)


def test_another_content_has_another_address(tmp_path: Path) -> None:
    style = tmp_path / "app.css"
    style.write_text("a { color: black }")
    first = address(tmp_path, "app.css")
    style.write_text("a { color: green }  ")
    second = address(tmp_path, "app.css")
    style.write_text("a { color: black }")
    assert first.startswith("/static/app.css?v=")
    assert first != second
    assert address(tmp_path, "app.css") == first


def test_a_file_that_is_not_there_has_its_plain_address(tmp_path: Path) -> None:
    assert address(tmp_path, "nothing.css") == "/static/nothing.css"
