"""Two communities of which one has something of everything, filled once for all tests that ask there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from civicforum.database import db
from tests.conftest import MakeApp
from tests.support.reaching import World, ids_of, make_world
from tests.support.walking import Walk, walk


@pytest.fixture(scope="session")
def world(make_database: Callable[[str], str], make_app: MakeApp, template: str) -> Iterator[World]:
    app = make_app(make_database(template))
    with make_world(app) as made:
        yield made
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def walked(world: World) -> Walk:
    return walk(world)


@pytest.fixture(scope="session")
def ours(world: World) -> set[str]:
    """Return every id of the community that is reached for."""
    return ids_of(world.connection, world.filled.community_id)
