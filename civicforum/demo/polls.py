"""The votes of the demonstration: one counted with its archive, one on screen and paper, two that are open.

Voters, trustees and the committee's printer do here what their browsers do: they seal, deal and make cards.
The slips and cards of the sealed vote follow from fixed words, so that the pages of a demonstration can show
them to whoever tries it; anywhere else nobody but their holders knows them.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from civicforum import sealed
from civicforum.accounts.rules import Actor
from civicforum.config import Settings
from civicforum.database import db
from civicforum.demo.poll_plans import CHARGING, PROPERTY, READING, STEWARDS, Plan
from civicforum.demo.story import Script
from civicforum.polls import keyring
from civicforum.polls.models import KeyCeremony, Poll, RollEntry
from civicforum.polls.queries.paper import list_stations
from civicforum.polls.queries.trustees import find_ceremony
from civicforum.polls.questions import Marking, QuestionKind, QuestionSpec
from civicforum.polls.rules import StationKind
from civicforum.polls.rules_paper import BoxSheet
from civicforum.polls.services import (
    boards,
    box_counts,
    cards,
    casting,
    clocks,
    counting,
    drafting,
    drill,
    paper,
    results,
    rolls,
    sealing,
    stations,
    trustees,
)
from civicforum.polls.services.stations import StationPlan
from civicforum.polls.terms import Subject, Terms
from civicforum.rulebook import SHANGHAI
from civicforum.sealed import Answer, Ceremony
from civicforum.sealed.ceremony import parse_deal, parse_hello, record_of

OPENS, CLOSES = 8.0, 20.0
PAPERS = 12
TRUSTEES = ("何文清", "郑国华", "周立民")
TRIED_BY = ("王秀兰", "陈志强")


def tell_polls(script: Script) -> None:
    """Put the four votes into the script."""
    for plan in (CHARGING, STEWARDS, READING):
        PollStory(script, plan).tell()
    SealedPollStory(script, PROPERTY).tell()


def card_code(poll_id: uuid.UUID, entry_id: uuid.UUID) -> str:
    """Return the code of a voting card of the demonstration, as it is printed."""
    return sealed.code_of(byte & 31 for byte in _invented("card", poll_id.bytes + entry_id.bytes)[:20])


def slip_of(ceremony_id: uuid.UUID, number: int) -> sealed.Slip:
    """Return the slip of a trustee of the demonstration."""
    return sealed.Slip(number, _invented("slip", ceremony_id.bytes + bytes([number]))[:32])


def shown_card(poll_id: uuid.UUID, entry_id: uuid.UUID, public: bytes) -> str | None:
    """Return the code on a card for whoever tries the demonstration, or None where it is another card."""
    code = card_code(poll_id, entry_id)
    is_this = sealed.credential_of(str(poll_id), sealed.read_code(code)) == public
    return code if is_this else None


def shown_slip(ceremony: KeyCeremony, number: int) -> str | None:
    """Return what is on a trustee's slip for whoever tries the demonstration, or None for another slip."""
    slip = slip_of(ceremony.id, number)
    protocol = Ceremony(bytes(ceremony.sealed_id), ceremony.threshold, ceremony.size)
    hello = _message(sealed.Trustee(protocol, number, slip.seed).hello())
    return slip.code if hello == ceremony.trustees[number - 1].hello else None


def _invented(what: str, whose: bytes) -> bytes:
    return hashlib.sha512(f"civicforum demonstration {what} ".encode() + whose).digest()


class Act(TypedDict):
    """What every act of an officer names."""

    poll_id: uuid.UUID
    actor: Actor
    now: datetime


