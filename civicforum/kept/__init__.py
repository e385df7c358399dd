"""Answers kept for a moment, so that a page that many ask for is made once; why and how far is adr 0020."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Let the pages of `kept.pages` be answered from what was made a moment ago.

    Called after what refuses requests and before what notes who was seen.
    """
    from civicforum.kept import answering
    from civicforum.kept.store import Store

    if app.config["CIVICFORUM"].keep_answers:
        app.extensions[answering.EXTENSION] = Store(answering.MOST_BYTES)
    app.before_request(answering.give_kept)
    app.after_request(answering.keep)
    app.teardown_request(answering.let_others_make)
