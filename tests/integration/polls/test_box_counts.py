"""Counting the boxes: two apart, together, mended and signed; and the sums that a result stands on."""

from __future__ import annotations

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook, sealed
from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, RuleRefused, TransitionNotAllowed
from civicforum.people.models import Community
from civicforum.polls.forms.boxes import BoxForm, fields_of, pairs_of, typed_of
from civicforum.polls.models import BoxCount, Poll, Station
from civicforum.polls.queries.paper import get_account
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import StationKind
from civicforum.polls.rules_paper import BoxSheet, PaperSum
from civicforum.polls.services import box_counts, paper
from civicforum.polls.services.paper import paper_totals
from civicforum.sealed.paper import parse_paper
from tests.factories import NOW, actor_of, make_community, make_officer
from tests.support.paper import Hall, board_of, make_hall, make_station, stop
from tests.support.polls import YES_NO

ELECTION = QuestionSpec(
    QuestionKind.SELECTION,
    "选二人",
    options=("陈甲", "陈乙", "陈丙"),
    marking=Marking.EACH,
    most=2,
    seats=2,
    write_ins=1,
)
ORDER = QuestionSpec(QuestionKind.RANKING, "先修哪里", options=("东门", "西门", "南门"), method="borda")


@pytest.fixture
def hall(session: Session) -> Hall:
    """Four papers handed out, and the poll stopped."""
    hall = make_hall(make_community(), voters=5)
    for voter in range(4):
        hall.issue(voter)
    stop(hall.poll)
    return hall


GOOD = BoxSheet(found=4, invalid=1, counts=(2, 1), grounds={"blank": 1})
OTHER = BoxSheet(found=4, invalid=1, counts=(1, 2), grounds={"blank": 1})


def sign(hall: Hall, *, by: object = None) -> bool:
    return box_counts.sign_station(station_id=hall.station, actor=by or hall.clerk, now=NOW)  # type: ignore[arg-type]


def test_two_enter_apart_mend_the_difference_and_sign(session: Session, hall: Hall) -> None:
    assert hall.count(GOOD) == 1
    assert hall.count(OTHER, by=hall.second) == 2
    with pytest.raises(TransitionNotAllowed):
        sign(hall)
    assert hall.count(GOOD, by=hall.second) == 2
    assert sign(hall) is False
    with pytest.raises(AlreadyDone):
        sign(hall)
    assert sign(hall, by=hall.second) is True
    station = session.get_one(Station, hall.station)
    assert (station.first_signer_id, station.second_signer_id, station.signed_at) == (
        hall.clerk.person_id,
        hall.second.person_id,
        NOW,
    )
    with pytest.raises(TransitionNotAllowed):
        hall.count(GOOD)


def test_a_correction_takes_both_signatures_back(session: Session, hall: Hall) -> None:
    hall.count(GOOD)
    hall.count(GOOD, by=hall.second)
    sign(hall)
    hall.count(OTHER, by=hall.second)
    assert session.scalars(select(BoxCount.signed_at)).all() == [None, None]
    with pytest.raises(TransitionNotAllowed):
        sign(hall, by=hall.second)


def test_a_box_is_counted_by_two_and_by_nobody_twice(session: Session, hall: Hall) -> None:
    assert hall.count(GOOD) == hall.count(OTHER) == 1
    hall.count(GOOD, by=hall.second)
    community = session.get_one(Community, hall.poll.community_id)
    third = actor_of(make_officer(community, Role.CLERK), Role.CLERK)
    with pytest.raises(TransitionNotAllowed):
        hall.count(GOOD, by=third)
    with pytest.raises(NotEligible):
        sign(hall, by=third)
    with pytest.raises(NotEligible):
        hall.count(GOOD, by=hall.poll.actor(0))


def test_one_count_alone_cannot_be_signed(hall: Hall) -> None:
    hall.count(GOOD)
    with pytest.raises(TransitionNotAllowed):
        sign(hall)


def test_boxes_are_opened_together_after_the_stop_and_every_list(session: Session) -> None:
    hall = make_hall(make_community(), voters=5)
    hall.issue(0)
    box = make_station(hall.poll, name="流动票箱", kind=StationKind.ROVING, is_offline=True)
    sheet = BoxSheet(1, 0, (1, 0))
    with pytest.raises(TransitionNotAllowed):
        hall.count(sheet)
    stop(hall.poll)
    with pytest.raises(TransitionNotAllowed):
        hall.count(sheet)
    paper.enter_list(station_id=box, numbers=[2], actor=hall.clerk, now=NOW)
    assert hall.count(sheet) == 1


@pytest.mark.parametrize(
    ("sheet", "where"),
    [
        (BoxSheet(5, 0, (2, 1)), "found"),
        (BoxSheet(3, 4, (0, 0)), "invalid"),
        (BoxSheet(4, 1, (2, 1)), "grounds"),
        (BoxSheet(4, 1, (3, 1), (), {"torn": 1}), "mark-0"),
    ],
)
def test_a_count_that_cannot_be_is_refused(hall: Hall, sheet: BoxSheet, where: str) -> None:
    with pytest.raises(Invalid) as refused:
        hall.count(sheet)
    assert refused.value.field == where


def test_a_candidate_does_not_count(session: Session) -> None:
    community = make_community()
    hall = make_hall(community, questions=[ELECTION])
    hall.issue(0)
    stop(hall.poll)
    candidate = actor_of(make_officer(community, Role.CLERK, name="陈甲"), Role.CLERK)
    with pytest.raises(NotEligible):
        hall.count(BoxSheet(0, 0, (0,) * 7, ({},)), by=candidate)


