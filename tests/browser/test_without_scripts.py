"""The first steps of a matter in browsers that run no script."""

from __future__ import annotations

from datetime import UTC, datetime

from civicforum.bodies.rules import Role
from civicforum.matters.services import second_matter
from tests.browser.conftest import Visit
from tests.browser.steps import accept, raise_matter, study
from tests.support.browser import words
from tests.support.town import Town, id_in

TITLE = "给快递柜搭一个雨棚"


def test_matter_is_raised_seconded_studied_and_accepted_without_scripts(town: Town, visit: Visit) -> None:
    neighbours = [town.resident(f"邻居{serial}") for serial in range(1, 6)]
    author = visit(town.resident("王秀英"), scripts=False)
    matter = raise_matter(author, title=TITLE, body="下雨天取件，人和包裹都淋湿。")
    with town.app.app_context():
        for neighbour in neighbours[1:]:
            second_matter(matter_id=id_in(matter), actor=neighbour.actor, now=datetime.now(UTC))
    last = visit(neighbours[0], scripts=False)
    last.open(matter)
    last.press("Second this matter")
    last.sees(words("That is enough: it goes to review now."))
    study(visit(town.officer(Role.PARTY, "周书记"), scripts=False), TITLE, opinion="同意，花钱不多。")
    accept(visit(town.officer(Role.COMMITTEE, "陈主任"), scripts=False), TITLE, answer="请大家商议位置。")
    author.open(matter)
    author.sees(words("Being deliberated"))
