"""Somebody who reads every table, and everything that is published, learns no rater's grades.

A whole cycle is run with sealed forms: every rater grades in the hall, one after the other. What `adr/0011`
says of one ballot box is tried elsewhere; here it is tried on what appraisals add to it.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest
from flask import Flask
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from civicforum.appraisals.counts import GroupCount
from civicforum.appraisals.models import OutsideCount, SubjectResult
from civicforum.appraisals.outside_sheets import OutsideSheet
from civicforum.appraisals.result_sheets import as_json, canonical
from civicforum.appraisals.results import Terms, assess
from civicforum.appraisals.rules import RaterBasis
from civicforum.appraisals.scales import duty_scale
from civicforum.appraisals.services.certifying import certify
from civicforum.appraisals.services.counting import count_cycle
from civicforum.appraisals.services.outside import enter_outside
from civicforum.appraisals.services.publishing import publish_result
from civicforum.counting.rules.grades import ItemGrades, RaterGroup, weigh_groups
from civicforum.database import Base, db
from civicforum.records.models import JournalEntry
from tests.support.administrator import SYSTEM, people_in, rows_of, shape
from tests.support.appraisal_results import (
    COUNTED,
    DAY,
    count_by_hand,
    make_counted,
    make_second,
    start_rating,
)
from tests.support.appraisals import cycle_of, make_town, posted_halfyear, subject_ids, three_groups
from tests.support.rating import (
    BASIC,
    COMPETENT,
    EXCELLENT,
    HOUR,
    UNFIT,
    Hall,
    end,
    grade,
    make_hall,
    open_hall,
)

RATERS = 10
# What appraisals keep, and what they write for everybody to read.
OWN = (
    "appraisal_cycle",
    "appraisal_scale",
    "appraisal_subject",
    "rater_group",
    "outside_count",
    "duty_report",
    "hearing_question",
    "criticism",
    "subject_result",
    "appraisal_objection",
    "result_use",
    "appraisal_consequence",
    "notice",
    "result_sheet",
)
DUTY = duty_scale("履职情况")
WHO = uuid.UUID(int=1)
F = Fraction


@pytest.fixture
def app_context(committed: Flask) -> Iterator[None]:
    with committed.app_context():
        yield


@dataclass
class Graded:
    """A cycle that ran in a hall; `grades` are what only the raters know."""

    hall: Hall
    grades: dict[uuid.UUID, int]


def run_cycle() -> Graded:
    """Let everybody present grade in an order of their own, count, certify and post."""
    hall = make_hall(representatives=RATERS)
    open_hall(hall)
    order = [(7 * at + 3) % RATERS for at in range(RATERS)]
    given_: dict[uuid.UUID, int] = {}
    for at in order:
        level = (EXCELLENT, COMPETENT, BASIC, UNFIT)[at % 4]
        grade(hall.poll.id, hall.voter(at), [level, COMPETENT, level])
        given_[hall.present[at]] = level
    end(hall)
    second = make_second(hall.town)
    count_cycle(cycle_id=hall.cycle_id, actor=hall.town.supervisor, now=HOUR + DAY)
    certify(cycle_id=hall.cycle_id, actor=second, now=HOUR + DAY)
    publish_result(cycle_id=hall.cycle_id, actor=second, now=HOUR + DAY)
    return Graded(hall, given_)


@pytest.mark.law("D8")
@pytest.mark.usefixtures("app_context")
def test_no_row_of_a_whole_cycle_tells_who_gave_which_grade() -> None:
    graded = run_cycle()
    raters = {str(one) for one in graded.hall.present}
    _nothing_of_appraisals_names_a_rater(raters)
    _no_column_sorts_raters_by_grade(graded)
    _nothing_was_written_when_somebody_graded(graded)
    _results_are_one_transaction_and_have_no_halves()


def _nothing_of_appraisals_names_a_rater(raters: set[str]) -> None:
    for name in OWN:
        said = str(rows_of(Base.metadata.tables[name]))
        assert not [one for one in raters if one in said], name
    # The meeting writes who is present, before any form is given out; nothing else names them.
    for row in rows_of(Base.metadata.tables["journal_entry"]):
        if row["subject_kind"] in ("appraisal", "poll"):
            assert str(row["actor_id"]) not in raters
            assert not [one for one in raters if one in json.dumps(row["payload"])]


def _no_column_sorts_raters_by_grade(graded: Graded) -> None:
    for table in Base.metadata.sorted_tables:
        known, rows = people_in(table), rows_of(table)
        for column in [*(column.name for column in table.columns), *SYSTEM]:
            grades = defaultdict(set)
            for row in rows:
                for person in known(row):
                    if person in graded.grades:
                        grades[str(shape(row[column]))].add(graded.grades[person])
            tells = len(grades) > 1 and all(len(seen) == 1 for seen in grades.values())
            # Ten different values tell ten people apart, and nothing of what they gave.
            assert not tells or len(grades) >= RATERS, f"{table.name}.{column} tells the grades"


def _nothing_was_written_when_somebody_graded(graded: Graded) -> None:
    """No entry of the journal lies between the opening and the end: there is no time to be paired."""
    entries = db.session.scalars(select(JournalEntry).order_by(JournalEntry.sequence)).all()
    actions = [one.action for one in entries]
    opened = actions.index("appraisal.open_rating")
    between = actions[opened + 1 : actions.index("poll.stop", opened)]
    assert not between
    for name in ("board_line", "credential"):
        columns = Base.metadata.tables[name].columns
        assert not [one.name for one in columns if "DATETIME" in str(one.type).upper()], name


def _results_are_one_transaction_and_have_no_halves() -> None:
    rows = rows_of(Base.metadata.tables["subject_result"])
    assert len({row["xmin"] for row in rows}) == 1
    said = json.dumps([row["figures"] for row in rows])
    assert not [word for word in ("online", "paper", "screen", "ballot", "tracker") if word in said]


def test_figures_are_the_same_before_and_after_the_certification(session: Session) -> None:
    made = make_counted()
    before = {row.subject_id: canonical(row.figures) for row in session.scalars(select(SubjectResult))}
    certify(cycle_id=made.cycle_id, actor=made.second, now=COUNTED)
    publish_result(cycle_id=made.cycle_id, actor=made.second, now=COUNTED)
    session.expire_all()
    after = {row.subject_id: canonical(row.figures) for row in session.scalars(select(SubjectResult))}
    assert before == after
    cycle = cycle_of(made.cycle_id)
    assert cycle.result is not None
    for one in cycle.result["subjects"]:
        kept = {name: value for name, value in one.items() if name not in ("id", "kind")}
        assert canonical(kept) == after[uuid.UUID(one["id"])]


def test_nothing_of_a_shut_box_is_in_the_database_but_how_many_came(session: Session) -> None:
    """One rater of the street, whose box stays shut: not in the total, nor in a score, nor anywhere."""
    town = make_town()
    cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
    count_by_hand(
        town, cycle_id, {"街道": (), "同事": ((7, 1, 1, 0),) * 3, "居民": ((12, 5, 2, 1),) * 3}, forms=20
    )
    for row in session.scalars(select(SubjectResult)):
        assert row.figures["counts"] == [19, 6, 3, 1]
        street = row.figures["groups"][0]
        assert {name for name, value in street.items() if value not in (None, "", [], False)} == {
            "name",
            "basis",
            "weight",
            "least",
            "forms",
            "entitled",
        }


def test_a_sheet_from_outside_with_few_forms_keeps_no_grade(session: Session) -> None:
    town = make_town()
    cycle_id = posted_halfyear(town, groups=three_groups(), meeting_id=None)
    start_rating(cycle_id, town)
    group = cycle_of(cycle_id).groups[0]
    counts = dict.fromkeys(subject_ids(cycle_id), (0, 0, 0, 3))
    for actor in (town.supervisor, town.clerk):
        enter_outside(group_id=group.id, sheet=OutsideSheet(3, counts), actor=actor, now=HOUR)
    kept = session.scalars(select(OutsideCount)).all()
    assert [one.forms for one in kept] == [3, 3]
    assert {number for one in kept for row in one.counts.values() for number in row} == {0}
    assert session.scalar(text("SELECT count(*) FROM journal_entry WHERE payload::text LIKE '%, 3]%'")) == 0


def said(least: int, most: int) -> st.SearchStrategy[tuple[int, ...]]:
    """Return what a group says with so many forms that grade: how often each of four levels."""
    given_levels = st.lists(st.integers(0, 3), min_size=least, max_size=most)
    return given_levels.map(lambda levels: tuple(levels.count(at) for at in range(4)))


def group_of(name: str, levels: tuple[int, ...], weight: Fraction, forms: int) -> GroupCount:
    return GroupCount(
        group_id=uuid.UUID(int=7),
        name=name,
        basis=RaterBasis.ROLL,
        weight=weight,
        least=5,
        entitled=40,
        forms=forms,
        invalid=0,
        levels={WHO: levels},
    )


def published(groups: list[GroupCount]) -> bytes:
    """Return all that anybody reads of one subject."""
    return canonical(as_json(assess(WHO, "王主任", DUTY, groups, Terms(least=5, privacy=5))))


def groups_of(levels: list[tuple[int, ...]]) -> list[GroupCount]:
    weights = (F(3, 10), F(1, 10), F(3, 5))
    # As many forms came back whatever they say, so that their number says nothing of the grades.
    return [
        group_of(name, one, weight, 20)
        for name, one, weight in zip(("街道", "同事", "居民"), levels, weights, strict=True)
    ]


def swaps(one: tuple[int, ...], other: tuple[int, ...]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Return what two groups would have said had somebody of each given the other's grade."""
    found = []
    for mine, own in enumerate(one):
        for theirs, its in enumerate(other):
            if mine != theirs and own and its:
                found.append((_moved(one, mine, theirs), _moved(other, theirs, mine)))
    return found


