"""Official notices of a recall: the demand, the vote and the result, filled from the data and corrected."""

from __future__ import annotations

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.elections.models import RecallNotice
from civicforum.elections.notices import Wish
from civicforum.elections.recalls import RecallNoticeKind
from civicforum.elections.services import recall_votes
from civicforum.elections.services.recall_notices import issue_recall_notice
from civicforum.errors import AlreadyDone, Invalid, NotEligible, TransitionNotAllowed
from civicforum.notices.models import Notice
from civicforum.people.models import Community
from civicforum.records.models import JournalEntry
from tests.factories import NOW, actor_of, make_community, make_officer, make_person, sign_in
from tests.support.elections import at
from tests.support.recalls import (
    VOTING_DAY,
    complete,
    make_member,
    make_residents,
    officers,
    put,
    recall_of,
    vote,
)

_K = RecallNoticeKind
AFTER = at(VOTING_DAY, 20)


def demanded(community: Community) -> tuple[uuid.UUID, list[Actor]]:
    """Return a recall that three of thirty residents signed, and two officers."""
    residents = make_residents(community, 30)
    return complete(make_member(community), residents[:3]), officers(community)


def issue(session: Session, recall_id: uuid.UUID, kind: RecallNoticeKind, actor: Actor) -> RecallNotice:
    notice_id = issue_recall_notice(recall_id=recall_id, kind=kind, actor=actor, now=AFTER)
    return session.get_one(RecallNotice, notice_id)


def test_each_notice_says_what_the_recall_came_to_and_hangs_on_the_board(session: Session) -> None:
    community = make_community()
    recall_id, counters = demanded(community)
    officer = counters[0]
    first = issue(session, recall_id, _K.DEMAND, officer)
    assert first.title == (
        "青松里社区居民选举委员会公告（罢免第一号）　关于收到罢免居民委员会委员王志明王志明要求的公告"
    )
    assert "30名选民中有3名联名" in first.text
    assert "三次无故缺席居民委员会会议" in first.text
    with pytest.raises(TransitionNotAllowed):
        issue(session, recall_id, _K.VOTE, officer)
    put(recall_id, officer)
    second = issue(session, recall_id, _K.VOTE, officer)
    assert "2026年3月27日（星期五），8:00至18:00。" in second.text
    assert "列入名单的选民共30人" in second.text
    vote(recall_id, counters, in_favour=14, against=5, invalid=1)
    recall_votes.decide_recall(recall_id=recall_id, actor=officer, now=AFTER)
    third = issue(session, recall_id, _K.RESULT, officer)
    assert "参加投票20人。赞成罢免14票，反对5票，弃权0票，无效票1张。" in third.text
    assert "职务自2026年3月27日起终止" in third.text
    for notice in (first, second, third):
        assert not re.search(r"[{}]|＿|None", notice.text), notice.text
        assert notice.text.endswith("特此公告。")
        assert session.get_one(Notice, notice.notice_id).title == notice.title
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    with pytest.raises(AlreadyDone):
        issue(session, recall_id, _K.RESULT, officer)


def test_a_mistake_is_corrected_by_a_later_notice_that_says_why(session: Session) -> None:
    recall_id, (officer, _second) = demanded(make_community())
    first = issue(session, recall_id, _K.DEMAND, officer)

    def correct(wish: Wish) -> RecallNotice:
        notice_id = issue_recall_notice(
            recall_id=recall_id, kind=_K.DEMAND, actor=officer, now=AFTER, wish=wish
        )
        return session.get_one(RecallNotice, notice_id)

    with pytest.raises(Invalid, match="missing"):
        correct(Wish(corrects=first.number))
    second = correct(Wish(corrects=first.number, reason="签名人数有误。"))
    assert (second.number, second.title.partition("　")[2][:5]) == (2, "更正：关于")
    assert second.text.startswith("现对罢免第一号公告予以更正。更正原因：签名人数有误。更正后的内容如下")
    assert session.get_one(RecallNotice, first.id).text == first.text
    entry = session.scalars(select(JournalEntry).order_by(JournalEntry.sequence.desc())).first()
    assert entry is not None
    assert (entry.action, entry.reason) == ("recall.correct_notice", "签名人数有误。")
    # What was open in another window corrects what is corrected already.
    with pytest.raises(AlreadyDone):
        correct(Wish(corrects=first.number, reason="再改"))


def test_no_identity_number_is_posted_and_nobody_else_issues(session: Session) -> None:
    community = make_community()
    recall_id, (officer, _second) = demanded(community)
    with pytest.raises(NotEligible):
        issue(session, recall_id, _K.DEMAND, actor_of(make_person(community)))
    recall_of(recall_id).reasons = "身份证号 11010119900307417X 的人多次冒名领款"
    session.commit()
    with pytest.raises(Invalid, match="identity_number"):
        issue(session, recall_id, _K.DEMAND, officer)


def test_an_officer_issues_it_on_its_page_and_everybody_reads_it(app: Flask, client: FlaskClient) -> None:
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    with app.app_context():
        community = make_community()
        recall_id, _officers = demanded(community)
        make_officer(community, Role.ELECTION_OFFICER, login="election_officer")
        assert recall_of(recall_id).filed_at == NOW
    page = f"/elections/recalls/{recall_id}"
    assert "Issue a notice" not in client.get(page).text
    sign_in(client, "election_officer")
    assert f"{page}/notices/recall_demand/issue" in client.get(page).text
    draft = client.get(f"{page}/notices/recall_demand/issue").text
    assert "关于收到罢免" in draft
    assert client.get(f"{page}/notices/recall_result/issue").status_code == 404
    answer = client.post(f"{page}/notices/recall_demand/issue")
    assert answer.status_code == 303
    first = client.get(answer.location).text
    assert "Correct this notice by a new one" in first
    again = f"{page}/notices/recall_demand/issue"
    assert "Correct a notice" in client.get(again).text
    assert "Fill this in" in client.post(again, data={"corrects": "1"}).text
    second = client.post(again, data={"corrects": "1", "reason": "签名人数有误"})
    assert second.status_code == 303
    with client.session_transaction() as cookie:
        cookie.clear()
    assert "（罢免第二号）" in client.get(second.location).text
    visited = client.get(answer.location).text
    assert "（罢免第一号）" in visited
    assert "This notice was corrected" in visited
    assert "Correct this notice by a new one" not in visited
