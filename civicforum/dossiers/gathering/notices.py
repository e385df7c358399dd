"""Notices with their posting, queries about them with the answers, and an item that was not posted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum.dossiers.contents import Block, Document, Facts, Heading, Link, Part, Said, Section, Words
from civicforum.dossiers.scopes import Kind, Scope
from civicforum.layout import day, moment
from civicforum.notices.models import DisclosureDue, Notice, NoticeQuery
from civicforum.notices.queries.querying import Thread, list_queries
from civicforum.notices.rules import NoticeState, QueryEntryKind
from civicforum.notices.rules_asking import QueryState
from civicforum.notices.texts import CATEGORIES, item_name

MOST_QUERIES = 200


def notices_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return the notices word for word, with when and where they were posted."""
    blocks = [block for notice in scope.notices for block in _notice(notice, scope)]
    if scope.due is not None:
        blocks = [*_due(scope.due, now), *blocks]
    return Part(Section("notices", _("Notices"), tuple(blocks), _("No notice about it has been posted.")))


def queries_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what residents asked about the notices, and the answers. Four statements for each of them."""
    blocks: list[Block] = []
    asked = set(
        session.scalars(
            select(NoticeQuery.notice_id)
            .where(NoticeQuery.notice_id.in_([notice.id for notice in scope.notices]))
            .distinct()
        )
    )
    for notice in (one for one in scope.notices if one.id in asked):
        page = list_queries(
            session,
            community_id=notice.community_id,
            notice_id=notice.id,
            person_id=None,
            number=1,
            per_page=MOST_QUERIES,
            now=now,
        )
        if page.total and len(scope.notices) > 1:
            blocks.append(Heading(notice.title))
        blocks += [block for thread in page.items for block in _thread(thread)]
        if page.total > len(page.items):
            blocks.append(_more(page.total, len(page.items), "notices.queries", {"notice": str(notice.id)}))
    title = _("Queries about the notices, and the answers")
    return Part(Section("notice-queries", title, tuple(blocks), _("Nobody has put a query about a notice.")))


def _notice(notice: Notice, scope: Scope) -> Iterator[Block]:
    if scope.kind is not Kind.NOTICE:
        yield Heading(notice.title, Link(_("To its page"), "notices.show", {"notice_id": str(notice.id)}))
    yield Facts(
        (
            (_("About"), str(CATEGORIES[notice.category])),
            (_("Posted"), moment(notice.posted_at)),
            (_("To stay posted until"), moment(notice.until)),
            (_("Posted by"), notice.posted_by.name if notice.posted_by else ""),
            (_("On the board in the street since"), moment(notice.on_board_at) if notice.on_board_at else ""),
            (_("Taken off the board"), moment(notice.off_board_at) if notice.off_board_at else ""),
        )
    )
    if notice.state is NoticeState.REMOVED and notice.removed_at is not None:
        # What was removed may be so for what it said: the page does not show it either.
        yield Words(
            _(
                "%(name)s took it down on %(at)s, because: %(why)s",
                name=notice.removed_by.name if notice.removed_by else "",
                at=moment(notice.removed_at),
                why=notice.removed_because,
            ),
            is_grave=True,
        )
        return
    yield Document(_("Text of the notice"), notice.text, f"texts/notice-{notice.id}.txt")


def _due(due: DisclosureDue, now: datetime) -> Iterator[Block]:
    """Yield what had to be posted until when, and whether it was."""
    yield Facts(
        (
            (_("What has to be posted"), item_name(due.item)),
            (_("About"), str(CATEGORIES[due.item.category])),
            (_("Body that answers for it"), due.item.body.name if due.item.body else ""),
            (
                _("Period it reports on"),
                _("%(first)s to %(last)s", first=day(due.period_from), last=day(due.period_until)),
            ),
            (_("Due until"), moment(due.due_at)),
        )
    )
    if due.notice is None:
        is_late = now > due.due_at
        words = (
            _("It is missing: its time is over, and nothing was posted.")
            if is_late
            else _("It is not due yet.")
        )
        yield Words(words, is_grave=is_late)
    elif due.notice.posted_at > due.due_at:
        yield Words(_("It was posted late, on %(at)s.", at=moment(due.notice.posted_at)), is_grave=True)
    else:
        yield Words(_("It was posted in time, on %(at)s.", at=moment(due.notice.posted_at)))


def _thread(thread: Thread) -> Iterator[Block]:
    query = thread.query
    if thread.state is QueryState.HIDDEN:
        yield Words(
            _("A query of %(day)s is hidden, with a reason, and is not shown here.", day=day(query.at))
        )
        return
    for entry in query.entries:
        is_answer = entry.kind is QueryEntryKind.ANSWER
        who = f"{entry.person.name} ({entry.post})" if entry.post else entry.person.name
        yield Said(who, entry.text, entry.at, is_answer=is_answer)
        if is_answer and entry.is_late:
            yield Words(_("This answer came late."), is_grave=True)
    if thread.is_overdue:
        yield Words(_("This query has no answer, and its time is over."), is_grave=True)


def _more(total: int, shown: int, endpoint: str, arguments: dict[str, str]) -> Link:
    words = _(
        "Shown here are %(shown)s of %(total)s; all of them are on the website.", shown=shown, total=total
    )
    return Link(words, endpoint, arguments)
