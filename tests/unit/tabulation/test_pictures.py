"""Pictures of counts: well-formed, to scale, and safe whatever the names are."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from civicforum.counting import Contest, Profile, Result, Rule, count
from civicforum.tabulation.language import load_language
from civicforum.tabulation.pictures import flow_picture, pairs_picture, stage_picture

ENGLISH = load_language("en")
SVG = "{http://www.w3.org/2000/svg}"
ROOM = 76.0  # percent of a picture's width that a full bar takes
COUNCIL = {("Ann", "Bob"): 12, ("Cem",): 7, ("Bob", "Ann"): 6}
EVIL = '</svg><script>alert("1")</script>&'


def council(rule: Rule = Rule.SCOTTISH_STV, seats: int = 2) -> Result:
    options = ("Ann", "Bob", "Cem")
    return count(Contest(options, rule, seats=seats), Profile.of_rankings(options, COUNCIL))


def parsed(drawing: str) -> ET.Element:
    return ET.fromstring(drawing)  # noqa: S314 - our own markup, and it has to be well-formed


def of_class(drawing: str, kind: str) -> list[ET.Element]:
    return [one for one in parsed(drawing).iter() if kind in one.get("class", "").split()]


def share(text: str | None) -> float:
    assert text is not None
    return float(text.removesuffix("%"))


def widths(drawing: str, kind: str) -> list[float]:
    return [share(rect.get("width")) for rect in of_class(drawing, kind)]


def test_bars_of_all_stages_are_drawn_to_one_scale() -> None:
    result = council()
    first = stage_picture(result, result.stages[0], ENGLISH, name="one")
    # Ann's 12 votes are the most that anybody has at any stage.
    assert widths(first, "tally-kept") == pytest.approx([ROOM, ROOM * 6 / 12, ROOM * 7 / 12], abs=0.001)
    second = stage_picture(result, result.stages[1], ENGLISH, name="two")
    assert widths(second, "tally-kept") == pytest.approx(
        [ROOM * 9 / 12, ROOM * 6 / 12, ROOM * 7 / 12], abs=0.001
    )


def test_what_moved_is_drawn_and_said() -> None:
    result = council()
    drawing = stage_picture(result, result.stages[1], ENGLISH, name="two")
    assert widths(drawing, "tally-lost") == pytest.approx([ROOM * 3 / 12], abs=0.001)
    (gained,) = of_class(drawing, "tally-gained")
    assert share(gained[0].get("width")) == pytest.approx(ROOM * 3 / 12, abs=0.001)
    assert [one.text for one in of_class(drawing, "tally-change")] == ["−3", "+3"]


def test_the_quota_is_a_line_where_its_votes_end() -> None:
    result = council()
    drawing = stage_picture(result, result.stages[0], ENGLISH, name="one")
    (label,) = of_class(drawing, "tally-quota-far")
    assert label.text == "Quota 9"
    assert share(label.get("x")) == pytest.approx(ROOM * 9 / 12, abs=0.001)
    approval = council(Rule.APPROVAL)
    assert of_class(stage_picture(approval, approval.stages[0], ENGLISH, name="x"), "tally-quota-line") == []


def test_who_is_elected_or_out_has_a_mark_besides_the_colour() -> None:
    result = council(Rule.IRV, seats=1)
    drawing = stage_picture(result, result.stages[-1], ENGLISH, name="last")
    marks = [(one[0].text, one.get("class")) for one in of_class(drawing, "tally-name") if len(one) > 1]
    assert [text for text, _ in marks] == ["✓ ", "✕ "]


def test_who_went_out_earlier_is_left_out() -> None:
    options = ("Ann", "Bob", "Cem", "Dot")
    papers = {("Ann",): 9, ("Bob",): 8, ("Cem", "Bob"): 4, ("Dot", "Ann"): 2}
    result = count(Contest(options, Rule.IRV), Profile.of_rankings(options, papers))
    # Dot goes out in stage 2, Cem in stage 3.
    shown = [
        len(of_class(stage_picture(result, stage, ENGLISH, name="s"), "tally-name"))
        for stage in result.stages
    ]
    assert shown == [4, 4, 3]


def test_every_row_of_the_flow_holds_all_valid_votes() -> None:
    result = council()
    drawing = parsed(flow_picture(result, ENGLISH, name="flow"))
    rows: dict[str, float] = {}
    for rect in drawing.iter(f"{SVG}rect"):
        if rect.get("width", "").endswith("%"):
            top = rect.get("y", "")
            rows[top] = rows.get(top, 0.0) + share(rect.get("width"))
    assert list(rows.values()) == pytest.approx([100.0, 100.0], abs=0.01)


def test_votes_that_move_gather_as_wide_as_they_are() -> None:
    # Three of 25 votes move from Ann to Bob.
    (pool,) = of_class(flow_picture(council(), ENGLISH, name="flow"), "tally-pool")
    assert float(pool.get("width", "")) == pytest.approx(100 * 3 / 25, abs=0.01)


def test_there_is_no_flow_where_no_vote_moves() -> None:
    assert flow_picture(council(Rule.PLURALITY), ENGLISH, name="flow") == ""
    assert flow_picture(council(Rule.PHRAGMEN), ENGLISH, name="flow") == ""
    nobody = count(Contest(("Ann",), Rule.IRV), Profile.of_rankings(("Ann",), []))
    assert flow_picture(nobody, ENGLISH, name="flow") == ""


def test_a_victory_is_solid_and_as_high_as_its_share() -> None:
    # Ann is above Bob on 12 of the 18 papers that tell them apart, above Cem on 18 of 25, as is Bob.
    drawing = pairs_picture(council(Rule.SCHULZE, seats=1), ENGLISH, name="pairs")
    heights = [float(rect.get("height", "")) for rect in of_class(drawing, "tally-wins")]
    assert heights == pytest.approx([28 * 12 / 18, 28 * 18 / 25, 28 * 18 / 25], abs=0.01)
    assert len(of_class(drawing, "tally-idle")) == 3
    assert pairs_picture(council(), ENGLISH, name="pairs") == ""


def drawings(result: Result) -> Iterator[str]:
    yield stage_picture(result, result.stages[-1], ENGLISH, name="stage")
    yield flow_picture(result, ENGLISH, name="flow")
    yield pairs_picture(result, ENGLISH, name="pairs")


@pytest.mark.parametrize("rule", [Rule.IRV, Rule.SCHULZE])
def test_names_are_text_whatever_they_say(rule: Rule) -> None:
    options = (EVIL, "Bob", "Cem")
    papers = {(EVIL, "Bob"): 4, ("Bob",): 3, ("Cem", EVIL): 2}
    for drawing in filter(
        None, drawings(count(Contest(options, rule), Profile.of_rankings(options, papers)))
    ):
        root = parsed(drawing)
        assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
            "svg", "g", "title", "desc", "rect", "line", "path", "text", "tspan",
        }  # fmt: skip
        assert not [key for one in root.iter() for key in one.attrib if key.startswith("on") or key == "href"]


@pytest.mark.parametrize("rule", [Rule.SCOTTISH_STV, Rule.SCHULZE])
def test_a_picture_says_in_words_what_it_shows(rule: Rule) -> None:
    for drawing in filter(None, drawings(council(rule))):
        root = parsed(drawing)
        title, about = root[0], root[1]
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"
        assert title.text
