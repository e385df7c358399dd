"""Sentences and figures of a count."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from civicforum.counting import Amount, Contest, Profile, Rule, count
from civicforum.counting.second import Reason, SecondCount, Status
from civicforum.tabulation.language import change, figure, load_language, short_figure
from civicforum.tabulation.rules_in_words import RULE_WORDS, quota_sum
from civicforum.tabulation.second_in_words import second_words
from civicforum.tabulation.standing import final_order
from civicforum.tabulation.words import stage_sentence, stage_title, tie_sentences, what_next

ENGLISH = load_language("en")
CHINESE = load_language("zh_Hans")


@pytest.mark.parametrize(
    ("amount", "long", "short"),
    [
        (1234567, "1,234,567", "1,234,567"),
        (Decimal("1392.00000"), "1,392.00000", "1,392"),
        (Decimal("-0.50000"), "−0.50000", "−0.5"),
        (Decimal("932.041479282"), "932.041479282", "932.04147"),
        (Fraction(7, 2), "3.5", "3.5"),
        (Fraction(200, 3), "≈\u00a066.6666", "≈\u00a066.6666"),
        (100, "100", "100"),
    ],
)
def test_figures_keep_every_decimal_and_pictures_five(amount: Amount, long: str, short: str) -> None:
    assert (figure(amount), short_figure(amount)) == (long, short)


def test_a_change_has_its_sign() -> None:
    assert (change(3), change(Decimal("-0.25"))) == ("+3", "−0.25")


def test_the_quota_is_worked_out_before_the_reader() -> None:
    options = ("Ann", "Bob", "Cem")
    papers = {("Ann", "Bob"): 12, ("Cem",): 7, ("Bob", "Ann"): 6}
    result = count(Contest(options, Rule.SCOTTISH_STV, seats=2), Profile.of_rankings(options, papers))
    assert quota_sum(result, ENGLISH) == "25 valid papers ÷ (seats 2 + 1), cut to a whole number, + 1 = 9"
    assert stage_title(result, result.stages[1], ENGLISH) == "Stage 2: the surplus of Ann is passed on"
    assert stage_sentence(result, result.stages[1], ENGLISH) == "Gains: Bob +3. Elected: Bob."
    assert stage_title(result, result.stages[1], CHINESE) == "第 2 轮：转移Ann的超额票"
    assert final_order(result) == ("Ann", "Bob", "Cem")


def test_a_tie_settled_by_an_earlier_stage_names_it() -> None:
    # Ann 5, Bob 5, Cem 3, Dot 2. Dot's papers bring Cem to 5: all are level, and in stage 1 Cem had least.
    options = ("Ann", "Bob", "Cem", "Dot")
    papers = {("Ann",): 5, ("Bob",): 5, ("Cem",): 3, ("Dot", "Cem"): 2}
    result = count(Contest(options, Rule.IRV), Profile.of_rankings(options, papers))
    settled, stays_open = result.ties
    assert tie_sentences(settled, ENGLISH) == (
        "At the end of stage 2, Ann, Bob, Cem were level with the fewest votes. "
        "Stage 1 decides, the latest before it in which they differ. Out: Cem."
    )
    assert tie_sentences(stays_open, ENGLISH) == (
        "At the end of stage 3, Ann, Bob were level with the fewest votes."
    )
    assert what_next(result, ENGLISH) == [
        "The rule leaves this to a lot, drawn in public among Ann, Bob.",
        'Enter what was drawn, the luckiest first, and count again: --lot "Ann > Bob"',
        "Nobody is certain to be elected before that.",
    ]


def test_a_tie_for_a_post_asks_for_a_new_vote_and_names_who_is_elected_anyway() -> None:
    options = ("Ann", "Bob", "Cem")
    papers = {("Ann",): 5, ("Bob",): 2, ("Cem",): 2}
    result = count(Contest(options, Rule.PLURALITY, seats=2), Profile.of_rankings(options, papers))
    assert what_next(result, ENGLISH) == [
        "A new vote among Bob, Cem decides about 1 place; nothing is drawn.",
        "Elected whatever comes of it: Ann.",
    ]


@pytest.mark.parametrize("reason", Reason)
def test_there_are_words_for_every_silence_of_the_second_engine(reason: Reason) -> None:
    second = SecondCount("other", "1.0", Status.NOT_CHECKED, winners=("Ann",), reason=reason)
    words = second_words(second, ENGLISH)
    assert words.head == "Not checked by a second engine."
    assert "%(" not in words.text


def test_every_rule_of_the_command_line_has_words() -> None:
    asked_for = "plurality approval borda irv scottish-stv meek-stv schulze ranked-pairs"
    assert set(asked_for.split()) <= {rule.value for rule in RULE_WORDS}
    assert all(words.name and words.how and words.source for words in RULE_WORDS.values())
