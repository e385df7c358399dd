"""Trustees for tests: people with a seed each, who do by hand what their browsers do."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.database import db, transaction
from civicforum.people.models import Community
from civicforum.polls.models import CredentialLink, KeyCeremony, Poll
from civicforum.polls.queries.trustees import find_ceremony
from civicforum.polls.rules import PollState, Preset
from civicforum.polls.services import boards, drill, opening, trustees
from civicforum.sealed.ceremony import Ceremony, Confirm, Deal, Hello, parse_deal, parse_hello, record_of
from tests.factories import NOW, make_account, make_person
from tests.support.polls import SealedPoll, make_poll, settings_now


def as_json(record: dict[str, Any]) -> dict[str, Any]:
    """Return a message as a browser sends it: bytes as base64url."""
    return sealed.read_line(sealed.write_line(record))


def message_of(message: Hello | Deal | Confirm) -> dict[str, Any]:
    return as_json(record_of(message))


@dataclass
class Keyholder:
    """One trustee with the slip in hand."""

    actor: Actor
    number: int
    seed: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def trustee(self, ceremony: KeyCeremony) -> sealed.Trustee:
        protocol = Ceremony(bytes(ceremony.sealed_id), ceremony.threshold, ceremony.size)
        return sealed.Trustee(protocol, self.number, self.seed)

    def holding_share(self, ceremony: KeyCeremony) -> sealed.Trustee:
        trustee = self.trustee(ceremony)
        hellos = [parse_hello(one.hello) for one in ceremony.trustees]
        trustee.confirm(hellos, [parse_deal(one.deal) for one in ceremony.trustees])
        return trustee


@dataclass
class KeyPoll:
    """A sealed poll whose roll is frozen, and those who will keep its key."""

    poll: SealedPoll
    keyholders: list[Keyholder]
    officer: Actor
    codes: list[str] = field(default_factory=list)

    @property
    def id(self) -> uuid.UUID:
        return self.poll.id

    def ceremony(self) -> KeyCeremony:
        db.session.expire_all()
        found = find_ceremony(db.session(), self.id)
        assert found is not None
        return found

    def start(self, now: datetime = NOW) -> None:
        people = [one.actor.person_id for one in self.keyholders]
        trustees.name_trustees(poll_id=self.id, person_ids=people, actor=self.officer, now=now)

    def say_hello(self, one: Keyholder, now: datetime = NOW) -> None:
        hello = message_of(one.trustee(self.ceremony()).hello())
        trustees.take_hello(poll_id=self.id, message=hello, actor=one.actor, now=now)

    def say_heard(self, one: Keyholder, now: datetime = NOW) -> None:
        characters = trustees.characters_of(self.ceremony())
        trustees.take_heard(poll_id=self.id, characters=characters, actor=one.actor, now=now)

    def deal_of(self, one: Keyholder) -> dict[str, Any]:
        ceremony = self.ceremony()
        return message_of(one.trustee(ceremony).deal([parse_hello(row.hello) for row in ceremony.trustees]))

    def say_deal(self, one: Keyholder, now: datetime = NOW) -> None:
        trustees.take_deal(poll_id=self.id, message=self.deal_of(one), actor=one.actor, now=now)

    def confirm_of(self, one: Keyholder) -> dict[str, Any]:
        ceremony = self.ceremony()
        hellos = [parse_hello(row.hello) for row in ceremony.trustees]
        deals = [parse_deal(row.deal) for row in ceremony.trustees]
        return message_of(one.trustee(ceremony).confirm(hellos, deals))

    def say_confirm(self, one: Keyholder, now: datetime = NOW) -> None:
        trustees.take_confirm(poll_id=self.id, message=self.confirm_of(one), actor=one.actor, now=now)

    def drill_line(self, one: Keyholder) -> bytes:
        ceremony = self.ceremony()
        board = drill.replay_drill(ceremony.drill)
        return sealed.share_line(one.holding_share(ceremony).open(board.opening.agenda))

    def say_drill(self, one: Keyholder, now: datetime = NOW) -> None:
        line = self.drill_line(one)
        trustees.take_drill_share(poll_id=self.id, line=line, actor=one.actor, now=now)

    def hold_ceremony(self, now: datetime = NOW) -> None:
        """Hold the whole ceremony with its drill."""
        self.start(now)
        for say in (self.say_hello, self.say_heard, self.say_deal, self.say_confirm, self.say_drill):
            for one in self.keyholders:
                say(one, now)

    def make_cards(self) -> None:
        """Give everybody on the roll a credential, as the committee's printer does; keep the codes."""
        with transaction() as session:
            for entry_id in self.poll.entries:
                code = sealed.read_code(sealed.new_code())
                self.codes.append(code)
                session.add(
                    CredentialLink(
                        roll_entry_id=entry_id,
                        poll_id=self.id,
                        community_id=self.poll.community_id,
                        public=bytes(sealed.credential_of(str(self.id), code)),
                    )
                )

    def found(self, now: datetime = NOW) -> bytes:
        settings = settings_now()
        return trustees.found_sealed_poll(poll_id=self.id, actor=self.officer, settings=settings, now=now)

    def vote_and_close(self, ballots: Sequence[Sequence[sealed.Answer]], now: datetime = NOW) -> None:
        """Put ballots of the first voters on the board, stop and close it: what leads to the opening."""
        with transaction() as session:
            poll = session.get_one(Poll, self.id)
            board = boards.lock_and_replay(session, self.id)
            race, contests = board.manifest.race, board.manifest.contests
            for code, answers in zip(self.codes, ballots, strict=False):
                secret = sealed.secret_of(str(self.id), code)
                picks = sealed.picks_of(contests, answers)
                ballot = sealed.seal(race, picks, secret, 0, secrets.token_bytes(32))
                boards.append_to(session, board, poll=poll, line=sealed.ballot_line(ballot))
            boards.append_to(session, board, poll=poll, line=sealed.stop_line())
            boards.append_to(session, board, poll=poll, line=sealed.close_line(len(ballots)))
            poll.state, poll.opened_at, poll.closed_at, poll.sealed_at = PollState.CLOSED, now, now, now

    def shuffle_line(self, one: Keyholder) -> bytes:
        board, trustee = boards.replay(db.session(), self.id), one.holding_share(self.ceremony())
        shuffled = [
            sealed.shuffle(board.opening.mix_context(at), board.opening.key, pool)
            for at, pool in enumerate(board.opening.pools)
        ]
        pools = [pool for pool, _proof in shuffled]
        vouch = trustee.vouch(board.opening.closing, pools)
        return sealed.shuffle_line(one.number, pools, [proof for _pool, proof in shuffled], vouch)

    def share_line(self, one: Keyholder) -> bytes:
        board, trustee = boards.replay(db.session(), self.id), one.holding_share(self.ceremony())
        return sealed.share_line(trustee.open(board.opening.agenda))

    def shuffle(self, one: Keyholder, now: datetime = NOW) -> None:
        opening.take_shuffle(poll_id=self.id, line=self.shuffle_line(one), actor=one.actor, now=now)

    def share(self, one: Keyholder, now: datetime = NOW) -> None:
        opening.take_share(poll_id=self.id, line=self.share_line(one), actor=one.actor, now=now)


def make_key_poll(
    community: Community, officer: Actor, *, threshold: int = 2, size: int = 3, **terms: Any
) -> KeyPoll:
    """Make a sealed poll with a frozen roll, and people with accounts who will keep its key."""
    poll = make_poll(community, preset=Preset.SEALED, threshold=threshold, trustees=size, **terms)
    with transaction() as session:
        row = session.get_one(Poll, poll.id)
        row.state, row.opened_at = PollState.ROLL_POSTED, None
    keyholders = []
    for number in range(1, size + 1):
        person = make_person(community, name=f"持钥人{number}")
        make_account(person)
        actor = Actor(person_id=person.id, community_id=community.id)
        keyholders.append(Keyholder(actor, number))
    return KeyPoll(poll, keyholders, officer)
