"""Rankings read grouped from PostgreSQL give the profile that the same papers give in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from civicforum.counting import ImpossibleBallot, Profile
from civicforum.database import db
from civicforum.polls.queries.rankings import read_grouped

OPTIONS = ("安", "白", "陈", "丁")
PAPERS = sa.table("paper", sa.column("contest", sa.Text), sa.column("ranking", sa.Text))
CONTEST = "it's 100% % :ours"


@pytest.fixture
def session(app: Flask, database: None) -> Iterator[Session]:
    """A session inside a transaction in which the papers are not committed."""
    with app.app_context():
        db.session.execute(
            sa.text("CREATE TEMPORARY TABLE paper (contest text, ranking text) ON COMMIT DROP")
        )
        yield db.session()


def cast(session: Session, rankings: Iterable[str | None], *, contest: str = CONTEST) -> None:
    session.execute(sa.insert(PAPERS), [{"contest": contest, "ranking": ranking} for ranking in rankings])


def read(session: Session) -> bytes:
    return read_grouped(session, sa.select(PAPERS.c.ranking).where(PAPERS.c.contest == CONTEST))


def test_a_thousand_papers_with_blanks_and_shared_places_are_those_that_were_cast(session: Session) -> None:
    papers = Counter({"": 83, "1": 401, "2>1=3": 250, "4>3>2>1": 7, "1=2=3=4": 59, "3>1>4": 200})
    cast(session, papers.elements())
    profile = Profile.of_lines(OPTIONS, read(session))
    assert profile.cast == 1000
    assert profile.blank == papers.pop("")
    assert dict(profile.texts()) == papers


def test_equal_rankings_come_as_one_line(session: Session) -> None:
    cast(session, ["2>1=3"] * 17)
    assert read(session) == b"2>1=3\t17"


def test_papers_of_another_contest_are_left_out(session: Session) -> None:
    cast(session, ["1>2"])
    cast(session, ["2>1"] * 5, contest="'; DROP TABLE paper; --")
    assert read(session) == b"1>2\t1"


def test_no_paper_gives_no_line(session: Session) -> None:
    assert read(session) == b""
    assert Profile.of_lines(OPTIONS, read(session)).cast == 0


@pytest.mark.parametrize("spoiling", [None, "1\t900\n2", "2\n", "1>2\t8"])
def test_a_column_that_is_no_ranking_is_refused_and_never_more_votes(
    session: Session, spoiling: str | None
) -> None:
    cast(session, ["1>2", spoiling])
    with pytest.raises(ImpossibleBallot):
        Profile.of_lines(OPTIONS, read(session))
