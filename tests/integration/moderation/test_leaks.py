"""What is hidden is hidden everywhere: open data, photos; and what was let go comes back to nobody."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from civicforum.matters import services as matters
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.moderation import services
from civicforum.moderation.errors import Held
from civicforum.moderation.rules import HIDDEN_WORDS, HeldState, Kind, Outcome
from tests.factories import NOW
from tests.support.moderation import (
    DISGUISED,
    WORD,
    Place,
    add_draft_comment,
    add_matter,
    draft_matter,
    get_decision,
    get_held,
    hide,
    list_word,
    make_place,
    put_out_draft,
    shown_words,
)
from tests.support.reports import picture

TITLE = "黑心物业张三"


def restore(place: Place, decision_id: uuid.UUID, now: datetime = NOW) -> None:
    services.appeal(decision_id=decision_id, text="说的是事实。", actor=place.author, now=now)
    services.rule_on_appeal(
        decision_id=decision_id, outcome=Outcome.OVERTURNED, text="可以说。", actor=place.supervisor, now=now
    )


def test_the_title_of_a_hidden_matter_stands_in_no_open_data(
    app: Flask, database: None, client: FlaskClient
) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        place = make_place()
        matter_id = add_matter(place, title=TITLE, now=now)
    addresses = [
        "/api/v1/journal?limit=100",
        "/api/v1/exports/journal.csv",
        "/api/v1/exports/journal.jsonl",
        "/api/v1/matters",
        "/feed.atom",
        "/register",
        f"/dossiers/matter/{matter_id}",
    ]
    assert TITLE in client.get(addresses[0]).text
    with app.app_context():
        hide(place, Kind.MATTER, matter_id, now=now)
    assert [address for address in addresses if TITLE in client.get(address).text] == []
    assert HIDDEN_WORDS in client.get(addresses[0]).text


def test_photos_of_a_hidden_matter_are_no_longer_handed_out(
    app: Flask, database: None, client: FlaskClient
) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        place = make_place()
        matter_id = draft_matter(place, now=now)
        photo_id = matters.add_photo(
            matter_id=matter_id, actor=place.author, data=picture(), description="楼道", now=now
        )
        matters.publish_matter(matter_id=matter_id, actor=place.author, now=now)
    assert client.get(f"/photos/{photo_id}").status_code == 200
    with app.app_context():
        decision_id = hide(place, Kind.MATTER, matter_id, now=now)
    for address in (f"/photos/{photo_id}", f"/photos/{photo_id}?size=small"):
        assert client.get(address).status_code == 404
    with app.app_context():
        restore(place, decision_id, now)
    assert client.get(f"/photos/{photo_id}").status_code == 200


def test_a_change_of_a_returned_matter_with_a_listed_word_waits_to_be_looked_at(session: Session) -> None:
    place = make_place()
    list_word(place)
    matter_id = add_matter(place)
    matter = session.get_one(Matter, matter_id)
    matter.stage = Stage.RETURNED
    session.commit()
    with pytest.raises(Held) as held:
        matters.edit_title(matter_id=matter_id, actor=place.author, title=f"真是{DISGUISED}", now=NOW)
    assert session.get_one(Matter, matter_id, populate_existing=True).title == "电梯常坏"
    services.release(held_id=held.value.held_id, actor=place.director, now=NOW)
    assert session.get_one(Matter, matter_id, populate_existing=True).title == f"真是{DISGUISED}"
    with pytest.raises(Held) as second:
        matters.edit_title(matter_id=matter_id, actor=place.author, title=f"{WORD}又来了", now=NOW)
    matters.edit_title(matter_id=matter_id, actor=place.author, title="电梯又坏了", now=NOW)
    assert get_held(second.value.held_id).state is HeldState.TAKEN_BACK
    assert session.get_one(Matter, matter_id, populate_existing=True).title == "电梯又坏了"


@pytest.mark.parametrize("kind", [Kind.MATTER, Kind.DRAFT_COMMENT])
def test_an_appeal_that_wins_after_its_author_was_erased_brings_nothing_back(
    session: Session, kind: Kind
) -> None:
    place = make_place()
    subject_id = add_matter(place) if kind is Kind.MATTER else add_draft_comment(place, put_out_draft(place))
    decision_id = hide(place, kind, subject_id)
    get_decision(decision_id).kept = {}
    session.commit()
    restore(place, decision_id)
    assert shown_words(kind, subject_id).startswith(HIDDEN_WORDS)
