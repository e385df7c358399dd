"""Which statements mean rows of several communities: those named here, and no other.

A city spreads rows over servers by community (adr 0018). What is of one community goes to one server; what is
of several goes to all of them. Watched is the demonstration's half a year, as services make it.
"""

from __future__ import annotations

import uuid

import pytest
import sqlalchemy as sa
from flask import Flask

from civicforum.matters.models import Comment, Matter
from civicforum.people.models import Community
from tests.support.routing import CODE, Watched, loose_tables, watch_statements
from tools import city

CLOCK = "a clock looks for what is due in every community; each is then done by its number"
OPERATOR = "figures of the whole installation, for whoever runs it"
# Where in civicforum, and why all servers may be asked.
OF_SEVERAL = {
    "sweeps.iterate_due": CLOCK,
    "inbox/services/outbox.forget_old": CLOCK,
    "inbox/services/paper.forget_letters": CLOCK,
    "polls/services/destroying._due": CLOCK,
    "polls/services/results._each": CLOCK,
    "reports/queries.list_uncounted": CLOCK,
    "reports/services.sweep": CLOCK,
    "transfer/services/exports.forget_exports": CLOCK,
    "operating/queries.count_ballots": OPERATOR,
    "operating/queries.count_journal": OPERATOR,
    "operating/queries.list_clocks": OPERATOR,
    "moderation/services/holding.take_back_of": "held texts of a thing are found by the address of its page",
    "ratings/services/rating.find_slip": "a slip of paper carries a code and no community",
}
# The demonstration is alone in its database.
ALONE = "demo/"
SPREAD = frozenset(table.name for table in city.spread_tables())


def refused(watched: Watched) -> dict[str, str]:
    """Return the statements that have no reason, by where they are made."""
    return {
        place: watched.texts[place]
        for place in watched.loose
        if place not in OF_SEVERAL and not place.startswith(ALONE)
    }


def test_every_other_statement_of_half_a_year_is_of_one_community(loaded: Flask) -> None:
    watched: Watched = loaded.extensions["watched"]
    assert watched.number > 10_000
    assert not refused(watched)


def test_every_other_statement_of_a_visitor_is_of_one_community(loaded: Flask) -> None:
    client = loaded.test_client()
    pages = [
        rule.rule
        for rule in loaded.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments
    ]
    with watch_statements(SPREAD) as watched:
        answers = [client.get(page).status_code for page in pages]
    assert answers.count(200) > 20
    assert not refused(watched)


def test_what_is_named_is_there() -> None:
    for place in OF_SEVERAL:
        module, _, name = place.partition(".")
        assert f"def {name}(" in (CODE / f"{module}.py").read_text(encoding="utf-8"), place


ID = uuid.UUID(int=1)
HAS_COMMENT = sa.select(Comment.id).where(Comment.matter_id == Matter.id).exists()


@pytest.mark.parametrize(
    "statement",
    [
        sa.select(Matter).where(Matter.community_id == ID),
        sa.select(Matter).where(Matter.id == ID),
        sa.select(Matter).where(Matter.id.in_([ID])),
        sa.select(Comment).join(Matter, Comment.matter_id == Matter.id).where(Matter.id == ID),
        sa.select(Comment).where(
            Comment.matter_id.in_(sa.select(Matter.id).where(Matter.community_id == ID))
        ),
        sa.select(Matter).where(Matter.community_id == ID, HAS_COMMENT | (Matter.title == "")),
        sa.select(Comment).where((Comment.matter_id == ID) | (Comment.author_id == ID)),
        sa.select(Comment).where(sa.tuple_(Comment.text, Comment.matter_id).in_([("", ID)])),
        sa.update(Matter).where(Matter.id == ID).values(title=""),
        sa.delete(Comment).where(Comment.matter_id == ID),
        sa.select(Community),
    ],
)
def test_rows_named_by_their_number_or_joined_by_it_are_of_one_community(statement: sa.Executable) -> None:
    assert loose_tables(statement, SPREAD) == set()


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        (sa.select(Matter), {"matter"}),
        (sa.select(Matter).where(Matter.title == "停车"), {"matter"}),
        (sa.select(Matter).where((Matter.id == ID) | (Matter.title == "停车")), {"matter"}),
        (sa.select(Comment).join(Matter, Comment.matter_id == Matter.id), {"comment", "matter"}),
        (sa.select(Matter, Comment).where(Matter.id == ID), {"comment"}),
        (
            sa.select(Matter).where(Matter.id == ID, Matter.id.not_in(sa.select(Comment.matter_id))),
            {"comment"},
        ),
        (sa.update(Matter).where(Matter.title == "停车").values(title=""), {"matter"}),
        (sa.delete(Comment), {"comment"}),
    ],
)
def test_rows_found_by_anything_else_may_be_of_several(statement: sa.Executable, tables: set[str]) -> None:
    assert loose_tables(statement, SPREAD) == tables
