"""Matters on their way to a decision, brought there by the use cases themselves; ids, not rows."""

from __future__ import annotations

import io
import uuid
from datetime import datetime

from PIL import Image

from civicforum.accounts.rules import Actor
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.matters import services
from civicforum.matters.models import Matter
from civicforum.matters.rules import Act, Category, Ground, ReviewOutcome, Stage
from tests.factories import NOW
from tests.integration.matters.carrying import Place

TITLE = "东侧小路的路灯坏了一个月"
TEXT = "五盏灯有三盏不亮，晚上看不见台阶。"


def draft(actor: Actor, *, title: str = TITLE, text: str = TEXT, now: datetime = NOW) -> uuid.UUID:
    matter_id = services.start_draft(actor=actor, title=title, now=now)
    services.edit_details(
        matter_id=matter_id,
        actor=actor,
        body=text,
        category=Category.FACILITIES,
        place="6号楼东侧",
        grid_id=None,
        now=now,
    )
    return matter_id


def raised(place: Place, *, title: str = TITLE, text: str = TEXT, now: datetime = NOW) -> uuid.UUID:
    """Raise a matter as the first resident."""
    author = place.residents[0]
    matter_id = draft(author, title=title, text=text, now=now)
    services.publish_matter(matter_id=matter_id, actor=author, now=now)
    return matter_id


def seconded(place: Place, *, now: datetime = NOW) -> uuid.UUID:
    """Raise a matter and let the next five residents second it."""
    matter_id = raised(place, now=now)
    for actor in place.residents[1:6]:
        services.second_matter(matter_id=matter_id, actor=actor, now=now)
    return matter_id


def studied(place: Place, *, now: datetime = NOW) -> uuid.UUID:
    matter_id = seconded(place, now=now)
    services.study_matter(
        matter_id=matter_id,
        actor=place.actors[Role.PARTY],
        outcome=ReviewOutcome.SUPPORTED,
        text="同意提交居委会。",
        now=now,
    )
    return matter_id


def decided(place: Place, act: Act, *, ground: Ground | None = None, now: datetime = NOW) -> uuid.UUID:
    matter_id = studied(place, now=now)
    services.decide_matter(
        matter_id=matter_id,
        actor=place.actors[Role.COMMITTEE],
        act=act,
        text="理由如下。",
        ground=ground,
        now=now,
    )
    return matter_id


def declined(place: Place, *, now: datetime = NOW) -> uuid.UUID:
    return decided(place, Act.DECLINE, ground=Ground.NO_MEANS, now=now)


def stage_of(matter_id: uuid.UUID) -> Stage:
    db.session.expire_all()
    return db.session.get_one(Matter, matter_id).stage


def photo_file(size: tuple[int, int] = (64, 48)) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", size, "teal").save(target, "JPEG")
    return target.getvalue()
