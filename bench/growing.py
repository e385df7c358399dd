"""A community that grows: its own rows copied many times over by SQL, each with what hangs on it.

A copy of a row refers to the copies made with it, so that ten thousand matters have comments, tasks and
grades as those of the demonstration do. Copies lie further and further back in time, and what is still going
on is copied rarely: most matters of a large archive are closed.
"""

# ruff: noqa: S608 (every name in a statement is one of the models)

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from civicforum.database import db

# Of what is not over, one copy for so many of what is.
RARELY = 20
# Of names by the dozen on one matter, one in eight is copied.
NAMES = frozenset({"second", "demand", "grade"})
ONE_IN_EIGHT = "AND get_byte(uuid_send(row.id), 15) < 32"
# Of which the given names of copied people are made: with those of the demonstration, each of a hundred
# thousand would have thirty namesakes.
GIVEN = (
    "安白冰博彩晨诚春丹东恩方芳飞峰福刚国海涵浩红宏华慧佳建江洁金静娟军俊凯兰乐莉亮林玲龙美敏明娜宁萍平"
    "琪强青庆秋荣蓉如瑞森珊诗淑思松涛婷伟文雯霞贤祥晓欣新鑫秀雪雅燕阳瑶怡艺英颖永勇宇玉元媛月云泽哲珍志"
)


@dataclass(frozen=True)
class Kind:
    """Rows that are copied together: those of the first table, and what hangs on them in the others.

    Attributes:
        share: how many rows of the first table for each matter of the community.
        days: by how many days each copy lies before the one made before it.
        among: of which rows copies are made (SQL).
        unless: which of those are copied rarely (SQL).
    """

    tables: tuple[str, ...]
    share: Fraction = Fraction(1)
    days: int = 1
    among: str = "true"
    unless: str = "false"


SETTLED = "stage IN ('closed', 'withdrawn', 'merged', 'declined', 'not_adopted', 'answered_directly')"
PEOPLE = Kind(("grid", "household", "person", "capacity", "account"), Fraction(5, 3358), days=0)
KINDS = (
    PEOPLE,
    Kind(
        (
            "matter",
            "second",
            "review",
            "demand",
            "comment",
            "task",
            "task_report",
            "finding",
            "query",
            "grade_round",
            "grade",
            "matter_photo",
        ),
        among="stage <> 'draft'",
        unless=f"NOT ({SETTLED})",
    ),
    Kind(("notice", "notice_query", "notice_query_entry")),
    Kind(("journal_entry",), Fraction(3)),
    Kind(("disclosure_item", "disclosure_due"), Fraction(1, 100), days=0),
    Kind(("complaint",), Fraction(1, 100)),
    Kind(
        ("meeting", "agenda_item", "attendance", "presence", "text_version", "minutes_signature", "speech"),
        Fraction(1, 100),
        among="state IN ('closed', 'cancelled')",
    ),
    Kind(
        ("poll", "poll_question", "roll_entry", "result_sheet"),
        Fraction(1, 1000),
        among="subject_kind = '' AND state IN ('counted', 'certified')",
    ),
    Kind(("conversation", "statement", "statement_vote", "statement_grouping"), Fraction(1, 1000)),
    Kind(("draft", "draft_comment", "draft_answer"), Fraction(1, 1000)),
    Kind(("department_opinion",), Fraction(1, 10)),
    Kind(("deputy_opinion",), Fraction(1, 100)),
    Kind(("service_rating",), Fraction(1, 10)),
    Kind(("owners_decision",), Fraction(1, 100)),
    Kind(("residence_report",), Fraction(1, 100)),
    Kind(("held_text",), Fraction(1, 100)),
    Kind(("report",), Fraction(1, 100)),
    Kind(("supervision_finding",), Fraction(1, 100)),
    Kind(("supervision_question", "supervision_question_entry"), Fraction(1, 100)),
)
# What a copied row is about, where nothing that it could be about was copied with it.
ABOUT = {
    "journal_entry": {"subject_id": "coalesce(f_subject.made, self.made)"},
    "notice": {
        "subject_id": "f_subject.made",
        "subject_kind": "CASE WHEN f_subject.made IS NULL THEN '' ELSE row.subject_kind END",
    },
}
# Of which not every round makes a copy.
RARE = {name for kind in KINDS if kind.unless != "false" for name in kind.tables}


