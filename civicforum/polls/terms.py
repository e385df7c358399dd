"""The terms of a poll: how secret, by which ways, from when until when, and what the law says to each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from civicforum.errors import Invalid, RuleRefused
from civicforum.polls.questions import QuestionKind, QuestionSpec, check_paper, check_spec
from civicforum.polls.rules import Preset
from civicforum.polls.rules_roll import objection_period
from civicforum.rulebook import Rulebook, RuleNotFound, Switch, Threshold, Verdict

LONGEST_TITLE = 200
LONGEST_QUESTION = 8000
MOST_TRUSTEES = 20
MOST_DAYS = 365
# Thresholds that say how many have to take part for a poll to be valid, statutory ones first.
STATUTORY_QUORUMS = (
    "election.validity.voters",
    "election.validity.households",
    "election.validity.representatives",
    "recall.validity.voters",
    "recall.validity.households",
    "recall.validity.representatives",
    # Of the election of a unit's representatives.
    "representatives.choice_by_voters",
    "representatives.choice_by_households",
)
QUORUMS = (
    "assembly.residents.quorum",
    "assembly.residents.quorum_by_households",
    "assembly.representatives.quorum",
    "representatives.choice_by_voters",
    "representatives.choice_by_households",
    "appraisal.quorum",
)
# Thresholds that a motion has to reach, or each of those chosen.
STATUTORY_MAJORITIES: dict[QuestionKind, tuple[str, ...]] = {
    QuestionKind.MOTION: ("recall.majority",),
    QuestionKind.SELECTION: ("election.elected", "election.further_round.floor"),
}
MAJORITIES: dict[QuestionKind, tuple[str, ...]] = {
    QuestionKind.MOTION: ("assembly.residents.majority", "assembly.representatives.majority"),
    QuestionKind.SELECTION: ("assembly.residents.majority", "assembly.representatives.majority"),
}


class TermsFault(StrEnum):
    """Why the terms of a poll are refused."""

    NO_TITLE = "no_poll_title"
    TITLE_TOO_LONG = "poll_title_too_long"
    QUESTION_TOO_LONG = "question_too_long"
    NO_CHANNEL = "no_channel"
    NAMED_ON_PAPER = "named_on_paper"
    NO_TIMES = "no_times"
    OPENS_IN_PAST = "opens_in_past"
    CLOSES_BEFORE_OPENING = "closes_before_opening"
    OPENS_BEFORE_OBJECTIONS_END = "opens_before_objections_end"
    TOO_FEW_TRUSTEES = "too_few_trustees"
    TOO_MANY_TRUSTEES = "too_many_trustees"
    THRESHOLD_OUT_OF_RANGE = "threshold_out_of_range"
    LEAST_OUT_OF_RANGE = "least_out_of_range"
    DAYS_OUT_OF_RANGE = "days_out_of_range"
    NO_QUORUM_RULE = "no_quorum_rule"
    UNKNOWN_RULE = "unknown_rule"
    NO_MAJORITY_RULE = "no_majority_rule"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is put to the vote, and how secret the vote is."""

    title: str
    question: str
    preset: Preset
    is_statutory: bool = False


@dataclass(frozen=True, kw_only=True)
class Terms:
    """By which ways, when and by what rules a poll is held; models.Poll has the same fields."""

    by_screen: bool
    by_paper: bool
    by_proxy: bool
    revote: bool
    least: int
    threshold: int
    trustees: int
    objection_days: int
    keep_days: int
    quorum_rule: str
    opens_at: datetime | None = None
    closes_at: datetime | None = None


