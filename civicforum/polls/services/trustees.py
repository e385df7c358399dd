"""The key ceremony of a sealed poll: who keeps a part of the key, their four rounds, the drill, the founding.

The secrets stay in the trustees' browsers and on their slips. What passes here is public and checked as far
as it can be at each step; the joint key is made again from the messages when the last of them is in.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from civicforum import sealed
from civicforum.accounts.models import Account
from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotEligible, NotFound, TransitionNotAllowed
from civicforum.people.models import Person
from civicforum.polls import keyring
from civicforum.polls.errors import KeyholderRefused
from civicforum.polls.keyholders import KeyholderFault, Round, has_spoken, round_of
from civicforum.polls.models import KeyCeremony, Poll, Trustee
from civicforum.polls.queries.relatives import list_on_paper
from civicforum.polls.queries.trustees import find_ceremony, list_awaited
from civicforum.polls.rules import PollState, Preset, move
from civicforum.polls.services import drill, founding
from civicforum.polls.services.steps import lock_poll, lock_to_run, record_poll
from civicforum.rows import get_row
from civicforum.sealed import Refused
from civicforum.sealed.ceremony import (
    Ceremony,
    Confirm,
    Deal,
    Hello,
    check_confirm,
    check_deal,
    digest_of,
    parse_confirm,
    parse_deal,
    parse_hello,
    spoken,
)

ID_BYTES = 16
COMPLAINT_LENGTH = 300
FINGERPRINT_LENGTH = 20

M = TypeVar("M", Hello, Deal, Confirm)
T = TypeVar("T")


def name_trustees(
    *, poll_id: uuid.UUID, person_ids: Sequence[uuid.UUID], actor: Actor, now: datetime
) -> uuid.UUID:
    """Start a ceremony with these trustees, numbered in this order; return its id.

    Raises NotFound, NotEligible, TransitionNotAllowed (not a sealed poll with its roll posted), AlreadyDone
    (a ceremony is going on), Invalid ("number", "twice", "gone", "no_account", "on_paper").
    """
    with transaction() as session:
        poll = lock_to_run(session, poll_id=poll_id, actor=actor)
        _check_awaits_key(poll)
        if find_ceremony(session, poll.id) is not None:
            raise AlreadyDone(poll_id)
        people = _check_people(session, poll, person_ids)
        ceremony = KeyCeremony(
            community_id=poll.community_id,
            poll_id=poll.id,
            sealed_id=secrets.token_bytes(ID_BYTES),
            threshold=poll.threshold,
            size=poll.trustees,
            started_at=now,
        )
        ceremony.trustees = [
            Trustee(community_id=poll.community_id, number=number, person_id=person.id, name=person.name)
            for number, person in enumerate(people, 1)
        ]
        session.add(ceremony)
        payload = {"trustees": [person.name for person in people], "threshold": poll.threshold}
        record_poll(session, poll, actor=actor, action="name_trustees", payload=payload, now=now)
        return ceremony.id


def take_hello(*, poll_id: uuid.UUID, message: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Keep what a trustee's browser says first. Raises NotFound, NotEligible, KeyholderRefused."""

    def keep(ceremony: KeyCeremony, trustee: Trustee) -> None:
        _parse(parse_hello, message, trustee)
        trustee.hello = message

    _say(Round.HELLO, message, keep, action="ceremony_hello", poll_id=poll_id, actor=actor, now=now)


def take_heard(*, poll_id: uuid.UUID, characters: str, actor: Actor, now: datetime) -> None:
    """Keep that a trustee reads the same characters as the others.

    Raises NotFound, NotEligible, KeyholderRefused (also where the trustee's screen shows others).
    """

    def keep(ceremony: KeyCeremony, trustee: Trustee) -> None:
        if characters != characters_of(ceremony):
            raise KeyholderRefused(KeyholderFault.OTHER_CHARACTERS)
        trustee.has_heard = True

    _say(Round.HEARD, True, keep, action="ceremony_heard", poll_id=poll_id, actor=actor, now=now)