class Growth:
    """The growing of one community that holds the demonstration. Wants an app context throughout."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._sources = {kind: _sources(kind) for kind in KINDS}
        self._made = dict.fromkeys(KINDS, 0)
        self._busiest = busiest_matter()
        with _writing() as connection:
            connection.execute(
                text("CREATE TABLE bench_copy (source uuid, k int, made uuid, PRIMARY KEY (source, k))")
            )
            connection.execute(text("CREATE INDEX ON bench_copy (made)"))

    def to(self, number: int, *, comments: int) -> None:
        """Let the community grow to so many matters, residents and notices, and the rest accordingly.

        Args:
            comments: on one matter, which has many.
        """
        for kind in KINDS:
            wanted = int(number * kind.share) - _count(kind.tables[0])
            per_round = self._rows_of_a_round(kind)
            if wanted > 0 and per_round:
                self._copy(kind, -int(-wanted // per_round))
        with _writing() as connection:
            _follow_up(connection, {"comments": comments, "busiest": self._busiest})
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))

    def _rows_of_a_round(self, kind: Kind) -> Fraction:
        settled, going_on = self._sources[kind]
        return Fraction(len(settled)) + Fraction(len(going_on), RARELY)

    def _copy(self, kind: Kind, rounds: int) -> None:
        first, last = self._made[kind] + 1, self._made[kind] + rounds
        self._made[kind] = last
        self._say(f"{kind.tables[0]}: {rounds:,} copies of each")
        settled, going_on = self._sources[kind]
        values = {"first": first, "last": last, "settled": settled, "going_on": going_on}
        values["people"] = max(1, self._made[PEOPLE])
        with _writing() as connection:
            connection.execute(
                text(
                    "INSERT INTO bench_copy SELECT source, k, gen_random_uuid() "
                    "FROM (SELECT unnest(CAST(:settled AS uuid[])) AS source, 1 AS each "
                    f"UNION ALL SELECT unnest(CAST(:going_on AS uuid[])), {RARELY}) AS sources, "
                    "generate_series(CAST(:first AS int), CAST(:last AS int)) AS k WHERE k % each = 0"
                ),
                values,
            )
            connection.execute(text("ANALYZE bench_copy"))
            for name in kind.tables:
                for statement in _statements(_table(name), kind):
                    connection.execute(text(statement), {name: values[name] for name in _named(statement)})


def counts() -> dict[str, int]:
    """Return how many rows the tables have that a reader asks about."""
    names = ("matter", "comment", "notice", "person", "journal_entry", "roll_entry")
    return {name: _count(name) for name in names}


def busiest_matter() -> uuid.UUID:
    """Return the matter with the most comments."""
    found: uuid.UUID = db.session.execute(
        text("SELECT matter_id FROM comment GROUP BY matter_id ORDER BY count(*) DESC, matter_id LIMIT 1")
    ).scalar_one()
    db.session.rollback()
    return found


def _statements(table: Table, kind: Kind) -> Iterator[str]:
    """Yield what notes the copies of a table's rows and makes them, in the rounds `:first` to `:last`."""
    keys = {column.name: _referred(column) for column in table.columns if _referred(column)}
    owner = next((name for name, to in keys.items() if to in kind.tables and _is_required(table, name)), None)
    has_id = "id" in table.columns
    if table.name != kind.tables[0] and has_id:
        yield (
            f'INSERT INTO bench_copy SELECT row.id, owner.k, gen_random_uuid() FROM "{table.name}" AS row '
            f"JOIN bench_copy AS owner ON owner.source = row.{owner} WHERE owner.k BETWEEN :first AND :last "
            f"{ONE_IN_EIGHT if table.name in NAMES else ''}"
        )
        yield "ANALYZE bench_copy"
    joins, values = [], {}
    for name, to in keys.items():
        if to == "community":
            continue
        at = "(self.k - 1) % :people + 1" if to in PEOPLE.tables and kind is not PEOPLE else "self.k"
        joins.append(
            f"LEFT JOIN bench_copy AS f_{name} ON f_{name}.source = row.{name} AND f_{name}.k = {at}"
        )
        values[name] = f"coalesce(f_{name}.made, row.{name})"
        if to in RARE and to not in kind.tables and table.columns[name].nullable:
            # Nothing, where no copy of it was made: else one matter would come before every meeting.
            values[name] = f"f_{name}.made"
    if table.name in ABOUT:
        # No reference for PostgreSQL; but a copy is about the copied matter, not one more about the first.
        joins.append(
            "LEFT JOIN bench_copy AS f_subject ON f_subject.source = row.subject_id AND f_subject.k = self.k"
        )
        values |= ABOUT[table.name]
    columns = {column.name: _value(column, kind) for column in table.columns} | values
    columns |= {"id": "self.made"} if has_id else {}
    columns |= _kept_apart(table, kind, columns)
    names, made = ", ".join(f'"{name}"' for name in columns), ", ".join(columns.values())
    yield (
        f'INSERT INTO "{table.name}" ({names}) SELECT {made} FROM "{table.name}" AS row '
        f"JOIN bench_copy AS self ON self.source = row.{'id' if has_id else owner} {' '.join(joins)} "
        "WHERE self.k BETWEEN :first AND :last"
    )


def _named(statement: str) -> set[str]:
    return {name for name in ("first", "last", "people") if f":{name}" in statement}


