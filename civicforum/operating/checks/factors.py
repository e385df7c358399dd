"""Whether a password alone opens what posts with powers may do."""

from __future__ import annotations

from sqlalchemy import func, select

from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status
from civicforum.people.models import Community


@check("secrets.factors", asks_database=True)
def second_factor(around: Surroundings) -> Finding:
    assert around.connection is not None  # noqa: S101
    # Everybody tries a demonstration, and nobody in it is anybody.
    without = (~Community.needs_second_factor, ~Community.is_demonstration)
    number = around.connection.scalar(select(func.count()).select_from(Community).where(*without)) or 0
    if number == 0:
        return good("secrets.factors", _l("Every community asks a second factor of posts with powers."))
    return found(
        "secrets.factors",
        Status.LOOK,
        _l("Communities where a password alone opens posts with powers: %(num)s."),
        _l("Once the officers have enrolled: Administration, Second factor of posts with powers."),
        num=number,
    )
