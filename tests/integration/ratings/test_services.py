"""Rating once, the call within a working day, answers, disputes and publications."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.appraisals.models import CorrectiveAction
from civicforum.appraisals.rules import ActionSource
from civicforum.bodies.rules import BodyKind
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, RuleRefused, TransitionNotAllowed
from civicforum.ratings import codes
from civicforum.ratings.errors import SlipRefused
from civicforum.ratings.models import RatingPublication, ServiceRating
from civicforum.ratings.publishing import SERVED, TOGETHER, TOTAL
from civicforum.ratings.queries.grades import count_overdue, list_answers, list_grades, list_needs
from civicforum.ratings.rules import ReviewRuling, ServiceClass, SlipStanding
from civicforum.ratings.services import handling, rating, slips, station
from civicforum.ratings.services.actions import open_action
from civicforum.ratings.services.clocks import sweep_clocks
from civicforum.ratings.services.handling import Answer
from civicforum.ratings.services.publications import sweep_night
from civicforum.ratings.services.rating import Given
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_of
from tests.integration.ratings.scenes import (
    APRIL,
    BAD,
    GOOD,
    KEY,
    NOW,
    Station,
    id_of,
    make_station,
    print_slips,
    rate,
    rate_all,
    stored,
)

ANSWER = Answer("等候时间长", "上午增开一个窗口。")
MAY = datetime(2026, 5, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def place(session: Session) -> Station:
    return make_station()


def last(session: Session) -> RatingPublication | None:
    return session.scalars(
        select(RatingPublication).order_by(RatingPublication.published_on.desc()).limit(1)
    ).one_or_none()


@pytest.mark.law("D9", "rating.once")
def test_practice_a_service_is_rated_once(session: Session, place: Station) -> None:
    code, other, *_ = print_slips(place)
    rate(code)
    with pytest.raises(SlipRefused) as refusal:
        rate(code)
    assert refusal.value.standing is SlipStanding.USED
    rate(other)
    assert session.scalar(select(func.count(ServiceRating.id))) == 2


def test_a_form_sent_twice_is_kept_once_and_says_its_number_again(session: Session, place: Station) -> None:
    code, *_ = print_slips(place)
    number = codes.new_number()
    sent = {"code": code, "number": number, "given": Given(level=BAD), "key": KEY, "now": NOW}
    assert rating.rate(**sent) == number
    with pytest.raises(AlreadyDone, match=number):
        rating.rate(**sent)
    assert session.scalar(select(func.count(ServiceRating.id))) == 1


def test_of_two_clicks_at_once_one_is_kept(committed: Flask) -> None:
    with committed.app_context():
        code, *_ = print_slips(make_station())
        db.session.remove()
    outcomes: list[str] = []
    both = threading.Barrier(2)

    def click() -> None:
        with committed.app_context():
            both.wait()
            try:
                rate(code)
                outcomes.append("kept")
            except SlipRefused:
                outcomes.append("refused")

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", "refused"]


def test_a_slip_is_good_until_the_end_of_its_last_day(place: Station) -> None:
    code, *_ = print_slips(place, until=date(2026, 3, 9))
    with pytest.raises(SlipRefused) as refusal:
        rate(code, now=datetime(2026, 3, 9, 16, 0, tzinfo=UTC))
    assert refusal.value.standing is SlipStanding.EXPIRED
    rate(code, now=datetime(2026, 3, 9, 15, 59, tzinfo=UTC))


def test_a_withdrawn_sheet_opens_nothing_and_an_unknown_code_is_none(place: Station) -> None:
    sheet = slips.print_sheet(
        term_id=place.clerk_term,
        counter="二号窗口",
        valid_until=date(2026, 4, 30),
        key=KEY,
        actor=place.head,
        now=NOW,
    )
    slips.withdraw_sheet(sheet_id=sheet.sheet.id, reason="丢失一张", actor=place.clerk, now=NOW)
    with pytest.raises(SlipRefused) as refusal:
        rate(sheet.codes[0])
    assert refusal.value.standing is SlipStanding.WITHDRAWN
    with pytest.raises(SlipRefused) as refusal:
        rate("00000000")
    assert refusal.value.standing is None
    with pytest.raises(AlreadyDone):
        slips.withdraw_sheet(sheet_id=sheet.sheet.id, reason="又一次", actor=place.clerk, now=NOW)


def test_the_station_keeps_its_slips_and_items(place: Station) -> None:
    with pytest.raises(NotEligible):
        station.add_item(
            service_class=ServiceClass.MANAGEMENT, name="门牌变更", actor=place.supervisor, now=NOW
        )
    add = {"service_class": ServiceClass.SOCIAL_SECURITY, "name": "低保初审", "actor": place.clerk}
    item_id = station.add_item(**add, now=NOW)
    with pytest.raises(Invalid, match="known"):
        station.add_item(**add, now=NOW)
    station.end_item(item_id=item_id, actor=place.head, now=NOW)
    with pytest.raises(AlreadyDone):
        station.end_item(item_id=item_id, actor=place.head, now=NOW)
    with pytest.raises(Invalid, match="past"):
        print_slips(place, until=date(2026, 3, 1))


@pytest.mark.law("D9", "rating.contact", "rating.mend")
def test_practice_a_bad_grade_with_a_name_has_until_the_next_working_day(place: Station) -> None:
    friday = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    number = rate(print_slips(place)[0], BAD, name="王秀英", phone="0311-5550101", now=friday)
    kept = stored(number)
    assert kept.contact_due_at is not None
    assert kept.answer_due_at is not None
    assert (day_of(kept.contact_due_at), day_of(kept.answer_due_at)) == (date(2026, 3, 9), date(2026, 3, 27))
    assert sweep_clocks(now=kept.contact_due_at).overdue == 0
    late = kept.contact_due_at + timedelta(microseconds=1)
    assert sweep_clocks(now=late).overdue == 1
    assert sweep_clocks(now=late).overdue == 0
    assert count_overdue(db.session(), place.community_id, late) == 1


def test_a_name_is_kept_of_bad_grades_alone(place: Station) -> None:
    good = stored(rate(print_slips(place)[0], GOOD, name="王秀英", phone="0311-5550101"))
    assert (good.name, good.phone, good.is_named_bad, good.contact_due_at) == ("", "", False, None)


def test_a_clear_matter_is_answered_at_once_and_the_name_forgotten_after_the_call_back(
    place: Station,
) -> None:
    number = rate(print_slips(place)[0], BAD, name="王秀英", phone="0311-5550101")
    act = {"rating_id": id_of(number), "actor": place.head, "now": NOW}
    with pytest.raises(TransitionNotAllowed):
        handling.call_back(is_content=True, **act)
    with pytest.raises(TransitionNotAllowed):
        handling.answer_grade(answer=ANSWER, **act)
    handling.contact(note="已致电", answer=ANSWER, **act)
    with pytest.raises(AlreadyDone):
        handling.contact(note="又致电", answer=ANSWER, **act)
    handling.call_back(is_content=True, **act)
    kept = stored(number)
    assert (kept.answer, kept.is_content, kept.name, kept.phone) == (ANSWER.text, True, "", "")


@pytest.mark.law("D9", "rating.mend")
def test_practice_what_takes_longer_is_set_a_day_within_fifteen_working_days(place: Station) -> None:
    first, second, *_ = print_slips(place)
    late, in_time = (rate(code, BAD, phone="0311-5550101") for code in (first, second))
    # From Monday 2 March: the fifteenth working day is Monday 23 March.
    act = {"note": "需协调", "actor": place.head, "now": NOW}
    with pytest.raises(RuleRefused) as refusal:
        handling.contact(rating_id=id_of(late), mended_by=date(2026, 3, 24), **act)
    assert refusal.value.verdict.rule.id == "rating.mend"
    with pytest.raises(Invalid, match="past"):
        handling.contact(rating_id=id_of(late), mended_by=date(2026, 3, 1), **act)
    with pytest.raises(Invalid, match="neither"):
        handling.contact(rating_id=id_of(late), **act)
    handling.contact(rating_id=id_of(in_time), mended_by=date(2026, 3, 23), **act)
    due_at = stored(in_time).answer_due_at
    assert due_at is not None
    assert day_of(due_at) == date(2026, 3, 23)
    handling.answer_grade(rating_id=id_of(in_time), answer=ANSWER, actor=place.head, now=due_at)


def test_nobody_sees_or_handles_a_grade_about_themselves(session: Session, place: Station) -> None:
    about_head, about_clerk = (
        rate(print_slips(place, term_id=term_id)[0], BAD, name="王秀英")
        for term_id in (place.head_term, place.clerk_term)
    )
    with pytest.raises(NotEligible):
        handling.contact(rating_id=id_of(about_head), note="已致电", answer=ANSWER, actor=place.head, now=NOW)
    with pytest.raises(NotEligible):
        handling.contact(
            rating_id=id_of(about_clerk), note="已致电", answer=ANSWER, actor=place.clerk, now=NOW
        )
    assert [one.number for one in list_grades(session, actor=place.head, number=1).items] == [about_clerk]
    assert [need.arguments["rating_id"] for need in list_needs(session, place.head, NOW)] == [
        id_of(about_clerk)
    ]
    assert [need.arguments["rating_id"] for need in list_needs(session, place.supervisor, NOW)] == [
        id_of(about_head)
    ]
    assert list_needs(session, place.clerk, NOW) == []
    handling.contact(
        rating_id=id_of(about_head), note="已致电", answer=ANSWER, actor=place.supervisor, now=NOW
    )


def test_a_grade_without_a_name_is_read_when_its_month_is_published(session: Session, place: Station) -> None:
    printed = print_slips(place)
    number = rate(printed[0], BAD, comment="等了很久")
    with pytest.raises(NotFound):
        handling.answer_grade(rating_id=id_of(number), answer=ANSWER, actor=place.head, now=NOW)
    rate_all(printed[1:5], [GOOD] * 4)
    assert sweep_night(now=NOW).published == 0
    assert sweep_night(now=APRIL).published == 1
    due_at = stored(number).answer_due_at
    assert due_at is not None
    # Wednesday 1 April; Monday the 6th is free for Qingming.
    assert day_of(due_at) == date(2026, 4, 23)
    handling.answer_grade(rating_id=id_of(number), answer=ANSWER, actor=place.head, now=APRIL)
    assert [one.about for one in list_answers(session, community_id=place.community_id, number=1).items] == [
        "等候时间长"
    ]


def test_a_bad_grade_without_name_and_words_is_a_number_and_nothing_else(
    session: Session, place: Station
) -> None:
    rate_all(print_slips(place), [BAD] * 5)
    sweep_night(now=APRIL)
    assert list_grades(session, actor=place.head, number=1).total == 0
    assert list_needs(session, place.supervisor, MAY) == []


def test_an_answer_is_public_with_its_month_and_not_before(session: Session, place: Station) -> None:
    number = rate(print_slips(place)[0], BAD, name="王秀英")
    handling.contact(rating_id=id_of(number), note="已致电", answer=ANSWER, actor=place.head, now=NOW)
    assert not list_answers(session, community_id=place.community_id, number=1).items


def test_fewer_than_five_wait_for_the_next_month(session: Session, place: Station) -> None:
    printed = print_slips(place)
    rate_all(printed[:4], [GOOD] * 4)
    assert sweep_night(now=APRIL).published == 0
    assert last(session) is None
    rate(printed[4], GOOD, now=APRIL)
    assert sweep_night(now=APRIL + timedelta(days=1)).published == 0
    assert sweep_night(now=MAY).published == 1
    found = last(session)
    assert found is not None
    assert found.figures[TOTAL] == {TOGETHER: [5, 0, 0, 0, 0]}
    assert found.figures[SERVED] == {str(place.clerk_term): [5, 0, 0, 0, 0]}


def test_a_grade_that_is_set_aside_leaves_with_the_next_publication(session: Session, place: Station) -> None:
    printed = print_slips(place)
    number = rate(printed[0], BAD, comment="点错了")
    rate_all(printed[1:6], [GOOD] * 5)
    sweep_night(now=APRIL)
    act = {"rating_id": id_of(number), "now": APRIL}
    with pytest.raises(NotEligible):
        handling.dispute(reason="点错了", actor=place.supervisor, **act)
    with pytest.raises(TransitionNotAllowed):
        handling.rule_on(ruling=ReviewRuling.SET_ASIDE, text="属误评", actor=place.supervisor, **act)
    handling.dispute(reason="点错了", actor=place.head, **act)
    with pytest.raises(NotEligible):
        handling.rule_on(ruling=ReviewRuling.SET_ASIDE, text="属误评", actor=place.head, **act)
    handling.rule_on(ruling=ReviewRuling.SET_ASIDE, text="属误评", actor=place.supervisor, **act)
    with pytest.raises(AlreadyDone):
        handling.rule_on(ruling=ReviewRuling.STANDS, text="不改", actor=place.supervisor, **act)
    before = last(session)
    assert before is not None
    assert before.figures[TOTAL] == {TOGETHER: [5, 0, 0, 0, 1]}
    rate_all(printed[6:12], [GOOD] * 5 + [BAD], now=APRIL)
    sweep_night(now=MAY)
    after = last(session)
    assert after is not None
    # One bad grade came and one left: five more ratings in all.
    assert after.figures[TOTAL] == {TOGETHER: [10, 0, 0, 0, 1]}
    assert (after.set_aside, after.stands) == (1, 0)
    assert stored(number).removed_in == day_of(MAY)


def test_a_disputed_grade_may_stand(place: Station) -> None:
    number = rate(print_slips(place)[0], BAD, name="王秀英")
    act = {"rating_id": id_of(number), "now": NOW}
    handling.dispute(reason="不实", actor=place.head, **act)
    handling.rule_on(ruling=ReviewRuling.STANDS, text="经核实属实", actor=place.supervisor, **act)
    handling.contact(note="已致电", answer=ANSWER, actor=place.head, **act)
    assert stored(number).answer == ANSWER.text


def test_a_published_bad_grade_opens_one_corrective_action(session: Session, place: Station) -> None:
    printed = print_slips(place)
    number = rate(printed[0], BAD, comment="等了很久")
    rate_all(printed[1:5], [GOOD] * 4)
    act = {"rating_id": id_of(number), "title": "上午等候时间长", "problem": "上午窗口不足。", "now": APRIL}
    with pytest.raises(NotFound):
        open_action(actor=place.head, **act)
    sweep_night(now=APRIL)
    with pytest.raises(NotEligible):
        open_action(actor=place.clerk, **act)
    action = session.get_one(CorrectiveAction, open_action(actor=place.head, **act))
    assert (action.source, action.source_id) == (ActionSource.SERVICE_RATING, id_of(number))
    assert action.owner.kind is BodyKind.SERVICE_STATION
    with pytest.raises(AlreadyDone):
        open_action(actor=place.supervisor, **act)


def test_an_action_waits_until_the_grade_is_published(place: Station) -> None:
    number = rate(print_slips(place)[0], BAD, name="王秀英")
    with pytest.raises(TransitionNotAllowed):
        open_action(
            rating_id=id_of(number), title="等候时间长", problem="窗口不足。", actor=place.head, now=NOW
        )


def test_the_journal_counts_five_ratings_at_once_and_names_no_grade(session: Session, place: Station) -> None:
    printed = print_slips(place)
    rate_all(printed[:4], [GOOD] * 4)
    sweep_night(now=NOW)
    written = select(JournalEntry).where(JournalEntry.action == "service.count_up")
    assert session.scalars(written).all() == []
    number = rate(printed[4], BAD, name="王秀英")
    sweep_night(now=NOW + timedelta(days=1))
    assert [entry.payload for entry in session.scalars(written)] == [{"came": 5}]
    handling.contact(rating_id=id_of(number), note="已致电", answer=ANSWER, actor=place.head, now=NOW)
    handled = session.scalars(select(JournalEntry).where(JournalEntry.action == "service.contact")).one()
    assert not handled.is_public
    assert "王秀英" not in str(handled.payload)
