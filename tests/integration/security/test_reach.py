"""Every address, asked with the rows of one community by the people of another.

Who reaches which address within a community is one table, tried for every post by test_access.py. Here
somebody who holds every post of another community, a resident of it, and a visitor who chose it ask for each
address, and send each form, with ids of rows that there are: they are shown nothing, and no row is written.
Every request is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.factories import POST_OF_ROLE
from tests.integration.test_access import WHO_MAY, path_of
from tests.support.forms import Fields
from tests.support.reaching import Answer, Note, World, methods_of
from tests.support.walking import Walk, address_of, forms_of, ids_in

BLUEPRINTS = sorted({name.split(".")[0] for name in WHO_MAY})
# Addresses of what is open to anybody anywhere, whichever community they are in.
OPEN = {
    # Programs name the community they ask about, or the thing alone; no cookie is read.
    *(name for name in WHO_MAY if name.startswith("api.")),
    # The way from one community to another.
    "preferences.community",
    # Pictures of public matters: open data names them.
    "records.photo",
}
UNNAMED = ("public", "signed_in", "oneself")
# An address, a method, and the fields of a form.
Question = tuple[str, str, Fields]


@pytest.fixture(scope="session")
def strangers(world: World) -> dict[str, FlaskClient]:
    """Return a client for each of the other community: a visitor, a resident, and a holder of every post."""
    filled = world.filled
    return {
        "visitor": world.client(None, filled.other_id),
        "resident": world.client(filled.other_resident, filled.other_id),
        "everybody": world.client(filled.other_everybody, filled.other_id),
    }


def _rules(world: World, blueprint: str) -> list[Rule]:
    rules = world.app.url_map.iter_rules()
    return [rule for rule in rules if rule.endpoint.startswith(f"{blueprint}.")]


def askers(endpoint: str) -> list[str]:
    """Return of whom the guard lets anybody through: of the others test_access.py knows what they get."""
    stated = WHO_MAY[endpoint]
    if stated == "public":
        return ["visitor", "resident", "everybody"]
    return ["resident", "everybody"] if stated in ("signed_in", "oneself") else ["everybody"]


def touched(notes: list[Note], ours: set[str]) -> list[str]:
    """Return the tables with a row that was written and names anything of the community."""
    return sorted({note.table for note in notes if note.ids & ours})


def leaks(answer: Answer, asked: str, ours: set[str]) -> set[str]:
    """Return ids of the community in an answer that were not in the question."""
    return (set(ids_in(answer.text)) & ours) - ids_in(asked)


def test_most_addresses_are_asked_with_rows_of_the_community(world: World, walked: Walk) -> None:
    rules = [rule for rule in world.app.url_map.iter_rules() if "<uuid:" in rule.rule]
    known = [rule.endpoint for rule in rules if address_of(world, walked, rule) is not None]
    assert len(known) > 0.85 * len(rules)


@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_rows_of_a_community_are_not_there_for_another(
    world: World, walked: Walk, ours: set[str], strangers: dict[str, FlaskClient], blueprint: str
) -> None:
    wrong = []
    for rule in _rules(world, blueprint):
        for path, method, fields in questions(world, walked, rule, ours):
            for who in askers(rule.endpoint):
                answer = world.ask(strangers[who], path, method, fields)
                # What is refused for its form before the row is looked for shows and changes nothing either;
                # a form that is only carried on to its next page shows what was typed.
                is_found = answer.status < 300 and ids_in(path) & ours
                is_shown = is_found or leaks(answer, f"{path} {fields}", ours)
                if touched(answer.notes, ours) or (is_shown and rule.endpoint not in OPEN):
                    wrong.append((rule.endpoint, method, who, answer.status, touched(answer.notes, ours)))
    assert wrong == []


def questions(world: World, walked: Walk, rule: Rule, ours: set[str]) -> Iterator[Question]:
    """Return requests that name rows of the community: addresses, and the forms its people are offered."""
    path = address_of(world, walked, rule) or path_of(rule)
    forms = forms_of(world, walked, rule.endpoint) if "POST" in methods_of(rule) else []
    if "<uuid:" in rule.rule:
        yield from ((path, method, {}) for method in methods_of(rule) if method == "GET" or not forms)
    for form in forms:
        if ids_in(f"{form.action} {form.fields}") & ours:
            yield form.action, "POST", form.fields


def test_whoever_holds_every_post_but_those_named_is_refused(world: World, walked: Walk) -> None:
    """What refuses somebody with all other posts refuses whoever holds one of them."""
    wrong = []
    for named in sorted({stated for stated in WHO_MAY.values() if stated not in UNNAMED}):
        client = world.bearer("别岗", [role for role in POST_OF_ROLE if role not in named.split()])
        for rule in world.app.url_map.iter_rules():
            if WHO_MAY.get(rule.endpoint) == named:
                for method, answer in _asked(world, walked, rule, client):
                    if answer.status != 403 or answer.notes:
                        wrong.append((rule.endpoint, method, answer.status, answer.notes))
    assert wrong == []


def test_a_visitor_is_sent_to_sign_in(world: World, walked: Walk) -> None:
    client, wrong = world.client(None, world.filled.community_id), []
    for rule in world.app.url_map.iter_rules():
        if WHO_MAY.get(rule.endpoint, "public") != "public":
            for method, answer in _asked(world, walked, rule, client):
                if not answer.location.startswith("/sign-in") or answer.notes:
                    wrong.append((rule.endpoint, method, answer.status, answer.notes))
    assert wrong == []


def _asked(world: World, walked: Walk, rule: Rule, client: FlaskClient) -> Iterator[tuple[str, Answer]]:
    for method in methods_of(rule):
        forms = forms_of(world, walked, rule.endpoint) if method == "POST" else []
        path = forms[0].action if forms else address_of(world, walked, rule) or path_of(rule)
        yield method, world.ask(client, path, method, forms[0].fields if forms else None)


def test_a_form_without_its_token_is_refused_everywhere(
    world: World, walked: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.app.config, "WTF_CSRF_ENABLED", True)
    # The token is asked for before anybody is asked who they are.
    client = world.client(None, world.filled.community_id)
    taken = set()
    for rule in world.app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            answer = world.ask(client, address_of(world, walked, rule) or path_of(rule), "POST")
            if answer.status != 400 or answer.notes:
                taken.add(rule.endpoint)
    # A mail program presses it without a page of ours before; the address itself is signed (RFC 8058).
    assert taken == {"inbox.unsubscribe_now"}
