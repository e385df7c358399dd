"""Every form that people are offered, sent with what it does not ask for, and with what nobody types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from flask.testing import FlaskClient

from civicforum.config import ROOT
from tests.support.forms import Form
from tests.support.reaching import World
from tests.support.walking import Walk, clients_of, match

ID, INSTANT, WORD, NUMBER = (
    "5a5a5a5a-0000-4000-8000-00000000beef",
    "1999-09-09T09:09",
    "smuggled",
    "987654321",
)
SMUGGLED = {
    **dict.fromkeys(
        ("id", "community_id", "author_id", "person_id", "actor_id", "account_id", "poll_id"), ID
    ),
    **dict.fromkeys(("created_at", "published_at", "submitted_at", "decided_at", "closed_at"), INSTANT),
    **dict.fromkeys(("role", "roles", "state", "stage", "status", "outcome", "profile", "login"), WORD),
    **dict.fromkeys(("version", "position", "sequence", "is_public", "is_hidden", "weight"), NUMBER),
}
MARKS = re.compile(f"{ID}|1999-09-09|{WORD}|{NUMBER}")
# A whole form handed on, to a row or to a service: then what a page does not ask for would be taken too.
WHOLE = re.compile(r"populate_obj|\*\*\(?(request\.(form|values|json|get_json)|form\.data)")


def forms(world: World, walked: Walk) -> Iterator[tuple[str, FlaskClient, Form]]:
    """Return each form once, with the endpoint it goes to and somebody who was offered it."""
    clients = clients_of(world)
    for action, offered in sorted(walked.forms.items()):
        place = match(world, action, "POST")
        if place is not None:
            who, form = next(iter(offered.items()))
            yield place[0], clients[who], form


def test_what_a_form_does_not_ask_for_reaches_no_row(world: World, walked: Walk) -> None:
    wrong, writing = [], 0
    for endpoint, client, form in forms(world, walked):
        extra = {name: value for name, value in SMUGGLED.items() if name not in form.fields}
        answer = world.ask(client, form.action, "POST", {**form.fields, **extra})
        written = [note.table for note in answer.notes if MARKS.search(str(note.after))]
        writing += bool(answer.notes)
        if written:
            wrong.append((endpoint, answer.status, written))
    assert wrong == []
    assert writing > 60


def test_no_form_is_handed_on_whole() -> None:
    files = sorted((ROOT / "civicforum").rglob("*.py"))
    assert [file.name for file in files if WHOLE.search(file.read_text())] == []


def test_nul_and_halves_of_characters_are_refused_by_every_feature(world: World, walked: Walk) -> None:
    visitor, seen = world.client(None, world.filled.community_id), set[str]()
    for endpoint, _client, form in forms(world, walked):
        feature = endpoint.split(".")[0]
        if feature in seen:
            continue
        seen.add(feature)
        for body in ("a\x00b", "a\ud800b"):
            sent = json.dumps({"deep": [{"text": body}]})
            answer = world.ask(visitor, form.action, "POST", sent, content_type="application/json")
            assert answer.status == 400, (endpoint, body)
        assert world.ask(visitor, form.action, "POST", {"text": "a\x00b"}).status == 400, endpoint
    assert len(seen) > 15
