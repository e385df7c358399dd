"""A matter: what was raised, how it was reviewed, how it is carried out, asked about and graded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from civicforum.dossiers.contents import (
    Block,
    Document,
    Facts,
    Hash,
    Heading,
    Link,
    Part,
    Picture,
    Said,
    Section,
    Sum,
    Table,
    Words,
)
from civicforum.dossiers.scopes import Scope
from civicforum.layout import day, moment, yuan
from civicforum.matters.models import Matter, Query, Review
from civicforum.matters.queries.appraising import RoundLine, get_grades
from civicforum.matters.queries.carrying_out import TaskLine, list_tasks
from civicforum.matters.queries.one import get_seconds, list_photos, list_reviews
from civicforum.matters.queries.watching import QueryLine, list_queries
from civicforum.matters.texts import CATEGORIES, CHANNELS, GROUNDS, OUTCOMES, REVIEW_KINDS, STAGES
from civicforum.matters.texts_after import GRADES
from civicforum.rulebook.days import day_of

MOST_QUERIES = 200


def raised_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what was raised, with its pictures."""
    matter = _matter(scope)
    photos = list_photos(session, matter_id=matter.id)
    pictures = tuple(Picture(photo.id, photo.sha256, photo.description) for photo in photos)
    seconds = get_seconds(session, matter=matter, person_id=None)
    blocks: list[Block] = [
        Facts(
            (
                (_("Number"), matter.number or ""),
                (_("Stage"), str(STAGES[matter.stage])),
                (_("About"), str(CATEGORIES[matter.category])),
                (_("Raised by"), matter.author.name),
                (_("Raised"), moment(matter.raised_at) if matter.raised_at else ""),
                (_("How it came in"), str(CHANNELS[matter.channel])),
                (_("Place"), matter.place),
                (_("Grid"), matter.grid.name if matter.grid else ""),
                (_("Seconded by"), ngettext("%(num)s resident", "%(num)s residents", seconds.count)),
                (_("Closed"), moment(matter.closed_at) if matter.closed_at else ""),
            )
        ),
        Document(_("What was raised"), matter.body, f"texts/matter-{matter.id}.txt"),
    ]
    for title, text, name in (
        (_("Resolution"), matter.resolution, "resolution"),
        (_("Closing words"), matter.closing_text, "closing"),
    ):
        if text:
            blocks.append(Document(title, text, f"texts/{name}-{matter.id}.txt"))
    if pictures:
        blocks.append(Heading(_("Pictures")))
    for one in pictures:
        words = one.description or _("Photo without a description")
        blocks.append(Hash(f"{words} · {one.path} · SHA-256", one.sha256))
    return Part(Section("matter", _("What was raised"), tuple(blocks), ""), pictures=pictures)


def reviews_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return the steps of the two committees' review."""
    blocks = [_review(review) for review in list_reviews(session, matter_id=_matter(scope).id)]
    title, absent = _("Review by the two committees"), _("It has not been reviewed.")
    return Part(Section("review", title, tuple(blocks), absent))


def tasks_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return how it is carried out: tasks with bodies, money, dates and reports."""
    matter = _matter(scope)
    lines = list_tasks(session, matter=matter, findings=[], actor=None, today=day_of(now))
    blocks = [block for line in lines for block in _task(line)]
    return Part(Section("tasks", _("Carrying out"), tuple(blocks), _("No task has been given yet.")))


def queries_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return what residents asked about the matter, and the answers."""
    matter = _matter(scope)
    page = list_queries(session, matter_id=matter.id, number=1, per_page=MOST_QUERIES, now=now)
    blocks = [block for line in page.items for block in _query(line)]
    if page.total > len(page.items):
        words = _(
            "Shown here are %(shown)s of %(total)s; all of them are on the website.",
            shown=len(page.items),
            total=page.total,
        )
        blocks.append(Link(words, "matters.queries", {"matter_id": str(matter.id)}))
    title, absent = _("Queries about the matter, and the answers"), _("Nobody has put a query about it.")
    return Part(Section("queries", title, tuple(blocks), absent))


def grades_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return how residents graded the outcome: counts alone, and none where few took part."""
    rounds = get_grades(session, matter=_matter(scope), actor=None, now=now).rounds
    blocks = [block for one in rounds for block in _round(one)]
    return Part(Section("grades", _("Residents' grades"), tuple(blocks), _("It has not been graded.")))


def _matter(scope: Scope) -> Matter:
    assert scope.matter is not None  # noqa: S101
    return scope.matter


def _review(review: Review) -> Said:
    body = review.body.name if review.body else ""
    who = " · ".join(filter(None, (str(REVIEW_KINDS[review.kind]), body, review.person.name)))
    outcome = str(OUTCOMES[review.outcome])
    ground = str(GROUNDS[review.ground]) if review.ground else ""
    return Said(who, "\n".join(filter(None, (outcome, ground, review.text))), review.at)


def _task(line: TaskLine) -> Iterator[Block]:
    task = line.task
    yield Heading(task.title)
    yield Facts(
        (
            (_("Body that answers for it"), task.body.name),
            (_("Money"), yuan(task.money_cents) if task.money_cents else ""),
            (_("Source of the money"), task.money_source),
            (_("By what it is seen to be done"), task.standard),
            (_("Begins on"), day(task.starts_on)),
            (_("Due until"), day(task.due_on)),
            (_("Done"), moment(task.done_at) if task.done_at else ""),
        )
    )
    if line.is_late:
        yield Words(_("This task is late."), is_grave=True)
    for report in reversed(line.reports):
        one = report.report
        progress = _("%(share)s percent done", share=one.progress)
        yield Said(" · ".join(filter(None, (one.person.name, one.post, progress))), one.text, one.at)


def _query(line: QueryLine) -> Iterator[Block]:
    query: Query = line.query
    yield Said(query.author.name, query.text, query.at)
    if query.answered_at is not None and query.answered_by is not None:
        who = (
            f"{query.answered_by.name} ({query.answered_post})"
            if query.answered_post
            else query.answered_by.name
        )
        yield Said(who, query.answer, query.answered_at, is_answer=True)
        if query.answered_at > query.due_at:
            yield Words(_("This answer came late."), is_grave=True)
    elif line.is_overdue:
        yield Words(_("This query has no answer, and its time is over."), is_grave=True)


def _round(line: RoundLine) -> Iterator[Block]:
    grading = line.grading
    yield Heading(_("Round %(number)s, from %(day)s", number=grading.number, day=day(grading.opened_at)))
    if grading.report:
        yield Said(_("What the committee reports"), grading.report)
    if grading.closed_at is None:
        yield Words(_("The grading is not over: no figure is shown before."))
    elif not line.counts:
        yield Words(_("Too few took part for figures that show nobody's grade."))
    else:
        rows = tuple((str(GRADES[level]), str(number)) for level, number in line.counts)
        yield Table(_("Grades"), (_("Grade"), _("Residents")), rows)
        outcome = _("Poor") if grading.is_poor else _("Not poor")
        yield Sum(_("Outcome"), outcome, not grading.is_poor, grading.arithmetic)
