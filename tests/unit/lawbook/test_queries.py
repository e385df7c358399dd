from datetime import date

import pytest

from civicforum.errors import NotFound
from civicforum.lawbook.queries import get_rule, get_rulebook, list_rulebooks, list_sections, list_versions

TODAY = date(2026, 3, 1)
NATIONAL = get_rulebook("national-2026", TODAY)
BEIJING = get_rulebook("beijing-2026", TODAY)


def test_every_rule_is_listed_once_in_its_group() -> None:
    sections = list_sections(NATIONAL, home=NATIONAL)
    assert [line.rule for section in sections for line in section.lines] == list(NATIONAL.rules())
    assert all(line.rule.group == section.group.key for section in sections for line in section.lines)


def test_at_home_nothing_differs_and_elsewhere_only_what_decides_differently() -> None:
    assert all(
        line.here is None for section in list_sections(NATIONAL, home=NATIONAL) for line in section.lines
    )
    lines = [line for section in list_sections(BEIJING, home=NATIONAL) for line in section.lines if line.here]
    assert {line.rule.id for line in lines} == {rule.id for rule in BEIJING.rules() if rule.replaced}
    further_round = next(line for line in lines if line.rule.id == "election.further_round.within")
    assert further_round.here is not None
    assert (further_round.rule.value, further_round.here.value) == ("≤ 15", "≤ 30")


@pytest.mark.parametrize("search", ["委托", "PROXY", "近亲属 受托人", "proxy.near_relatives_only"])
def test_rules_are_found_by_their_words_in_either_language(search: str) -> None:
    found = [
        line.rule.id
        for section in list_sections(NATIONAL, home=NATIONAL, search=search)
        for line in section.lines
    ]
    assert "proxy.near_relatives_only" in found
    assert len(found) < len(NATIONAL.rules())


def test_rules_are_found_by_their_article() -> None:
    found = list_sections(NATIONAL, home=NATIONAL, search="组织法 第二十九条")
    assert {line.rule.id for section in found for line in section.lines} == {
        "assembly.representatives.quorum",
        "assembly.representatives.majority",
    }


def test_a_rule_of_one_profile_only_has_one_version() -> None:
    assert [book.name for book, _ in list_versions("committee.usual_size", TODAY)] == ["nanhai-sample"]
    assert len(list_versions("committee.size", TODAY)) == len(list_rulebooks(TODAY))


def test_what_extends_nothing_is_listed_first() -> None:
    assert list_rulebooks(TODAY)[0].name == "national-2026"


def test_unknown_profiles_and_rules_are_not_found() -> None:
    with pytest.raises(NotFound):
        get_rulebook("../national-2026", TODAY)
    with pytest.raises(NotFound):
        get_rule(NATIONAL, "assembly.nothing")
