"""The channel of the demonstration: an authority with its key, one report answered and one that waits.

The private key is made here, used, and forgotten: nobody can open what the demonstration holds.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from civicforum.demo.story import Script
from civicforum.reports import boxes, contents, services
from civicforum.reports.contents import Content
from civicforum.reports.rules import Kind
from civicforum.reports.services import Authority

ENTERED, FIRST, ANSWERED, SECOND = -75, -48, -31, -6
TOLD = (
    Content(Kind.BRIBERY, "有人在楼道里给每户发了一袋米，说选他做委员。", "上周六下午，二号楼"),
    Content(Kind.THREAT, "有人说不投他的票，明年就不给登记车位。", "前天晚上，车库门口"),
)
ANSWER = "您反映的情况已核实：所发物品由企业冠名，与候选人无关，已要求停止在选举期间发放。感谢监督。"


def tell_reports(script: Script) -> None:
    """Put the channel into the script."""
    Channel(script).tell()


class Channel:
    """The authority and those who report to it."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._secret = boxes.new_secret()
        self._key_id: uuid.UUID | None = None
        self._first: tuple[str, contents.Sealed] | None = None

    def tell(self) -> None:
        self.script.at(ENTERED, 10.0, self._enter)
        self.script.at(ENTERED + 1, 9.5, self._visit)
        self.script.at(FIRST, 21.0, self._report_first)
        self.script.at(ANSWERED, 15.0, self._answer)
        self.script.at(SECOND, 20.0, lambda now: self._report(TOLD[1], now))

    def _enter(self, now: datetime) -> None:
        given = Authority(
            name="柳荫街道办事处纪检监察工作组",
            phone="0312-555-0186",
            address="柳荫街12号二楼，工作日8时30分至17时",
            public=boxes.public_of(self._secret),
        )
        self._key_id = services.enter_key(authority=given, actor=self.script.actor("吴涛"), now=now)

    def _visit(self, now: datetime) -> uuid.UUID:
        assert self._key_id is not None  # noqa: S101 - the script plays in order
        visit_id = uuid.uuid4()
        services.begin_visit(visit_id=visit_id, key_id=self._key_id, now=now)
        return visit_id

    def _report(self, content: Content, now: datetime) -> tuple[str, contents.Sealed]:
        assert self._key_id is not None  # noqa: S101 - the script plays in order
        sealed = contents.seal_report(content, boxes.public_of(self._secret))
        number = services.file_report(
            report_id=uuid.uuid4(),
            key_id=self._key_id,
            salt=sealed.salt,
            reply=sealed.reply,
            sealed=sealed.sealed,
            now=now,
        )
        return number, sealed

    def _report_first(self, now: datetime) -> None:
        self._first = self._report(TOLD[0], now)

    def _answer(self, now: datetime) -> None:
        assert self._first is not None  # noqa: S101 - the script plays in order
        number, sealed = self._first
        answer = contents.write_answer(ANSWER, reply=sealed.reply, secret=self._secret)
        services.answer_report(visit_id=self._visit(now), number=number, answer=answer, now=now)
