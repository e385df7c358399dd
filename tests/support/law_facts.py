"""An election by all voters on paper with everything in order: the facts that blockers are found from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from civicforum.polls.blockers import Facts, StationFact
from civicforum.polls.rules import Preset, StationKind

OPENS = datetime(2026, 4, 12, 0, 0, tzinfo=UTC)


def station(kind: StationKind, supervisors: int) -> StationFact:
    return StationFact("票箱", kind, supervisors)


ELECTION = Facts(
    preset=Preset.SEALED,
    by_screen=False,
    by_paper=True,
    by_proxy=True,
    is_statutory=True,
    opens_at=OPENS,
    closes_at=OPENS + timedelta(hours=9),
    roll_posted_at=OPENS - timedelta(days=28),
    roll_frozen_at=OPENS - timedelta(days=15),
    objection_days=5,
    least=5,
    trustees=3,
    questions=1,
    candidates=frozenset({"王建国", "李秀英"}),
    on_roll=3400,
    rulings_due=(),
    trustees_named=(),
    is_key_made=False,
    is_drilled=False,
    cards=0,
    phase=None,
    has_keys=False,
    stations=(station(StationKind.HALL, 1), station(StationKind.ROVING, 3)),
    proxies=(("赵敏", 3),),
    last_proxy_at=OPENS - timedelta(days=3),
)
