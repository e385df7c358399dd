"""The service station of the demonstration: what it does, months of ratings, and two bad grades answered."""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import current_app
from sqlalchemy import select

from civicforum.bodies.models import Body, Post, Term
from civicforum.bodies.rules import BodyKind
from civicforum.database import db
from civicforum.demo.story import Script
from civicforum.ratings import codes
from civicforum.ratings.models import ServiceItem, ServiceRating
from civicforum.ratings.rules import RatingLevel, ServiceClass
from civicforum.ratings.services import handling, rating, slips, station
from civicforum.ratings.services.handling import Answer
from civicforum.ratings.services.publications import sweep_night
from civicforum.ratings.services.rating import Given
from civicforum.ratings.services.station import Card

HEAD, CLERKS = "孙蕾", {"赵敏": "一号窗口", "蒋晨": "二号窗口"}
ITEMS = (
    (ServiceClass.MANAGEMENT, "居住证明", ""),
    (ServiceClass.MANAGEMENT, "场地借用登记", "综合办公室"),
    (ServiceClass.PUBLIC_SERVICE, "老年优待证", ""),
    (ServiceClass.PUBLIC_SERVICE, "志愿服务登记", ""),
    (ServiceClass.PUBLIC_SERVICE, "便民热线转办", ""),
    (ServiceClass.SOCIAL_SECURITY, "低保初审", ""),
    (ServiceClass.SOCIAL_SECURITY, "医保参保登记", ""),
    (ServiceClass.SOCIAL_SECURITY, "高龄津贴申请", ""),
)
CARD = Card(
    address="槐荫一路6号，社区党群服务中心一楼",
    hours="周一至周五8:30–12:00、14:00–17:30，周六上午值班",
    phone="0312-555-0160",
    complaints_phone="0312-555-0186",
)
BEGUN = -125
# Of a hundred ratings, how many have each level.
SHARES = dict(zip(RatingLevel, (52, 27, 13, 5, 3), strict=True))


@dataclass(frozen=True)
class Complaint:
    """A bad grade with a name: what was said, and what came of it."""

    level: RatingLevel
    comment: str
    name: str
    phone: str
    answer: Answer


COMPLAINTS = (
    Complaint(
        RatingLevel.DISSATISFIED,
        "早上排队四十多分钟，只开一个窗口。",
        "范女士",
        "0312-555-0147",
        Answer("上午等候时间长", "每天8:30至10:00两个窗口同时办理，已在门口公示。"),
    ),
    Complaint(
        RatingLevel.VERY_DISSATISFIED,
        "材料跑了三趟，每次要的都不一样。",
        "老秦",
        "0312-555-0152",
        Answer("一次没有说清要带哪些材料", "八项业务的材料清单已印成一页纸，窗口一次性告知。"),
    ),
)

# Came yesterday, and waits for the call of the station's head.
WAITING = Given(
    level=RatingLevel.DISSATISFIED,
    comment="电话打了五次没人接，只好跑一趟。",
    name="贺师傅",
    phone="0312-555-0139",
)


def tell_service(script: Script) -> None:
    """Put the station's card, items, slips, ratings and the answers to bad grades into the script."""
    _Counters(script).tell()


class _Counters:
    def __init__(self, script: Script) -> None:
        self.script = script
        self.key: str = current_app.config["CIVICFORUM"].identity_key
        # Its own, so that the other stories stay as they are.
        self.chance = random.Random("service")  # noqa: S311 - an invented story
        self.slips: dict[str, list[str]] = {clerk: [] for clerk in CLERKS}

    def tell(self) -> None:
        script = self.script
        script.at(BEGUN, 9.0, self._set_up)
        # Every other day from then until today; the sheets are printed as they are needed.
        for day in range(BEGUN + 1, 0, 2):
            script.at(day, 16.0, self._serve)
        for number, complaint in enumerate(COMPLAINTS):
            self._complain(complaint, BEGUN + 30 + 35 * number)
        script.at(-1, 16.5, lambda now: self._rate("蒋晨", WAITING, now))
        for first in self._firsts():
            script.at((first - script.today).days, 0.4, lambda now: sweep_night(now=now))

    def _firsts(self) -> Sequence[date]:
        """Return the first days of the months since the counters began."""
        days = (self.script.today + timedelta(days=day) for day in range(BEGUN, 1))
        return [day for day in days if day.day == 1]

    def _set_up(self, now: datetime) -> None:
        clerk = self.script.actor("赵敏")
        station.write_card(card=CARD, actor=self.script.actor(HEAD), now=now)
        for service_class, name, unit in ITEMS:
            station.add_item(service_class=service_class, name=name, unit=unit, actor=clerk, now=now)

    def _serve(self, now: datetime) -> None:
        chance = self.chance
        items = db.session.scalars(select(ServiceItem.id).order_by(ServiceItem.name)).all()
        for clerk in CLERKS:
            for _ in range(chance.randint(0, 2)):
                (level,) = chance.choices(list(SHARES), list(SHARES.values()))
                self._rate(clerk, Given(level=level, item_id=chance.choice(items)), now)

    def _complain(self, complaint: Complaint, day: int) -> None:
        script, kept = self.script, ""

        def complain(now: datetime) -> None:
            nonlocal kept
            given = Given(
                level=complaint.level,
                comment=complaint.comment,
                name=complaint.name,
                phone=complaint.phone,
            )
            kept = self._rate("赵敏", given, now)

        def call(now: datetime) -> None:
            handling.contact(
                rating_id=self._id(kept),
                note="已致电核实，情况属实，当场道歉并说明改进办法。",
                answer=complaint.answer,
                actor=script.actor(HEAD),
                now=now,
            )

        def call_back(now: datetime) -> None:
            handling.call_back(rating_id=self._id(kept), is_content=True, actor=script.actor(HEAD), now=now)

        script.at(day, 11.0, complain)
        script.at(day, 15.5, call)
        script.at(day + 12, 10.0, call_back)

    def _rate(self, clerk: str, given: Given, now: datetime) -> str:
        waiting = self.slips[clerk]
        if not waiting:
            waiting += self._print(clerk, now)
        return rating.rate(code=waiting.pop(), number=codes.new_number(), given=given, key=self.key, now=now)

    def _print(self, clerk: str, now: datetime) -> list[str]:
        printed = slips.print_sheet(
            term_id=self._term(clerk),
            counter=CLERKS[clerk],
            valid_until=(now + timedelta(days=150)).date(),
            key=self.key,
            actor=self.script.actor("赵敏"),
            now=now,
        )
        return printed.codes

    def _term(self, name: str) -> uuid.UUID:
        return db.session.scalars(
            select(Term.id)
            .join(Post, Term.post_id == Post.id)
            .join(Body, Post.body_id == Body.id)
            .where(
                Term.person_id == self.script.people.people[name],
                Body.kind == BodyKind.SERVICE_STATION,
            )
        ).one()

    def _id(self, number: str) -> uuid.UUID:
        return db.session.scalars(select(ServiceRating.id).where(ServiceRating.number == number)).one()