def first_terms(book: Rulebook, *, preset: Preset, is_statutory: bool) -> Terms:
    """Return what a new poll starts with: good for most of its kind, and allowed by the law."""
    is_named = preset is Preset.OPEN
    by_screen = not is_statutory or book.switch("election.online").on
    is_sealed = preset is Preset.SEALED
    return Terms(
        by_screen=by_screen,
        by_paper=not is_named and (is_sealed or not by_screen),
        by_proxy=False,
        revote=not is_named,
        least=1 if is_named else book.count("privacy.least").least or 1,
        threshold=2 if is_sealed else 1,
        trustees=3 if is_sealed else 1,
        objection_days=book.clock("roll.objection").days if is_statutory else 3,
        keep_days=30,
        quorum_rule=STATUTORY_QUORUMS[0] if is_statutory else "",
    )


def check_subject(subject: Subject, book: Rulebook) -> None:
    """Raise Invalid, or RuleRefused where an election would not be secret."""
    _require(bool(subject.title), TermsFault.NO_TITLE, "title")
    _require(len(subject.title) <= LONGEST_TITLE, TermsFault.TITLE_TOO_LONG, "title")
    _require(len(subject.question) <= LONGEST_QUESTION, TermsFault.QUESTION_TOO_LONG, "question")
    if subject.is_statutory and subject.preset is Preset.OPEN:
        _unless_off(book.switch("election.secret_ballot"))


def check_terms(
    terms: Terms,
    book: Rulebook,
    *,
    preset: Preset,
    is_statutory: bool,
    now: datetime,
    is_screen_granted: bool = False,
) -> None:
    """Raise Invalid, or RuleRefused with the article, where a poll cannot be held on such terms.

    What depends on the day of posting is judged as if the roll were posted now: later is later still.
    `is_screen_granted`: this election votes on screen by a decision of its own, which it names.
    """
    _require(terms.by_screen or terms.by_paper, TermsFault.NO_CHANNEL, "by_screen")
    on_paper = terms.by_paper or terms.by_proxy
    _require(preset is not Preset.OPEN or not on_paper, TermsFault.NAMED_ON_PAPER, "by_paper")
    if is_statutory and terms.by_screen and not is_screen_granted:
        _unless_on(book.switch("election.online"))
    _check_key(terms, preset)
    _check_days(terms)
    _check_quorum(terms, book, is_statutory=is_statutory)
    _check_times(terms, book, is_statutory=is_statutory, now=now)


def check_question(spec: QuestionSpec, book: Rulebook, *, is_statutory: bool) -> None:
    """Raise Invalid where the question makes no sense, or its rule is none that fits it."""
    check_spec(spec)
    if spec.majority_rule:
        offered = {rule.id for rule in majorities(book, spec.kind, is_statutory=is_statutory)}
        _require(spec.majority_rule in offered, TermsFault.UNKNOWN_RULE, "majority_rule")
    elif is_statutory:
        # An election or a recall decides something, by what the law says.
        is_decided = spec.kind not in STATUTORY_MAJORITIES
        _require(is_decided, TermsFault.NO_MAJORITY_RULE, "majority_rule")


def check_draft(
    subject: Subject, terms: Terms, specs: list[QuestionSpec], book: Rulebook, *, now: datetime
) -> None:
    """Raise Invalid or RuleRefused while a draft is not fit to go to a roll posted now."""
    check_subject(subject, book)
    check_terms(terms, book, preset=subject.preset, is_statutory=subject.is_statutory, now=now)
    for spec in specs:
        check_question(spec, book, is_statutory=subject.is_statutory)
    check_paper(specs)


def quorums(book: Rulebook, *, is_statutory: bool) -> list[Threshold]:
    """Return the thresholds of turnout that the profile has for such a poll."""
    return _thresholds(book, STATUTORY_QUORUMS if is_statutory else QUORUMS)


def majorities(book: Rulebook, kind: QuestionKind, *, is_statutory: bool) -> list[Threshold]:
    """Return the thresholds that can decide such a question."""
    return _thresholds(book, (STATUTORY_MAJORITIES if is_statutory else MAJORITIES).get(kind, ()))


