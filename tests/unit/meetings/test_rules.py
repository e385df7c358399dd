"""Notice, quorum, outcomes and who may do what, without a database."""

from __future__ import annotations

import itertools
import uuid
from datetime import UTC, datetime

import pytest

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import BodyKind, Role
from civicforum.errors import Invalid, RuleRefused, TransitionNotAllowed
from civicforum.meetings.rules import (
    NEXT_STATES,
    MeetingForm,
    MeetingState,
    Outcome,
    ParticipantClass,
    check_notice,
    check_outcome,
    class_of,
    is_on_day,
    judge_composition,
    judge_quorum,
    may_conclude,
    may_run,
    move,
    outcome_without_vote,
)

BOOK = rulebook.load("national-2026")
POSTED = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "day", "is_late"),
    [
        (MeetingForm.RESIDENTS_ASSEMBLY, 11, True),
        (MeetingForm.RESIDENTS_ASSEMBLY, 12, False),
        (MeetingForm.REPRESENTATIVE_ASSEMBLY, 4, True),
        (MeetingForm.REPRESENTATIVE_ASSEMBLY, 5, False),
        (MeetingForm.COUNCIL, 4, True),
        (MeetingForm.HEARING, 5, False),
    ],
)
def test_notice_is_judged_by_the_form(form: MeetingForm, day: int, is_late: bool) -> None:
    starts_at = datetime(2026, 3, day, 1, 0, tzinfo=UTC)
    if is_late:
        with pytest.raises(RuleRefused):
            check_notice(BOOK, form, posted_at=POSTED, starts_at=starts_at, urgent_reason="")
    else:
        check_notice(BOOK, form, posted_at=POSTED, starts_at=starts_at, urgent_reason="")


def test_late_notice_names_article_and_sum() -> None:
    with pytest.raises(RuleRefused) as refused:
        check_notice(
            BOOK,
            MeetingForm.RESIDENTS_ASSEMBLY,
            posted_at=POSTED,
            starts_at=datetime(2026, 3, 11, 1, 0, tzinfo=UTC),
            urgent_reason="",
        )
    assert refused.value.verdict.rule.article == "城市居民委员会组织法 第二十六条"
    assert refused.value.verdict.arithmetic == "2026-03-11 − 2026-03-02 = 9 < 10"


def test_urgent_meeting_needs_no_notice_but_a_reason() -> None:
    tomorrow = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
    check_notice(
        BOOK, MeetingForm.RESIDENTS_ASSEMBLY, posted_at=POSTED, starts_at=tomorrow, urgent_reason="水管爆裂"
    )


@pytest.mark.parametrize(("present", "holds"), [(39, False), (40, True), (60, True)])
def test_two_thirds_of_sixty_are_forty(present: int, holds: bool) -> None:
    verdict = judge_quorum(BOOK, MeetingForm.REPRESENTATIVE_ASSEMBLY, present=present, due=60)
    assert verdict.holds is holds
    assert verdict.least == 40


@pytest.mark.parametrize(("representatives", "holds"), [(47, False), (48, True)])
def test_four_fifths_of_the_members_are_representatives(representatives: int, holds: bool) -> None:
    assert judge_composition(BOOK, representatives=representatives, members=60).holds is holds


def test_an_assembly_without_members_never_has_a_quorum() -> None:
    assert not judge_quorum(BOOK, MeetingForm.REPRESENTATIVE_ASSEMBLY, present=0, due=0).holds


@pytest.mark.parametrize(("state", "to"), list(itertools.product(MeetingState, MeetingState)))
def test_every_pair_of_meeting_states(state: MeetingState, to: MeetingState) -> None:
    if to in NEXT_STATES.get(state, set()):
        assert move(state, to) is to
    else:
        with pytest.raises(TransitionNotAllowed):
            move(state, to)


@pytest.mark.parametrize("role", Role)
def test_who_runs_a_meeting_and_who_says_what_it_came_to(role: Role) -> None:
    actor = Actor(uuid.uuid4(), uuid.uuid4(), frozenset({role}))
    assert may_run(actor, chair_id=None) is (role in {Role.COMMITTEE, Role.CLERK})
    assert may_conclude(actor, chair_id=None) is (role is Role.COMMITTEE)
    assert may_run(actor, chair_id=actor.person_id)
    assert may_conclude(actor, chair_id=actor.person_id)


def test_chair_at_the_help_desk_does_not_run_the_meeting() -> None:
    actor = Actor(uuid.uuid4(), uuid.uuid4(), assisted_by=uuid.uuid4())
    assert not may_run(actor, chair_id=actor.person_id)
    assert not may_conclude(actor, chair_id=actor.person_id)


@pytest.mark.parametrize(
    ("outcome", "has_matter", "text", "dissent", "field"),
    [
        (Outcome.AGREED, True, "", "", "text"),
        (Outcome.AGREED_WITH_DISSENT, True, "同意", "", "dissent"),
        (Outcome.ADOPTED, True, "同意", "", "outcome"),
        (Outcome.ADOPTED, False, "同意", "", "outcome"),
        (Outcome.DROPPED, True, "", "", "text"),
    ],
)
def test_outcome_without_its_words_is_refused(
    outcome: Outcome, has_matter: bool, text: str, dissent: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        check_outcome(outcome, has_matter=has_matter, text=text, dissent=dissent)
    assert refused.value.field == field


def test_member_of_several_bodies_speaks_for_residents_first() -> None:
    both = frozenset({BodyKind.RESIDENTS_COMMITTEE, BodyKind.REPRESENTATIVE_ASSEMBLY})
    assert class_of(both) is ParticipantClass.REPRESENTATIVE
    assert class_of(frozenset({BodyKind.DELIBERATION_COUNCIL})) is ParticipantClass.RESIDENT


def test_item_that_nobody_concluded_says_whether_a_quorum_was_missing() -> None:
    missing = judge_quorum(BOOK, MeetingForm.REPRESENTATIVE_ASSEMBLY, present=39, due=60)
    there = judge_quorum(BOOK, MeetingForm.REPRESENTATIVE_ASSEMBLY, present=40, due=60)
    assembly, council = MeetingForm.REPRESENTATIVE_ASSEMBLY, MeetingForm.COUNCIL
    assert outcome_without_vote(assembly, has_text=True, quorum=missing) is Outcome.NO_QUORUM
    assert outcome_without_vote(assembly, has_text=True, quorum=there) is Outcome.CONTINUED
    assert outcome_without_vote(assembly, has_text=False, quorum=missing) is Outcome.CONTINUED
    assert outcome_without_vote(council, has_text=True, quorum=None) is Outcome.CONTINUED


def test_the_day_of_a_meeting_is_a_day_in_china() -> None:
    # 19:00 in China on the third.
    starts_at = datetime(2026, 3, 3, 11, 0, tzinfo=UTC)
    assert not is_on_day(starts_at, datetime(2026, 3, 2, 15, 59, tzinfo=UTC))
    assert is_on_day(starts_at, datetime(2026, 3, 2, 16, 0, tzinfo=UTC))
