"""Ballots for `make bench-counting`, the same in every run: `bench.counting_data CASE URL BALLOTS`.

A program of its own, so that the memory of making them is no part of what is measured.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from bench.counting_cases import CASES, SCHEMA, WARD, WARD_FILE
from civicforum.counting.files import read_ballots

SEED = 20170504
# Each option is this much less wanted than the one before it; with the lengths below, about 156,000 rankings.
WANTED = 0.777
LONGEST = 7
# The shares of voters who approve the least and the most wanted option; about 132,700 sets.
APPROVAL = (0.0415, 0.475)


def ward_as_it_is(_ballots: int) -> list[str]:
    texts, papers = _ward()
    return [str(text) for text in np.repeat(texts, papers)]


def drawn_from_ward(ballots: int) -> list[str]:
    """Draw papers of the ward, each as often as it was cast."""
    texts, papers = _ward()
    drawn = np.random.default_rng(SEED).choice(len(texts), size=ballots, p=papers / papers.sum())
    return [str(text) for text in texts[drawn]]


def plackett_luce(ballots: int) -> list[str]:
    """Draw rankings of 1 to LONGEST options, each place going to one of those left by how wanted they are."""
    rng, options = np.random.default_rng(SEED), CASES["wide"].options
    # The order of log-weights with Gumbel noise is a draw by Plackett and Luce.
    liked = rng.gumbel(size=(ballots, options)) + np.log(WANTED) * np.arange(options)
    orders = np.argsort(-liked, axis=1) + 1
    lengths = rng.integers(1, LONGEST, size=ballots, endpoint=True)
    return [">".join(map(str, order[:length])) for order, length in _pairs(orders, lengths)]


def approvals(ballots: int) -> list[str]:
    """Draw sets of options, each approved or not for itself."""
    options = CASES["approval"].options
    approved = np.random.default_rng(SEED).random((ballots, options)) < np.linspace(*APPROVAL, options)
    return ["=".join(map(str, np.flatnonzero(row) + 1)) for row in approved]


DRAWN: dict[str, Callable[[int], list[str]]] = {
    "ward": ward_as_it_is,
    "real": drawn_from_ward,
    "wide": plackett_luce,
    "approval": approvals,
}


def _ward() -> tuple[NDArray[np.str_], NDArray[np.int64]]:
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(WARD_FILE) as archive:
        counted = read_ballots(Path(archive.extract(WARD, folder))).profile.texts()
    return np.array([text for text, _ in counted]), np.array([papers for _, papers in counted])


def _pairs(orders: NDArray[np.intp], lengths: NDArray[np.int64]) -> Iterable[tuple[list[int], int]]:
    return zip(orders.tolist(), lengths.tolist(), strict=True)


def load(url: str, case: str, rankings: list[str]) -> None:
    """Put the rankings into a table of the case, one row a ballot, as they would stand after a vote."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute(f"CREATE UNLOGGED TABLE {SCHEMA}.{case} (ranking text NOT NULL)")
    with cursor.copy(f"COPY {SCHEMA}.{case} FROM STDIN") as copy:
        copy.write("".join(f"{ranking}\n" for ranking in rankings))
    cursor.execute(f"VACUUM ANALYZE {SCHEMA}.{case}")
    raw.close()


def main() -> None:
    case, url, ballots = sys.argv[1:]
    load(url, case, DRAWN[case](int(ballots)))


if __name__ == "__main__":
    main()