class PollStory:
    """A vote whose key the platform keeps: drafted, posted, frozen, cast, and counted when its day comes."""

    def __init__(self, script: Script, plan: Plan) -> None:
        self.script, self.plan = script, plan
        self.id = uuid.uuid4()
        self.officer = script.actor("何文清")

    @property
    def settings(self) -> Settings:
        settings: Settings = current_app.config["CIVICFORUM"]
        return settings

    def act(self, now: datetime) -> Act:
        """Return what an act of the officer on this vote names."""
        return {"poll_id": self.id, "actor": self.officer, "now": now}

    def tell(self) -> None:
        """Put every act into the script; what lies ahead of today is left out."""
        script, plan = self.script, self.plan
        script.at(plan.drafted, 9.5, self.draft)
        script.at(plan.drafted, 10.5, lambda now: self.post(now))
        script.at(plan.opens - 2, 9.0, self.freeze)
        script.at(plan.opens, OPENS + 0.05, self.sweep)
        for day in range(plan.opens, min(plan.closes, 1)):
            script.at(day, OPENS + 1.5, self.cast_some)
        if plan.by_paper and plan.closes <= 0:
            script.at(plan.closes - 1, 15.0, self.issue_papers)
        script.at(plan.closes, CLOSES + 0.05, self.sweep)
        if plan.by_paper:
            script.at(plan.closes, CLOSES + 0.6, self.count_paper)
        else:
            script.at(plan.closes + 2, 10.0, lambda now: self.certify(now))

    def draft(self, now: datetime) -> None:
        plan, act = self.plan, self.act(now)
        subject = Subject(title=plan.title, question=plan.text, preset=plan.preset)
        drafting.draft_poll(subject=subject, **act)
        drafting.set_terms(terms=self._terms(), **act)
        for spec in plan.questions:
            drafting.add_question(question_id=uuid.uuid4(), spec=spec, **act)
        rolls.draw_roll(draw=plan.draw(self.script), **act)

    def post(self, now: datetime) -> None:
        if self.plan.by_paper:
            self._add_stations(now)
        rolls.post_roll(poll_id=self.id, actor=self.officer, now=now)

    def freeze(self, now: datetime) -> None:
        rolls.freeze_roll(poll_id=self.id, actor=self.officer, settings=self.settings, now=now)

    def sweep(self, now: datetime) -> None:
        clocks.sweep(now=now, settings=self.settings)
        results.sweep(now=now, settings=self.settings)

    def certify(self, now: datetime) -> None:
        results.certify(poll_id=self.id, actor=self.officer, now=now)

    def cast_some(self, now: datetime) -> None:
        """Let a part of those who have not voted do so; who may be tried as waits for the visitor."""
        voted = self._standings()
        waiting = [entry for entry in self._entries() if voted[entry.id] < 0]
        tried = {self.script.people.people[name] for name in TRIED_BY}
        willing = [entry for entry in waiting if entry.person_id not in tried]
        for entry in self.script.chance.sample(willing, min(len(willing), max(3, len(willing) // 4), 40)):
            self._cast(entry, now)

    def issue_papers(self, now: datetime) -> None:
        voted = self._standings()
        station = self._stations()[0]
        waiting = [entry for entry in self._entries() if voted[entry.id] < 0]
        takers = self.script.chance.sample(waiting, PAPERS)
        clerk = self.script.actor("赵敏")
        for entry in takers:
            paper.issue_paper(station_id=station, entry_id=entry.id, actor=clerk, now=now)

    def count_paper(self, now: datetime) -> None:
        """Let two people count the one box alike, sign, and the officer seal, open and count."""
        station = self._stations()[0]
        # One of the twelve was carried home, and one has three marks.
        sheet = BoxSheet(found=PAPERS - 1, invalid=1, counts=(6, 5, 4, 4), grounds={"over_choice": 1})
        for name in ("程淑珍", "许志明"):
            box_counts.enter_count(station_id=station, sheet=sheet, actor=self.script.actor(name), now=now)
        for name in ("程淑珍", "许志明"):
            box_counts.sign_station(station_id=station, actor=self.script.actor(name), now=now)
        act = self.act(now)
        if db.session.get_one(Poll, self.id).sealed_at is None:
            sealing.seal_count(**act)
            sealing.open_platform_box(settings=self.settings, **act)
        counting.count_poll(**act)

    def _terms(self) -> Terms:
        plan = self.plan
        return Terms(
            by_screen=True,
            by_paper=plan.by_paper,
            by_proxy=False,
            revote=True,
            least=5,
            threshold=min(2, plan.trustees),
            trustees=plan.trustees,
            objection_days=3,
            keep_days=30,
            quorum_rule="",
            opens_at=self._at(plan.opens, OPENS),
            closes_at=self._at(plan.closes, CLOSES),
        )

    def _at(self, day: int, hour: float) -> datetime:
        today = self.script.today
        midnight = datetime(today.year, today.month, today.day, tzinfo=SHANGHAI)
        return (midnight + timedelta(days=day, hours=hour)).astimezone(self.script.now.tzinfo)

    def _add_stations(self, now: datetime) -> None:
        plans = (
            StationPlan("社区党群服务中心一楼", StationKind.HALL, "槐荫里二号院", ("宋玉珍", "唐文彬")),
            StationPlan("流动票箱", StationKind.ROVING, "行动不便的居民家中", ("宋玉珍", "贾丽", "丁海涛")),
        )
        for plan in plans[: 2 if self.plan.trustees > 1 else 1]:
            stations.add_station(poll_id=self.id, plan=plan, actor=self.officer, now=now)

    def _stations(self) -> list[uuid.UUID]:
        poll = db.session.get_one(Poll, self.id)
        return [station.id for station in list_stations(db.session(), poll)]

    def _entries(self) -> Sequence[RollEntry]:
        return db.session.scalars(
            select(RollEntry)
            .where(RollEntry.poll_id == self.id)
            .order_by(RollEntry.position)
            .options(selectinload(RollEntry.link))
        ).all()

    def _standings(self) -> dict[uuid.UUID, int]:
        board = boards.replay(db.session(), self.id)
        return {
            entry.id: board.electorate.standings[entry.link.public].sequence
            for entry in self._entries()
            if entry.link is not None
        }

    def _cast(self, entry: RollEntry, now: datetime) -> None:
        manifest = boards.manifest_of(db.session(), self.id)
        answers = [self._answer(spec) for spec in self.plan.questions]
        secret = sealed.secret_of(str(self.id), self._code(entry.id))
        picks = sealed.picks_of(manifest.contests, answers)
        ballot = sealed.seal(manifest.race, picks, secret, 0, self.script.chance.randbytes(32))
        casting.cast_sealed_ballot(
            poll_id=self.id,
            entry_id=entry.id,
            ballot=ballot,
            actor=Actor(entry.person_id, self.script.community_id),
            settings=self.settings,
            now=now,
        )

    def _code(self, entry_id: uuid.UUID) -> str:
        return keyring.read_keys(self.settings.instance, self.id).code_of(entry_id)

    def _answer(self, spec: QuestionSpec) -> Answer:
        chance, options = self.script.chance, range(len(spec.options))
        match spec.kind:
            case QuestionKind.MOTION:
                return Answer(chosen=frozenset(chance.choices(((0,), (1,), ()), (72, 20, 8))[0]))
            case QuestionKind.GRADE:
                return Answer(levels={row: chance.choices((0, 1, 2), (5, 3, 1))[0] for row in options})
            case QuestionKind.RANKING:
                return Answer(order=tuple(chance.sample(options, chance.randint(1, spec.depth))))
            case QuestionKind.SELECTION if spec.marking is Marking.EACH:
                chosen = frozenset(chance.sample(options, chance.randint(1, spec.most)))
                against = [option for option in options if option not in chosen]
                return Answer(chosen=chosen, against=frozenset(chance.sample(against, 1)))
            case QuestionKind.SELECTION:
                return Answer(chosen=frozenset(chance.sample(options, chance.randint(1, spec.most))))


class SealedPollStory(PollStory):
    """A vote whose key three people keep: ceremony, drill, cards, and a board that waits for them."""

    def freeze(self, now: datetime) -> None:
        super().freeze(now)
        people = [self.script.people.people[name] for name in TRUSTEES]
        act = self.act(now)
        trustees.name_trustees(person_ids=people, **act)
        for say in (self._hello, self._heard, self._deal, self._confirm, self._drill):
            for number, name in enumerate(TRUSTEES, 1):
                say(number, self.script.actor(name), now)
        credentials = {
            entry.id: bytes(sealed.credential_of(str(self.id), self._code(entry.id)))
            for entry in self._entries()
        }
        cards.register_credentials(credentials=credentials, **act)
        trustees.found_sealed_poll(settings=self.settings, **act)

    def count_paper(self, now: datetime) -> None:
        """Its day is still to come."""

    def _code(self, entry_id: uuid.UUID) -> str:
        return sealed.read_code(card_code(self.id, entry_id))

    def _ceremony(self) -> KeyCeremony:
        db.session.expire_all()
        found = find_ceremony(db.session(), self.id)
        assert found is not None  # noqa: S101
        return found

    def _trustee(self, number: int) -> sealed.Trustee:
        row = self._ceremony()
        protocol = Ceremony(bytes(row.sealed_id), row.threshold, row.size)
        return sealed.Trustee(protocol, number, slip_of(row.id, number).seed)

    def _hello(self, number: int, actor: Actor, now: datetime) -> None:
        message = _message(self._trustee(number).hello())
        trustees.take_hello(poll_id=self.id, message=message, actor=actor, now=now)

    def _heard(self, number: int, actor: Actor, now: datetime) -> None:
        characters = trustees.characters_of(self._ceremony())
        trustees.take_heard(poll_id=self.id, characters=characters, actor=actor, now=now)

    def _deal(self, number: int, actor: Actor, now: datetime) -> None:
        message = _message(self._trustee(number).deal(self._hellos()))
        trustees.take_deal(poll_id=self.id, message=message, actor=actor, now=now)

    def _confirm(self, number: int, actor: Actor, now: datetime) -> None:
        message = _message(self._trustee(number).confirm(self._hellos(), self._deals()))
        trustees.take_confirm(poll_id=self.id, message=message, actor=actor, now=now)

    def _drill(self, number: int, actor: Actor, now: datetime) -> None:
        trustee = self._trustee(number)
        trustee.confirm(self._hellos(), self._deals())
        board = drill.replay_drill(self._ceremony().drill)
        line = sealed.share_line(trustee.open(board.opening.agenda))
        trustees.take_drill_share(poll_id=self.id, line=line, actor=actor, now=now)

    def _hellos(self) -> list[sealed.Hello]:
        return [parse_hello(trustee.hello) for trustee in self._ceremony().trustees]

    def _deals(self) -> list[sealed.Deal]:
        return [parse_deal(trustee.deal) for trustee in self._ceremony().trustees]


def _message(message: sealed.Hello | sealed.Deal | sealed.Confirm) -> dict[str, Any]:
    """Return a message as a browser sends it: bytes as base64url."""
    return sealed.read_line(sealed.write_line(record_of(message)))
