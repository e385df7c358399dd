"""Who is concerned by an entry of the journal: one statement each, however many they are."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from sqlalchemy import CompoundSelect, Select, exists, false, or_, select, union

from civicforum.accounts.models import Account
from civicforum.appraisals.models import AppraisalObjection, AppraisalSubject
from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.queries import is_running
from civicforum.drafts.models import DraftComment
from civicforum.elections.models import Registration
from civicforum.inbox.models import Contact
from civicforum.matters.models import Matter, Query, Second
from civicforum.meetings.models import Invitation, Meeting
from civicforum.meetings.rules import ASSEMBLIES, MEMBERS_OF_REPRESENTATIVE_ASSEMBLY, MeetingForm
from civicforum.notices.models import Complaint, Notice, NoticeQuery
from civicforum.people.models import Person
from civicforum.polls.models import ResultObjection, RollEntry, RollObjection
from civicforum.records.models import JournalEntry
from civicforum.rulebook.days import day_of

People = Select[uuid.UUID] | Select[uuid.UUID | None] | CompoundSelect[uuid.UUID]
Audience = Callable[[JournalEntry], People]

_OTHER_FORMS = frozenset(MeetingForm) - ASSEMBLIES
# The ground of those who vote in the room they sit in: they need no message to find it.
_IN_THE_ROOM = "present."


def reachable(people: People, *, after: uuid.UUID, limit: int) -> Select[uuid.UUID]:
    """Return those of the people who have an account or an address, in order of id."""
    found = people.subquery()
    person_id = found.c[0]
    return (
        select(person_id)
        .where(
            person_id > after,
            or_(
                exists().where(Account.person_id == person_id, Account.disabled_at.is_(None)),
                exists().where(Contact.person_id == person_id, Contact.verified_at.is_not(None)),
            ),
        )
        .distinct()
        .order_by(person_id)
        .limit(limit)
    )


def everybody(entry: JournalEntry) -> Select[uuid.UUID]:
    return select(Person.id).where(Person.community_id == entry.community_id, Person.left_on.is_(None))


def everybody_about_notice(entry: JournalEntry) -> People:
    """Return everybody, unless the notice is about something whose own steps are told."""
    return everybody(entry).where(exists().where(Notice.id == entry.subject_id, Notice.subject_kind == ""))


def author_of_matter(entry: JournalEntry) -> People:
    return select(Matter.author_id).where(Matter.id == entry.subject_id)


def seconders_of_matter(entry: JournalEntry) -> People:
    author = select(Matter.author_id).where(Matter.id == entry.subject_id).scalar_subquery()
    return select(Second.person_id).where(Second.matter_id == entry.subject_id, Second.person_id != author)


def author_and_seconders(entry: JournalEntry) -> People:
    return union(author_of_matter(entry), seconders_of_matter(entry))


def author_of_query(entry: JournalEntry) -> People:
    return select(Query.author_id).where(Query.id == _id(entry, "query_id"))


def author_of_notice_query(entry: JournalEntry) -> People:
    return select(NoticeQuery.author_id).where(NoticeQuery.id == _id(entry, "query_id"))


def author_of_complaint(entry: JournalEntry) -> People:
    return select(Complaint.author_id).where(Complaint.id == entry.subject_id)


def called_to_assembly(entry: JournalEntry) -> People:
    """Return the members of an assembly; nobody where the meeting is none."""
    held = exists().where(Meeting.id == entry.subject_id, Meeting.form == MeetingForm.REPRESENTATIVE_ASSEMBLY)
    every = exists().where(Meeting.id == entry.subject_id, Meeting.form == MeetingForm.RESIDENTS_ASSEMBLY)
    members = _holders(entry).where(Body.kind.in_(MEMBERS_OF_REPRESENTATIVE_ASSEMBLY), held)
    return union(members, everybody(entry).where(every))


def members_of_session(entry: JournalEntry) -> People:
    """Return who holds a post in the body whose session it is, and who is invited; not of an assembly."""
    of_body = (
        select(Meeting.body_id)
        .where(Meeting.id == entry.subject_id, Meeting.form.in_(_OTHER_FORMS))
        .scalar_subquery()
    )
    return union(_holders(entry).where(Body.id == of_body), invited(entry))


def invited(entry: JournalEntry) -> People:
    return select(Invitation.person_id).where(
        Invitation.meeting_id == entry.subject_id, Invitation.person_id.is_not(None)
    )


def roll(entry: JournalEntry) -> People:
    """Return the whole roll: what somebody is told never says whether they have voted (adr 0011)."""
    return select(RollEntry.person_id).where(
        RollEntry.poll_id == entry.subject_id,
        RollEntry.struck_off_at.is_(None),
        RollEntry.ground.not_like(f"{_IN_THE_ROOM}%"),
    )


def asked_as_proxy(entry: JournalEntry) -> People:
    return _on_roll(entry, "holder")


def asked_for_proxy(entry: JournalEntry) -> People:
    return _on_roll(entry, "principal")


def objectors_to_roll(entry: JournalEntry) -> People:
    """Return whose objection was ruled on at that instant."""
    return select(RollObjection.filed_by_id).where(
        RollObjection.poll_id == entry.subject_id, RollObjection.ruled_at == entry.at
    )


def objector_to_result(entry: JournalEntry) -> People:
    return select(ResultObjection.filed_by_id).where(ResultObjection.id == _id(entry, "objection"))


def objector_to_appraisal(entry: JournalEntry) -> People:
    return select(AppraisalObjection.filed_by_id).where(AppraisalObjection.id == _id(entry, "objection"))


def graded(entry: JournalEntry) -> People:
    return select(AppraisalSubject.person_id).where(
        AppraisalSubject.cycle_id == entry.subject_id, AppraisalSubject.person_id.is_not(None)
    )


def not_graded(entry: JournalEntry) -> People:
    return everybody(entry).where(Person.id.not_in(graded(entry)))


def registered(entry: JournalEntry) -> People:
    return select(Registration.person_id).where(
        Registration.election_id == entry.subject_id, Registration.person_id == _id(entry, "person")
    )


def commenters_on_draft(entry: JournalEntry) -> People:
    return select(DraftComment.author_id).where(
        DraftComment.draft_id == entry.subject_id, DraftComment.author_id.is_not(None)
    )


def _holders(entry: JournalEntry) -> Select[uuid.UUID]:
    return (
        select(Term.person_id)
        .join(Post, Term.post_id == Post.id)
        .join(Body, Post.body_id == Body.id)
        .where(
            Body.community_id == entry.community_id,
            Body.dissolved_on.is_(None),
            is_running(day_of(entry.at)),
        )
    )


def _on_roll(entry: JournalEntry, side: str) -> People:
    position = entry.payload.get(side)
    if not isinstance(position, int):
        return select(Person.id).where(false())
    return select(RollEntry.person_id).where(
        RollEntry.poll_id == entry.subject_id, RollEntry.position == position
    )


def _id(entry: JournalEntry, name: str) -> uuid.UUID | None:
    value = entry.payload.get(name)
    return uuid.UUID(str(value)) if value else None
