"""Following links as a resident and as a holder of every post, and keeping what is found on the way."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from tests.support.forms import Form, read_forms
from tests.support.reaching import UUID, Answer, World

LINK = re.compile(r'href="(/[^"#]*)')
# Of lists only the first pages; of what has many states as many as that.
EACH = 2
# They look at the connection itself, and would end the transaction in which everything is asked.
APART = ("operating.",)
MORE = {"matters.show": 12, "meetings.show": 8, "polls.show": 7, "polls.manage": 7, "elections.show": 3}
Place = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Seen:
    """A page as somebody saw it."""

    who: str
    path: str
    endpoint: str
    answer: Answer


@dataclass
class Walk:
    """What was found: pages, forms by where they go and who is offered them, arguments of addresses."""

    pages: list[Seen] = field(default_factory=list)
    forms: dict[str, dict[str, Form]] = field(default_factory=lambda: defaultdict(dict))
    addresses: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    arguments: dict[tuple[str, str], list[Any]] = field(default_factory=lambda: defaultdict(list))


def walk(world: World) -> Walk:
    """Follow links from the home page as a resident, and as somebody with every post."""
    found, visited, counts = Walk(), set[str](), Counter[str]()
    for who, client in clients_of(world).items():
        # Lists look different to everybody; what they lead to is visited once.
        visited = {path for path in visited if ids_in(path)}
        counts = Counter({endpoint: counts[endpoint] for path in visited for endpoint in _ends(world, path)})
        waiting, queued = deque(["/", "/communities"]), set[str]()
        while waiting:
            path = waiting.popleft()
            if path in visited or path in queued:
                continue
            queued.add(path)
            place = match(world, path, "GET")
            if place is None or counts[place[0]] >= MORE.get(place[0], EACH):
                continue
            visited.add(path)
            counts[place[0]] += 1
            answer = world.ask(client, path)
            note_address(found, place, path)
            if answer.status == 200 and answer.mimetype == "text/html":
                found.pages.append(Seen(who, path, place[0], answer))
                waiting.extend(unescape(link) for link in LINK.findall(answer.text))
                note_forms(world, found, who, path, answer.text)
    return found


def _ends(world: World, path: str) -> list[str]:
    place = match(world, path, "GET")
    return [place[0]] if place else []


def clients_of(world: World) -> dict[str, Any]:
    filled = world.filled
    return {
        "everybody": world.client(filled.everybody, filled.community_id),
        "resident": world.client(filled.resident, filled.community_id),
    }


def note_forms(world: World, found: Walk, who: str, page: str, html: str) -> None:
    for form in read_forms(html, page):
        place = match(world, form.action, form.method.upper())
        if form.method == "post" and place is not None:
            found.forms[form.action].setdefault(who, form)
            note_address(found, place, form.action)


def note_address(found: Walk, place: Place, path: str) -> None:
    endpoint, arguments = place
    found.addresses[endpoint].add(path.partition("?")[0])
    for name, value in arguments.items():
        values = found.arguments[endpoint.split(".")[0], name]
        if value not in values:
            values.append(value)


def match(world: World, path: str, method: str) -> Place | None:
    """Return endpoint and arguments of an address of pages; None for a file, or for no address of ours."""
    try:
        endpoint, arguments = world.app.url_map.bind("localhost").match(path.partition("?")[0], method=method)
    except HTTPException:
        return None
    return None if endpoint == "static" or endpoint.startswith(APART) else (endpoint, arguments)


def address_of(world: World, found: Walk, rule: Rule) -> str | None:
    """Return an address of the rule with rows of the filled community; None where none is known for it."""
    if rule.endpoint in found.addresses:
        return min(found.addresses[rule.endpoint])
    blueprint = rule.endpoint.split(".")[0]
    own = {name: found.arguments.get((blueprint, name)) for name in rule.arguments}
    if not all(own.values()):
        return None
    built = rule.build({name: values[0] for name, values in own.items() if values}, append_unknown=False)
    return built[1] if built else None


def forms_of(world: World, found: Walk, endpoint: str) -> list[Form]:
    """Return the forms that are sent to an endpoint, each as the first who was offered it."""
    return [
        next(iter(offered.values()))
        for action, offered in sorted(found.forms.items())
        if (place := match(world, action, "POST")) and place[0] == endpoint
    ]


def ids_in(path: str) -> set[str]:
    return set(UUID.findall(path))
