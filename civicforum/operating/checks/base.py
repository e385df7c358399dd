"""How a check is declared and run: each by itself, so that one that fails hides no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from civicforum.config import Settings
from civicforum.operating.rules import Finding, Status

ANSWER_SECONDS = 5


def _l(words: str) -> str:
    """Mark words for the catalogue; whoever shows them translates them."""
    return words


mark = _l
STATES = {
    Status.NOT_ASKED: _l("Not asked"),
    Status.GOOD: _l("In order"),
    Status.LOOK: _l("Look at it"),
    Status.BAD: _l("Mend it"),
}


@dataclass(frozen=True)
class Surroundings:
    """What checks look at. `connection` None: the database does not answer, and `failure` says why.

    `may_call`: whether other machines may be asked, which takes seconds. `time_servers` are asked then.
    """

    settings: Settings
    now: datetime
    connection: Connection | None
    failure: str = ""
    may_call: bool = False
    time_servers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One thing to look at. `calls`: it asks another machine; `asks_database`: it needs the database."""

    id: str
    look: Callable[[Surroundings], Finding]
    asks_database: bool
    calls: bool


CHECKS: dict[str, Check] = {}
# What everything else stands on first.
SUBJECTS = ("database", "work", "disk", "clock", "secrets", "serving", "mail", "programs", "machine")
Look = Callable[[Surroundings], Finding]


def check(name: str, *, asks_database: bool = False, calls: bool = False) -> Callable[[Look], Look]:
    """Declare a check by its id, which is also that of its findings."""

    def declare(look: Look) -> Look:
        CHECKS[name] = Check(name, look, asks_database, calls)
        return look

    return declare


def good(name: str, words: str, **values: object) -> Finding:
    return Finding(name, Status.GOOD, words, values=values)


def found(name: str, status: Status, words: str, remedy: str, **values: object) -> Finding:
    """Return what was found; the remedy is left out where all is well."""
    return Finding(name, status, words, remedy if status > Status.GOOD else "", values)


def run_checks(surroundings: Surroundings) -> list[Finding]:
    """Return what every check found that can be asked here, subject by subject."""
    ordered = sorted(CHECKS.values(), key=lambda one: SUBJECTS.index(one.id.split(".")[0]))
    return [
        _run(one, surroundings)
        for one in ordered
        if (surroundings.may_call or not one.calls)
        and (surroundings.connection is not None or not one.asks_database)
    ]


def _run(one: Check, surroundings: Surroundings) -> Finding:
    try:
        return one.look(surroundings)
    except Exception as error:
        if surroundings.connection is not None and isinstance(error, SQLAlchemyError):
            surroundings.connection.rollback()
        words = _l("This could not be looked at: %(kind)s.")
        return Finding(one.id, Status.LOOK, words, values={"kind": type(error).__name__})


@contextmanager
def connected(url: str) -> Iterator[tuple[Connection | None, str]]:
    """Yield a connection and "", or None and the reason; waits a few seconds for an answer."""
    engine: Engine | None = None
    connection: Connection | None = None
    reason = ""
    try:
        engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": ANSWER_SECONDS})
        connection = engine.connect()
        connection.execute(text(f"SET statement_timeout = '{ANSWER_SECONDS}s'"))
    except SQLAlchemyError as error:
        connection = None
        reason = (str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines() or [""])[0]
    try:
        yield connection, reason
    finally:
        if connection is not None:
            connection.close()
