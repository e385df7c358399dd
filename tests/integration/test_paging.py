"""Pages of long lists: counted without what they show, and those far from the beginning read from the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from civicforum import paging
from civicforum.paging import paginate, paginate_found
from civicforum.paging_order import from_its_end
from civicforum.people.models import Household, Person
from tests.factories import make_community, make_person
from tests.support.statements import count_statements

MANY = 23


@pytest.fixture(autouse=True)
def _near(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything after the first four counts as far."""
    monkeypatch.setattr(paging, "FAR", 4)


@pytest.fixture
def people(session: Session) -> Select[Person]:
    """Make people of whom every third has left, some on the same day."""
    community = make_community()
    for number in range(MANY):
        make_person(community, left_on=date(2025, 1, 1 + number % 4) if number % 3 else None)
    return select(Person).where(Person.community_id == community.id)


ORDERS: tuple[tuple[Any, ...], ...] = (
    (Person.number,),
    (Person.number.desc(),),
    (Person.left_on.nulls_last(), Person.id),
    (Person.left_on.desc(), Person.id),
    (Person.left_on.desc().nulls_last(), Person.number.desc()),
    (Person.left_on.nulls_first(), Person.number.desc()),
    (Person.left_on.is_(None), Person.name.desc(), Person.id),
)


@pytest.mark.parametrize("order", ORDERS)
def test_pages_together_are_the_list_in_its_order(
    session: Session, people: Select[Person], order: Sequence[Any]
) -> None:
    statement = people.order_by(*order).options(joinedload(Person.household))
    assert from_its_end(statement) is not None
    pages = [paginate(session, statement, number=number, per_page=5) for number in range(1, 6)]
    assert {page.total for page in pages} == {MANY}
    assert [one.id for page in pages for one in page.items] == [one.id for one in session.scalars(statement)]


def test_joined_rows_of_a_far_page_come_with_it(session: Session, people: Select[Person]) -> None:
    statement = (
        people.join(Person.household).options(contains_eager(Person.household)).order_by(Person.number)
    )
    session.expunge_all()
    for number in (2, 5):
        with count_statements() as counted:
            page = paginate(session, statement, number=number, per_page=5)
            assert all(one.household.number for one in page.items)
        assert counted.total == 2


def test_count_reads_no_columns_and_nothing_that_is_joined_to_be_shown(
    session: Session, people: Select[Person]
) -> None:
    statement = people.options(joinedload(Person.household)).order_by(Person.number)
    with count_statements() as counted:
        assert paginate(session, statement, number=1).total == MANY
    assert "household" not in counted.statements[0]
    assert "person.name" not in counted.statements[0]


def test_list_in_which_rows_may_be_equal_is_not_turned(people: Select[Person]) -> None:
    assert from_its_end(people.order_by(Person.left_on)) is None
    assert from_its_end(people.order_by(Household.id).join(Person.household)) is None
    # Without its community a number may stand for two people.
    assert from_its_end(select(Person).order_by(Person.number)) is None
    assert (
        from_its_end(select(Person).where(Person.community_id == Household.id).order_by(Person.number))
        is None
    )
    assert from_its_end(people) is None


def test_number_out_of_range_gives_the_nearest_page(session: Session, people: Select[Person]) -> None:
    statement = people.order_by(Person.number)
    assert paginate(session, statement, number=99, per_page=5).number == 5
    assert paginate(session, statement, number=-1, per_page=5).number == 1
    empty = paginate(session, statement.where(Person.name == "nobody"), number=7)
    assert (empty.number, empty.total, list(empty.items)) == (1, 0, [])


def test_a_search_is_counted_no_further_than_anybody_looks(
    session: Session, people: Select[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    statement = people.order_by(Person.number)
    whole = [one.id for one in session.scalars(statement)]
    for most, is_cut in ((MANY - 1, True), (MANY, False), (MANY + 1, False)):
        monkeypatch.setattr(paging, "MOST_FOUND", most)
        last = paginate_found(session, statement, found=Person.number.is_not(None), number=99, per_page=5)
        assert (last.total, last.is_cut) == (min(most, MANY), is_cut)
        assert [one.id for one in last.items] == whole[20 : last.total]
        assert last.map(str).is_cut is is_cut
