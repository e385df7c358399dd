"""What waits for somebody, of every feature; no other feature's table is touched here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, CompoundSelect, union_all
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.queries import needs as cycles
from civicforum.appraisals.queries import needs_due as appraisals
from civicforum.appraisals.queries import needs_follow as actions
from civicforum.appraisals.queries import needs_results as results
from civicforum.departments import queries as departments
from civicforum.drafts import queries as drafts
from civicforum.elections.queries import needs as elections
from civicforum.inbox import queries_told as outbox
from civicforum.inbox.rules import Need, in_order
from civicforum.inbox.waiting import Part, Parts, like, need_of, numbered, values_of
from civicforum.matters import queries as matters
from civicforum.meetings.queries import follow_ups, minutes
from civicforum.meetings.queries import needs as meetings
from civicforum.moderation.queries import needs as moderation
from civicforum.notices.queries import needs as notices
from civicforum.notices.queries import needs_asking as asking
from civicforum.polls.queries import needs as polls
from civicforum.ratings.queries import grades as ratings
from civicforum.registers.queries import needs as registers
from civicforum.statements import queries as statements
from civicforum.supervision.queries import desk as supervision
from civicforum.transfer import queries as transfer


@dataclass(frozen=True)
class Feature:
    """Who is asked what waits.

    `parts_of` and `may_need` take an actor with roles and no identity (`waiting.like`). The former returns
    all that `list_needs` would find. The latter returns a condition that is true wherever `list_needs` finds
    something, perhaps also elsewhere; None where it never does by the roles. A feature without either knows
    by the roles alone that nothing waits for an ordinary resident.
    """

    list_needs: Callable[[Session, Actor, datetime], list[Need]]
    may_need: Callable[[Actor], ColumnElement[bool] | None] | None = None
    parts_of: Callable[[Actor], Parts] | None = None


FEATURES = (
    Feature(matters.list_needs, parts_of=matters.parts_of),
    Feature(meetings.list_needs, meetings.may_need),
    Feature(minutes.list_minutes_to_sign, minutes.may_need_minutes),
    Feature(follow_ups.list_follow_up_needs, follow_ups.may_need_follow_up),
    Feature(drafts.list_needs, parts_of=drafts.parts_of),
    Feature(drafts.list_to_answer, drafts.may_need_answer),
    Feature(polls.list_needs, parts_of=polls.parts_of),
    Feature(elections.list_needs, elections.may_need),
    Feature(statements.list_needs, statements.may_need),
    Feature(ratings.list_needs),
    Feature(departments.list_needs),
    Feature(asking.list_needs),
    Feature(registers.list_needs),
    Feature(cycles.list_needs, cycles.may_need),
    Feature(actions.list_needs, actions.may_need),
    Feature(appraisals.list_needs),
    Feature(results.list_needs, results.may_need),
    Feature(supervision.list_needs, supervision.may_need),
    Feature(moderation.list_needs),
    Feature(notices.list_needs),
    Feature(transfer.list_needs),
    Feature(outbox.list_needs),
)


@dataclass(frozen=True)
class Sheet:
    """What is asked for all who hold the same posts, in one statement.

    Each feature stands with a part of its own, or with None where the statement tells only whether it has
    something; the statement's rows have their numbers.
    """

    asked: Sequence[tuple[Feature, Part | None]]
    statement: CompoundSelect[int, uuid.UUID, str, datetime | None, date | None]


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for somebody in any feature, what is due first, first.

    One statement lists it, or tells which features have something; only those are asked for it.
    """
    sheet, values = _sheet(like(actor)), values_of(actor, now)
    found: dict[Feature, list[Need]] = {}
    for row in sorted(session.execute(sheet.statement, values), key=lambda row: row.part):
        feature, part = sheet.asked[row.part]
        found.setdefault(feature, [])
        if part is not None:
            found[feature].append(need_of(part, row))
    for feature in FEATURES:
        if feature.parts_of is None and (feature.may_need is None or feature in found):
            found[feature] = feature.list_needs(session, actor, now)
    return in_order(need for feature in FEATURES for need in found.get(feature, ()))


@lru_cache
def _sheet(actor: Actor) -> Sheet:
    asked: list[tuple[Feature, Part | None]] = []
    rows = []
    for feature in FEATURES:
        if feature.parts_of is not None:
            for part in feature.parts_of(actor).each:
                rows.append(numbered(len(asked), part))
                asked.append((feature, part))
        elif feature.may_need is not None and (condition := feature.may_need(actor)) is not None:
            rows.append(numbered(len(asked), condition))
            asked.append((feature, None))
    return Sheet(asked, union_all(*rows))
