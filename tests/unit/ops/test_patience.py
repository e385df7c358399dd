"""What ends is started again at once, and ever later when it does not last."""

from __future__ import annotations

from civicforum.serve import LASTING_SECONDS, LONGEST_PAUSE_SECONDS, Patience


def pauses(lasting: list[float]) -> list[float]:
    """Return how long each restart waits, of something that lasted so long each time."""
    patience, now, waited = Patience(), 1000.0, []
    for seconds in lasting:
        patience.note_start(now)
        now += seconds
        patience.note_end(now)
        assert patience.due_at is not None
        waited.append(patience.due_at - now)
        now = patience.due_at
    return waited


def test_pauses_double_up_to_the_longest() -> None:
    assert pauses([1.0] * 7) == [0, 1, 3, 7, 15, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]


def test_what_has_lasted_is_started_again_at_once() -> None:
    assert pauses([1, 1, 1, LASTING_SECONDS + 1, 1]) == [0, 1, 3, 0, 1]


def test_nothing_is_due_before_its_instant_or_while_it_runs() -> None:
    patience = Patience()
    patience.note_start(10.0)
    assert not patience.is_due(1000.0)
    patience.note_end(11.0)
    patience.note_start(11.0)
    patience.note_end(12.0)
    assert not patience.is_due(12.9)
    assert patience.is_due(13.0)
