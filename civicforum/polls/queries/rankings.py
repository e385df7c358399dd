"""Rankings out of PostgreSQL, equal ones grouped there: the text that `Profile.of_lines` reads."""

from __future__ import annotations

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session


def read_grouped(session: Session, rankings: Select[tuple[str]]) -> bytes:
    r"""Return lines of `2>1=3<tab>17` for the canonical column that this statement selects, in any order.

    One text and no rows: for 150,000 different rankings that halves the time of a `COPY`, which Python takes
    line by line. PostgreSQL makes such a text up to 1 GB. A column that is NULL, or holds a tab or an end of
    line, gives a line that `Profile.of_lines` refuses, so that no paper vanishes and none counts as many.

        read_grouped(session, select(Ballot.ranking).where(Ballot.contest_id == contest_id))
    """
    (ranking,) = rankings.subquery().c
    grouped = select(ranking.label("ranking"), func.count().label("papers")).group_by(ranking).subquery()
    safe = func.translate(func.coalesce(grouped.c.ranking, literal("NULL")), "\t\n", "??")
    line = func.concat(safe, "\t", grouped.c.papers)
    lines: str | None = session.scalar(select(func.string_agg(line, "\n")))
    return (lines or "").encode()