def test_more_papers_than_handed_out_leave_a_poll_that_only_can_be_void(session: Session, hall: Hall) -> None:
    excess = BoxSheet(5, 0, (3, 2))
    with pytest.raises(Invalid):
        hall.count(excess)
    hall.count_alike(excess, more_found=True)
    poll = session.get_one(Poll, hall.poll.id)
    with pytest.raises(RuleRefused) as refused:
        paper_totals(session, poll)
    assert refused.value.verdict.arithmetic == "5 > 4"
    account = get_account(session, poll=poll, book=rulebook.load(poll.profile))
    assert account.verdict is not None
    assert (account.verdict.holds, account.verdict.rule.articles) == (False, (44,))


def test_totals_wait_until_every_box_is_signed(session: Session, hall: Hall) -> None:
    poll = session.get_one(Poll, hall.poll.id)
    book = rulebook.load(poll.profile)
    hall.count(GOOD)
    hall.count(GOOD, by=hall.second)
    with pytest.raises(TransitionNotAllowed):
        paper_totals(session, poll)
    # Nothing of a count is shown before it is signed.
    account = get_account(session, poll=poll, book=book)
    assert [(issued, papers) for _station, issued, papers in account.rows] == [(4, None)]
    assert (account.together, account.verdict) == (None, None)


def test_the_totals_of_all_boxes_make_the_line_that_the_board_takes(session: Session) -> None:
    hall = make_hall(make_community(), voters=8, questions=[YES_NO, ELECTION, ORDER])
    box = make_station(hall.poll, name="一号流动票箱", kind=StationKind.ROVING)
    for voter in range(4):
        hall.issue(voter)
    for voter in (4, 5):
        hall.issue(voter, station_id=box)
    stop(hall.poll)
    # For, against; then for 甲 乙 丙, against 甲 乙 丙, one line for a name.
    first = BoxSheet(3, 1, (1, 1, 2, 1, 0, 0, 1, 1, 1), ({"周小川": 1}, {"10": 1, "": 1}), {"torn": 1})
    second = BoxSheet(2, 0, (2, 0, 1, 2, 0, 0, 0, 1, 1), ({"周小川": 1}, {"10": 1, "2": 1}))
    hall.count_alike(first)
    hall.count_alike(second, station=box)
    poll = session.get_one(Poll, hall.poll.id)
    totals = paper_totals(session, poll)
    assert (totals.issued, totals.found, totals.invalid) == (6, 5, 1)
    assert totals.counts == (3, 1, 3, 3, 0, 0, 1, 2, 2)
    assert totals.texts == ({"周小川": 2}, {"10": 2, "": 1, "2": 1})
    assert totals.signed_by == ("赵办事", "钱委员")
    assert [(one.name, one.papers) for one in totals.stations] == [
        ("一号流动票箱", PaperSum(2, 2, 0)),
        ("社区活动室", PaperSum(4, 3, 1)),
    ]
    board = board_of(hall.poll)
    line = sealed.paper_line(
        issued=totals.issued,
        found=totals.found,
        invalid=totals.invalid,
        counts=totals.counts,
        texts=totals.texts,
        signed_by=totals.signed_by,
    )
    read = parse_paper(sealed.read_line(line), board.manifest, board.electorate)
    assert read.counts == totals.counts
    account = get_account(session, poll=poll, book=rulebook.load(poll.profile))
    assert account.together == PaperSum(6, 5, 1)


def test_two_counters_of_one_name_are_two_signatures(session: Session) -> None:
    community = make_community()
    hall = make_hall(community, voters=1)
    namesake = actor_of(make_officer(community, Role.CLERK, name="赵办事"), Role.CLERK)
    hall.issue(0)
    stop(hall.poll)
    Hall(hall.poll, hall.station, hall.clerk, namesake).count_alike(BoxSheet(1, 0, (1, 0)))
    totals = paper_totals(session, session.get_one(Poll, hall.poll.id))
    assert len(set(totals.signed_by)) == 2


def test_a_count_is_typed_as_it_was_kept(session: Session) -> None:
    hall = make_hall(make_community(), voters=1, questions=[YES_NO, ELECTION, ORDER])
    sheet = BoxSheet(3, 1, (1, 1, 2, 1, 0, 0, 1, 1, 1), ({"周小川": 1}, {"10": 1, "": 1}), {"torn": 1})
    with current_app.test_request_context():
        fields = fields_of(session.get_one(Poll, hall.poll.id).questions)
        typed = typed_of(fields, sheet)
        form = BoxForm(fields, typed)
        assert form.read(issued=3) == sheet
        assert form.errors == {}
        assert not any(pair.difference for pair in pairs_of(fields, sheet, sheet))


@pytest.mark.parametrize(
    ("field", "text", "beside"),
    [
        ("mark-0", "x", "mark-0"),
        ("found", "", "found"),
        ("ground-torn", "2", "grounds"),
        ("lines-0", "周小川 = 5", "lines-0"),
        ("lines-0", "周小川", "lines-0"),
        ("lines-1", "4 1 = 1", "lines-1"),
        ("lines-1", "2 1 = 3", "lines-1"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(session: Session, field: str, text: str, beside: str) -> None:
    hall = make_hall(make_community(), voters=1, questions=[YES_NO, ELECTION, ORDER])
    sheet = BoxSheet(3, 1, (1, 1, 1, 1, 0, 0, 1, 1, 1), ({"周小川": 1}, {"10": 1, "": 1}), {"torn": 1})
    with current_app.test_request_context():
        fields = fields_of(session.get_one(Poll, hall.poll.id).questions)
        form = BoxForm(fields, {**typed_of(fields, sheet), field: text})
        assert form.read(issued=3) is None
        assert beside in form.errors
