"""Referring something upwards: written with its package, handed over, and answered by letter."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicforum import rulebook
from civicforum.accounts.rules import Actor
from civicforum.bodies.queries import post_text
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound, TransitionNotAllowed, require_text
from civicforum.matters.models import Finding
from civicforum.notices.services.checking import check_numbers
from civicforum.people.models import Community, Person, Region
from civicforum.people.rules import RegionKind
from civicforum.rows import get_row
from civicforum.rulebook.days import day_of
from civicforum.supervision.models import BodyQuestion, Referral, ReferralBasis, SupervisionFinding
from civicforum.supervision.packing import pack_referral
from civicforum.supervision.rules import (
    REFERRAL_RULE,
    OfficeLevel,
    ReferralGround,
    ReferralOutcome,
    check_supervisor,
    require_words,
)
from civicforum.supervision.services.steps import about_referral, lock, next_number, record_act

MOST_BASIS = 30
LONGEST_RECEIVER = 200
LONGEST_LETTER_NUMBER = 60


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A referral as it is written; it rests on at least one finding or question."""

    level: OfficeLevel
    ground: ReferralGround
    text: str
    findings: Sequence[uuid.UUID] = ()
    matter_findings: Sequence[uuid.UUID] = ()
    questions: Sequence[uuid.UUID] = ()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The office's answer, as its letter has it."""

    outcome: ReferralOutcome
    text: str
    letter_on: date
    letter_number: str = ""


def write_referral(*, wanted: Wanted, actor: Actor, now: datetime) -> uuid.UUID:
    """Write a referral and freeze its package. Returns its id.

    Raises NotFound (a finding or question of nowhere, or no such office), NotEligible, Invalid ("missing",
    "long", "basis": nothing or too much it rests on), PersonalData, AlreadyDone (these words wait already).
    """
    check_supervisor(actor)
    words = require_words(wanted.text)
    count = len(wanted.findings) + len(wanted.matter_findings) + len(wanted.questions)
    if not 0 < count <= MOST_BASIS:
        raise Invalid("basis", "basis")
    with transaction() as session:
        check_numbers(session, community_id=actor.community_id, text=words)
        number = next_number(session, Referral, community_id=actor.community_id, now=now)
        _require_new(session, words, wanted, actor)
        community = session.get_one(Community, actor.community_id)
        referral = Referral(
            id=uuid.uuid4(),
            community_id=actor.community_id,
            number=number,
            level=wanted.level,
            office=office_name(session, community, wanted.level),
            ground=wanted.ground,
            text=words,
            written_by_id=actor.person_id,
            written_by=session.get_one(Person, actor.person_id),
            post=post_text(session, person_id=actor.person_id, day=day_of(now)),
            written_at=now,
            profile=community.profile,
        )
        basis = _basis(session, referral, wanted)
        referral.package = pack_referral(session, referral, basis, now=now)
        referral.package_size = len(referral.package)
        referral.package_sha256 = hashlib.sha256(referral.package).hexdigest()
        session.add(referral)
        session.flush()
        session.add_all(basis)
        payload = {
            "number": number,
            "ground": referral.ground.value,
            "package_sha256": referral.package_sha256,
        }
        record_act(session, about_referral(referral), action="refer", actor=actor, payload=payload, now=now)
        return referral.id


def hand_over(*, referral_id: uuid.UUID, to: str, actor: Actor, now: datetime) -> None:
    """Record that letter and package were handed over; the clock of the answer starts.

    Raises NotFound, NotEligible, Invalid, PersonalData, AlreadyDone.
    """
    check_supervisor(actor)
    receiver = require_text(to, most=LONGEST_RECEIVER, field="to")
    with transaction() as session:
        referral = lock(session, Referral, referral_id, actor=actor)
        if referral.handed_over_at is not None:
            raise AlreadyDone(referral_id)
        check_numbers(session, community_id=actor.community_id, to=receiver)
        referral.handed_over_at, referral.handed_over_by_id = now, actor.person_id
        referral.handed_over_to = receiver
        referral.due_at = rulebook.load(referral.profile).clock(REFERRAL_RULE).deadline(now)
        payload = {"number": referral.number, "due_at": referral.due_at.isoformat()}
        record_act(
            session, about_referral(referral), action="hand_over", actor=actor, payload=payload, now=now
        )


def enter_answer(*, referral_id: uuid.UUID, letter: Letter, actor: Actor, now: datetime) -> None:
    """Enter the answer from the office's letter; afterwards nothing of the referral changes any more.

    Raises NotFound, NotEligible, Invalid ("future": a letter of tomorrow), PersonalData, AlreadyDone,
    TransitionNotAllowed (not handed over yet).
    """
    check_supervisor(actor)
    words = require_words(letter.text)
    if len(letter.letter_number) > LONGEST_LETTER_NUMBER:
        raise Invalid("long", "letter_number")
    if letter.letter_on > day_of(now):
        raise Invalid("future", "letter_on")
    with transaction() as session:
        referral = lock(session, Referral, referral_id, actor=actor)
        if referral.answered_at is not None:
            raise AlreadyDone(referral_id)
        if referral.handed_over_at is None:
            raise TransitionNotAllowed("written", "answer")
        check_numbers(session, community_id=actor.community_id, text=words)
        referral.outcome, referral.answer = letter.outcome, words
        referral.letter_on, referral.letter_number = letter.letter_on, letter.letter_number.strip()
        referral.answered_at, referral.answer_entered_by_id = now, actor.person_id
        payload = {"number": referral.number, "outcome": letter.outcome.value}
        record_act(
            session, about_referral(referral), action="enter_answer", actor=actor, payload=payload, now=now
        )


def office_name(session: Session, community: Community, level: OfficeLevel) -> str:
    """Return the office as it is called today. Raises NotFound where the region is not known."""
    region: Region | None = community.subdistrict
    if level is OfficeLevel.SUBDISTRICT and region is not None:
        return f"{region.name}办事处"
    while region is not None and region.kind is not RegionKind.DISTRICT:
        region = region.parent
    if region is None:
        raise NotFound(level)
    return f"{region.name}人民政府"


def _require_new(session: Session, words: str, wanted: Wanted, actor: Actor) -> None:
    same = session.scalar(
        select(Referral.id).where(
            Referral.community_id == actor.community_id,
            Referral.level == wanted.level,
            Referral.ground == wanted.ground,
            Referral.text == words,
            Referral.answered_at.is_(None),
        )
    )
    if same is not None:
        raise AlreadyDone(same)


def _basis(session: Session, referral: Referral, wanted: Wanted) -> list[ReferralBasis]:
    """Return what a referral rests on, each once, all of the same community. Raises NotFound."""
    rows = [
        ReferralBasis(finding_id=key, finding=_own(session, SupervisionFinding, key, referral))
        for key in dict.fromkeys(wanted.findings)
    ]
    rows += [
        ReferralBasis(matter_finding_id=key, matter_finding=_own(session, Finding, key, referral))
        for key in dict.fromkeys(wanted.matter_findings)
    ]
    rows += [
        ReferralBasis(question_id=key, question=_own(session, BodyQuestion, key, referral))
        for key in dict.fromkeys(wanted.questions)
    ]
    for position, row in enumerate(rows, start=1):
        row.community_id, row.referral_id, row.position = referral.community_id, referral.id, position
    return rows


Own = TypeVar("Own", SupervisionFinding, Finding, BodyQuestion)


def _own(session: Session, table: type[Own], key: uuid.UUID, referral: Referral) -> Own:
    return get_row(session, table, key, community_id=referral.community_id)