def _value(column: Column[object], kind: Kind) -> str:
    if column is _table("person").columns["name"]:
        return f"left(row.name, 1) || {_given(0)} || {_given(1)}"
    if kind.days and isinstance(column.type, DateTime):
        return f"row.{column.name} - make_interval(days => self.k * {kind.days})"
    if kind.days and isinstance(column.type, Date):
        return f"row.{column.name} - self.k * {kind.days}"
    return f'row."{column.name}"'


def _given(byte: int) -> str:
    return f"substr('{GIVEN}', get_byte(uuid_send(self.made), {byte}) % {len(GIVEN)} + 1, 1)"


def _kept_apart(table: Table, kind: Kind, columns: dict[str, str]) -> dict[str, str]:
    """Return the columns that must differ from copy to copy because a constraint says so, and how they do."""
    found: dict[str, str] = {}
    for names in _unique(table):
        own = [table.columns[name] for name in names]
        if any(column.name == "id" or _referred(column) in kind.tables for column in own):
            continue
        column = next((column for column in own if _is_text(column)), None)
        if column is not None:
            found[column.name] = _other_text(column, columns[column.name])
            continue
        column = next((column for column in own if isinstance(column.type, Integer)), None)
        if column is not None:
            found[column.name] = (
                f'row."{column.name}" + self.k * (SELECT max("{column.name}") FROM "{table.name}")'
            )
            continue
        found |= {column.name: "NULL" for column in own if column.nullable}
        found |= {
            column.name: "sha256(CAST(self.made AS text)::bytea)"
            for column in own
            if isinstance(column.type, LargeBinary)
        }
    return found


def _other_text(column: Column[object], value: str) -> str:
    room = _length(column) - 8
    if room < 4:
        return f"left(md5(CAST(self.made AS text)), {_length(column)})"
    return f"left({value}, {room}) || '-' || self.k"


def _unique(table: Table) -> Iterator[Sequence[str]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield [column.name for column in constraint.columns]
    for index in table.indexes:
        if index.unique:
            yield [column.name for column in index.columns]


def _follow_up(connection: Connection, values: dict[str, object]) -> None:
    """Number the journal's head anew, fill one matter with comments, and one open poll's roll with people."""
    for statement in (
        "UPDATE journal_head SET sequence = (SELECT max(sequence) FROM journal_entry)",
        """
        INSERT INTO comment (id, community_id, matter_id, author_id, text, at, hidden_reason)
        SELECT gen_random_uuid(), c.community_id, c.matter_id, c.author_id, c.text,
               c.at - n * interval '1 minute', ''
        FROM (SELECT * FROM comment WHERE hidden_at IS NULL AND parent_id IS NULL AND matter_id = :busiest
              LIMIT 1) AS c,
             generate_series((SELECT count(*) FROM comment WHERE matter_id = c.matter_id), :comments) AS n
        """,
        """
        INSERT INTO roll_entry (id, community_id, poll_id, person_id, position, ground, name, group_name)
        SELECT gen_random_uuid(), person.community_id, p.poll_id, person.id,
               p.last + row_number() OVER (ORDER BY person.id), p.ground, person.name, p.group_name
        FROM (SELECT poll_id, max(position) AS last, min(ground) AS ground, min(group_name) AS group_name
              FROM roll_entry JOIN poll ON poll.id = poll_id
              WHERE subject_kind = '' AND state = 'open'
              GROUP BY poll_id ORDER BY count(*) DESC LIMIT 1) AS p, person
        WHERE NOT EXISTS (SELECT FROM roll_entry AS e WHERE e.poll_id = p.poll_id AND e.person_id = person.id)
          AND EXISTS (SELECT FROM bench_copy WHERE made = person.id)
        """,
    ):
        connection.execute(text(statement), values if ":busiest" in statement else {})


@contextmanager
def _writing() -> Iterator[Connection]:
    """Yield a transaction in which PostgreSQL leaves out triggers and checks of references."""
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection


def _sources(kind: Kind) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Return the rows that are copied: those that are over, and those that are going on."""
    rows = db.session.execute(
        text(f'SELECT id, {kind.unless} FROM "{kind.tables[0]}" WHERE {kind.among}')
    ).all()
    db.session.rollback()
    return [key for key, rare in rows if not rare], [key for key, rare in rows if rare]


def _count(name: str) -> int:
    counted: int = db.session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
    db.session.rollback()
    return counted


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _referred(column: Column[object]) -> str | None:
    return next((key.column.table.name for key in column.foreign_keys), None)


def _is_text(column: Column[object]) -> bool:
    return isinstance(column.type, String) and not isinstance(column.type, Enum)


def _length(column: Column[object]) -> int:
    return getattr(column.type, "length", None) or 200


def _is_required(table: Table, name: str) -> bool:
    return not table.columns[name].nullable
