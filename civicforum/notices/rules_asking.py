"""What residents do about notices: who answers, how much waits at once, and what a text may say."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from enum import StrEnum

from civicforum.bodies.rules import Role
from civicforum.errors import Invalid, require_text
from civicforum.notices.pii import Kind, find
from civicforum.notices.rules import ComplaintGround

QUERY_RULE = "disclosure.query_answered"
# Enough for somebody who reads closely, too few to flood a notice.
MOST_OPEN_QUERIES = 3
LONGEST_QUERY = 1000
LONGEST_ANSWER = 4000
# A notice is the residents' committee's, so it answers for it (art 34).
ANSWERS = (Role.COMMITTEE,)


class QueryState(StrEnum):
    """Where a query is: it waits for an answer, has one, or is hidden with a reason."""

    WAITING = "waiting"
    ANSWERED = "answered"
    HIDDEN = "hidden"


def state_of(*, due_at: datetime | None, hidden_at: datetime | None) -> QueryState:
    """Return where a query is by its clock: `due_at` runs from a question to its answer."""
    if hidden_at is not None:
        return QueryState.HIDDEN
    return QueryState.ANSWERED if due_at is None else QueryState.WAITING


def is_late(due_at: datetime | None, at: datetime) -> bool:
    """Tell whether what comes at an instant comes after its clock; the last instant is in time."""
    return due_at is not None and at > due_at


def check_words(text: str, *, most: int, field: str = "text", kinds: Set[Kind] = frozenset(Kind)) -> str:
    """Return a text that everybody may read, without blanks around it.

    Raises Invalid: "missing", "long" above `most` characters, or "personal_number" for a number of `kinds`.
    """
    words = require_text(text, most=most, field=field)
    if any(found.kind in kinds for found in find(words)):
        raise Invalid("personal_number", field)
    return words


def check_answer(text: str, *, field: str = "text", most: int = LONGEST_ANSWER) -> str:
    """Return what an officer writes; it may name the telephone of an office. Raises Invalid."""
    return check_words(text, most=most, field=field, kinds=frozenset({Kind.IDENTITY, Kind.CARD}))


RESIDENTS_RULE, REPRESENTATIVES_RULE = "disclosure.demand.residents", "disclosure.demand.representatives"
LONGEST_REASON = 2000


class DemandState(StrEnum):
    """Where a demand for a further item is: it collects signatures, was reached, or was taken back."""

    COLLECTING = "collecting"
    REACHED = "reached"
    WITHDRAWN = "withdrawn"


def demand_state(*, reached_at: datetime | None, withdrawn_at: datetime | None) -> DemandState:
    """Return where a demand is; one that was reached can no longer be taken back."""
    if withdrawn_at is not None:
        return DemandState.WITHDRAWN
    return DemandState.COLLECTING if reached_at is None else DemandState.REACHED


LONGEST_COMPLAINT = 3000
# The package of each is kept whole, and an office answers one after the other.
MOST_OPEN_COMPLAINTS = 3
HANDS_OVER = (Role.CLERK, Role.SUPERVISOR)
ENTERS_OUTCOME = (Role.SUPERVISOR,)
REMEDIES = (Role.COMMITTEE,)


class ComplaintState(StrEnum):
    """Where a complaint to the subdistrict office is."""

    FILED = "filed"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    # The office ordered to correct or to post, and the committee has said what it did.
    REMEDIED = "remedied"


def complaint_state(*, is_handed_over: bool, is_answered: bool, is_remedied: bool) -> ComplaintState:
    """Return where a complaint is by what has happened to it."""
    if is_remedied:
        return ComplaintState.REMEDIED
    if is_answered:
        return ComplaintState.ANSWERED
    return ComplaintState.HANDED_OVER if is_handed_over else ComplaintState.FILED


def check_ground(
    ground: ComplaintGround, *, due_at: datetime | None, met_at: datetime | None, now: datetime
) -> None:
    """Raise Invalid "not late" where something with a clock is said to be late, or unanswered, and is not.

    Args:
        due_at: the last instant of what was due, or of an answer; None for a notice without a clock.
        met_at: when the notice or the answer came; None while it is missing.
    """
    if ground is ComplaintGround.FALSE or due_at is None:
        return
    if not is_late(due_at, met_at or now):
        raise Invalid("not late", "ground")


def office_name(subdistrict: str) -> str:
    """Return the office of a subdistrict, or the government of a township, as a letter addresses it."""
    if subdistrict.endswith("街道"):
        return f"{subdistrict}办事处"
    return f"{subdistrict}人民政府" if subdistrict.endswith(("镇", "乡")) else subdistrict
