"""The journal in words: what each action says on a page, and where its subject is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.records.models import JournalEntry

SUBJECTS: dict[str, LazyString] = {
    "matter": _l("Matters"),
    "meeting": _l("Meetings"),
    "poll": _l("Votes"),
    "notice": _l("Notices"),
    "body": _l("Bodies and posts"),
    "community": _l("The community"),
}
# Where a subject of this kind has a page: endpoint and the name of its argument.
PAGES = {
    "matter": ("matters.show", "matter_id"),
    "meeting": ("meetings.show", "meeting_id"),
    "poll": ("polls.show", "poll_id"),
    "notice": ("notices.show", "notice_id"),
    "body": ("bodies.show", "body_id"),
}
ACTIONS: dict[str, LazyString] = {
    "matter.publish": _l("raised the matter"),
    "matter.edit": _l("changed the text"),
    "matter.second": _l("seconded"),
    "matter.enter_paper_seconds": _l("entered signatures from paper"),
    "matter.enough_seconds": _l("has enough seconds"),
    "matter.comment": _l("commented"),
    "matter.hide_comment": _l("hid a comment"),
    "matter.withdraw": _l("withdrew the matter"),
    "matter.merge": _l("joined the matter to another"),
    "matter.study": _l("recorded the party organisation's study"),
    "matter.accept": _l("accepted the matter for deliberation"),
    "matter.return": _l("returned the matter to its author"),
    "matter.resubmit": _l("handed the matter in again"),
    "matter.decline": _l("declined the matter"),
    "matter.answer_directly": _l("answered the matter directly"),
    "matter.demand": _l("demanded that the assembly decide"),
    "matter.enough_demands": _l("must go to the assembly, as demanded"),
    "matter.add_task": _l("added a task"),
    "matter.report_progress": _l("reported progress"),
    "matter.report_done": _l("reported the matter done"),
    "matter.file_finding": _l("filed a finding"),
    "matter.ask": _l("asked a question"),
    "matter.answer": _l("answered a question"),
    "matter.grade": _l("graded the outcome"),
    "matter.graded_well": _l("was graded well"),
    "matter.graded_poorly": _l("was graded poorly: more work is due"),
    "matter.close": _l("closed the matter"),
}


@dataclass(frozen=True)
class Told:
    """An entry as components/timeline.html shows it."""

    at: datetime
    what: str
    who: str
    post: str
    assisted_by: str
    why: str
    url: str
    number: int


def told(entry: JournalEntry) -> Told:
    """Put an entry into the words of the page's language; `actor` and `assisted_by` are loaded."""
    action = str(ACTIONS.get(entry.action, entry.action))
    return Told(
        at=entry.at,
        what=f"{entry.subject_title} · {action}" if entry.subject_title else action,
        who=entry.actor.name if entry.actor else str(_l("by the clock")),
        post=entry.post,
        assisted_by=entry.assisted_by.name if entry.assisted_by else "",
        why=entry.reason,
        url=subject_url(entry),
        number=entry.sequence,
    )


def subject_url(entry: JournalEntry) -> str:
    """Return the address of the page about the entry's subject, or "" when it has none."""
    page = PAGES.get(entry.subject_kind)
    return url_for(page[0], **{page[1]: entry.subject_id}) if page else ""