def _moved(levels: tuple[int, ...], down: int, up: int) -> tuple[int, ...]:
    return tuple(count - (at == down) + (at == up) for at, count in enumerate(levels))


@pytest.mark.law("D8", "privacy.least")
@given(small=said(1, 4), other=said(3, 12))
def test_a_small_group_cannot_be_worked_out_from_what_is_published(
    small: tuple[int, ...], other: tuple[int, ...]
) -> None:
    """Whoever solves for the street's grades finds as many answers as there are ways to swap two grades."""
    residents = (12, 5, 2, 1)
    truths = [(small, other), *swaps(small, other)]
    assume(len(truths) > 1)
    seen = {published(groups_of([one, two, residents])) for one, two in truths}
    assert len(seen) == 1


def test_the_score_would_have_given_a_small_group_away() -> None:
    """The attack works where it is not prevented: with the score, one hidden group has one solution."""
    residents, truths = (12, 5, 2, 1), [((3, 1, 0, 0), (4, 2, 1, 0)), ((2, 2, 0, 0), (5, 1, 1, 0))]
    assert truths[1] in swaps(*truths[0])
    points = {"优秀": 100, "称职": 80, "基本称职": 60, "不称职": 0}
    scores = set()
    for one, two in truths:
        items = [ItemGrades("x", dict(zip(points, row, strict=True)), 0) for row in (one, two, residents)]
        weights = (F(3, 10), F(1, 10), F(3, 5))
        named = zip("abc", weights, items, strict=True)
        scores.add(
            weigh_groups([RaterGroup(name, weight, item) for name, weight, item in named], points).average
        )
    assert len(scores) == 2
    assert len({published(groups_of([one, two, residents])) for one, two in truths}) == 1


