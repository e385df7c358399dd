"""The path of a matter: every pair of act and stage, and every pair of act and role."""

from __future__ import annotations

from itertools import product

import pytest

from civicforum.bodies.rules import Role
from civicforum.errors import NotEligible, TransitionNotAllowed
from civicforum.matters.rules import (
    CLOCK_OF_STAGE,
    ENDED,
    LIVE,
    STAGES_OF_GROUP,
    STEPS,
    USUAL_NEXT,
    Act,
    Stage,
    allowed_acts,
    check,
    follow,
    may,
)
from civicforum.rulebook import load

# Written out by hand, apart from the table itself: from which stages an act leads where ("" : it stays).
EXPECTED: dict[str, tuple[str, str]] = {
    "edit": ("draft returned", ""),
    "publish": ("draft", "raised"),
    "discard": ("draft", ""),
    "second": ("raised seconded in_review", ""),
    "enter_paper_seconds": ("raised seconded in_review", ""),
    "enough_seconds": ("raised", "seconded"),
    "comment": (
        "raised seconded in_review returned deliberating to_decide decided carrying_out done appraised "
        "declined",
        "",
    ),
    "withdraw": ("raised seconded returned", "withdrawn"),
    "merge": ("raised seconded in_review", "merged"),
    "study": ("seconded", "in_review"),
    "accept": ("in_review", "deliberating"),
    "return": ("in_review", "returned"),
    "resubmit": ("returned", "in_review"),
    "decline": ("in_review", "declined"),
    "answer_directly": ("in_review", "answered_directly"),
    "demand": ("declined", ""),
    "enter_paper_demands": ("declined", ""),
    "enough_demands": ("declined", "to_decide"),
    "plan_meeting": ("deliberating to_decide", ""),
    "agree": ("deliberating", "carrying_out"),
    "put_to_assembly": ("deliberating", "to_decide"),
    "drop": ("deliberating", "declined"),
    "adopt": ("to_decide", "decided"),
    "reject": ("to_decide", "not_adopted"),
    "add_task": ("decided carrying_out", "carrying_out"),
    "report_progress": ("carrying_out", ""),
    "report_done": ("carrying_out", "done"),
    "grade": ("done", ""),
    "graded_well": ("done", "appraised"),
    "graded_poorly": ("done", "carrying_out"),
    "close": ("appraised", "closed"),
}
EVERYWHERE_PUBLIC = {"hide_comment", "file_finding", "ask", "answer"}
ONLY_AUTHOR = {Act.EDIT, Act.PUBLISH, Act.DISCARD, Act.WITHDRAW, Act.RESUBMIT}


@pytest.mark.parametrize(("act", "stage"), list(product(Act, Stage)))
def test_each_act_leads_from_each_stage_where_the_design_says(act: Act, stage: Stage) -> None:
    if act.value in EVERYWHERE_PUBLIC:
        stages, to = {found.value for found in Stage} - {"draft"}, ""
    else:
        listed, to = EXPECTED[act.value]
        stages = set(listed.split())
    if stage.value in stages:
        assert follow(act, stage) == (to or stage.value)
    else:
        with pytest.raises(TransitionNotAllowed):
            follow(act, stage)


@pytest.mark.parametrize(("act", "role"), list(product(Act, Role)))
def test_a_role_that_may_never_do_an_act_is_told_so_whatever_the_stage(act: Act, role: Role) -> None:
    for stage, is_author in product(Stage, (True, False)):
        if not may(act, {role}, is_author=is_author):
            with pytest.raises(NotEligible):
                check(act, stage, {role}, is_author=is_author)


@pytest.mark.parametrize("act", sorted(ONLY_AUTHOR))
def test_only_the_author_edits_publishes_and_withdraws(act: Act) -> None:
    assert may(act, {Role.RESIDENT}, is_author=True)
    assert not may(act, set(Role), is_author=False)


def test_nobody_seconds_the_own_matter() -> None:
    assert may(Act.SECOND, {Role.RESIDENT}, is_author=False)
    assert not may(Act.SECOND, set(Role), is_author=True)


def test_the_page_offers_exactly_what_the_check_lets_through() -> None:
    for stage, role, is_author in product(Stage, Role, (True, False)):
        offered = allowed_acts(stage, {role}, is_author=is_author)
        for act in Act:
            try:
                check(act, stage, {role}, is_author=is_author)
                passes = True
            except (NotEligible, TransitionNotAllowed):
                passes = False
            assert passes == (act in offered)


def test_no_person_does_what_a_clock_or_a_count_does() -> None:
    nobody = {act for act, step in STEPS.items() if not step.roles}
    assert nobody == {
        Act.ENOUGH_SECONDS,
        Act.ENOUGH_DEMANDS,
        Act.ADOPT,
        Act.REJECT,
        Act.GRADED_WELL,
        Act.GRADED_POORLY,
    }


def test_every_stage_is_public_ended_or_a_draft_and_stands_in_one_group() -> None:
    assert LIVE | ENDED | {Stage.DRAFT} == set(Stage)
    assert not LIVE & ENDED
    grouped = [stage for stages in STAGES_OF_GROUP.values() for stage in stages]
    assert sorted(grouped) == sorted(LIVE | ENDED)


def test_the_usual_way_leads_from_every_living_stage_to_the_end() -> None:
    for stage in LIVE:
        seen = [stage]
        while seen[-1] in USUAL_NEXT:
            seen.append(USUAL_NEXT[seen[-1]])
            assert len(seen) == len(set(seen))
        assert seen[-1] is Stage.CLOSED


def test_every_clock_of_a_stage_is_in_the_national_profile() -> None:
    book = load("national-2026")
    for clock in CLOCK_OF_STAGE.values():
        assert book.clock(clock).days > 0
