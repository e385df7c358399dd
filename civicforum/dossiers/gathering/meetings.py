"""Meetings: who was called and who came, and the minutes as they were signed."""

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
    Section,
    Table,
    Words,
)
from civicforum.dossiers.gathering.sums import sum_of
from civicforum.dossiers.scopes import Scope
from civicforum.layout import moment
from civicforum.meetings.attendance import list_members
from civicforum.meetings.models import Meeting
from civicforum.meetings.queries import Room, get_room
from civicforum.meetings.queries.minutes import list_signatures
from civicforum.meetings.rules import MeetingState, Seat
from civicforum.meetings.texts import CLASSES, FORMS, STATES
from civicforum.meetings.texts_after import SIGNERS
from civicforum.records.rules import hash_of_text
from civicforum.rulebook.days import day_of


def attendance_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return who was called, who was there, and whether that was enough. Some statements for each meeting."""
    blocks = [block for meeting in scope.meetings for block in _attendance(session, meeting, now)]
    title = _("Who was called, and who was there")
    return Part(Section("attendance", title, tuple(blocks), _("No meeting has been called about it.")))


def minutes_part(session: Session, scope: Scope, now: datetime) -> Part:
    """Return the minutes that are signed and posted; of the others, that there are none yet."""
    blocks = [block for meeting in scope.meetings for block in _minutes(session, meeting)]
    return Part(Section("minutes", _("Minutes"), tuple(blocks), _("No minutes have been filed.")))


def _attendance(session: Session, meeting: Meeting, now: datetime) -> Iterator[Block]:
    yield Heading(meeting.title, Link(_("To its page"), "meetings.show", {"meeting_id": str(meeting.id)}))
    yield Facts(
        (
            (_("Form"), str(FORMS[meeting.form])),
            (_("State"), str(STATES[meeting.state])),
            (_("Body"), meeting.body.name if meeting.body else ""),
            (_("Announced"), moment(meeting.noticed_at)),
            (_("Called for"), moment(meeting.starts_at)),
            (_("Place"), meeting.place),
            (_("Chair"), meeting.chair.name if meeting.chair else ""),
            (_("Opened"), moment(meeting.opened_at) if meeting.opened_at else ""),
            (_("Ended"), moment(meeting.closed_at) if meeting.closed_at else ""),
            (_("Urgent because"), meeting.urgent_reason),
        )
    )
    if meeting.opened_at is None:
        yield Words(_("The meeting has not been opened, so nobody is entered as present."))
        return
    members = list_members(session, meeting=meeting, day=day_of(meeting.opened_at))
    yield from _room(get_room(session, meeting=meeting, members=members, now=now))


def _room(room: Room) -> Iterator[Block]:
    if room.quorum_rule:
        yield Facts(
            (
                (_("Called as members"), str(room.due)),
                (_("Members present"), str(room.present)),
                (_("Needed for a vote"), str(room.least)),
            )
        )
    if room.quorum is not None:
        yield sum_of(room.quorum, _("Quorum"), is_vote=False)
    if room.classes:
        rows = tuple((str(CLASSES[kind]), str(number)) for kind, number in room.classes.items())
        yield Table(_("Present, by the side they speak for"), (_("Side"), _("Present")), rows)
    named = tuple(
        (row.person.name if row.person else row.guest_name, str(CLASSES[row.participant_class]))
        for row in room.rows
        if row.is_named and row.seat is not Seat.OBSERVER
    )
    if named:
        yield Table(
            _("Present by name, as far as the page of the meeting names them"), (_("Name"), _("Side")), named
        )
    if room.observers:
        yield Words(ngettext("%(num)s resident sat in.", "%(num)s residents sat in.", room.observers))


def _minutes(session: Session, meeting: Meeting) -> Iterator[Block]:
    link = Link(_("To its page"), "meetings.minutes", {"meeting_id": str(meeting.id)})
    yield Heading(meeting.title, link)
    if meeting.minutes_posted_at is None:
        is_over = meeting.state is MeetingState.CLOSED
        yield Words(
            _("No minutes have been filed: they wait for signatures.")
            if is_over
            else _("No minutes have been filed.")
        )
        return
    yield Document(
        _("Minutes, posted on %(at)s", at=moment(meeting.minutes_posted_at)),
        meeting.minutes,
        f"texts/minutes-{meeting.id}.txt",
    )
    signed = list_signatures(session, meeting_id=meeting.id)
    rows = tuple(
        (str(words), signed[signer].person.name, moment(signed[signer].signed_at))
        for signer, words in SIGNERS.items()
        if signer in signed
    )
    yield Table(_("Signatures"), (_("As"), _("Name"), _("Signed")), rows)
    yield Hash(_("Check value of the text that was signed (SHA-256)"), hash_of_text(meeting.minutes))
