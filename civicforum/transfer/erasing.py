"""Forgetting a person: rows that serve them alone go, what must stay is tied to nobody's name any more."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from civicforum.accounts.models import Account, OneTimeCode, SignInFailure, SignInSession
from civicforum.accounts.rules import Actor
from civicforum.database import Base
from civicforum.matters.models import Matter
from civicforum.matters.rules import Stage
from civicforum.moderation.models import HeldText, HideAppeal, HideDecision
from civicforum.moderation.rules import HeldState
from civicforum.people.models import Grid, Group, Household, Person, ResidentImport
from civicforum.records.models import JournalEntry, Photo
from civicforum.records.redacting import find_entries, redact
from civicforum.rulebook.days import day_of
from civicforum.transfer.persons import BLANKED, MARK, REMOVED, TEXTS, Replaced

# The household of those who are nobody any more: no address, and outside of every list of addresses.
NOWHERE = "–"
# A date that the column asks for and that says nothing of them.
NO_DAY = date(1900, 1, 1)
GROUND = "个人信息保护法第四十七条"


@dataclass(frozen=True)
class Erasure:
    """What is done, by whom and when."""

    person: Person
    keeps_texts: bool
    actor: Actor
    now: datetime


def erase(session: Session, erasure: Erasure) -> dict[str, int]:
    """Remove or make nameless everything of a person; return how many rows of which table.

    Nothing is asked any more: whoever calls it has seen to what blocks it.
    """
    person, done = erasure.person, Counter[str]()
    # While the name still stands there.
    naming = _naming(session, person)
    done["resident_import"] = _remove_imports(session, person)
    done["held_text"] = _drop_held(session, person.id)
    for replaced in (*BLANKED, *(() if erasure.keeps_texts else TEXTS)):
        done[replaced.table] += _replace(session, replaced, person.id)
    done["hide_appeal"] = _blank_appeals(session, person.id)
    done["photo"] = _forget_photos(session, person.id)
    done["matter"] = _blank_drafts(session, person.id)
    _end_sign_in(session, person.id)
    for table, columns in REMOVED.items():
        done[table] += _remove(session, table, columns, person.id)
    _make_nobody(session, person, erasure.now)
    done["person"] = 1
    # Last, for it locks the journal: whoever has one of the rows above and writes an entry would wait for us.
    done["journal_entry"] = _redact_journal(session, erasure, naming)
    return {table: count for table, count in sorted(done.items()) if count}


def has_namesake(session: Session, person: Person) -> bool:
    """Tell whether somebody else here has the name: then words alone do not say who is meant."""
    others = select(Person.id).where(
        Person.community_id == person.community_id, Person.name == person.name, Person.id != person.id
    )
    return session.scalar(others.limit(1)) is not None


def words_of(session: Session, person: Person) -> list[str]:
    """Return what names a person in texts: name, phone, hash of the identity number, and login."""
    login = session.scalar(select(Account.login).where(Account.person_id == person.id))
    return [word for word in (person.name, person.phone, person.identity_hash, login) if word]


@dataclass(frozen=True)
class _Naming:
    """What names a person: words, whether somebody else has the same name, and ids."""

    words: list[str]
    is_shared: bool
    ids: set[str]


def _naming(session: Session, person: Person) -> _Naming:
    return _Naming(_known(person), has_namesake(session, person), _ids_of(session, person))


def _redact_journal(session: Session, erasure: Erasure, naming: _Naming) -> int:
    community_id = erasure.person.community_id
    entries = find_entries(session, community_id=community_id, words=naming.words)
    tied = {entry.sequence for entry in entries if _is_about(entry, naming.ids)}
    return redact(
        session,
        community_id=community_id,
        entries=entries,
        change=_taking_out(naming.words, lambda entry: entry.sequence in tied, naming.is_shared),
        actor=erasure.actor,
        reason=GROUND,
        now=erasure.now,
    )


def _taking_out(
    words: Iterable[str], is_tied: Callable[[JournalEntry], bool], is_shared: bool
) -> Callable[[JournalEntry, str], str]:
    """Return what takes the words out of a text of an entry.

    In an entry about the person wherever they stand. In others only a text that is nothing but the word, for
    a name of two characters is also a part of other words; and none where somebody else has the name.
    """

    def change(entry: JournalEntry, text: str) -> str:
        for word in words:
            if is_tied(entry):
                text = text.replace(word, MARK)
            elif text == word and not is_shared:
                text = MARK
        return text

    return change


def _ids_of(session: Session, person: Person) -> set[str]:
    account = session.scalar(select(Account.id).where(Account.person_id == person.id))
    return {str(person.id), *([str(account)] if account else [])}


def _is_about(entry: JournalEntry, ids: set[str]) -> bool:
    payload = json.dumps(entry.payload)
    return str(entry.subject_id) in ids or any(each in payload for each in ids)


def _remove_imports(session: Session, person: Person) -> int:
    """Remove lists of residents that name the person: they were written long ago, or are brought in anew."""
    named = or_(*(cast(ResidentImport.rows, Text).contains(word, autoescape=True) for word in _known(person)))
    here = ResidentImport.community_id == person.community_id
    return _count(session.scalars(delete(ResidentImport).where(here, named).returning(ResidentImport.id)))


def _known(person: Person) -> list[str]:
    return [word for word in (person.name, person.phone, person.identity_hash) if word]


def _drop_held(session: Session, person_id: uuid.UUID) -> int:
    """Drop texts that wait to be looked at: nobody posts them any more."""
    held = (HeldText.author_id == person_id, HeldText.state == HeldState.HELD)
    return _count(session.scalars(delete(HeldText).where(*held).returning(HeldText.id)))


def _blank_appeals(session: Session, person_id: uuid.UUID) -> int:
    """Empty what somebody wrote against the hiding of a text of theirs; that and the ruling stay."""
    own = select(HideDecision.id).where(HideDecision.author_id == person_id)
    appeals = update(HideAppeal).where(HideAppeal.decision_id.in_(own)).values(text="")
    return _count(session.scalars(appeals.returning(HideAppeal.id)))


def _replace(session: Session, replaced: Replaced, person_id: uuid.UUID) -> int:
    table = Base.metadata.tables[replaced.table]
    only = (table.c[name] == value for name, value in replaced.only.items())
    changed = update(table).where(table.c[replaced.by] == person_id, *only).values(replaced.values)
    return _count(session.scalars(changed.returning(table.c.id)))


def _remove(session: Session, name: str, columns: tuple[str, ...], person_id: uuid.UUID) -> int:
    table = Base.metadata.tables[name]
    own = or_(*(table.c[column] == person_id for column in columns))
    if name == "outbox_message":
        items = Base.metadata.tables["outbox_item"]
        session.execute(delete(items).where(items.c.message_id.in_(select(table.c.id).where(own))))
    if name == "notification":
        items = Base.metadata.tables["outbox_item"]
        session.execute(delete(items).where(items.c.notification_id.in_(select(table.c.id).where(own))))
    return _count(session.scalars(delete(table).where(own).returning(table.c.id)))


def _forget_photos(session: Session, person_id: uuid.UUID) -> int:
    """Remove pictures that nothing shows; of those that stay in public affairs, forget who brought them."""
    shown = [
        select(key.parent)
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.target_fullname == "photo.id"
    ]
    drafts = select(Matter.id).where(Matter.author_id == person_id, Matter.stage == Stage.DRAFT)
    pictures = Base.metadata.tables["matter_photo"]
    session.execute(delete(pictures).where(pictures.c.matter_id.in_(drafts)))
    unused = [Photo.id.not_in(each.where(each.selected_columns[0].is_not(None))) for each in shown]
    gone = session.scalars(
        delete(Photo).where(Photo.uploaded_by_id == person_id, *unused).returning(Photo.id)
    )
    removed = _count(gone)
    session.execute(update(Photo).where(Photo.uploaded_by_id == person_id).values(uploaded_by_id=None))
    return removed


def _blank_drafts(session: Session, person_id: uuid.UUID) -> int:
    """Empty what was never raised; it is nobody's business but the author's."""
    own = (Matter.author_id == person_id, Matter.stage == Stage.DRAFT)
    values = {"title": "", "body": "", "place": "", "tokens": []}
    return _count(session.scalars(update(Matter).where(*own).values(values).returning(Matter.id)))


def _end_sign_in(session: Session, person_id: uuid.UUID) -> None:
    account = session.scalar(select(Account).where(Account.person_id == person_id))
    session.execute(
        update(OneTimeCode).where(OneTimeCode.issued_by_id == person_id).values(issued_by_id=None)
    )
    assistance = Base.metadata.tables["assistance"]
    own = or_(assistance.c.clerk_id == person_id, assistance.c.person_id == person_id)
    session.execute(delete(assistance).where(own))
    if account is not None:
        session.execute(delete(OneTimeCode).where(OneTimeCode.account_id == account.id))
        session.execute(delete(SignInSession).where(SignInSession.account_id == account.id))
        session.execute(delete(SignInFailure).where(SignInFailure.login == account.login))


def _make_nobody(session: Session, person: Person, now: datetime) -> None:
    session.expire(person, ["capacities"])
    person.name, person.phone, person.identity_hash, person.born_on = MARK, "", None, NO_DAY
    person.household_id = _nowhere(session, person.community_id).id
    person.left_on = person.left_on or day_of(now)
    session.flush()


def _nowhere(session: Session, community_id: uuid.UUID) -> Household:
    here = Household.community_id == community_id
    found = session.scalar(select(Household).where(here, Household.number == NOWHERE))
    if found is None:
        grid = session.scalars(
            select(Grid.id).where(Grid.community_id == community_id).order_by(Grid.code).limit(1)
        ).one()
        group = session.scalars(
            select(Group.id).where(Group.community_id == community_id).order_by(Group.name).limit(1)
        ).one()
        found = Household(
            community_id=community_id, number=NOWHERE, address=NOWHERE, grid_id=grid, group_id=group
        )
        session.add(found)
        session.flush()
    return found


def count_own(session: Session, person_id: uuid.UUID, places: Iterable[tuple[str, str]]) -> Counter[str]:
    """Return how many rows of each table are the person's own."""
    counts: Counter[str] = Counter()
    for name, column in places:
        table = Base.metadata.tables[name]
        number = session.scalar(select(func.count()).select_from(table).where(table.c[column] == person_id))
        counts[name] += number or 0
    return +counts


def _count(rows: Iterable[object]) -> int:
    return sum(1 for _row in rows)
