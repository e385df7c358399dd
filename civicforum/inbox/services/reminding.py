"""Reminding people of what needs them and is due: never twice a day of the same thing, never at night."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import Role
from civicforum.inbox.models import Contact, Reminder
from civicforum.inbox.queries_needs import list_needs
from civicforum.inbox.queries_told import get_wishes
from civicforum.inbox.rules import Need
from civicforum.inbox.rules_told import REMIND_HOURS, Topic, is_quiet, is_reminder_due
from civicforum.inbox.telling import Telling, tell
from civicforum.inbox.words import NEEDS
from civicforum.people.models import Person
from civicforum.rulebook.days import SHANGHAI, day_of
from civicforum.sweeps import Tally, sweep_each

# What a message names; the rest is counted.
MOST_NAMED = 10


@dataclass(frozen=True)
class Reminded(Tally):
    """How many people were reminded, and of how many things."""

    people: int = 0
    things: int = 0


def remind_all(*, now: datetime) -> Reminded:
    """Remind everybody who has a confirmed address, each in a transaction of their own.

    Who has none sees the same on the home page, whenever they look.
    """
    if now.astimezone(SHANGHAI).hour not in REMIND_HOURS:
        return Reminded()
    reached = select(Person.id).where(
        Person.left_on.is_(None),
        exists().where(Contact.person_id == Person.id, Contact.verified_at.is_not(None)),
    )
    return sweep_each(
        reached, lambda session, person_id: _remind_one(session, person_id, now), nothing=Reminded()
    )


def subject_of(need: Need) -> str:
    """Return what a need is about: the row its page shows, or the page itself where it shows none."""
    for name, value in need.arguments.items():
        if name.endswith("_id"):
            return f"{name}:{value}"[:80]
    return need.endpoint[:80]


def _remind_one(session: Session, person_id: uuid.UUID, now: datetime) -> Reminded:
    wishes = get_wishes(session, person_id=person_id)
    is_wanted = any(
        wishes.wants(Topic.REMINDERS, channel) for channel, one in wishes.contacts.items() if one.verified_at
    )
    if not is_wanted or is_quiet(now, wishes.wish):
        return Reminded()
    person = session.get_one(Person, person_id)
    with force_locale("zh_Hans"):
        due = [
            need
            for need in list_needs(session, _actor(session, person, now), now)
            if need.due_at is not None and is_reminder_due(need.due_at, now)
        ]
        fresh = _not_reminded_today(session, person, due, now)
        if not fresh:
            return Reminded()
        telling = _telling(fresh, now)
    tell(session, community_id=person.community_id, person_ids=[person_id], telling=telling, now=now)
    return Reminded(people=1, things=len(fresh))


def _actor(session: Session, person: Person, now: datetime) -> Actor:
    held = roles_held(session, person_id=person.id, day=day_of(now))
    return Actor(person_id=person.id, community_id=person.community_id, roles=held | {Role.RESIDENT})


def _not_reminded_today(session: Session, person: Person, due: list[Need], now: datetime) -> list[Need]:
    """Return the first need of each subject that nobody was reminded of today, and note that they are now."""
    by_subject: dict[str, Need] = {}
    for need in due:
        by_subject.setdefault(subject_of(need), need)
    if not by_subject:
        return []
    rows = [
        {
            "id": uuid.uuid4(),
            "community_id": person.community_id,
            "person_id": person.id,
            "subject": subject,
            "day": day_of(now),
        }
        for subject in by_subject
    ]
    statement = insert(Reminder).values(rows).on_conflict_do_nothing()
    new = set(session.scalars(statement.returning(Reminder.subject)))
    return [need for subject, need in by_subject.items() if subject in new]


def _telling(needs: list[Need], now: datetime) -> Telling:
    lines = [_line(need) for need in needs[:MOST_NAMED]]
    if len(needs) > MOST_NAMED:
        lines.append(ngettext("and %(num)s more", "and %(num)s more", len(needs) - MOST_NAMED))
    subjects = hashlib.sha256("\n".join(sorted(subject_of(need) for need in needs)).encode()).hexdigest()
    alone = needs[0] if len(needs) == 1 else None
    return Telling(
        topic=Topic.REMINDERS,
        subject_kind="reminder",
        subject_id=None,
        title=_("Please do not forget: %(what)s", what=_act(alone))
        if alone
        else ngettext("%(num)s thing needs you", "%(num)s things need you", len(needs)),
        text="\n".join(lines),
        endpoint=alone.endpoint if alone else "inbox.home",
        arguments=alone.arguments if alone else {},
        event=f"reminder:{day_of(now)}:{subjects}",
    )


def _act(need: Need) -> str:
    return f"{NEEDS[need.kind]} · {need.title}" if need.title else str(NEEDS[need.kind])


def _line(need: Need) -> str:
    return str(_("%(what)s (by %(day)s)", what=_act(need), day=format_date(need.due_at, "long")))
