"""Comments, hiding them, and merging matters that say the same."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.bodies.rules import Role
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.matters import services
from civicforum.matters.models import Comment, Matter, Second
from civicforum.matters.queries.comments import PER_PAGE, get_comment, list_comments, page_of_comment
from civicforum.matters.rules import HideReason, Stage
from civicforum.records.models import JournalEntry
from tests.factories import NOW
from tests.integration.matters.carrying import Place, make_place
from tests.integration.matters.raising import draft, raised, stage_of


@pytest.fixture
def place(session: Session) -> Place:
    return make_place(residents=8)


def comment(place: Place, matter_id: object, text: str = "支持", *, by: int = 1, to: object = None) -> object:
    return services.add_comment(
        matter_id=matter_id,  # type: ignore[arg-type]
        actor=place.residents[by],
        text=text,
        parent_id=to,  # type: ignore[arg-type]
        now=NOW,
    )


def test_a_reply_knows_what_it_replies_to(place: Place, session: Session) -> None:
    matter_id = raised(place)
    first = comment(place, matter_id, "灯柱也歪了")
    reply = comment(place, matter_id, "确实", by=2, to=first)
    row = session.get_one(Comment, reply)
    assert row.parent is not None
    assert row.parent.text == "灯柱也歪了"


def test_a_reply_to_a_comment_on_another_matter_is_not_found(place: Place, session: Session) -> None:
    other = comment(place, raised(place))
    with pytest.raises(NotFound):
        comment(place, raised(place), to=other)


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001])
def test_a_comment_is_neither_empty_nor_endless(place: Place, session: Session, text: str) -> None:
    with pytest.raises(Invalid):
        comment(place, raised(place), text)


def test_a_draft_and_an_ended_matter_take_no_comments(place: Place, session: Session) -> None:
    with pytest.raises(NotFound):
        comment(place, draft(place.residents[0]))
    matter_id = raised(place)
    services.withdraw_matter(matter_id=matter_id, actor=place.residents[0], reason="已修好", now=NOW)
    with pytest.raises(TransitionNotAllowed):
        comment(place, matter_id)


def test_comments_are_journalled_apart_from_the_path_of_the_matter(place: Place, session: Session) -> None:
    matter_id = raised(place)
    comment(place, matter_id)
    entries = session.scalars(select(JournalEntry).where(JournalEntry.action == "matter.comment")).all()
    assert [entry.subject_kind for entry in entries] == ["comment"]


def test_a_comment_is_hidden_once_with_its_reason_and_by_name(place: Place, session: Session) -> None:
    matter_id = raised(place)
    comment_id = comment(place, matter_id, "打广告")
    hide = {
        "matter_id": matter_id,
        "comment_id": comment_id,
        "reason": HideReason.ADVERTISING,
        "now": NOW,
    }
    with pytest.raises(NotEligible):
        services.hide_comment(actor=place.residents[0], **hide)  # type: ignore[arg-type]
    services.hide_comment(actor=place.actors[Role.CLERK], **hide)  # type: ignore[arg-type]
    row = session.get_one(Comment, comment_id)
    assert (row.hidden_reason, row.hidden_by_id) == ("advertising", place.actors[Role.CLERK].person_id)
    with pytest.raises(AlreadyDone):
        services.hide_comment(actor=place.actors[Role.COMMITTEE], **hide)  # type: ignore[arg-type]


def test_each_comment_is_found_on_its_page(place: Place, session: Session) -> None:
    matter_id = raised(place)
    for number in range(PER_PAGE + 3):
        comment(place, matter_id, f"第{number}条")
    matter = session.get_one(Matter, matter_id)
    pages = [list_comments(session, matter_id=matter_id, number=number).items for number in (1, 2)]
    assert [len(page) for page in pages] == [PER_PAGE, 3]
    for number, page in enumerate(pages, start=1):
        for row in page:
            found = get_comment(session, matter=matter, comment_id=row.id)
            assert page_of_comment(session, found) == number


def test_merging_links_both_and_carries_each_supporter_over_once(place: Place, session: Session) -> None:
    stays = raised(place)
    author = place.residents[1]
    goes = draft(author)
    services.publish_matter(matter_id=goes, actor=author, now=NOW)
    for supporter in (place.residents[2], place.residents[3]):
        services.second_matter(matter_id=stays, actor=supporter, now=NOW)
    for supporter in (place.residents[0], place.residents[3], place.residents[4], place.residents[5]):
        services.second_matter(matter_id=goes, actor=supporter, now=NOW)
    services.merge_matters(
        matter_id=goes, into_id=stays, actor=place.actors[Role.COMMITTEE], reason="同一盏灯", now=NOW
    )
    supporters = session.scalars(select(Second.person_id).where(Second.matter_id == stays)).all()
    # The author of what stays is no supporter; the author of what goes becomes one, and makes the fifth.
    assert sorted(supporters) == sorted(actor.person_id for actor in place.residents[1:6])
    assert stage_of(stays) is Stage.SECONDED
    assert session.get_one(Matter, goes).merged_into_id == stays


def test_a_matter_is_merged_neither_into_itself_nor_into_one_that_is_over(
    place: Place, session: Session
) -> None:
    clerk, matter_id, over = place.actors[Role.CLERK], raised(place), raised(place)
    services.withdraw_matter(matter_id=over, actor=place.residents[0], reason="已修好", now=NOW)
    for into in (matter_id, over):
        with pytest.raises(Invalid):
            services.merge_matters(matter_id=matter_id, into_id=into, actor=clerk, reason="重复", now=NOW)
    with pytest.raises(NotEligible):
        services.merge_matters(
            matter_id=matter_id, into_id=raised(place), actor=place.residents[0], reason="重复", now=NOW
        )
