"""Raising a matter: the draft, its photos, the number, and what the author may do afterwards."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.inbox.rules import NeedKind
from civicforum.matters import services
from civicforum.matters.models import Matter, MatterPhoto
from civicforum.matters.queries import list_needs, similar
from civicforum.matters.queries.one import get_matter
from civicforum.matters.queries.similar import list_similar
from civicforum.matters.rules import Act, Channel, Stage
from civicforum.records.models import JournalEntry, Photo
from civicforum.records.photos import PhotoRefused
from tests.factories import NOW
from tests.integration.matters.carrying import Place, make_place
from tests.integration.matters.raising import decided, draft, photo_file, raised, stage_of, studied


@pytest.fixture
def place(session: Session) -> Place:
    return make_place(residents=8)


def test_publishing_gives_number_words_profile_and_opens_seconding(place: Place, session: Session) -> None:
    matter = session.get_one(Matter, raised(place))
    assert (matter.stage, matter.number, matter.raised_at) == (Stage.RAISED, "2026-0001", NOW)
    assert {"路灯", "台阶", "小路"} <= set(matter.tokens)
    assert matter.profile == "national-2026"
    assert len(matter.profile_version) == 12
    assert matter.due_at is None


def test_numbers_have_no_gap_and_begin_anew_with_the_year_in_shanghai(place: Place, session: Session) -> None:
    author = place.residents[0]
    refused = services.start_draft(actor=author, title="没有正文", now=NOW)
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    numbers = []
    for now in (NOW, NOW, new_year - timedelta(seconds=1), new_year):
        with pytest.raises(Invalid):
            services.publish_matter(matter_id=refused, actor=author, now=now)
        numbers.append(services.publish_matter(matter_id=draft(author, now=now), actor=author, now=now))
    assert numbers == ["2026-0001", "2026-0002", "2026-0003", "2027-0001"]


def test_two_communities_number_apart(place: Place, session: Session) -> None:
    other = make_place(suffix="x")
    assert session.get_one(Matter, raised(place)).number == session.get_one(Matter, raised(other)).number


def test_a_draft_is_found_by_its_author_alone(place: Place, session: Session) -> None:
    author, other = place.residents[:2]
    matter_id = draft(author)
    assert get_matter(
        session, matter_id=matter_id, community_id=author.community_id, person_id=author.person_id
    )
    with pytest.raises(NotFound):
        get_matter(session, matter_id=matter_id, community_id=author.community_id, person_id=other.person_id)
    for act in (services.publish_matter, services.discard_draft):
        with pytest.raises(NotFound):
            act(matter_id=matter_id, actor=other, now=NOW)


def test_a_draft_leaves_neither_words_nor_a_public_trace_in_the_journal(
    place: Place, session: Session
) -> None:
    matter_id = draft(place.residents[0])
    services.discard_draft(matter_id=matter_id, actor=place.residents[0], now=NOW)
    entries = session.scalars(
        select(JournalEntry).where(JournalEntry.subject_id == matter_id).order_by(JournalEntry.sequence)
    ).all()
    assert [(entry.action, entry.is_public, entry.subject_title) for entry in entries] == [
        ("matter.start_draft", False, ""),
        ("matter.discard_draft", False, ""),
    ]


def test_discarding_removes_the_draft_and_its_photos(place: Place, session: Session) -> None:
    author = place.residents[0]
    matter_id = draft(author)
    services.add_photo(matter_id=matter_id, actor=author, data=photo_file(), description="路灯", now=NOW)
    services.discard_draft(matter_id=matter_id, actor=author, now=NOW)
    assert session.get(Matter, matter_id) is None
    assert session.scalar(select(func.count()).select_from(Photo)) == 0


def test_a_matter_takes_six_photos_and_keeps_what_each_shows(place: Place, session: Session) -> None:
    author = place.residents[0]
    matter_id = draft(author)
    ids = [
        services.add_photo(matter_id=matter_id, actor=author, data=photo_file(), description="", now=NOW)
        for _ in range(6)
    ]
    with pytest.raises(Invalid):
        services.add_photo(matter_id=matter_id, actor=author, data=photo_file(), description="", now=NOW)
    services.remove_photo(matter_id=matter_id, actor=author, photo_id=ids[0], now=NOW)
    services.describe_photos(
        matter_id=matter_id, actor=author, descriptions={ids[1]: " 灯柱 ", uuid.uuid4(): "别人的"}, now=NOW
    )
    kept = session.scalars(select(Photo).join(MatterPhoto).order_by(MatterPhoto.position)).all()
    assert [photo.id for photo in kept] == ids[1:]
    assert kept[0].description == "灯柱"


def test_a_file_that_is_no_photo_is_refused(place: Place, session: Session) -> None:
    with pytest.raises(PhotoRefused):
        services.add_photo(
            matter_id=draft(place.residents[0]),
            actor=place.residents[0],
            data=b"%PDF-1.7",
            description="",
            now=NOW,
        )


def test_what_a_clerk_enters_for_somebody_came_by_the_desk(place: Place, session: Session) -> None:
    clerk = place.actors[Role.CLERK]
    helped = replace(place.residents[0], assisted_by=clerk.person_id)
    matter_id = draft(helped)
    services.publish_matter(matter_id=matter_id, actor=helped, now=NOW)
    assert session.get_one(Matter, matter_id).channel is Channel.DESK


def test_a_returned_matter_is_revised_and_its_new_clock_starts_anew(place: Place, session: Session) -> None:
    matter_id, author = decided(place, Act.RETURN), place.residents[0]
    later = NOW + timedelta(days=14)
    services.edit_title(matter_id=matter_id, actor=author, title="东侧小路三盏路灯坏了", now=later)
    services.resubmit_matter(matter_id=matter_id, actor=author, text="补充了灯的位置", now=later)
    matter = session.get_one(Matter, matter_id)
    assert matter.stage is Stage.IN_REVIEW
    assert matter.due_at is not None
    assert (matter.due_at - later).days >= 14
    actions = session.scalars(
        select(JournalEntry.action)
        .where(JournalEntry.subject_id == matter_id)
        .order_by(JournalEntry.sequence)
    ).all()
    assert actions[-2:] == ["matter.edit", "matter.resubmit"]


def test_an_author_withdraws_until_the_review_begins(place: Place, session: Session) -> None:
    author = place.residents[0]
    matter_id = raised(place)
    services.withdraw_matter(matter_id=matter_id, actor=author, reason="已修好", now=NOW)
    assert stage_of(matter_id) is Stage.WITHDRAWN
    with pytest.raises(TransitionNotAllowed):
        services.withdraw_matter(matter_id=studied(place), actor=author, reason="晚了", now=NOW)
    with pytest.raises(NotEligible):
        services.withdraw_matter(
            matter_id=raised(place), actor=place.residents[1], reason="不是我的", now=NOW
        )


def test_alike_matters_are_found_and_others_are_not(place: Place, session: Session) -> None:
    alike = raised(place, title="小区东路路灯夜间不亮")
    raised(place, title="给老年活动室装助听电话", text="接电话听不清。")
    hidden = draft(place.residents[1], title="路灯草稿")
    new = session.get_one(
        Matter, services.start_draft(actor=place.residents[2], title="东侧路灯不亮", now=NOW)
    )
    found = [line.matter.id for line in list_similar(session, matter=new)]
    assert found == [alike]
    assert hidden not in found


def test_of_matters_that_are_alike_the_newest_are_looked_at(
    place: Place, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = (raised(place, title=title) for title in ("东门路灯不亮", "西门路灯不亮"))
    session.get_one(Matter, older).raised_at = NOW - timedelta(days=1)
    new = session.get_one(
        Matter, services.start_draft(actor=place.residents[2], title="门口路灯不亮", now=NOW)
    )
    assert {line.matter.id for line in list_similar(session, matter=new)} == {older, newer}
    monkeypatch.setattr(similar, "MOST_LOOKED_AT", 1)
    assert [line.matter.id for line in list_similar(session, matter=new)] == [newer]


def test_unfinished_and_returned_matters_wait_for_their_author(place: Place, session: Session) -> None:
    author = place.residents[0]
    unfinished, returned = draft(author), decided(place, Act.RETURN)
    kinds = {need.kind: need.arguments["matter_id"] for need in list_needs(session, author, NOW)}
    assert kinds == {NeedKind.FINISH_DRAFT: unfinished, NeedKind.REVISE: returned}
