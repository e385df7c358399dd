"""Ballots, proxies, boxes and staff on polling day: art 19, 选举法 arts 41 and 44, and local rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from civicforum.counting import CommitteePaperRules, Mark, Paper, PaperRules, Post
from civicforum.counting import Ground as PaperGround
from civicforum.counting.rules.committee_papers import read_one
from civicforum.elections.calendar import Milestone, breaches, plan
from civicforum.elections.polling import judge_proxies, judge_screen, staff_conflicts, takes_names
from civicforum.elections.rules import RoundKind, Way
from civicforum.errors import Invalid, RuleRefused
from civicforum.polls.answers import AnswerFault, read_answer
from civicforum.polls.blockers import BlockerKind, blockers_of
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec, contest_of
from civicforum.polls.rules import Preset, StationKind
from civicforum.polls.rules_paper import BoxFault, BoxSheet, Ground, PaperSum, check_box, judge_excess
from civicforum.polls.terms import Subject, check_subject
from tests.support.law import BOOK, POLLING_DAY, book_with, person, related
from tests.support.law_facts import ELECTION, OPENS, station

POST = Post("member", 3, ("王", "李", "赵", "孙"))
DIRECTOR = Post("director", 1, ("王", "李"))
PAPER = QuestionSpec(
    QuestionKind.SELECTION,
    "选举委员",
    options=("王", "李", "赵", "孙"),
    marking=Marking.EACH,
    most=3,
    seats=3,
    write_ins=1,
    majority_rule="election.elected",
)


def kinds(**changed: object) -> list[BlockerKind]:
    """Return what blocks this election from opening."""
    facts = replace(ELECTION, **changed)  # type: ignore[arg-type]
    return [one.kind for one in blockers_of(facts, BOOK, OPENS)]


@pytest.mark.law("B17", "election.secret_ballot")
def test_art_19_an_election_is_by_secret_ballot() -> None:
    named = Subject(title="换届选举", question="", preset=Preset.OPEN, is_statutory=True)
    with pytest.raises(RuleRefused) as refusal:
        check_subject(named, BOOK)
    assert "第十九条" in refusal.value.verdict.rule.article
    check_subject(replace(named, preset=Preset.SEALED), BOOK)


@pytest.mark.law("B17", "election.online")
def test_art_19_names_no_screens_so_they_take_a_switch_or_a_paper_of_their_own() -> None:
    assert not judge_screen(BOOK, "").holds
    assert not judge_screen(BOOK, "  ").holds
    assert judge_screen(BOOK, "街道办事处〔2026〕3号文").holds
    assert judge_screen(book_with("election.online", on=True), "").holds


@pytest.mark.law("B18", "ballot.write_in")
@pytest.mark.parametrize("kind", RoundKind)
def test_electoral_law_art_41_somebody_else_is_written_in_but_not_between_people_who_are_level(
    kind: RoundKind,
) -> None:
    assert takes_names(BOOK, kind) is (kind is not RoundKind.TIE)
    assert not takes_names(book_with("ballot.write_in", on=False), kind)


@pytest.mark.law("B18", "ballot.write_in")
@pytest.mark.parametrize(("lines", "names"), [(0, ()), (1, ("周建国",))])
def test_electoral_law_art_41_a_paper_without_lines_for_names_takes_none(
    lines: int, names: tuple[str, ...]
) -> None:
    form = {"q0-0": ["against"], "q0-name-0": ["周建国"]}
    assert read_answer(replace(PAPER, write_ins=lines), form, 0).names == names


@pytest.mark.law("B18", "ballot.write_in_after_against")
@pytest.mark.parametrize(("mark", "is_refused"), [("against", False), ("abstain", True), ("for", True)])
def test_local_a_name_is_written_in_only_beside_a_vote_against(mark: str, is_refused: bool) -> None:
    form = {"q0-0": [mark], "q0-name-0": ["周建国"]}
    needs_against = BOOK.switch("ballot.write_in_after_against").on
    if is_refused:
        with pytest.raises(Invalid, match=AnswerFault.NAME_WITHOUT_AGAINST):
            read_answer(PAPER, form, 0, names_need_against=needs_against)
    else:
        assert read_answer(PAPER, form, 0, names_need_against=needs_against).names == ("周建国",)


@pytest.mark.law("B19", "ballot.excess_papers_void_poll")
@pytest.mark.parametrize(("found", "holds"), [(99, True), (100, True), (101, False)])
def test_electoral_law_art_44_more_papers_than_voters_void_the_poll(found: int, holds: bool) -> None:
    verdict = judge_excess(BOOK, PaperSum(issued=100, found=found, invalid=0))
    assert verdict.holds is holds
    assert verdict.arithmetic == f"{found} {'≤' if holds else '>'} 100"


@pytest.mark.law("B19", "ballot.excess_names_void_paper")
@pytest.mark.parametrize(("names", "is_valid"), [("王李", True), ("王李赵", True), ("王李赵孙", False)])
def test_electoral_law_art_44_a_paper_with_more_names_than_seats_is_void(names: str, is_valid: bool) -> None:
    read = read_one([POST], {"member": Paper.of_names(*names)}, CommitteePaperRules())
    assert (read is not PaperGround.TOO_MANY) is is_valid
    form = {f"q0-{at}": ["for"] for at in range(len(names))}
    if is_valid:
        assert len(read_answer(PAPER, form, 0).chosen) == len(names)
    else:
        with pytest.raises(Invalid, match=AnswerFault.TOO_MANY):
            read_answer(PAPER, form, 0)


@pytest.mark.law("B19")
@pytest.mark.parametrize("is_declared", [True, False])
def test_local_a_paper_that_elects_one_person_to_two_posts_is_void_where_declared(is_declared: bool) -> None:
    rules = CommitteePaperRules(two_posts_stand=not is_declared)
    paper = {"director": Paper.of_names("王"), "member": Paper.of_names("王", "赵")}
    assert (read_one([DIRECTOR, POST], paper, rules) is PaperGround.TWO_POSTS) is is_declared


@pytest.mark.law("B19")
@pytest.mark.parametrize("voids_all", [False, True])
def test_local_a_name_that_does_not_stand_voids_its_part_or_the_paper(voids_all: bool) -> None:
    rules = CommitteePaperRules(names=PaperRules(part_voids_paper=voids_all))
    paper = {"member": Paper({"王": Mark.FOR}, write_ins=("？",))}
    assert (read_one([POST], paper, rules) is PaperGround.WRITE_IN) is voids_all


@pytest.mark.law("B19")
@pytest.mark.parametrize(("grounded", "holds"), [(1, False), (2, True), (3, False)])
def test_local_each_invalid_paper_has_one_of_the_eight_posted_grounds(grounded: int, holds: bool) -> None:
    assert len(Ground) == 8
    contest = contest_of(replace(PAPER, write_ins=0))
    sheet = BoxSheet(found=10, invalid=2, counts=(8,) * 3 + (0,) * 5, grounds={Ground.BLANK: grounded})
    faults = [one.fault for one in check_box([contest], sheet, issued=10)]
    assert (BoxFault.GROUNDS not in faults) is holds


@pytest.mark.law("B21", "proxy.per_holder")
@pytest.mark.parametrize(("proxies", "is_blocked"), [(2, False), (3, False), (4, True)])
def test_art_19_nobody_holds_more_than_three_proxies(proxies: int, is_blocked: bool) -> None:
    assert (BlockerKind.TOO_MANY_PROXIES in kinds(proxies=(("赵敏", proxies),))) is is_blocked


@pytest.mark.law("B21", "proxy.candidates")
@pytest.mark.parametrize(("holder", "is_blocked"), [("赵敏", False), ("王建国", True)])
def test_art_19_a_candidate_holds_no_proxy(holder: str, is_blocked: bool) -> None:
    assert (BlockerKind.CANDIDATE_HOLDS_PROXY in kinds(proxies=((holder, 1),))) is is_blocked


@pytest.mark.law("B21", "proxy.by_representatives")
@pytest.mark.parametrize(
    ("way", "holds"), [(Way.VOTERS, True), (Way.HOUSEHOLDS, True), (Way.REPRESENTATIVES, False)]
)
def test_art_19_there_are_no_proxies_where_representatives_elect(way: Way, holds: bool) -> None:
    assert judge_proxies(BOOK, way).holds is holds


@pytest.mark.law("B21", "proxy.apply")
@pytest.mark.parametrize(("days", "holds"), [(2, False), (3, True), (4, True)])
def test_local_a_proxy_is_registered_three_days_before(days: int, holds: bool) -> None:
    dates = plan(POLLING_DAY, Way.VOTERS, by_proxy=True)
    # The list is posted the same day, so that it is not posted before.
    closes = POLLING_DAY - timedelta(days=days)
    dates |= {Milestone.PROXIES_CLOSE: closes, Milestone.PROXY_LIST: closes}
    found = [one.milestone for one in breaches(BOOK, dates) if one.verdict is not None]
    assert found == ([] if holds else [Milestone.PROXIES_CLOSE])


@pytest.mark.law("B21", "proxy.posting", "proxy.published")
@pytest.mark.parametrize(("days", "is_blocked"), [(1, True), (2, False), (3, False)])
def test_art_19_the_list_of_proxies_is_posted_two_days_before(days: int, is_blocked: bool) -> None:
    posted = OPENS - timedelta(days=days)
    assert (BlockerKind.PROXIES_LATE in kinds(last_proxy_at=posted)) is is_blocked


@pytest.mark.law("B12", "roll.posting")
@pytest.mark.parametrize(("days", "is_blocked"), [(19, True), (20, False), (21, False)])
def test_art_17_a_poll_does_not_open_before_its_roll_stood_for_twenty_days(
    days: int, is_blocked: bool
) -> None:
    posted = OPENS - timedelta(days=days)
    assert (BlockerKind.POSTED_TOO_LATE in kinds(roll_posted_at=posted)) is is_blocked


@pytest.mark.law("B13", "roll.ruling")
def test_art_17_a_poll_does_not_open_while_an_objection_waits_for_its_ruling() -> None:
    due = datetime(2026, 3, 10, tzinfo=UTC)
    assert BlockerKind.OBJECTIONS_UNRULED in kinds(rulings_due=(due,))
    assert BlockerKind.OBJECTIONS_UNRULED not in kinds()


@pytest.mark.law("B23", "election.roving_box.supervisors")
@pytest.mark.parametrize(("supervisors", "is_blocked"), [(2, True), (3, False), (4, False)])
def test_local_three_people_watch_a_roving_box(supervisors: int, is_blocked: bool) -> None:
    boxes = (station(StationKind.HALL, 1), station(StationKind.ROVING, supervisors))
    assert (BlockerKind.BOX_UNWATCHED in kinds(stations=boxes)) is is_blocked


@pytest.mark.law("B24", "posts.polling_staff")
@pytest.mark.law("B22", "posts.polling_staff")
def test_local_candidates_and_their_relatives_do_not_watch_call_count_or_write() -> None:
    staff, candidates = [person(1), person(2), person(3)], {person(2), person(9)}
    found = staff_conflicts(BOOK, staff, candidates, related((person(3), person(9)), (person(1), person(3))))
    assert [(one.person_id, one.relative_id) for one in found] == [(person(2), None), (person(3), person(9))]
    assert all(not one.verdict.holds for one in found)
    allowed = staff_conflicts(
        book_with("posts.polling_staff", forbidden=False), staff, candidates, related((person(3), person(9)))
    )
    assert allowed == []
