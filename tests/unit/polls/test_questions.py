"""What may stand on a ballot paper: each limit, and that whatever is let through can be sealed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicforum.counting import Rule
from civicforum.errors import Invalid
from civicforum.polls.questions import (
    METHODS,
    MOST_PLACES,
    Marking,
    QuestionKind,
    QuestionSpec,
    SpecFault,
    check_paper,
    check_spec,
    contest_record,
    normal,
)
from civicforum.sealed.manifest import contests_of

MOTION = QuestionSpec(QuestionKind.MOTION, "是否加装电梯")
TICKS = QuestionSpec(QuestionKind.SELECTION, "选方案", options=("甲", "乙", "丙"), most=2)
EACH = QuestionSpec(
    QuestionKind.SELECTION,
    "选委员",
    options=("张三", "李四", "王五"),
    marking=Marking.EACH,
    most=2,
    seats=2,
    write_ins=1,
)
GRADE = QuestionSpec(QuestionKind.GRADE, "评议", options=("主任",), levels=("满意", "基本满意", "不满意"))
RANKING = QuestionSpec(QuestionKind.RANKING, "排序", options=("甲", "乙", "丙"), method=Rule.SCHULZE)
VALID = (MOTION, TICKS, EACH, GRADE, RANKING)
F = SpecFault


def many(number: int) -> tuple[str, ...]:
    return tuple(f"第{at}项" for at in range(number))


def refused(spec: QuestionSpec) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as refusal:
        check_spec(spec)
    return refusal.value.reason, refusal.value.field


@pytest.mark.parametrize("spec", VALID, ids=lambda spec: f"{spec.kind}-{spec.marking}")
def test_a_question_of_each_kind_is_taken(spec: QuestionSpec) -> None:
    check_spec(spec)


@pytest.mark.parametrize(
    ("spec", "fault", "field"),
    [
        (replace(MOTION, title=""), F.NO_TITLE, "title"),
        (replace(MOTION, title="题" * 201), F.TITLE_TOO_LONG, "title"),
        (replace(MOTION, text="说" * 4001), F.TEXT_TOO_LONG, "text"),
        (replace(TICKS, options=("甲",), most=1), F.TOO_FEW_OPTIONS, "options"),
        (replace(EACH, options=()), F.TOO_FEW_OPTIONS, "options"),
        (replace(GRADE, options=()), F.TOO_FEW_OPTIONS, "options"),
        (replace(TICKS, options=many(1001)), F.TOO_MANY_OPTIONS, "options"),
        (replace(TICKS, options=("甲" * 201, "乙")), F.OPTION_TOO_LONG, "options"),
        (replace(TICKS, options=("", "乙")), F.OPTION_EMPTY, "options"),
        (replace(GRADE, levels=("", "差")), F.LEVEL_EMPTY, "levels"),
        (replace(TICKS, options=("甲", "甲")), F.OPTION_TWICE, "options"),
        (replace(TICKS, most=0), F.MOST_OUT_OF_RANGE, "most"),
        (replace(TICKS, most=4), F.MOST_OUT_OF_RANGE, "most"),
        (replace(TICKS, least=3), F.LEAST_OVER_MOST, "least"),
        (replace(TICKS, least=-1), F.LEAST_OVER_MOST, "least"),
        (replace(TICKS, seats=4), F.SEATS_OUT_OF_RANGE, "seats"),
        (replace(TICKS, seats=0), F.SEATS_OUT_OF_RANGE, "seats"),
        (replace(TICKS, write_ins=1), F.WRITE_INS_ONLY_WITH_EACH, "write_ins"),
        (replace(EACH, write_ins=3), F.WRITE_INS_OVER_MOST, "write_ins"),
        (replace(EACH, write_ins=-1), F.WRITE_INS_OVER_MOST, "write_ins"),
        (replace(EACH, least=1), F.LEAST_OVER_MOST, "least"),
        (replace(EACH, most=5), F.MOST_OUT_OF_RANGE, "most"),
        (replace(EACH, options=many(501), write_ins=0), F.TOO_MANY_SLOTS, "options"),
        (replace(GRADE, levels=("满意",)), F.TOO_FEW_LEVELS, "levels"),
        (replace(GRADE, levels=many(11)), F.TOO_MANY_LEVELS, "levels"),
        (replace(GRADE, levels=("好" * 41, "差")), F.LEVEL_TOO_LONG, "levels"),
        (replace(GRADE, levels=("好", "好")), F.LEVEL_TWICE, "levels"),
        (replace(GRADE, options=many(334)), F.TOO_MANY_SLOTS, "options"),
        (replace(RANKING, options=many(37), depth=3), F.TOO_MANY_TO_RANK, "options"),
        (replace(RANKING, options=many(36)), F.DEPTH_OUT_OF_RANGE, "depth"),
        (replace(RANKING, depth=4), F.DEPTH_OUT_OF_RANGE, "depth"),
        (replace(RANKING, depth=-1), F.DEPTH_OUT_OF_RANGE, "depth"),
        (replace(RANKING, method=""), F.NO_METHOD, "method"),
        (replace(RANKING, method=Rule.PLURALITY), F.NO_METHOD, "method"),
        (replace(RANKING, method=Rule.IRV, seats=2), F.ONE_SEAT_ONLY, "seats"),
        (replace(RANKING, seats=4), F.SEATS_OUT_OF_RANGE, "seats"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    spec: QuestionSpec, fault: SpecFault, field: str
) -> None:
    assert refused(spec) == (fault, field)


@pytest.mark.parametrize(
    "spec",
    [
        replace(TICKS, options=many(1000), most=1000),
        replace(EACH, options=many(500), write_ins=0),
        replace(GRADE, options=many(333)),
        replace(RANKING, options=many(36), depth=MOST_PLACES),
        replace(RANKING, options=many(29)),
        replace(MOTION, title="题" * 200, text="说" * 4000),
    ],
)
def test_the_limit_itself_is_still_taken_and_can_be_sealed(spec: QuestionSpec) -> None:
    check_spec(spec)
    contests_of([as_written(spec)])


def test_questions_that_fit_alone_may_be_too_much_together() -> None:
    half = replace(TICKS, options=many(501))
    check_paper([half, replace(TICKS, options=many(499))])
    for specs, fault in (
        ([], F.NO_QUESTION),
        ([half, half], F.TOO_MANY_SLOTS),
        ([MOTION] * 101, F.TOO_MANY_QUESTIONS),
    ):
        with pytest.raises(Invalid) as refusal:
            check_paper(specs)
        assert refusal.value.reason == fault


def test_texts_are_brought_into_the_form_that_a_manifest_is_written_in() -> None:
    written = normal(replace(TICKS, title="Cafe\u0301", options=("e\u0301", "乙")))
    assert (written.title, written.options) == ("Caf\u00e9", ("\u00e9", "乙"))
    contests_of([as_written(written)])


def specs_of(kind: QuestionKind, marking: Marking) -> st.SearchStrategy[QuestionSpec]:
    return st.builds(
        QuestionSpec,
        kind=st.just(kind),
        title=st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
        options=st.lists(st.text("甲乙丙e\u0301", max_size=3), min_size=1, max_size=6, unique=True).map(
            tuple
        ),
        marking=st.just(marking),
        least=st.integers(0, 2),
        most=st.integers(1, 4),
        seats=st.integers(1, 3),
        write_ins=st.integers(0, 2) if marking is Marking.EACH else st.just(0),
        levels=st.lists(st.text("好中差", max_size=2), min_size=2, max_size=4, unique=True).map(tuple),
        depth=st.integers(0, 6),
        method=st.sampled_from(METHODS),
    )


specs = st.one_of([specs_of(kind, marking) for kind in QuestionKind for marking in Marking])


@given(specs)
def test_whatever_is_let_through_can_be_sealed(spec: QuestionSpec) -> None:
    spec = normal(spec)
    try:
        check_spec(spec)
    except Invalid:
        return
    contests_of([as_written(spec)])


def as_written(spec: QuestionSpec) -> object:
    """Return the record as it is read from a manifest line."""
    return json.loads(json.dumps(contest_record(spec)))