@pytest.mark.law("D8", "privacy.least")
@given(levels=st.lists(said(0, 14), min_size=3, max_size=3))
def test_no_difference_of_published_figures_is_a_group_under_five(levels: list[tuple[int, ...]]) -> None:
    """The total less the shown groups: nobody, or five forms and more of at least two groups."""
    figures = assess(WHO, "王主任", DUTY, groups_of(levels), Terms(least=5, privacy=5))
    shown = [sum(one.counts) for one in figures.groups if one.counts is not None]
    rest = sum(figures.counts) - sum(shown)
    assert all(size >= 5 for size in shown)
    hidden = len(figures.groups) - len(shown)
    assert hidden != 1
    assert not shown or rest == 0 or rest >= 5
    assert figures.score is None or not hidden


def test_intervals_and_places_follow_from_what_is_shown() -> None:
    """What is computed beside the counts of a hidden group is not there either."""
    groups = groups_of([(4, 0, 0, 0), (3, 2, 1, 0), (12, 5, 2, 1)])
    figures = assess(
        WHO, "王主任", DUTY, groups, Terms(least=5, privacy=5, sampled=frozenset({"街道", "同事", "居民"}))
    )
    hidden = [one for one in figures.groups if one.counts is None]
    assert len(hidden) == 2
    assert not [one for one in hidden if one.intervals or one.average is not None or one.arithmetic]
    assert figures.rank is None
