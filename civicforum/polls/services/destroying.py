"""The day stated in the manifest: keys are destroyed, and with them whatever tells who cast which ballot.

Rows lie in the order they were written and bear the number of their transaction, and both would pair people
with lines of the board after the links are gone. So every row of the poll is written anew in one transaction,
those about paper in an order that says nothing, and the hours at which its voters signed in while it was open
become those of the opening and the stop (docs/adr/0011).
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, case, delete, func, select, text, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from civicforum.accounts.models import Account, OneTimeCode, SignInSession
from civicforum.config import Settings
from civicforum.database import db, transaction
from civicforum.errors import TransitionNotAllowed
from civicforum.polls import keyring
from civicforum.polls.blockers import Blocker, BlockerKind
from civicforum.polls.errors import StepBlocked
from civicforum.polls.models import CredentialLink, PaperIssue, Poll, ResultObjection, RollEntry
from civicforum.polls.queries.destruction import destruction_due
from civicforum.polls.rules import PollState
from civicforum.polls.services.steps import record_poll

OVER = frozenset({PollState.CERTIFIED, PollState.VOID})
# Nothing refers to these rows, so they are taken out and put back, in an order that tells nothing new.
PUT_BACK = {"board_line": "number", "credential": "public", "paper_issue": "id"}
# In the order of a random key the files of these tables tell nothing of the order of what happened.
REORDERED = ("credential_link", "paper_issue", "roll_entry", "sign_in_session")
VACUUMED = (*REORDERED, "board", "board_line", "credential")
ON_ROLL = "SELECT person_id FROM roll_entry WHERE poll_id = :poll_id"
WAIT_FOR_TABLE = "2s"
logger = logging.getLogger(__name__)


def destroy_links(*, poll_id: uuid.UUID, now: datetime, settings: Settings) -> None:
    """Destroy keys and links of a poll whose day has come; its board and result stay.

    Raises TransitionNotAllowed (too early, not certified or void, or done before), StepBlocked (an objection
    is not answered).
    """
    with transaction() as session:
        poll = session.get_one(Poll, poll_id, with_for_update=True, populate_existing=True)
        _check_due(session, poll, now=now)
        session.execute(delete(CredentialLink).where(CredentialLink.poll_id == poll_id))
        session.execute(update(PaperIssue).where(PaperIssue.poll_id == poll_id).values(issued_at=None))
        _blur_sign_ins(session, poll)
        _write_anew(session, poll_id)
        poll.destroyed_at = now
        record_poll(session, poll, actor=None, action="destroy", now=now)
        # Last, so that a failure above leaves them; without keys there is no going back.
        keyring.destroy_keys(settings.instance, poll_id)


def _check_due(session: Session, poll: Poll, *, now: datetime) -> None:
    due = destruction_due(session, poll)
    is_over = poll.state in OVER and poll.destroyed_at is None and poll.has_pages
    if not is_over or (due is not None and now < due):
        raise TransitionNotAllowed(poll.state, "destroy")
    unanswered = count_unanswered(session, poll.id)
    if unanswered:
        figures = {"num": unanswered}
        awaited = Blocker(BlockerKind.OBJECTIONS_UNANSWERED, "polls.result_objections", figures=figures)
        raise StepBlocked([awaited])


def count_unanswered(session: Session, poll_id: uuid.UUID) -> int:
    """Return how many objections to the result wait for an answer."""
    waiting = select(func.count()).where(
        ResultObjection.poll_id == poll_id, ResultObjection.answered_at.is_(None)
    )
    return session.scalar(waiting) or 0


def _write_anew(session: Session, poll_id: uuid.UUID) -> None:
    """Write every row of the poll again, so that all bear the number of this one transaction."""
    here = {"poll_id": poll_id}
    for table, order in PUT_BACK.items():
        # Names of ours; nothing that anybody typed.
        keep = f"CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT * FROM {table} WHERE poll_id = :poll_id"  # noqa: S608
        session.execute(text(keep), here)
        session.execute(text(f"DELETE FROM {table} WHERE poll_id = :poll_id"), here)  # noqa: S608
        session.execute(text(f"INSERT INTO {table} SELECT * FROM kept ORDER BY {order}"))  # noqa: S608
        session.execute(text("DROP TABLE kept"))
    for statement in (
        "UPDATE board SET lines = lines WHERE poll_id = :poll_id",
        "UPDATE roll_entry SET position = position WHERE poll_id = :poll_id",
        # A sign-in locks the account's row, and leaves the number of its transaction there.
        f"UPDATE person SET name = name WHERE id IN ({ON_ROLL})",  # noqa: S608
        f"UPDATE account SET login = login WHERE person_id IN ({ON_ROLL})",  # noqa: S608
    ):
        session.execute(text(statement), here)
    session.expire_all()


def _blur_sign_ins(session: Session, poll: Poll) -> None:
    """Set every sign-in of people on the roll while the poll was open to the same two moments.

    Whoever signed in to vote did so in the order of the ballots on the board.
    """
    if poll.opened_at is None:
        return
    begin, end = poll.opened_at, poll.closed_at or poll.opened_at
    people = select(RollEntry.person_id).where(RollEntry.poll_id == poll.id)
    own = select(Account.id).where(Account.person_id.in_(people))

    def blurred(column: InstrumentedAttribute[Any], to: datetime) -> ColumnElement[Any]:
        return case((column.between(begin, end), to), else_=column)

    started, lasts = SignInSession.started_at, SignInSession.expires_at - SignInSession.started_at
    session.execute(
        update(SignInSession)
        .where(SignInSession.account_id.in_(own))
        .values(
            started_at=blurred(started, begin),
            seen_at=blurred(SignInSession.seen_at, end),
            ended_at=blurred(SignInSession.ended_at, end),
            expires_at=case((started.between(begin, end), end + lasts), else_=SignInSession.expires_at),
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.account_id.in_(own), OneTimeCode.used_at.between(begin, end))
        .values(used_at=end)
        .execution_options(synchronize_session=False)
    )


def sweep(*, now: datetime, settings: Settings) -> int:
    """Destroy what is due, then clean the tables; return of how many polls. Their pages show late ones."""
    done = 0
    for poll_id in _due(now):
        try:
            destroy_links(poll_id=poll_id, now=now, settings=settings)
            done += 1
        except (TransitionNotAllowed, StepBlocked):
            continue
        except Exception:
            logger.exception("the links of poll %s could not be destroyed", poll_id)
    if done or _is_uncleaned():
        clean_tables()
    return done


def _due(now: datetime) -> list[uuid.UUID]:
    with transaction() as session:
        polls = session.scalars(
            select(Poll).where(
                Poll.has_pages,
                Poll.state.in_(OVER),
                Poll.destroyed_at.is_(None),
            )
        ).all()
        return [poll.id for poll in polls if (due := destruction_due(session, poll)) is None or due <= now]


def _is_uncleaned() -> bool:
    """Tell whether a table was not cleaned since the last destruction: then cleaning had failed."""
    with transaction() as session:
        last = session.scalar(select(func.max(Poll.destroyed_at)))
        uncleaned = text(
            "SELECT count(*) FROM pg_stat_user_tables"
            " WHERE relname = ANY(:tables) AND coalesce(last_vacuum < :last, true)"
        )
        return last is not None and bool(session.scalar(uncleaned, {"tables": list(VACUUMED), "last": last}))


def clean_tables() -> None:
    """Remove what was deleted from the files, and lay rows in the order of their random keys.

    It wants a connection of its own, outside transactions. A failure is logged, and tried again by the sweep.
    """
    bind: Engine | Connection = db.engine
    try:
        with bind.engine.connect() as connection:
            own = connection.execution_options(isolation_level="AUTOCOMMIT")
            own.execute(text(f"SET lock_timeout = '{WAIT_FOR_TABLE}'"))
            for table in REORDERED:
                own.execute(text(f"CLUSTER {table} USING pk_{table}"))
            own.execute(text(f"VACUUM {', '.join(VACUUMED)}"))
            own.execute(text("RESET lock_timeout"))
    except SQLAlchemyError:
        logger.exception("the tables of destroyed links could not be cleaned")
