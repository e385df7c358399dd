"""Reports, hidings of every kind, the second person, appeals and rulings: who, once, and what comes back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.models import Notification
from civicforum.matters import services as matters
from civicforum.matters.models import Matter, MatterPhoto
from civicforum.matters.rules import HideReason
from civicforum.moderation import queries, services
from civicforum.moderation.errors import TooLate
from civicforum.moderation.models import ContentReport, HideAppeal, HideDecision, ReportCase
from civicforum.moderation.rules import (
    HIDDEN_WORDS,
    NEEDS_TWO,
    CaseState,
    DecisionState,
    Kind,
    Outcome,
    Reason,
)
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_ends
from civicforum.statements import services as statements
from civicforum.statements.rules import RejectReason
from tests.factories import NOW, TODAY, actor_of, make_community, make_officer
from tests.support.moderation import (
    SAID,
    Place,
    add_all,
    add_comment,
    add_matter,
    add_statement,
    get_decision,
    hide,
    make_place,
    plan_conversation,
    shown_words,
)

# Hidden on 2 March, it can be appealed until the end of 17 March; appealed on 2 March, ruled on by 9 March.
APPEAL_UNTIL = day_ends(TODAY + timedelta(days=15))
RULING_UNTIL = day_ends(TODAY + timedelta(days=7))
INSTANT = timedelta(microseconds=1)


@pytest.fixture
def place(session: Session) -> Place:
    return make_place()


def report(place: Place, subject_id: uuid.UUID, kind: Kind = Kind.COMMENT, **values: object) -> uuid.UUID:
    given = {"reason": Reason.PERSONAL_ATTACK, "note": "", "actor": place.reporter, "now": NOW, **values}
    return services.report(kind=kind, subject_id=subject_id, **given)  # type: ignore[arg-type]


def appeal(place: Place, decision_id: uuid.UUID, now: datetime = NOW) -> None:
    services.appeal(decision_id=decision_id, text="说的是事实。", actor=place.author, now=now)


def rule(place: Place, decision_id: uuid.UUID, outcome: Outcome, now: datetime = NOW) -> None:
    services.rule_on_appeal(
        decision_id=decision_id, outcome=outcome, text="批评不是攻击。", actor=place.supervisor, now=now
    )


def test_several_reports_of_one_text_are_one_case_and_nobody_counts_twice(
    session: Session, place: Place
) -> None:
    comment_id = add_comment(place, add_matter(place))
    case_id = report(place, comment_id)
    assert report(place, comment_id, actor=place.supervisor, note="带脏话") == case_id
    with pytest.raises(AlreadyDone):
        report(place, comment_id)
    assert session.get_one(ReportCase, case_id).count == 2
    assert session.scalar(select(func.count()).select_from(ContentReport)) == 2


def test_the_journal_of_a_report_names_nobody(session: Session, place: Place) -> None:
    report(place, add_comment(place, add_matter(place)))
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "moderation.report")).one()
    assert (entry.actor_id, entry.assisted_by_id, entry.is_public) == (None, None, False)


def test_nobody_reports_their_own_text_or_what_is_not_here(place: Place) -> None:
    comment_id = add_comment(place, add_matter(place))
    with pytest.raises(NotEligible):
        report(place, comment_id, actor=place.author)
    stranger = actor_of(make_officer(make_community(name="别处"), Role.COMMITTEE), Role.COMMITTEE)
    for kind in Kind:
        with pytest.raises(NotFound):
            report(place, comment_id, kind, actor=stranger)
    with pytest.raises(Invalid):
        report(place, comment_id, reason=Reason.OFF_TOPIC)


def test_a_case_that_was_settled_is_open_again_when_somebody_else_reports(
    session: Session, place: Place
) -> None:
    comment_id = add_comment(place, add_matter(place))
    case_id = report(place, comment_id)
    services.keep(case_id=case_id, actor=place.clerk, now=NOW)
    with pytest.raises(AlreadyDone):
        services.keep(case_id=case_id, actor=place.director, now=NOW)
    report(place, comment_id, actor=place.supervisor)
    case = session.get_one(ReportCase, case_id)
    assert (case.state, case.count, case.settled_at) == (CaseState.OPEN, 2, None)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_text_is_hidden_once_and_comes_back_as_it_was(session: Session, place: Place, kind: Kind) -> None:
    subject_id = add_all(place)[kind]
    before = shown_words(kind, subject_id)
    case_id = report(place, subject_id, kind, actor=place.director)
    decision_id = hide(place, kind, subject_id)
    assert SAID not in shown_words(kind, subject_id)
    assert session.get_one(ReportCase, case_id).state is CaseState.HIDDEN
    assert SAID in get_decision(decision_id).words
    with pytest.raises(AlreadyDone):
        hide(place, kind, subject_id)
    with pytest.raises(AlreadyDone):
        report(place, subject_id, kind, actor=place.clerk)
    appeal(place, decision_id)
    rule(place, decision_id, Outcome.OVERTURNED)
    assert shown_words(kind, subject_id) == before
    assert get_decision(decision_id).state is DecisionState.RESTORED
    # Hidden anew it is a decision of its own.
    assert hide(place, kind, subject_id) != decision_id


@pytest.mark.parametrize("kind", sorted(NEEDS_TWO))
def test_what_may_criticise_the_committee_needs_two_people_of_different_bodies(
    session: Session, place: Place, kind: Kind
) -> None:
    subject_id = add_all(place)[kind]
    second = actor_of(make_officer(place.community, Role.COMMITTEE), Role.COMMITTEE)
    decision_id = services.hide(
        kind=kind, subject_id=subject_id, reason=Reason.UNLAWFUL, actor=place.director, now=NOW
    ).id
    assert SAID in shown_words(kind, subject_id)
    for actor in (place.director, second, place.supervisor, place.author):
        with pytest.raises(NotEligible):
            services.confirm_hiding(decision_id=decision_id, actor=actor, now=NOW)
    services.confirm_hiding(decision_id=decision_id, actor=place.clerk, now=NOW)
    assert SAID not in shown_words(kind, subject_id)
    with pytest.raises(TransitionNotAllowed):
        services.confirm_hiding(decision_id=decision_id, actor=place.secretary, now=NOW)


def test_a_proposal_can_be_refused_and_the_text_is_reported_still(session: Session, place: Place) -> None:
    matter_id = add_matter(place)
    case_id = report(place, matter_id, Kind.MATTER)
    decision_id = services.hide(
        kind=Kind.MATTER, subject_id=matter_id, reason=Reason.UNLAWFUL, actor=place.director, now=NOW
    ).id
    services.drop_hiding(decision_id=decision_id, actor=place.secretary, now=NOW)
    assert SAID in shown_words(Kind.MATTER, matter_id)
    assert session.get_one(ReportCase, case_id).state is CaseState.OPEN
    assert session.scalar(select(func.count()).select_from(Notification)) == 0


def test_a_text_that_changed_since_it_was_proposed_is_not_hidden_unseen(place: Place) -> None:
    matter_id = add_matter(place)
    decision_id = services.hide(
        kind=Kind.MATTER, subject_id=matter_id, reason=Reason.UNLAWFUL, actor=place.director, now=NOW
    ).id
    get_matter(matter_id).body = "另一段文字。"
    with pytest.raises(TransitionNotAllowed):
        services.confirm_hiding(decision_id=decision_id, actor=place.clerk, now=NOW)


def test_a_hidden_matter_is_found_by_no_word_and_keeps_its_photos(session: Session, place: Place) -> None:
    matter_id = add_matter(place)
    hide(place, Kind.MATTER, matter_id)
    matter = get_matter(matter_id)
    assert (matter.title, matter.body, matter.place, matter.tokens) == (HIDDEN_WORDS, "", "", [])
    assert session.scalars(select(MatterPhoto).where(MatterPhoto.matter_id == matter_id)).all() == []


def get_matter(matter_id: uuid.UUID) -> Matter:
    from civicforum.database import db

    return db.session.get_one(Matter, matter_id, populate_existing=True)


def test_nobody_hides_their_own_text_or_without_the_role(place: Place) -> None:
    matter_id = add_matter(place)
    own = matters.add_comment(matter_id=matter_id, actor=place.director, text="通知", parent_id=None, now=NOW)
    comment_id = add_comment(place, matter_id)
    with pytest.raises(NotEligible):
        services.hide(
            kind=Kind.COMMENT, subject_id=own, reason=Reason.REPEATED, actor=place.director, now=NOW
        )
    with pytest.raises(NotEligible):
        matters.hide_comment(
            matter_id=matter_id, comment_id=own, actor=place.director, reason=HideReason.REPEATED, now=NOW
        )
    for actor in (place.supervisor, place.secretary, place.author, place.reporter):
        with pytest.raises(NotEligible):
            services.hide(
                kind=Kind.COMMENT, subject_id=comment_id, reason=Reason.REPEATED, actor=actor, now=NOW
            )


def test_pages_of_features_keep_the_same_decision(session: Session, place: Place) -> None:
    matter_id = add_matter(place)
    comment_id = add_comment(place, matter_id)
    matters.hide_comment(
        matter_id=matter_id,
        comment_id=comment_id,
        actor=place.clerk,
        reason=HideReason.ADVERTISING,
        now=NOW,
    )
    statement_id = add_statement(place, plan_conversation(place))
    statements.reject_statement(
        statement_id=statement_id, reason=RejectReason.OFF_TOPIC, actor=place.director, now=NOW
    )
    rows = session.scalars(select(HideDecision).order_by(HideDecision.kind)).all()
    assert [(row.kind, row.reason, row.subject_id, row.by_id) for row in rows] == [
        (Kind.COMMENT, Reason.ADVERTISING, comment_id, place.clerk.person_id),
        (Kind.STATEMENT, Reason.OFF_TOPIC, statement_id, place.director.person_id),
    ]


def test_the_author_is_told_the_reason_the_words_and_how_to_appeal(session: Session, place: Place) -> None:
    decision_id = hide(place, Kind.COMMENT, add_comment(place, add_matter(place)))
    told = session.scalars(select(Notification)).one()
    assert (told.person_id, told.subject_id) == (place.author.person_id, decision_id)
    assert "侮辱或人身攻击" in told.text
    assert SAID in told.text
    assert "2026年3月17日前向居务监督委员会申诉" in told.text


def test_an_appeal_is_for_the_author_once_and_in_time(place: Place) -> None:
    matter_id = add_matter(place)
    decision_id = hide(place, Kind.COMMENT, add_comment(place, matter_id))
    with pytest.raises(NotEligible):
        services.appeal(decision_id=decision_id, text="不服", actor=place.reporter, now=NOW)
    with pytest.raises(Invalid):
        services.appeal(decision_id=decision_id, text="  ", actor=place.author, now=NOW)
    with pytest.raises(TooLate):
        appeal(place, decision_id, APPEAL_UNTIL + INSTANT)
    appeal(place, decision_id, APPEAL_UNTIL)
    with pytest.raises(AlreadyDone):
        appeal(place, decision_id, APPEAL_UNTIL)
    rule(place, decision_id, Outcome.OVERTURNED)
    with pytest.raises(AlreadyDone):
        appeal(place, decision_id)


def test_only_a_supervisor_who_is_not_concerned_rules_and_once(place: Place) -> None:
    decision_id = hide(place, Kind.COMMENT, add_comment(place, add_matter(place)))
    with pytest.raises(NotFound):
        rule(place, decision_id, Outcome.UPHELD)
    appeal(place, decision_id)
    for actor in (place.director, place.clerk, place.author):
        with pytest.raises(NotEligible):
            services.rule_on_appeal(
                decision_id=decision_id, outcome=Outcome.UPHELD, text="维持", actor=actor, now=NOW
            )
    rule(place, decision_id, Outcome.UPHELD)
    assert get_decision(decision_id).state is DecisionState.IN_FORCE
    with pytest.raises(TransitionNotAllowed):
        rule(place, decision_id, Outcome.OVERTURNED)


def test_a_ruling_that_is_late_is_flagged_once(session: Session, place: Place) -> None:
    decision_id = hide(place, Kind.COMMENT, add_comment(place, add_matter(place)))
    appeal(place, decision_id)
    assert services.sweep_clocks(now=RULING_UNTIL).overdue == 0
    assert services.sweep_clocks(now=RULING_UNTIL + INSTANT).overdue == 1
    assert services.sweep_clocks(now=RULING_UNTIL + INSTANT).overdue == 0
    rule(place, decision_id, Outcome.OVERTURNED, RULING_UNTIL + INSTANT)
    made = session.scalars(select(HideAppeal)).one()
    assert made.overdue_at == RULING_UNTIL + INSTANT
    entry = session.scalars(select(JournalEntry).where(JournalEntry.action == "moderation.rule")).one()
    assert entry.payload["in_time"] is False


def test_the_log_counts_by_month_and_gives_medians_in_whole_hours(session: Session, place: Place) -> None:
    matter_id = add_matter(place)
    first, second, third = (add_comment(place, matter_id, text=f"{SAID}{n}") for n in range(3))
    # Settled after 1:59, 5:00 and 30:00 hours: the middle one is five whole hours.
    for comment_id, minutes in ((first, 119), (second, 300), (third, 1800)):
        report(place, comment_id)
        hide(place, Kind.COMMENT, comment_id, now=NOW + timedelta(minutes=minutes))
    decision_id = hide(place, Kind.MATTER, matter_id, now=datetime(2026, 4, 1, 0, 0, tzinfo=UTC))
    appeal(place, decision_id, datetime(2026, 4, 1, 0, 0, tzinfo=UTC))
    log = queries.get_log(session, community_id=place.community_id, now=NOW)
    assert [(month.name, month.reported, month.hidden) for month in log.months] == [
        ("2026-04", 0, 1),
        ("2026-03", 3, 3),
    ]
    assert log.reasons == [
        (Reason.PERSONAL_ATTACK, Kind.COMMENT, 3),
        (Reason.PERSONAL_ATTACK, Kind.MATTER, 1),
    ]
    assert (log.hours_to_settle, log.hours_to_rule, log.hours_held) == (5, None, None)
    assert (log.waiting, log.upheld, log.overturned, log.open_reports) == (1, 0, 0, 0)
