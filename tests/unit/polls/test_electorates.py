"""Who goes on a roll: ages on election day, grounds, households, posts, and the order of the roll."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from civicforum import rulebook
from civicforum.bodies.rules import BodyKind, PostKind
from civicforum.people.rules import CapacityKind
from civicforum.polls.electorates import (
    Basis,
    Candidate,
    Draw,
    DrawFault,
    Drawn,
    Held,
    Terms,
    compose,
    draw_as_json,
    draw_from_json,
    fault_of_draw,
    ground_of,
    order_key,
    terms_of,
)

BOOK = rulebook.load("national-2026")
HUKOU, LIVES, WORKER, OWNER = (
    CapacityKind.HUKOU,
    CapacityKind.USUAL_RESIDENCE,
    CapacityKind.COMMUNITY_WORKER,
    CapacityKind.OWNER,
)
ALL = Draw(Basis.CAPACITIES, capacities=(OWNER, WORKER, LIVES, HUKOU))
HOMES = Draw(Basis.HOUSEHOLDS, capacities=(HUKOU, LIVES))
LONG_AGO = date(2000, 1, 1)


def terms(opens_on: date = date(2026, 4, 1), drawn_on: date = date(2026, 3, 2)) -> Terms:
    return Terms(drawn_on=drawn_on, opens_on=opens_on, age_on=opens_on, voting_age=18, worker_months=6)


def somebody(
    *kinds: CapacityKind, born_on: date = date(1970, 5, 17), home: uuid.UUID | None = None, **more: object
) -> Candidate:
    candidate = Candidate(
        person_id=uuid.uuid4(),
        name="王芳",
        number="000001",
        group_name="第一居民小组",
        household_id=home or uuid.uuid4(),
        born_on=born_on,
        capacities=tuple(Held(kind, LONG_AGO) for kind in kinds),
    )
    return replace(candidate, **more)  # type: ignore[arg-type]


def grounds(people: list[Candidate], draw: Draw) -> dict[uuid.UUID, str]:
    found = compose(people, draw, terms())
    assert not isinstance(found, DrawFault)
    return {drawn.candidate.person_id: drawn.ground for drawn in found}


@pytest.mark.parametrize(
    ("born_on", "opens_on", "is_entitled"),
    [
        (date(2008, 4, 1), date(2026, 4, 1), True),
        (date(2008, 4, 2), date(2026, 4, 1), False),
        # Born on 29 February: eighteen years are complete on 1 March of a year that has no such day.
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        # And the election on a 29 February: 18 years before it, in 2010, there was none.
        (date(2010, 2, 28), date(2028, 2, 29), True),
        (date(2010, 3, 1), date(2028, 2, 29), False),
    ],
)
def test_age_is_counted_on_the_day_of_the_election(born_on: date, opens_on: date, is_entitled: bool) -> None:
    days = terms(opens_on=opens_on, drawn_on=date(2026, 1, 5))
    assert (ground_of(somebody(HUKOU, born_on=born_on), ALL, days) is not None) is is_entitled


def test_the_day_of_the_election_is_that_of_shanghai() -> None:
    # 1 April 00:30 in Shanghai is still 31 March in Greenwich.
    opens_at = datetime(2026, 3, 31, 16, 30, tzinfo=UTC)
    now = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    found = terms_of(BOOK, opens_at=opens_at, now=now)
    assert found == terms(opens_on=date(2026, 4, 1), drawn_on=date(2026, 3, 2))


def test_somebody_with_several_capacities_is_listed_once_with_the_strongest() -> None:
    people = [somebody(OWNER, LIVES, HUKOU), somebody(OWNER, WORKER), somebody(OWNER), somebody()]
    found = grounds(people, ALL)
    assert [found.get(one.person_id) for one in people] == [
        "capacity.hukou",
        "capacity.community_worker",
        "capacity.owner",
        None,
    ]


def test_only_the_capacities_that_were_chosen_entitle() -> None:
    owner = somebody(OWNER)
    assert grounds([owner], replace(ALL, capacities=(HUKOU, LIVES))) == {}


@pytest.mark.parametrize(
    ("since", "is_entitled"),
    [(date(2025, 10, 1), True), (date(2025, 10, 2), False)],
)
def test_a_community_worker_counts_after_six_months(since: date, is_entitled: bool) -> None:
    worker = somebody(capacities=(Held(WORKER, since),))
    assert (ground_of(worker, ALL, terms()) is not None) is is_entitled


@pytest.mark.parametrize(
    ("held", "is_entitled"),
    [
        (Held(HUKOU, date(2026, 3, 2)), True),
        (Held(HUKOU, date(2026, 3, 3)), False),
        (Held(HUKOU, LONG_AGO, date(2026, 4, 1)), True),
        (Held(HUKOU, LONG_AGO, date(2026, 3, 31)), False),
    ],
)
def test_a_capacity_holds_when_the_roll_is_drawn_and_when_the_poll_opens(
    held: Held, is_entitled: bool
) -> None:
    assert (ground_of(somebody(capacities=(held,)), ALL, terms()) is not None) is is_entitled


def test_who_has_left_by_then_is_not_on_the_roll() -> None:
    assert ground_of(somebody(HUKOU, left_on=date(2026, 3, 31)), ALL, terms()) is None
    assert ground_of(somebody(HUKOU, left_on=date(2026, 4, 1)), ALL, terms()) is not None


def test_each_household_sends_whom_it_chose_or_else_its_eldest() -> None:
    first, second, third = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    grandmother = somebody(LIVES, home=first, born_on=date(1940, 1, 1), number="000003")
    mother = somebody(HUKOU, home=first, born_on=date(1970, 1, 1), number="000002")
    son = somebody(HUKOU, home=second, born_on=date(1999, 1, 1))
    father = somebody(HUKOU, home=second, born_on=date(1968, 1, 1))
    child = somebody(HUKOU, home=third, born_on=date(2015, 1, 1))
    lodger = somebody(OWNER, home=third, born_on=date(1950, 1, 1))
    people = [grandmother, mother, son, father, child, lodger]
    assert grounds(people, replace(HOMES, chosen=(son.person_id,))) == {
        grandmother.person_id: "household.eldest",
        son.person_id: "household.chosen",
    }


def test_of_two_born_on_one_day_the_lower_number_stands_for_the_household() -> None:
    home = uuid.uuid4()
    twins = [somebody(HUKOU, home=home, number=number) for number in ("000008", "000007")]
    assert list(grounds(twins, HOMES)) == [twins[1].person_id]


def test_two_of_one_household_or_somebody_without_a_vote_cannot_be_chosen() -> None:
    home = uuid.uuid4()
    mother, father, child = (
        somebody(HUKOU, home=home),
        somebody(HUKOU, home=home),
        somebody(HUKOU, home=home, born_on=date(2015, 1, 1)),
    )
    people = [mother, father, child]
    both = replace(HOMES, chosen=(mother.person_id, father.person_id))
    assert compose(people, both, terms()) is DrawFault.TWO_OF_A_HOUSEHOLD
    assert compose(people, replace(HOMES, chosen=(child.person_id,)), terms()) is DrawFault.NOT_ENTITLED


def test_a_holder_of_several_posts_is_listed_once() -> None:
    assembly = BodyKind.REPRESENTATIVE_ASSEMBLY
    draw = Draw(Basis.POSTS, posts=((uuid.uuid4(), PostKind.REPRESENTATIVE),))
    holder = somebody(posts=((assembly, PostKind.REPRESENTATIVE), (assembly, PostKind.DIRECTOR)))
    assert grounds([holder], draw) == {holder.person_id: "post.representative_assembly.director"}


def test_an_election_draws_on_the_capacities_of_the_law_alone() -> None:
    statutory = replace(ALL, capacities=(HUKOU, LIVES, WORKER))
    assert fault_of_draw(statutory, is_statutory=True, book=BOOK) is None
    assert fault_of_draw(ALL, is_statutory=True, book=BOOK) is DrawFault.NOT_STATUTORY
    assert fault_of_draw(ALL, is_statutory=False, book=BOOK) is None
    assert fault_of_draw(Draw(Basis.HOUSEHOLDS), is_statutory=False, book=BOOK) is DrawFault.NO_CAPACITY
    assert fault_of_draw(Draw(Basis.POSTS), is_statutory=False, book=BOOK) is DrawFault.NO_POST


def mixed(ordered: list[Drawn]) -> list[Drawn]:
    return [*ordered[1::2], *ordered[::2]]


def test_the_roll_runs_by_group_then_name_then_number() -> None:
    def one(group: str, name: str, number: str = "000001") -> Candidate:
        return somebody(group_name=group, name=name, number=number)

    # An, Li, Wang, Zhang: the order of pinyin, not that of Unicode.
    wanted = [
        one("第二居民小组", "安静"),
        one("第二居民小组", "李强"),
        one("第二居民小组", "王芳", "000001"),
        one("第二居民小组", "王芳", "000002"),
        one("第二居民小组", "张伟"),
        one("第九居民小组", "安静"),
        one("第十居民小组", "安静"),
        one("第十二居民小组", "安静"),
        one("第二十一居民小组", "安静"),
    ]
    assert sorted(mixed(wanted), key=order_key) == wanted
    digits = [one("9组", "安静"), one("10组", "安静"), one("青松组", "安静")]
    assert sorted(mixed(digits), key=order_key) == digits


def test_a_draw_is_read_back_as_it_was_written() -> None:
    draw = Draw(
        Basis.POSTS,
        capacities=(HUKOU,),
        posts=((uuid.uuid4(), PostKind.REPRESENTATIVE),),
        groups=(uuid.uuid4(),),
        grids=(uuid.uuid4(),),
        chosen=(uuid.uuid4(),),
    )
    assert draw_from_json(draw_as_json(draw)) == draw


def test_compose_keeps_the_order_of_the_roll() -> None:
    second, first = somebody(HUKOU, name="张伟"), somebody(HUKOU, name="安静")
    assert compose([second, first], ALL, terms()) == [
        Drawn(first, "capacity.hukou"),
        Drawn(second, "capacity.hukou"),
    ]
