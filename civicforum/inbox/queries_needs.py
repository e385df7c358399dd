"""What waits for somebody, of every feature; no other feature's table is touched here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from civicforum.accounts.rules import Actor
from civicforum.appraisals.queries import needs as cycles
from civicforum.appraisals.queries import needs_due as appraisals
from civicforum.appraisals.queries import needs_follow as actions
from civicforum.appraisals.queries import needs_results as results
from civicforum.departments import queries as departments
from civicforum.drafts.queries import needs as drafts
from civicforum.elections.queries import needs as elections
from civicforum.inbox import queries_told as outbox
from civicforum.inbox.rules import Need, in_order
from civicforum.inbox.waiting import like, values_of
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

    `may_need` takes an actor with roles and no identity (`waiting.like`), and returns a condition that is
    true wherever `list_needs` finds something, perhaps also elsewhere; None where it never does by the roles.
    A feature without it knows by the roles alone that nothing waits for an ordinary resident.
    """

    list_needs: Callable[[Session, Actor, datetime], list[Need]]
    may_need: Callable[[Actor], ColumnElement[bool] | None] | None = None


FEATURES = (
    Feature(matters.list_needs, matters.may_need),
    Feature(meetings.list_needs, meetings.may_need),
    Feature(minutes.list_minutes_to_sign, minutes.may_need_minutes),
    Feature(follow_ups.list_follow_up_needs, follow_ups.may_need_follow_up),
    Feature(drafts.list_needs, drafts.may_need),
    Feature(polls.list_needs, polls.may_need),
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


def list_needs(session: Session, actor: Actor, now: datetime) -> list[Need]:
    """Return what waits for somebody in any feature, what is due first, first.

    One statement tells which features have something; only those are asked for it.
    """
    asked, statement = _gate(like(actor))
    has_some = dict(zip(asked, session.execute(statement, values_of(actor, now)).one(), strict=True))
    return in_order(
        need
        for feature in FEATURES
        if feature.may_need is None or has_some.get(feature)
        for need in feature.list_needs(session, actor, now)
    )


@lru_cache
def _gate(actor: Actor) -> tuple[list[Feature], Select[*tuple[Any, ...]]]:
    """Return the features that may have something for such an actor, and the statement that says which do."""
    conditions = {
        feature: condition
        for feature in FEATURES
        if feature.may_need is not None and (condition := feature.may_need(actor)) is not None
    }
    return list(conditions), select(*(condition.label(None) for condition in conditions.values()))