def earliest_opening(book: Rulebook, *, objection_days: int, is_statutory: bool, now: datetime) -> datetime:
    """Return before which instant no poll may open whose roll is posted now."""
    period = objection_period(book, posted_at=now, is_statutory=is_statutory, objection_days=objection_days)
    if not is_statutory:
        return period.ends_at
    return max(period.ends_at, book.clock("roll.posting").earliest(now))


def _check_key(terms: Terms, preset: Preset) -> None:
    if preset is not Preset.SEALED:
        _require(terms.trustees == 1, TermsFault.TOO_MANY_TRUSTEES, "trustees")
        _require(terms.threshold == 1, TermsFault.THRESHOLD_OUT_OF_RANGE, "threshold")
        return
    _require(terms.trustees >= 2, TermsFault.TOO_FEW_TRUSTEES, "trustees")
    _require(terms.trustees <= MOST_TRUSTEES, TermsFault.TOO_MANY_TRUSTEES, "trustees")
    # With one, each of them could open the box alone.
    _require(2 <= terms.threshold <= terms.trustees, TermsFault.THRESHOLD_OUT_OF_RANGE, "threshold")


def _check_days(terms: Terms) -> None:
    _require(1 <= terms.least <= 1_000_000, TermsFault.LEAST_OUT_OF_RANGE, "least")
    _require(0 <= terms.objection_days <= MOST_DAYS, TermsFault.DAYS_OUT_OF_RANGE, "objection_days")
    _require(1 <= terms.keep_days <= MOST_DAYS, TermsFault.DAYS_OUT_OF_RANGE, "keep_days")


def _check_quorum(terms: Terms, book: Rulebook, *, is_statutory: bool) -> None:
    if terms.quorum_rule:
        offered = {rule.id for rule in quorums(book, is_statutory=is_statutory)}
        _require(terms.quorum_rule in offered, TermsFault.UNKNOWN_RULE, "quorum_rule")
    else:
        _require(not is_statutory, TermsFault.NO_QUORUM_RULE, "quorum_rule")


def _check_times(terms: Terms, book: Rulebook, *, is_statutory: bool, now: datetime) -> None:
    _require(terms.opens_at is not None, TermsFault.NO_TIMES, "opens_on")
    _require(terms.closes_at is not None, TermsFault.NO_TIMES, "closes_on")
    assert terms.opens_at is not None and terms.closes_at is not None  # noqa: S101, PT018
    _require(terms.opens_at > now, TermsFault.OPENS_IN_PAST, "opens_on")
    _require(terms.closes_at > terms.opens_at, TermsFault.CLOSES_BEFORE_OPENING, "closes_on")
    if is_statutory:
        _unless_long_enough(terms, book)
        _unless_holds(book.clock("roll.posting").judge(now, terms.opens_at))
    days = terms.objection_days
    period = objection_period(book, posted_at=now, is_statutory=is_statutory, objection_days=days)
    _require(terms.opens_at > period.ends_at, TermsFault.OPENS_BEFORE_OBJECTIONS_END, "opens_on")


def _unless_long_enough(terms: Terms, book: Rulebook) -> None:
    clock = book.clock("roll.objection")
    days = terms.objection_days
    holds = days >= clock.days
    _unless_holds(Verdict(holds, f"{days} {'≥' if holds else '<'} {clock.days}", clock, clock.days))


def _thresholds(book: Rulebook, ids: tuple[str, ...]) -> list[Threshold]:
    found = []
    for rule_id in ids:
        try:
            found.append(book.threshold(rule_id))
        except RuleNotFound:
            continue
    return found


def _unless_on(switch: Switch) -> None:
    _unless_holds(Verdict(switch.on, switch.value, switch))


def _unless_off(switch: Switch) -> None:
    _unless_holds(Verdict(not switch.on, switch.value, switch))


def _unless_holds(verdict: Verdict) -> None:
    if not verdict.holds:
        raise RuleRefused(verdict)


def _require(holds: bool, fault: TermsFault, field: str) -> None:
    if not holds:
        raise Invalid(fault, field)
