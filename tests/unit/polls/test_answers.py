"""Every limit of a ballot paper, in the cases that the script of the page is held to as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from civicforum.errors import Invalid
from civicforum.polls.answers import AnswerFault, form_of, is_blank, read_answer
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.sealed import Answer

CASES = json.loads((Path(__file__).parents[2] / "vectors" / "answers.json").read_text(encoding="utf-8"))


def spec_of(record: dict[str, Any]) -> QuestionSpec:
    lists: dict[str, Any] = {name: tuple(record[name]) for name in ("options", "levels") if name in record}
    words = {"kind": QuestionKind(record["kind"]), "marking": Marking(record.get("marking", "ticks"))}
    fields: dict[str, Any] = record | lists | words
    return QuestionSpec(**fields)


def answer_of(record: dict[str, Any]) -> Answer:
    return Answer(
        chosen=frozenset(record.get("chosen", ())),
        against=frozenset(record.get("against", ())),
        names=tuple(record.get("names", ())),
        levels={int(row): int(level) for row, level in record.get("levels", ())},
        order=tuple(record.get("order", ())),
    )


@pytest.mark.parametrize("case", CASES, ids=[case["what"] for case in CASES])
def test_a_form_is_read_or_refused_beside_its_field(case: dict[str, Any]) -> None:
    spec, strict = spec_of(case["question"]), case.get("names_need_against", False)
    if "answer" in case:
        answer = read_answer(spec, case["form"], 1, names_need_against=strict)
        assert answer == answer_of(case["answer"])
        assert is_blank(answer) is (not case["answer"])
        again = form_of(spec, answer, 4)
        assert read_answer(spec, again, 4, names_need_against=strict) == answer
        return
    with pytest.raises(Invalid) as refused:
        read_answer(spec, case["form"], 1, names_need_against=strict)
    assert (refused.value.reason, refused.value.field) == (case["fault"], case["field"])


def test_every_fault_occurs_among_the_cases() -> None:
    assert {case["fault"] for case in CASES if "fault" in case} == set(AnswerFault)
