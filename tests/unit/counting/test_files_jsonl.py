import json
from typing import Any

import pytest

from civicforum.counting import BallotKind
from civicforum.counting.files import BadFile, BallotFile, Fault, read_bytes

HEADER = {
    "title": "Trees",
    "options": ["Ann", "Bob", "Cem"],
    "seats": 2,
    "kind": "ranking",
    "blank": 3,
    "spoiled": 1,
}


def read(*ballots: Any, header: Any = HEADER) -> BallotFile:
    rows = (
        row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in (header, *ballots)
    )
    return read_bytes("\n".join(rows).encode(), "trees.jsonl")


def test_rankings_are_lists_of_names_and_of_shared_places() -> None:
    trees = read({"ranking": ["Ann", ["Cem", "Bob"]], "count": 12}, {"ranking": ["Bob"]}, {"ranking": []})
    assert (trees.title, trees.seats) == ("Trees", 2)
    assert dict(trees.profile.rankings()) == {(("Ann",), ("Bob", "Cem")): 12, (("Bob",),): 1}
    assert (trees.profile.blank, trees.profile.spoiled) == (4, 1)


def test_equal_lines_and_equal_ballots_are_merged() -> None:
    trees = read({"ranking": [["Ann", "Bob"]]}, {"ranking": [["Ann", "Bob"]]}, {"ranking": [["Bob", "Ann"]]})
    assert trees.profile.texts() == [("1=2", 3)]


@pytest.mark.parametrize(
    ("kind", "ballot", "marks"),
    [
        (BallotKind.APPROVAL, {"approved": ["Cem", "Ann"]}, [1, 0, 1]),
        (BallotKind.CHOICES, {"choices": {"Ann": "for", "Bob": "against", "Cem": "abstain"}}, [1, 2, 3]),
        (BallotKind.CHOICES, {"choices": {"Cem": "abstain"}}, [0, 0, 3]),
        (BallotKind.GRADES, {"grades": {"Bob": "poor"}}, [0, 2, 0]),
    ],
)
def test_each_kind_says_its_own(kind: BallotKind, ballot: dict[str, Any], marks: list[int]) -> None:
    scale = {"scale": ["good", "poor"]} if kind is BallotKind.GRADES else {}
    trees = read(ballot, header=HEADER | scale | {"kind": kind.value})
    assert trees.profile.kind is kind
    assert trees.profile.marks.tolist() == [marks]


@pytest.mark.parametrize(
    ("ballot", "fault"),
    [
        ({"ranking": ["Dan"]}, Fault.UNKNOWN_OPTION),
        ({"ranking": ["Ann", "Ann"]}, Fault.REPEATED_OPTION),
        ({"ranking": ["Ann", []]}, Fault.SHAPE),
        ({"ranking": "Ann"}, Fault.SHAPE),
        ({"ranking": {"Ann": 1}}, Fault.SHAPE),
        ({"ranking": [1]}, Fault.SHAPE),
        ({"ranking": [None]}, Fault.SHAPE),
        ({"ranking": [[["Ann"]]]}, Fault.SHAPE),
        ({"approved": ["Ann"]}, Fault.SHAPE),
        ({"ranking": ["Ann"], "weight": 2}, Fault.SHAPE),
        ({"ranking": ["Ann"], "count": 0}, Fault.COUNT),
        ({"ranking": ["Ann"], "count": -1}, Fault.COUNT),
        ({"ranking": ["Ann"], "count": True}, Fault.COUNT),
        ({"ranking": ["Ann"], "count": "2"}, Fault.COUNT),
        ({"ranking": ["Ann"], "count": None}, Fault.COUNT),
        ({"ranking": ["Ann"], "count": 10**15}, Fault.COUNT),
        ({"ranking": ["Ann"], "count": 10**40}, Fault.JSON),
        ({"ranking": ["Ann"], "count": 1.0}, Fault.JSON),
        ({"ranking": ["Ann"], "count": float("nan")}, Fault.JSON),
        ({"ranking": ["Ann"], "count": float("-inf")}, Fault.JSON),
        ('{"ranking": ["Ann"], "ranking": ["Bob"]}', Fault.JSON),
        ('{"ranking": ["Ann"]', Fault.JSON),
        ('{"ranking": ["Ann"]} {}', Fault.JSON),
        ('["Ann"]', Fault.JSON),
        ("[" * 100_000, Fault.JSON),
        ('{"ranking":' * 50_000, Fault.JSON),
        ('{"ranking": ["\\ud800"]}', Fault.UNKNOWN_OPTION),
    ],
)
def test_bad_ballots_are_refused(ballot: Any, fault: Fault) -> None:
    with pytest.raises(BadFile) as refused:
        read({"ranking": ["Ann"]}, ballot)
    assert (refused.value.fault, refused.value.line) == (fault, 3)
    assert len(refused.value.reason) < 150


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"kind": "ranks"}, Fault.KIND),
        ({"kind": ["ranking"]}, Fault.KIND),
        ({"kind": "grades"}, Fault.HEADER),
        ({"scale": ["good", "poor"]}, Fault.HEADER),
        ({"options": []}, Fault.HEADER),
        ({"options": "Ann"}, Fault.HEADER),
        ({"options": ["Ann", 2]}, Fault.HEADER),
        ({"options": ["Ann", "Ann "]}, Fault.HEADER),
        ({"options": ["Ann", ""]}, Fault.NAME),
        ({"options": ["\ud800"]}, Fault.NAME),
        ({"withdrawn": ["Ann"]}, Fault.HEADER),
        ({"title": 3}, Fault.HEADER),
        ({"seats": 0}, Fault.HEADER),
        ({"seats": True}, Fault.HEADER),
        ({"seats": 10_000}, Fault.HEADER),
        ({"blank": -1}, Fault.HEADER),
        ({"spoiled": 10**15}, Fault.HEADER),
        ({"colour": "red"}, Fault.HEADER),
    ],
)
def test_bad_first_lines_are_refused(change: dict[str, Any], fault: Fault) -> None:
    with pytest.raises(BadFile) as refused:
        read({"ranking": ["Ann"]}, header=json.dumps(HEADER | change))
    assert (refused.value.fault, refused.value.line) == (fault, 1)


def test_an_unknown_choice_names_those_there_are() -> None:
    with pytest.raises(BadFile, match='line 2: no mark here, which are "for", "against", "abstain"'):
        read({"choices": {"Ann": "maybe"}}, header=HEADER | {"kind": "choices"})
