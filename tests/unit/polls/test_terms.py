"""On what terms a poll can be held, and where the law speaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from civicforum import rulebook
from civicforum.errors import Invalid, RuleRefused
from civicforum.polls.questions import QuestionKind, QuestionSpec
from civicforum.polls.rules import Preset
from civicforum.polls.terms import (
    MAJORITIES,
    QUORUMS,
    STATUTORY_MAJORITIES,
    STATUTORY_QUORUMS,
    Subject,
    Terms,
    TermsFault,
    check_draft,
    check_question,
    check_subject,
    check_terms,
    earliest_opening,
    first_terms,
    majorities,
    quorums,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
BOOK = rulebook.load("national-2026")
F = TermsFault
SOON = {"opens_at": NOW + timedelta(days=10), "closes_at": NOW + timedelta(days=12)}
LATER = {"opens_at": NOW + timedelta(days=20), "closes_at": NOW + timedelta(days=21)}
ELECTED = "election.elected"


def terms(preset: Preset = Preset.POLL, *, is_statutory: bool = False, **changed: Any) -> Terms:
    """Return the first terms of such a poll, with times that suit it."""
    first = first_terms(BOOK, preset=preset, is_statutory=is_statutory)
    times = LATER if is_statutory else SOON
    return replace(first, **{**times, **changed})


def check(given: Terms, preset: Preset = Preset.POLL, *, is_statutory: bool = False) -> None:
    check_terms(given, BOOK, preset=preset, is_statutory=is_statutory, now=NOW)


def refused(given: Terms, preset: Preset = Preset.POLL) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as refusal:
        check(given, preset)
    return refusal.value.reason, refusal.value.field


def rule_of(given: Terms) -> tuple[str, str]:
    """Return the rule that refuses an election on these terms, and its arithmetic."""
    with pytest.raises(RuleRefused) as refusal:
        check(given, Preset.SEALED, is_statutory=True)
    return refusal.value.verdict.rule.id, refusal.value.verdict.arithmetic


@pytest.mark.parametrize("is_statutory", [False, True])
@pytest.mark.parametrize("preset", Preset)
def test_what_a_new_poll_starts_with_is_allowed_once_it_has_times(preset: Preset, is_statutory: bool) -> None:
    if is_statutory and preset is Preset.OPEN:
        return
    check(terms(preset, is_statutory=is_statutory), preset, is_statutory=is_statutory)


def test_a_sealed_poll_starts_with_two_of_three_trustees_and_an_election_on_paper() -> None:
    sealed = first_terms(BOOK, preset=Preset.SEALED, is_statutory=True)
    assert (sealed.threshold, sealed.trustees, sealed.by_screen, sealed.by_paper) == (2, 3, False, True)
    assert (sealed.quorum_rule, sealed.objection_days) == ("election.validity.voters", 5)


@pytest.mark.parametrize(
    ("preset", "changed", "fault", "field"),
    [
        (Preset.POLL, {"by_screen": False}, F.NO_CHANNEL, "by_screen"),
        (Preset.OPEN, {"by_paper": True}, F.NAMED_ON_PAPER, "by_paper"),
        (Preset.OPEN, {"by_proxy": True}, F.NAMED_ON_PAPER, "by_paper"),
        (Preset.POLL, {"trustees": 3}, F.TOO_MANY_TRUSTEES, "trustees"),
        (Preset.SEALED, {"trustees": 1, "threshold": 1}, F.TOO_FEW_TRUSTEES, "trustees"),
        (Preset.SEALED, {"trustees": 21}, F.TOO_MANY_TRUSTEES, "trustees"),
        (Preset.SEALED, {"threshold": 1}, F.THRESHOLD_OUT_OF_RANGE, "threshold"),
        (Preset.SEALED, {"threshold": 4}, F.THRESHOLD_OUT_OF_RANGE, "threshold"),
        (Preset.POLL, {"least": 0}, F.LEAST_OUT_OF_RANGE, "least"),
        (Preset.POLL, {"objection_days": -1}, F.DAYS_OUT_OF_RANGE, "objection_days"),
        (Preset.POLL, {"objection_days": 366}, F.DAYS_OUT_OF_RANGE, "objection_days"),
        (Preset.POLL, {"keep_days": 0}, F.DAYS_OUT_OF_RANGE, "keep_days"),
        (Preset.POLL, {"keep_days": 366}, F.DAYS_OUT_OF_RANGE, "keep_days"),
        (Preset.POLL, {"quorum_rule": "election.elected"}, F.UNKNOWN_RULE, "quorum_rule"),
        (Preset.POLL, {"opens_at": None}, F.NO_TIMES, "opens_on"),
        (Preset.POLL, {"closes_at": None}, F.NO_TIMES, "closes_on"),
        (Preset.POLL, {"opens_at": NOW}, F.OPENS_IN_PAST, "opens_on"),
        (Preset.POLL, {"closes_at": SOON["opens_at"]}, F.CLOSES_BEFORE_OPENING, "closes_on"),
        (Preset.POLL, {"objection_days": 10}, F.OPENS_BEFORE_OBJECTIONS_END, "opens_on"),
    ],
)
def test_terms_that_no_poll_can_have_are_refused(
    preset: Preset, changed: dict[str, Any], fault: TermsFault, field: str
) -> None:
    assert refused(terms(preset, **changed), preset) == (fault, field)


def test_objections_end_before_the_vote_begins() -> None:
    # Ten days from 2 March end with 12 March in Shanghai, which is 16:00 UTC.
    first = datetime(2026, 3, 12, 16, 0, tzinfo=UTC)
    check(terms(objection_days=10, opens_at=first, closes_at=first + timedelta(days=1)))
    assert earliest_opening(BOOK, objection_days=10, is_statutory=False, now=NOW) < first


def test_an_election_is_not_held_on_screens_while_the_switch_is_off() -> None:
    assert rule_of(terms(Preset.SEALED, is_statutory=True, by_screen=True)) == ("election.online", "✗")


def test_an_election_is_held_on_screens_where_the_profile_switches_it_on() -> None:
    online = replace(BOOK.switch("election.online"), on=True)
    book = replace(BOOK, _rules={**BOOK._rules, online.id: online})
    given = terms(Preset.SEALED, is_statutory=True, by_screen=True)
    check_terms(given, book, preset=Preset.SEALED, is_statutory=True, now=NOW)
    assert first_terms(book, preset=Preset.SEALED, is_statutory=True).by_screen


def test_the_roll_of_an_election_is_posted_twenty_days_before() -> None:
    # From 2 March the twentieth day is 22 March.
    too_early = datetime(2026, 3, 21, 15, 59, tzinfo=UTC)
    closes_at = too_early + timedelta(days=9)
    assert rule_of(terms(Preset.SEALED, is_statutory=True, opens_at=too_early, closes_at=closes_at)) == (
        "roll.posting",
        "2026-03-21 − 2026-03-02 = 19 < 20",
    )
    in_time = datetime(2026, 3, 21, 16, 0, tzinfo=UTC)
    check(
        terms(Preset.SEALED, is_statutory=True, opens_at=in_time, closes_at=closes_at),
        Preset.SEALED,
        is_statutory=True,
    )
    assert earliest_opening(BOOK, objection_days=5, is_statutory=True, now=NOW) == in_time


def test_an_election_leaves_five_days_for_objections() -> None:
    assert rule_of(terms(Preset.SEALED, is_statutory=True, objection_days=4)) == ("roll.objection", "4 < 5")


def test_an_election_has_its_quorum() -> None:
    with pytest.raises(Invalid) as refusal:
        check(terms(Preset.SEALED, is_statutory=True, quorum_rule=""), Preset.SEALED, is_statutory=True)
    assert refusal.value.reason == F.NO_QUORUM_RULE


def test_an_election_is_never_a_named_vote() -> None:
    with pytest.raises(RuleRefused) as refusal:
        check_subject(Subject(title="换届", question="", preset=Preset.OPEN, is_statutory=True), BOOK)
    assert refusal.value.verdict.rule.id == "election.secret_ballot"
    check_subject(Subject(title="表决", question="", preset=Preset.OPEN), BOOK)


@pytest.mark.parametrize(
    ("title", "question", "fault"),
    [
        ("", "", F.NO_TITLE),
        ("题" * 201, "", F.TITLE_TOO_LONG),
        ("题", "说" * 8001, F.QUESTION_TOO_LONG),
    ],
)
def test_a_subject_has_a_title_and_is_not_endless(title: str, question: str, fault: TermsFault) -> None:
    with pytest.raises(Invalid) as refusal:
        check_subject(Subject(title=title, question=question, preset=Preset.POLL), BOOK)
    assert refusal.value.reason == fault


def test_a_question_is_decided_by_a_rule_that_fits_it() -> None:
    motion = QuestionSpec(QuestionKind.MOTION, "是否加装电梯")
    check_question(motion, BOOK, is_statutory=False)
    check_question(replace(motion, majority_rule="recall.majority"), BOOK, is_statutory=True)
    for rule, is_statutory, fault in (
        ("recall.majority", False, F.UNKNOWN_RULE),
        (ELECTED, True, F.UNKNOWN_RULE),
        ("no.such.rule", False, F.UNKNOWN_RULE),
        ("", True, F.NO_MAJORITY_RULE),
    ):
        with pytest.raises(Invalid) as refusal:
            check_question(replace(motion, majority_rule=rule), BOOK, is_statutory=is_statutory)
        assert refusal.value.reason == fault


def test_the_rules_on_offer_are_all_in_the_base_profile() -> None:
    assert [rule.id for rule in quorums(BOOK, is_statutory=True)] == list(STATUTORY_QUORUMS)
    assert [rule.id for rule in quorums(BOOK, is_statutory=False)] == list(QUORUMS)
    for is_statutory, table in ((True, STATUTORY_MAJORITIES), (False, MAJORITIES)):
        for kind in QuestionKind:
            found = [rule.id for rule in majorities(BOOK, kind, is_statutory=is_statutory)]
            assert found == list(table.get(kind, ()))


def test_a_draft_is_fit_for_its_roll_only_with_a_question() -> None:
    subject = Subject(title="表决", question="", preset=Preset.POLL)
    check_draft(subject, terms(), [QuestionSpec(QuestionKind.MOTION, "是否同意")], BOOK, now=NOW)
    with pytest.raises(Invalid) as refusal:
        check_draft(subject, terms(), [], BOOK, now=NOW)
    assert refusal.value.reason == "no_question"
