"""Elections that many tests read and none changes."""

from __future__ import annotations

import pytest

from tests.support.sealed_election import ONE_QUESTION, Election, played


@pytest.fixture(scope="session")
def finished() -> Election:
    """Every kind of question; six voters, one voted twice, one took paper. The paper is not counted yet."""
    return played()


@pytest.fixture(scope="session")
def small() -> Election:
    """One question, two voters, opened."""
    election = Election(ONE_QUESTION, voters=2, seed="small")
    election.cast(0, [1, 0, 0, 0, 0])
    election.cast(1, [0, 1, 0, 0, 0])
    return election.finish()
