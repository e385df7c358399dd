"""An authority with its pair of keys, and reports sealed for it."""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PIL import Image

from civicforum.bodies.rules import Role
from civicforum.people.models import Community
from civicforum.reports import boxes, contents, services
from civicforum.reports.contents import Content, Sealed
from civicforum.reports.rules import Kind
from civicforum.reports.services import Authority
from tests.factories import actor_of, make_officer

NAME, PHONE, ADDRESS = "槐安街道办事处", "0311-5550123", "槐安路8号，工作日9时至17时"
TOLD = Content(Kind.BRIBERY, "三号楼有人挨家送油，要大家投他的票。", "昨晚，三号楼", "某先生，138开头的号码")


@dataclass(frozen=True)
class Holder:
    """The authority: only here is the private key."""

    key_id: uuid.UUID
    secret: bytes

    @property
    def public(self) -> bytes:
        return boxes.public_of(self.secret)

    def visit(self, now: datetime) -> uuid.UUID:
        """Begin a visit, as somebody does who has passed a test."""
        visit_id = uuid.uuid4()
        services.begin_visit(visit_id=visit_id, key_id=self.key_id, now=now)
        return visit_id


def make_holder(community: Community, *, now: datetime, is_proved: bool = True) -> Holder:
    """Let an administrator enter the key of an authority, and the authority prove it."""
    secret = boxes.new_secret()
    admin = actor_of(make_officer(community, Role.ADMIN), Role.ADMIN)
    given = Authority(NAME, PHONE, ADDRESS, boxes.public_of(secret))
    holder = Holder(services.enter_key(authority=given, actor=admin, now=now, reason="换届"), secret)
    if is_proved:
        holder.visit(now)
    return holder


def send(holder: Holder, *, now: datetime, content: Content = TOLD) -> tuple[str, Sealed]:
    """Seal a report and file it; return its number and what the reporter keeps."""
    sealed = contents.seal_report(content, holder.public)
    number = services.file_report(
        report_id=uuid.uuid4(),
        key_id=holder.key_id,
        salt=sealed.salt,
        reply=sealed.reply,
        sealed=sealed.sealed,
        now=now,
    )
    return number, sealed


def reply(
    holder: Holder, number: str, sealed: Sealed, *, now: datetime, text: str = "已受理，正在调查。"
) -> bytes:
    """Answer a report as the authority; return the sealed answer."""
    answer = contents.write_answer(text, reply=sealed.reply, secret=holder.secret)
    services.answer_report(visit_id=holder.visit(now), number=number, answer=answer, now=now)
    return answer


def picture(colour: str = "red", *, place: bool = False) -> bytes:
    """Return a photo as a phone takes it, with the place in its metadata on request."""
    target = io.BytesIO()
    exif = Image.Exif()
    if place:
        exif[0x010E] = "38.0428N 114.5149E"
    Image.new("RGB", (60, 40), colour).save(target, "JPEG", exif=exif)
    return target.getvalue()


def days_ago(days: int) -> datetime:
    return datetime.now(UTC) - timedelta(days=days)
