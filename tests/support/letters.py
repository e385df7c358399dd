"""Letters on paper: an office, households without a channel, and a run that was printed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import insert

from civicforum.accounts.rules import Actor
from civicforum.database import db
from civicforum.inbox.services import paper
from civicforum.people.models import Community, Household, Person
from civicforum.people.rules import Sex
from tests.factories import NOW, TODAY, make_person

CALL = "社区服务窗口"
URL = "https://forum.example/accounts/sign-in/code"


def make_households(community: Community, *, count: int) -> None:
    """Make households with one adult each, of whom nobody has a channel."""
    first = make_person(community).household
    rows = [
        {
            "id": uuid.uuid4(),
            "community_id": community.id,
            "number": f"L{number:04}",
            "address": f"桂花路{number}号2单元301室",
            "grid_id": first.grid_id,
            "group_id": first.group_id,
        }
        for number in range(1, count)
    ]
    people = [
        {
            "id": uuid.uuid4(),
            "community_id": community.id,
            "household_id": row["id"],
            "number": f"P{row['number']}",
            "name": f"李{row['number'][1:]}",
            "sex": Sex.MALE,
            "born_on": TODAY.replace(year=1960),
        }
        for row in rows
    ]
    if rows:
        db.session.execute(insert(Household), rows)
        db.session.execute(insert(Person), people)
        db.session.commit()


def ask(actor: Actor, *, run_id: uuid.UUID | None = None, text: str = "", now: datetime = NOW) -> uuid.UUID:
    run_id = run_id or uuid.uuid4()
    paper.ask_letters(
        run_id=run_id,
        title="居民会议表决",
        text=text or "三月二十日起对物业服务合同进行表决。",
        call=CALL,
        sign_in_url=URL,
        actor=actor,
        now=now,
    )
    return run_id


def print_run(actor: Actor, *, now: datetime = NOW, clock: Callable[[], datetime] | None = None) -> uuid.UUID:
    """Ask for letters and print them as the job does; return the run."""
    run_id = ask(actor, now=now)
    paper.print_letters(run_id=run_id, clock=clock or (lambda: now))
    return run_id