def take_deal(*, poll_id: uuid.UUID, message: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Keep what a trustee deals to the others. Raises NotFound, NotEligible, KeyholderRefused."""

    def keep(ceremony: KeyCeremony, trustee: Trustee) -> None:
        deal, hellos = _parse(parse_deal, message, trustee), _hellos(ceremony)
        _check(check_deal, _protocol(ceremony), digest_of(hellos), hellos[trustee.number - 1], deal)
        trustee.deal = message

    _say(Round.DEAL, message, keep, action="ceremony_deal", poll_id=poll_id, actor=actor, now=now)


def take_confirm(*, poll_id: uuid.UUID, message: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Keep that a trustee got its share; with the last one the key is there, and the box of the drill.

    Raises NotFound, NotEligible, KeyholderRefused.
    """

    def keep(ceremony: KeyCeremony, trustee: Trustee) -> None:
        confirm = _parse(parse_confirm, message, trustee)
        _check(check_confirm, digest_of(_hellos(ceremony)), _deals(ceremony), confirm)
        trustee.confirm = message
        if all(other.confirm is not None for other in ceremony.trustees):
            key = founding.key_of_ceremony(ceremony)
            ceremony.finished_at = now
            ceremony.drill = drill.make_drill(founding.line_of_ceremony(ceremony), key, now=now)

    _say(Round.CONFIRM, message, keep, action="ceremony_confirm", poll_id=poll_id, actor=actor, now=now)


def take_drill_share(*, poll_id: uuid.UUID, line: bytes, actor: Actor, now: datetime) -> None:
    """Put a trustee's share on the board of the drill; with the last one the made-up box is open.

    Every trustee takes part, so that every slip has been read back once. Raises NotFound, NotEligible,
    KeyholderRefused.
    """
    with transaction() as session:
        poll, ceremony, trustee = _lock_own(session, poll_id=poll_id, actor=actor)
        if line.decode() in ceremony.drill.get("lines", []):
            return
        _check_round(ceremony, Round.DRILL)
        if _check(sealed.read_line, line).get("i") != trustee.number:
            raise KeyholderRefused(KeyholderFault.BAD_MESSAGE, "of another trustee")
        board = drill.replay_drill(ceremony.drill)
        _check(board.take, line)
        lines = [*ceremony.drill["lines"], line.decode()]
        if len(board.opening.shares) == ceremony.size:
            lines.append(sealed.result_line(board.opening.result()).decode())
            ceremony.drilled_at = now
        ceremony.drill = {"lines": lines}
        _record_step(session, poll, ceremony, trustee, action="ceremony_drill", actor=actor, now=now)


def complain(*, poll_id: uuid.UUID, text: str, actor: Actor, now: datetime) -> None:
    """End a ceremony, visibly: a slip was lost, or something was not as it should be. Another may start.

    Raises NotFound (no ceremony is going on), NotEligible (neither a trustee nor who runs the poll),
    TransitionNotAllowed (the board is founded), Invalid ("empty", "long").
    """
    with transaction() as session:
        poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
        ceremony = _current(session, poll)
        is_trustee = any(trustee.person_id == actor.person_id for trustee in ceremony.trustees)
        if actor.assisted_by is not None or not (is_trustee or poll.is_run_by(actor)):
            raise NotEligible(actor.person_id)
        _check_awaits_key(poll)
        words = text.strip()
        if not 0 < len(words) <= COMPLAINT_LENGTH:
            raise Invalid("long" if words else "empty", "text")
        ceremony.finished_at = ceremony.drilled_at = None
        ceremony.complaint = words
        record_poll(session, poll, actor=actor, action="complain", reason=words, now=now)


def found_sealed_poll(*, poll_id: uuid.UUID, actor: Actor, settings: Settings, now: datetime) -> bytes:
    """Found the board under the trustees' key, so that the poll can open; return the key.

    Raises NotFound, NotEligible, TransitionNotAllowed, KeyholderRefused (something is still awaited).
    """
    with transaction() as session:
        poll = lock_to_run(session, poll_id=poll_id, actor=actor)
        _check_awaits_key(poll)
        awaited = list_awaited(session, poll)
        if awaited:
            raise KeyholderRefused(KeyholderFault.NOT_READY, ", ".join(awaited))
        ceremony = _current(session, poll)
        poll.state = move(poll.state, PollState.READY)
        keys = keyring.make_keys(settings.instance, poll.id, is_platform_trustee=False)
        board = founding.found(session, poll=poll, ceremony=ceremony, keys=keys)
        key = bytes(board.trustees.key)
        payload = {"key": fingerprint(key), "trustees": ceremony.size, "threshold": ceremony.threshold}
        record_poll(session, poll, actor=actor, action="found", payload=payload, now=now)
        return key


def characters_of(ceremony: KeyCeremony) -> str:
    """Return the 8 characters that all screens show once everybody has said hello."""
    return spoken(_hellos(ceremony))


def fingerprint(key: bytes) -> str:
    """Return how a key is printed on the poster: 20 characters in five groups."""
    return sealed.grouped(sealed.spell(key, FINGERPRINT_LENGTH), 4)


def own_trustee(ceremony: KeyCeremony, actor: Actor) -> Trustee:
    """Return the actor's row in the ceremony. Raises NotEligible: nobody acts for a trustee."""
    found = next((one for one in ceremony.trustees if one.person_id == actor.person_id), None)
    if found is None or actor.assisted_by is not None:
        raise NotEligible(actor.person_id)
    return found


def _say(
    round_: Round,
    message: object,
    keep: Callable[[KeyCeremony, Trustee], None],
    *,
    action: str,
    poll_id: uuid.UUID,
    actor: Actor,
    now: datetime,
) -> None:
    """Let a trustee say its part of a round, once. The same message sent again changes nothing."""
    with transaction() as session:
        poll, ceremony, trustee = _lock_own(session, poll_id=poll_id, actor=actor)
        if has_spoken(trustee, round_):
            if message is True or message == getattr(trustee, round_.value):
                return
            raise KeyholderRefused(KeyholderFault.SAID_OTHERWISE)
        _check_round(ceremony, round_)
        keep(ceremony, trustee)
        _record_step(session, poll, ceremony, trustee, action=action, actor=actor, now=now)


def _lock_own(session: Session, *, poll_id: uuid.UUID, actor: Actor) -> tuple[Poll, KeyCeremony, Trustee]:
    """Return poll, ceremony and the actor's own place in it; the poll's row is locked, and with it all."""
    poll = lock_poll(session, poll_id=poll_id, community_id=actor.community_id)
    ceremony = _current(session, poll)
    trustee = own_trustee(ceremony, actor)
    _check_awaits_key(poll)
    return poll, ceremony, trustee


def _current(session: Session, poll: Poll) -> KeyCeremony:
    ceremony = session.scalar(
        select(KeyCeremony)
        .where(KeyCeremony.poll_id == poll.id, KeyCeremony.complaint == "")
        .options(selectinload(KeyCeremony.trustees))
        .execution_options(populate_existing=True)
    )
    if ceremony is None:
        raise NotFound(poll.id)
    return ceremony


def _check_awaits_key(poll: Poll) -> None:
    if poll.preset is not Preset.SEALED or not poll.by_screen or poll.state is not PollState.ROLL_POSTED:
        raise TransitionNotAllowed(poll.state, "ceremony")


def _check_round(ceremony: KeyCeremony, round_: Round) -> None:
    now_in = round_of(
        ceremony.trustees, complaint=ceremony.complaint, is_drilled=ceremony.drilled_at is not None
    )
    if now_in is not round_:
        raise KeyholderRefused(KeyholderFault.NOT_NOW, now_in)


def _check_people(session: Session, poll: Poll, person_ids: Sequence[uuid.UUID]) -> list[Person]:
    if len(person_ids) != poll.trustees:
        raise Invalid("number")
    people: list[Person] = []
    for number, person_id in enumerate(person_ids, 1):
        field = f"trustee_{number}"
        person = get_row(session, Person, person_id, community_id=poll.community_id)
        if person in people:
            raise Invalid("twice", field)
        if person.left_on is not None:
            raise Invalid("gone", field)
        has_account = Account.person_id == person_id, Account.disabled_at.is_(None)
        if session.scalar(select(Account.id).where(*has_account)) is None:
            raise Invalid("no_account", field)
        if list_on_paper(session, poll, [person]):
            raise Invalid("on_paper", field)
        people.append(person)
    return people


def _protocol(ceremony: KeyCeremony) -> Ceremony:
    return Ceremony(bytes(ceremony.sealed_id), ceremony.threshold, ceremony.size)


def _hellos(ceremony: KeyCeremony) -> list[Hello]:
    return [parse_hello(trustee.hello) for trustee in ceremony.trustees]


def _deals(ceremony: KeyCeremony) -> list[Deal]:
    return [parse_deal(trustee.deal) for trustee in ceremony.trustees]


def _parse(parse: Callable[[Any], M], message: dict[str, Any], trustee: Trustee) -> M:
    parsed = _check(parse, message)
    if parsed.i != trustee.number:
        raise KeyholderRefused(KeyholderFault.BAD_MESSAGE, "of another trustee")
    return parsed


def _check(check: Callable[..., T], *args: Any) -> T:
    """Return what the check does; what the protocol refuses becomes a refusal of the domain."""
    try:
        return check(*args)
    except Refused as refusal:
        raise KeyholderRefused(KeyholderFault.BAD_MESSAGE, str(refusal)) from refusal


def _record_step(
    session: Session,
    poll: Poll,
    ceremony: KeyCeremony,
    trustee: Trustee,
    *,
    action: str,
    actor: Actor,
    now: datetime,
) -> None:
    payload: dict[str, Any] = {"trustee": trustee.number}
    if action == "ceremony_confirm" and ceremony.finished_at is not None:
        payload["key"] = fingerprint(founding.key_of_ceremony(ceremony))
    record_poll(session, poll, actor=actor, action=action, payload=payload, now=now)
