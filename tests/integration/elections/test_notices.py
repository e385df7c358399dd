"""Issuing official notices: filled from the data, numbered, posted, never edited."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.elections.models import Election, ElectionNotice
from civicforum.elections.notices import Missing, NoticeNotReady, needs
from civicforum.elections.queries import notices as queries
from civicforum.elections.queries.notices.archive import Paper
from civicforum.elections.rules import ElectionKind, NoticeKind, RegistrationState, Stage, Way
from civicforum.elections.services.steps import rules_of
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory
from civicforum.people.models import Community, Group, Person
from civicforum.polls.models import Station
from civicforum.polls.rules import PollState
from civicforum.records.models import JournalEntry
from civicforum.reports import boxes
from civicforum.rulebook.days import day_of
from tests.factories import NOW, actor_of, make_community, make_officer, make_person
from tests.support.election_records import ASKED, Records, after, count_round, issue, issue_all, make_records
from tests.support.elections import make_election, make_registration, make_round, make_voters, seat_committee
from tests.support.reports import NAME, make_holder
from tests.support.statements import count_statements


def whole(session: Session, records: Records) -> Election:
    return session.get_one(Election, records.id)


def test_every_notice_of_a_whole_election_is_filled_to_its_last_blank(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    standing = queries.get_standing(session, election)
    wanted = needs(standing)
    assert {need.kind for need in wanted} == set(NoticeKind) - {NoticeKind.VOID}
    for number, need in enumerate(wanted, 1):
        notice = issue(election, need.kind, round_number=need.round_number, now=after(election))
        assert notice.number == number
        assert not re.search(r"[{}]|＿|None", notice.text), notice.text
        assert "特此公告。" in notice.text
    assert queries.get_standing(session, election) == standing


def test_the_texts_say_what_the_data_and_the_rulebook_say(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    issue(election, NoticeKind.ELECTION_DAY)
    roll = issue(election, NoticeKind.ROLL)
    assert roll.title == "青松里社区居民选举委员会公告（第二号）　关于公布选民名单的公告"
    assert roll.issuer == "青松里社区居民选举委员会"
    # 48 residents in three groups, and eight candidates of the first one.
    assert "选民共有56人" in roll.text
    assert "【第一居民小组（共24人）】" in roll.text
    assert "第十七条" in roll.text
    result = issue(election, NoticeKind.RESULT, round_number=1, now=after(election))
    assert "参加投票42人；发出选票43张，收回选票42张，其中有效票40张，无效票2张" in result.text
    assert "｜马玉兰｜18｜12｜10｜" in result.text
    assert (
        "主任：李文涛（30票）；副主任：周丽华（28票）；委员：吴晓燕（35票）、郑国强（31票）。" in result.text
    )
    assert "应选名额尚缺：委员1名。" in result.text
    second = issue(election, NoticeKind.RESULT, round_number=2, now=after(election))
    assert "委员：马玉兰（25票）。" in second.text
    assert "尚缺" not in second.text
    proxies = issue(election, NoticeKind.PROXIES, now=after(election))
    assert proxies.text.count("｜") == 4 * 4
    assert "外出务工" not in proxies.text


def test_a_roll_names_people_and_nothing_more(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    text = issue(election, NoticeKind.ROLL).text
    for person in session.scalars(select(Person)).all():
        assert person.number not in text


def test_an_issued_notice_hangs_on_the_board_and_stands_in_the_journal(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    notice = issue(
        election, NoticeKind.REGISTRATION, extra="登记时请带身份证件。\n　　带不了的，请先来电话。"
    )
    board = session.get_one(Notice, notice.notice_id)
    assert board.category is NoticeCategory.COMMON_CONCERN
    assert board.title == notice.title
    assert board.text.endswith("青松里社区居民选举委员会\n二〇二六年三月二日")
    assert (board.subject_kind, board.subject_id) == ("election", election.id)
    assert "登记时请带身份证件。\n带不了的，请先来电话。\n特此公告。" in notice.text
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert entry is not None
    assert entry.action == "election.issue_notice"
    assert entry.payload == {"number": 1, "kind": "registration", "round": 0, "corrects": None}


@pytest.mark.parametrize("kind", [NoticeKind.ELECTION_DAY, NoticeKind.POLLING])
def test_the_fingerprint_of_the_authoritys_key_is_printed_once_the_key_is_proved(
    session: Session, kind: NoticeKind
) -> None:
    community = make_community()
    election = whole(session, make_records(community))
    holder = make_holder(community, now=NOW, is_proved=False)
    assert "指纹" not in issue(election, kind).text
    holder.visit(NOW)
    told = issue(election, kind, corrects=1, reason="补充举报渠道").text
    assert boxes.fingerprint(holder.public) in told
    assert NAME in told


def test_a_second_click_issues_nothing_twice(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    issue(election, NoticeKind.NOMINATION)
    with pytest.raises(AlreadyDone):
        issue(election, NoticeKind.NOMINATION)
    assert session.scalar(select(func.count()).select_from(ElectionNotice)) == 1
    assert session.scalar(select(func.count()).select_from(Notice)) == 1


def test_a_mistake_is_corrected_by_a_new_notice_and_the_first_one_stays(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    first = issue(election, NoticeKind.MEETING)
    before = first.text
    second = issue(
        election,
        NoticeKind.MEETING,
        asked={"meeting_hour": "19:30", "meeting_place": "操场"},
        corrects=1,
        reason="见面会时间、地点有变动。",
    )
    assert second.title == "青松里社区居民选举委员会公告（第二号）　更正：关于组织候选人与选民见面的公告"
    assert second.text.startswith("现对第一号公告予以更正。更正原因：见面会时间、地点有变动。更正后")
    assert "操场" in second.text
    assert session.get_one(ElectionNotice, first.id).text == before
    with pytest.raises(AlreadyDone):
        issue(election, NoticeKind.MEETING, corrects=1, reason="再次更正")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"asked": {**ASKED, "office": ""}}, "office"),
        ({"corrects": None, "extra": "身份证号150204197005171234"}, "extra"),
        ({"asked": {**ASKED, "phone": "150204 19700517 123X"}}, "phone"),
    ],
)
def test_what_is_missing_or_names_an_identity_number_is_refused_beside_its_field(
    session: Session, wish: dict[str, Any], field: str
) -> None:
    election = whole(session, make_records(make_community()))
    with pytest.raises(Invalid) as refusal:
        issue(election, NoticeKind.REGISTRATION, **wish)
    assert refusal.value.field == field
    assert session.scalar(select(func.count()).select_from(ElectionNotice)) == 0


def test_a_correction_says_why(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    issue(election, NoticeKind.POLLING)
    with pytest.raises(Invalid) as refusal:
        issue(election, NoticeKind.POLLING, corrects=1, reason=" ")
    assert refusal.value.field == "reason"


def test_a_notice_whose_data_is_not_there_is_not_issued(session: Session) -> None:
    election = make_election(make_community())
    seat_committee(election)
    with pytest.raises(NoticeNotReady) as refusal:
        issue(election, NoticeKind.ROLL)
    assert refusal.value.lacks == (Missing.ROLL,)
    with pytest.raises(NotFound):
        issue(election, NoticeKind.PROXIES)


def test_the_old_committee_issues_until_the_election_committee_presides(session: Session) -> None:
    community = make_community()
    election = make_election(community)
    director = actor_of(make_officer(community, Role.COMMITTEE), Role.COMMITTEE)
    notice = issue(election, NoticeKind.ELECTION_DAY, actor=director)
    assert notice.issuer == "青松里社区居民委员会"
    with pytest.raises(NoticeNotReady):
        issue(election, NoticeKind.COMMITTEE, actor=director)
    seat_committee(election)
    with pytest.raises(NotEligible):
        issue(election, NoticeKind.COMMITTEE, actor=director)
    assert issue(election, NoticeKind.COMMITTEE).issuer == "青松里社区居民选举委员会"


def test_a_void_election_says_so_with_its_ground(session: Session) -> None:
    election = make_election(make_community(), stage=Stage.VOID, void_ground="查实有贿选行为。")
    seat_committee(election)
    text = issue(election, NoticeKind.VOID).text
    assert "居民委员会换届选举经认定无效。认定理由：查实有贿选行为。" in text
    assert "三十日内" in text


def test_households_and_representatives_read_of_their_own_roll(session: Session) -> None:
    community = make_community()
    for way, roll in ((Way.HOUSEHOLDS, "户代表名单"), (Way.REPRESENTATIVES, "居民代表名单")):
        election = make_election(community, way=way)
        seat_committee(election, name=f"{roll}选举委员会")
        make_round(election, people=make_voters(election, 3))
        assert f"关于公布{roll}的公告" in issue(election, NoticeKind.ROLL).title
        day = issue(election, NoticeKind.ELECTION_DAY).text
        assert {Way.HOUSEHOLDS: "由每户派代表", Way.REPRESENTATIVES: "三分之二"}[way] in day


FOUR_FOR_THREE = (("委员", 3, (("吴晓燕", 35, 3), ("郑国强", 30, 5), ("马玉兰", 25, 9), ("冯建军", 25, 8))),)


@pytest.mark.parametrize(
    ("on_roll", "said", "not_said"),
    [
        (56, "委员候选人冯建军、马玉兰得票相等，不能确定当选人。", "选举无效"),
        # 42 of 84 is no more than half.
        (84, "本次参加投票的人数没有达到这一要求，选举无效。", "当选人"),
    ],
)
def test_article_19_a_result_names_who_is_level_and_a_poll_that_is_too_small_is_not_valid(
    session: Session, on_roll: int, said: str, not_said: str
) -> None:
    election = make_election(make_community())
    seat_committee(election)
    round_ = make_round(
        election,
        poll_state=PollState.CERTIFIED,
        decided_at=after(election),
        quorum_rule="election.validity.voters",
    )
    for name, _for, _against in FOUR_FOR_THREE[0][2]:
        make_person(session.get_one(Community, election.community_id), name=name)
    count_round(election, round_, FOUR_FOR_THREE, on_roll=on_roll)
    text = issue(election, NoticeKind.RESULT, round_number=1, now=after(election)).text
    assert said in text
    assert not_said not in text.replace("不能确定当选人", "")


def test_article_17_households_are_posted_beside_everybody_registered(session: Session) -> None:
    election = make_election(make_community(), way=Way.HOUSEHOLDS)
    seat_committee(election)
    people = make_voters(election, 4)
    make_round(election, people=people[:2])
    for person in people[:3]:
        make_registration(election, person, for_household=person in people[:2])
    make_registration(election, people[3], state=RegistrationState.REFUSED, decision="不满十八周岁")
    notice = issue(election, NoticeKind.ROLL)
    assert notice.title.endswith("关于公布选民名单和户代表名单的公告")
    assert "户代表共有2人" in notice.text
    assert "登记参加选举的选民共有3人" in notice.text
    households, registered = notice.text.split("附：选民名单")
    assert [households.count(one.name) for one in people] == [1, 1, 0, 0]
    assert [registered.count(one.name) for one in people] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ElectionKind.SUPERVISION, "推选产生青松里社区居务监督委员会"),
        (ElectionKind.REPRESENTATIVES, "第一居民小组推选居民代表"),
        (ElectionKind.COUNCIL, "推选产生青松里社区居民议事会成员"),
        (ElectionKind.BY_ELECTION, "因青松里社区居民委员会成员出缺，依法进行补选"),
    ],
)
def test_other_elections_have_their_own_words(session: Session, kind: ElectionKind, words: str) -> None:
    community = make_community()
    group = session.scalars(select(Group)).first()
    unit: dict[str, Any] = {"group_id": group.id} if group and kind is ElectionKind.REPRESENTATIVES else {}
    election = make_election(community, kind=kind, **unit)
    seat_committee(election)
    assert words in issue(election, NoticeKind.ELECTION_DAY).text
    for other in (NoticeKind.REGISTRATION, NoticeKind.NOMINATION, NoticeKind.INVALID_PAPERS):
        text = issue(election, other).text
        assert "居民委员会换届选举" not in text
        assert "{" not in text


def test_a_notice_is_due_three_days_before_its_last_day_and_late_after_it(session: Session) -> None:
    election = make_election(make_community())
    standing = queries.get_standing(session, election)
    # The roll is posted 28 days before 12 April.
    states = {}
    for today in (date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 15), date(2026, 3, 16)):
        lines = queries.list_lines(standing, [], book=rules_of(election), today=today)
        line = next(line for line in lines if line.need.kind is NoticeKind.ROLL)
        states[today.day] = (line.is_due, line.is_late)
    assert states == {11: (False, False), 12: (True, False), 15: (True, False), 16: (False, True)}


def test_five_thousand_names_are_gathered_in_as_many_statements_as_fifty(session: Session) -> None:
    community = make_community()
    totals = []
    for voters in (50, 5000):
        election = make_election(community, title=f"{voters}人的选举")
        seat_committee(election, name=f"{voters}人的选举委员会")
        make_round(election, people=make_voters(election, voters, groups=(f"{voters}组",), bulk=True))
        election_id = election.id
        session.expire_all()
        with count_statements() as counted:
            notice = issue(session.get_one(Election, election_id), NoticeKind.ROLL)
        totals.append(counted.total)
        assert notice.text.count("　") == voters - 1
    assert totals[0] == totals[1]
    assert totals[0] < 40


def test_the_archive_is_complete_when_nothing_is_missing(session: Session) -> None:
    election = whole(session, make_records(make_community()))
    assert archive_of(session, election).missing == 18
    issue_all(election)
    found = archive_of(session, election)
    assert found.is_complete
    # 18 notices, roll, nominations, checks, 3 boxes, 2 result sheets, filing, 5 certificates, handover.
    assert len(found.items) == 18 + 1 + 1 + 1 + 3 + 2 + 1 + 5 + 1


def test_a_new_election_has_everything_missing(session: Session) -> None:
    found = archive_of(session, make_election(make_community()))
    assert not any(item.is_present for item in found.items)


def test_one_paper_that_is_not_there_keeps_the_archive_open(session: Session) -> None:
    records = make_records(make_community())
    election = whole(session, records)
    issue_all(election)
    station = session.scalars(select(Station).where(Station.name == "南区投票站")).one()
    station.signed_at = station.first_signer_id = station.second_signer_id = None
    session.commit()
    found = archive_of(session, election)
    assert [(item.paper, item.name) for item in found.items if not item.is_present] == [
        (Paper.SIGN_OFF, "南区投票站")
    ]


def archive_of(session: Session, election: Election) -> queries.Archive:
    standing = queries.get_standing(session, election)
    issued = queries.list_issued(session, election.id)
    today = day_of(after(election))
    lines = queries.list_lines(standing, issued, book=rules_of(election), today=today)
    return queries.get_archive(session, election, standing, lines)
