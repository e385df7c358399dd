"""What is new in a community as an Atom 1.0 feed (RFC 4287)."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as Tree

from flask import url_for
from sqlalchemy import select

from civicforum.api.filters import Filters
from civicforum.api.kinds.kind import Scope
from civicforum.api.kinds.matters import MatterFilters, select_matters
from civicforum.api.kinds.notices import NoticeFilters, select_notices
from civicforum.matters.models import Matter
from civicforum.meetings.models import Meeting
from civicforum.notices.models import Notice
from civicforum.notices.rules import NoticeCategory, NoticeState
from civicforum.polls.queries.overview import list_latest_results
from civicforum.rulebook.days import day_of

ATOM = "http://www.w3.org/2005/Atom"
MOST = 50
# What XML 1.0 has no place for.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class FeedFilters(Filters):
    """Of which notices; without a category also matters, meetings and decisions."""

    category: NoticeCategory | None = None


@dataclass(frozen=True)
class News:
    """Something new: where it stands, since when, under which term."""

    id: uuid.UUID
    title: str
    text: str
    at: datetime
    term: str
    url: str


def write_feed(scope: Scope, category: NoticeCategory | None, *, url: str) -> str:
    """Return the feed of a community, or of one category of its notices, as XML; `url` is its own address."""
    news = list_news(scope, category)
    community = scope.community
    feed_id = uuid.uuid5(community.id, category) if category else community.id
    feed = Tree.Element("feed", {"xmlns": ATOM, "xml:lang": "zh-Hans"})
    _add(feed, "id", feed_id.urn)
    _add(feed, "title", community.name)
    _add(feed, "updated", max((one.at for one in news), default=community.created_at).isoformat())
    Tree.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": url})
    Tree.SubElement(feed, "link", {"rel": "alternate", "href": url_for("inbox.home", _external=True)})
    _add(Tree.SubElement(feed, "author"), "name", community.name)
    for one in news:
        _entry(feed, one)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + Tree.tostring(feed, encoding="unicode")


def list_news(scope: Scope, category: NoticeCategory | None) -> list[News]:
    """Return what is newest, the latest first: notices, and without a category everything else too."""
    found = [*_notices(scope, category)]
    if category is None:
        found += [*_matters(scope), *_meetings(scope), *_decisions(scope)]
    return sorted(found, key=lambda one: (one.at, one.id), reverse=True)[:MOST]


def _notices(scope: Scope, category: NoticeCategory | None) -> Iterable[News]:
    statement = select_notices(scope, NoticeFilters(category=category))
    # One taken down is not news; whoever has its address still finds why.
    standing = statement.where(Notice.state != NoticeState.REMOVED)
    for notice in scope.session.scalars(standing.order_by(Notice.posted_at.desc(), Notice.id).limit(MOST)):
        url = url_for("notices.show", notice_id=notice.id, _external=True)
        yield News(notice.id, notice.title, notice.text, notice.posted_at, notice.category, url)


def _matters(scope: Scope) -> Iterable[News]:
    statement = select_matters(scope, MatterFilters())
    for matter in scope.session.scalars(statement.order_by(Matter.raised_at.desc(), Matter.id).limit(MOST)):
        url = url_for("matters.show", matter_id=matter.id, _external=True)
        yield News(matter.id, f"{matter.number} {matter.title}", matter.body, matter.raised_at, "matter", url)


def _meetings(scope: Scope) -> Iterable[News]:
    statement = (
        select(Meeting)
        .where(Meeting.community_id == scope.community_id)
        .order_by(Meeting.noticed_at.desc(), Meeting.id)
        .limit(MOST)
    )
    for meeting in scope.session.scalars(statement):
        url = url_for("meetings.show", meeting_id=meeting.id, _external=True)
        text = f"{day_of(meeting.starts_at).isoformat()} {meeting.place}"
        yield News(meeting.id, meeting.title, text, meeting.noticed_at, "meeting", url)


def _decisions(scope: Scope) -> Iterable[News]:
    for poll in list_latest_results(scope.session, community_id=scope.community_id, limit=MOST):
        if poll.result is None:
            continue
        url = url_for("polls.show", poll_id=poll.id, _external=True)
        outcome = "通过" if poll.result.is_adopted else "未通过"
        yield News(poll.id, f"{outcome}：{poll.title}", poll.question, poll.result.made_at, "decision", url)


def _entry(feed: Tree.Element, one: News) -> None:
    entry = Tree.SubElement(feed, "entry")
    _add(entry, "id", one.id.urn)
    _add(entry, "title", one.title)
    _add(entry, "updated", one.at.isoformat())
    _add(entry, "published", one.at.isoformat())
    Tree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": one.url})
    Tree.SubElement(entry, "category", {"term": one.term})
    _add(entry, "content", one.text)


def _add(parent: Tree.Element, name: str, text: str) -> None:
    Tree.SubElement(parent, name).text = _UNWRITABLE.sub("", text)
