"""Pages of the board: what is found, what is shown in red, and the same text on page, sheet and wall."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from civicforum.accounts.models import Account
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.departments.models import Department
from civicforum.departments.rules import DepartmentKind
from civicforum.notices import services
from civicforum.notices.models import DisclosureDue, DisclosureItem, NoticeDraft
from civicforum.notices.rules import DraftState, NoticeCategory
from civicforum.rulebook.days import day_of
from civicforum.security import limiter
from tests.factories import actor_of, make_community, make_officer, sign_in
from tests.support.notices import make_notice_board

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
TEXT = "东门路灯已全部更换，费用三千元。\n经办：居民委员会。"


@pytest.fixture
def community_id(app: Flask, client: FlaskClient) -> uuid.UUID:
    with app.app_context():
        community = make_community()
        for role in (Role.COMMITTEE, Role.CLERK, Role.SUPERVISOR):
            make_officer(community, role, login=role.value, name=f"{role.value}甲")
        make_officer(community, Role.RESIDENT, login="resident")
        return community.id


Post = Callable[..., uuid.UUID]


@pytest.fixture
def post(app: Flask, community_id: uuid.UUID) -> Post:
    def post(title: str = "路灯更换情况", text: str = TEXT, now: datetime = NOW) -> uuid.UUID:
        with app.app_context():
            notice = services.post_notice(
                db.session(),
                community_id=community_id,
                category=NoticeCategory.FACILITIES,
                title=title,
                text=text,
                posted_by=None,
                now=now,
            )
            db.session.commit()
            return notice.id

    return post


def draft_of(app: Flask, community_id: uuid.UUID) -> tuple[str, str]:
    """Let the first of the overdue items be known; return what the form calls it, and its name."""
    with app.app_context():
        services.sweep_clocks(now=NOW - 200 * DAY)
        services.sweep_clocks(now=NOW)
        due = db.session.scalars(
            select(DisclosureDue).join(DisclosureItem).where(DisclosureItem.code == "facilities")
        ).first()
        assert due is not None
        return f"due:{due.id}", "Use and upkeep of the community's premises and facilities"


def marked(page: str) -> list[str]:
    return re.findall(r"<mark>(.*?)</mark>", page)


def test_words_are_found_in_title_first_and_marked_in_what_is_shown(client: FlaskClient, post: Post) -> None:
    post("楼道清洁", "路灯之外，楼道也已清洁。", NOW)
    post("路灯更换情况", "已换好。", NOW - DAY)
    post("停水通知", "周三停水。", NOW)
    page = client.get("/notices/?q=路灯").text
    assert page.index("更换情况") < page.index("楼道清洁")
    assert "停水通知" not in page
    assert marked(page) == ["路灯", "路灯"]


def test_a_part_of_a_word_is_found_where_no_word_is(client: FlaskClient, post: Post) -> None:
    post("通知", "金桂苑七号楼三单元换水表。")
    assert marked(client.get("/notices/?q=桂苑七").text) == ["桂苑七"]
    assert "找不到的词" in client.get("/notices/?q=找不到的词").text


def test_state_and_category_narrow_the_list(client: FlaskClient, post: Post) -> None:
    post("现在的公告")
    post("过去的公告", now=NOW - 40 * DAY)
    running = client.get("/notices/?state=posted").text
    over = client.get("/notices/?state=expired").text
    assert ("现在的公告" in running, "过去的公告" in running) == (True, False)
    assert ("现在的公告" in over, "过去的公告" in over) == (False, True)
    assert "现在的公告" not in client.get("/notices/?category=deliberation").text


def test_the_archive_has_every_year(client: FlaskClient, post: Post) -> None:
    post("前年的公告", now=datetime(2024, 12, 31, 16, 30, tzinfo=UTC))
    # Half past midnight in Shanghai is the first of January there.
    page = client.get("/notices/archive").text
    assert "前年的公告" in client.get("/notices/archive?year=2025").text
    assert "2025 (1)" in page
    assert client.get("/notices/archive?year=abc").status_code == 200


@pytest.mark.law("E2", "disclosure.board")
def test_page_sheet_and_wall_show_the_same_text(client: FlaskClient, post: Post) -> None:
    notice_id = post()
    texts = [
        re.search(r'<div class="notice-text" lang="zh-Hans">(.*?)</div>', client.get(path).text, re.DOTALL)
        for path in (f"/notices/{notice_id}", f"/notices/{notice_id}/sheet", "/notices/screen")
    ]
    assert {found.group(1) for found in texts if found} == {TEXT}
    assert all(texts)


def test_the_wall_turns_from_one_notice_to_the_next(client: FlaskClient, post: Post) -> None:
    post("第一条", now=NOW - DAY)
    post("第二条")
    first, second = client.get("/notices/screen"), client.get("/notices/screen?n=1")
    assert ("第二条" in first.text, "第一条" in second.text) == (True, True)
    assert first.headers["Refresh"] == "15; url=/notices/screen?n=1"
    assert second.headers["Refresh"] == "15; url=/notices/screen?n=0"
    assert client.get("/notices/screen?n=-7").status_code == 200


def test_a_long_notice_goes_over_several_screens_and_loses_nothing(client: FlaskClient, post: Post) -> None:
    text = "\n".join(f"{number}. {'事项说明' * 12}。" for number in range(1, 31))
    post("很长的公告", text)
    shown, address = "", "/notices/screen"
    for _part in range(6):
        answer = client.get(address)
        found = re.search(r'lang="zh-Hans">([^<]*)</div>', answer.text)
        assert found is not None
        shown += found.group(1)
        address = answer.headers["Refresh"].partition("url=")[2]
        if "part" not in address:
            break
    assert shown == text
    assert "part=1" in client.get("/notices/screen?n=0&part=-4").headers["Refresh"]


def test_the_wall_has_words_when_nothing_is_posted(client: FlaskClient, community_id: uuid.UUID) -> None:
    assert client.get("/notices/screen").status_code == 200


def test_without_a_printer_the_sheet_says_how_to_print(
    client: FlaskClient, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICFORUM_CHROMIUM", "no-such-browser")
    notice_id = post()
    answer = client.get(f"/notices/{notice_id}/sheet.pdf")
    assert (answer.status_code, answer.location) == (303, f"/notices/{notice_id}/sheet")
    assert "sheet.pdf" not in client.get(f"/notices/{notice_id}/sheet").text


def test_a_stranger_has_only_so_many_sheets_printed(
    make_database: Callable[[str], str], make_app: Callable[[str], Flask], template: str
) -> None:
    limiter.enabled = True
    limited = make_app(make_database(template))
    with limited.app_context():
        make_community()
        db.engine.dispose()
    client = limited.test_client()
    limiter.enabled = True
    try:
        answers = [client.get(f"/notices/{uuid.uuid4()}/sheet.pdf").status_code for _ in range(21)]
    finally:
        limiter.enabled = False
        limiter.reset()
    assert answers == [404] * 20 + [429]


def test_what_is_missing_stands_in_words_on_board_list_and_wall(
    app: Flask, client: FlaskClient, community_id: uuid.UUID
) -> None:
    _answer, name = draft_of(app, community_id)
    english = {"Accept-Language": "en"}
    for path, words in (
        ("/notices/", "items were not posted in time"),
        ("/notices/screen", "notices are missing"),
        ("/notices/due", "notices are missing"),
    ):
        page = client.get(path, headers=english).text
        assert words in page
    assert name.replace("'", "&#39;") in page


def test_a_draft_goes_the_whole_way_by_its_pages(
    app: Flask, client: FlaskClient, community_id: uuid.UUID
) -> None:
    answers, _name = draft_of(app, community_id)
    sign_in(client, "clerk")
    form = {"answers": answers, "title": "设施情况", "text": TEXT}
    draft_page = client.post("/notices/drafts/new", data=form).location
    assert client.post(f"{draft_page}/hand-in").status_code == 303
    sign_in(client, "supervisor")
    missing = client.post(f"{draft_page}/review", data={"verdict": "object", "text": ""})
    assert missing.status_code == 422
    objection = client.post(f"{draft_page}/review", data={"verdict": "object", "text": "缺少合同号。"})
    assert objection.status_code == 303
    sign_in(client, "clerk")
    answer = {"is_taken": "yes", "answer": "已补充。", "title": "设施情况", "text": f"{TEXT}\n合同第七号。"}
    assert client.post(f"{draft_page}/answer", data=answer).status_code == 303
    sign_in(client, "supervisor")
    assert client.post(f"{draft_page}/review", data={"verdict": "clear"}).status_code == 303
    sign_in(client, "committee")
    today = day_of(datetime.now(UTC))
    no_note = client.post(f"{draft_page}/met", data={"met_on": today.isoformat(), "note": ""})
    assert no_note.status_code == 422
    met = client.post(f"{draft_page}/met", data={"met_on": today.isoformat(), "note": "同意公布。"})
    assert met.status_code == 303
    notice_page = client.post(f"{draft_page}/post").location
    page = client.get(notice_page).text
    assert "合同第七号。" in page
    assert 'class="notice-way"' in page
    assert client.get("/notices/due").status_code == 200


def test_a_number_is_shown_where_it_stands_and_nothing_is_lost(
    app: Flask, client: FlaskClient, community_id: uuid.UUID
) -> None:
    sign_in(client, "clerk")
    form = {"category": "common_concern", "title": "救助公示", "text": "第一行\n张某 11010519491231002X 低保"}
    refused = client.post("/notices/publish", data=form)
    assert refused.status_code == 422
    assert marked(refused.text) == ["1101**********002X"]
    assert "张某 11010519491231002X 低保" in refused.text
    answers, _name = draft_of(app, community_id)
    text = "联系人电话13812345678"
    draft_page = client.post(
        "/notices/drafts/new", data={"answers": answers, "title": "设施", "text": text}
    ).location
    handed = client.post(f"{draft_page}/hand-in")
    assert (handed.status_code, marked(handed.text)) == (422, ["138*****678"])
    with app.app_context():
        assert db.session.scalars(select(NoticeDraft)).one().state is DraftState.DRAFT


def test_a_removed_notice_says_why_and_keeps_its_text_from_visitors(
    app: Flask, client: FlaskClient, community_id: uuid.UUID
) -> None:
    sign_in(client, "committee")
    form = {"category": "facilities", "title": "路灯", "text": TEXT}
    notice_page = client.post("/notices/publish", data=form).location
    assert client.post(f"{notice_page}/remove", data={"reason": ""}).status_code == 422
    assert client.post(f"{notice_page}/remove", data={"reason": "费用有误。"}).status_code == 303
    assert TEXT.splitlines()[0] in client.get(notice_page).text
    stranger = app.test_client()
    page = stranger.get(notice_page).text
    assert "费用有误。" in page
    assert TEXT.splitlines()[0] not in page
    assert stranger.get(f"{notice_page}/sheet").status_code == 404
    assert TEXT.splitlines()[0] not in stranger.get("/notices/").text
    assert "路灯" not in stranger.get("/notices/screen").text
    again = client.post(f"{notice_page}/again").location
    assert TEXT.splitlines()[0] in stranger.get(again).text
    assert client.post(f"{notice_page}/again").status_code == 409


def test_items_are_kept_by_the_committee(app: Flask, client: FlaskClient, community_id: uuid.UUID) -> None:
    draft_of(app, community_id)
    sign_in(client, "committee")
    own = {"name": "广场舞音量", "category": "facilities", "rhythm": "monthly", "body": ""}
    assert client.post("/notices/items/new", data={**own, "name": ""}).status_code == 422
    assert client.post("/notices/items/new", data=own).status_code == 303
    assert "广场舞音量" in client.get("/notices/due").text
    with app.app_context():
        law = db.session.scalars(select(DisclosureItem).where(DisclosureItem.code == "facilities")).one().id
    assert client.post(f"/notices/items/{law}/change", data={"rhythm": "yearly"}).status_code == 422
    assert client.post(f"/notices/items/{law}/change", data={"rhythm": "monthly"}).status_code == 303
    assert client.post(f"/notices/items/{law}/end", data={"reason": "不要"}).status_code == 409
    with app.app_context():
        due = db.session.scalars(select(DisclosureDue)).first()
        assert due is not None
        join = f"/notices/due/{due.id}/join"
    assert client.get(join).status_code == 200
    assert client.post(join, data={"notice_id": ""}).status_code == 422


def test_drafts_are_for_officers(app: Flask, client: FlaskClient, community_id: uuid.UUID) -> None:
    sign_in(client, "resident")
    assert client.get("/notices/drafts").status_code == 403
    for login in ("committee", "clerk", "supervisor"):
        sign_in(client, login)
        assert client.get("/notices/drafts").status_code == 200


def test_the_office_number_of_the_register_may_stand_in_a_notice(
    app: Flask, client: FlaskClient, community_id: uuid.UUID
) -> None:
    with app.app_context():
        db.session.add(
            Department(
                community_id=community_id,
                kind=DepartmentKind.PROVIDER,
                name="清源自来水公司",
                duty="供水。",
                phone="0312-5550196",
                since=datetime(2020, 1, 1, tzinfo=UTC).date(),
            )
        )
        db.session.commit()
    sign_in(client, "clerk")
    form = {"category": "common_concern", "title": "停水", "text": "咨询电话：0312-555-0196 或者12345。"}
    assert client.post("/notices/publish", data=form).status_code == 303
    form["text"] = "咨询电话：0312-555-0197。"
    assert client.post("/notices/publish", data=form).status_code == 422


def test_every_page_of_a_filled_board_can_be_opened_by_who_may(
    app: Flask, client: FlaskClient, community_id: uuid.UUID
) -> None:
    with app.app_context():
        accounts = {account.login: account.person for account in db.session.scalars(select(Account))}
        actors = [
            actor_of(accounts[role.value], role) for role in (Role.COMMITTEE, Role.CLERK, Role.SUPERVISOR)
        ]
        board = make_notice_board(
            db.session(), director=actors[0], clerk=actors[1], supervisor=actors[2], now=NOW
        )
        drafts = (board.written_id, board.in_review_id, board.objected_id, board.reviewed_id, board.met_id)
    sign_in(client, "committee")
    pages = [
        *(f"/notices/drafts/{draft_id}" for draft_id in drafts),
        f"/notices/drafts/{board.written_id}/change",
        f"/notices/drafts/{board.written_id}/drop",
        f"/notices/drafts/{board.objected_id}/answer",
        f"/notices/drafts/new?due={board.due_id}",
        f"/notices/drafts/new?repost={board.removed_id}",
        f"/notices/due/{board.due_id}/join",
        f"/notices/items/{board.own_item_id}/change",
        f"/notices/items/{board.own_item_id}/end",
        f"/notices/{board.posted_id}",
        f"/notices/{board.posted_id}/remove",
        f"/notices/{board.removed_id}",
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    sign_in(client, "supervisor")
    assert 'name="verdict"' in client.get(f"/notices/drafts/{board.in_review_id}").text
