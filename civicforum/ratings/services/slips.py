"""Sheets of slips: printed for a counter, and withdrawn. The codes themselves are kept nowhere."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.database import transaction
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.people.models import Community
from civicforum.ratings import codes
from civicforum.ratings.models import ServiceSlip, SlipSheet
from civicforum.ratings.rules import SLIPS_PER_SHEET
from civicforum.ratings.services.steps import check_manage, get_term_at_station, record_station
from civicforum.rulebook.days import day_of


@dataclass(frozen=True)
class Printed:
    """A sheet and the codes of its slips, which are shown this once."""

    sheet: SlipSheet
    codes: list[str]


def print_sheet(
    *, term_id: uuid.UUID, counter: str, valid_until: date, key: str, actor: Actor, now: datetime
) -> Printed:
    """Make a sheet of slips for whoever serves at a counter. `key`: the installation's secret for hashes.

    Raises NotEligible, NotFound (no term at the station now), Invalid ("past", field "valid_until").
    """
    check_manage(actor)
    today = day_of(now)
    if valid_until < today:
        raise Invalid("past", "valid_until")
    with transaction() as session:
        # Numbers follow one another.
        session.get_one(Community, actor.community_id, with_for_update={"key_share": True})
        term = get_term_at_station(session, term_id=term_id, actor=actor, now=now)
        last = select(func.max(SlipSheet.number)).where(SlipSheet.community_id == actor.community_id)
        sheet = SlipSheet(
            community_id=actor.community_id,
            number=(session.scalar(last) or 0) + 1,
            counter=counter,
            term=term,
            slips=SLIPS_PER_SHEET,
            printed_on=today,
            valid_until=valid_until,
            printed_by_id=actor.person_id,
        )
        session.add(sheet)
        session.flush()
        printed = [codes.new_code() for _ in range(SLIPS_PER_SHEET)]
        _keep(session, sheet, [codes.hash_code(code, key=key) for code in printed])
        payload = {"number": sheet.number, "slips": sheet.slips, "valid_until": valid_until.isoformat()}
        record_station(
            session, actor.community_id, counter, action="print_sheet", actor=actor, now=now, payload=payload
        )
        session.refresh(sheet)
        return Printed(sheet, printed)


def withdraw_sheet(*, sheet_id: uuid.UUID, reason: str, actor: Actor, now: datetime) -> None:
    """Let no slip of a sheet open a rating any more, as after a loss.

    Raises NotEligible, NotFound, AlreadyDone.
    """
    check_manage(actor)
    with transaction() as session:
        sheet = session.get(SlipSheet, sheet_id, with_for_update=True)
        if sheet is None or sheet.community_id != actor.community_id:
            raise NotFound(sheet_id)
        if sheet.withdrawn_on is not None:
            raise AlreadyDone(sheet_id)
        sheet.withdrawn_on = day_of(now)
        record_station(
            session,
            actor.community_id,
            sheet.counter,
            action="withdraw_sheet",
            actor=actor,
            now=now,
            reason=reason,
            payload={"number": sheet.number},
        )


def _keep(session: Session, sheet: SlipSheet, hashes: list[bytes]) -> None:
    # In no order: that of the paper would say whose slip a row is.
    random.SystemRandom().shuffle(hashes)
    session.execute(
        insert(ServiceSlip),
        [{"community_id": sheet.community_id, "sheet_id": sheet.id, "code_hash": one} for one in hashes],
    )
