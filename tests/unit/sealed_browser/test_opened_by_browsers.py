"""A board that trustees shuffled and opened in their browsers is sound for the server too."""

from __future__ import annotations

from civicforum.config import ROOT
from civicforum.sealed import verify_archive

VECTORS = ROOT / "tests" / "vectors"


def test_a_board_opened_in_browsers_verifies_and_has_the_same_result() -> None:
    opened = verify_archive(VECTORS / "sealed_browser" / "opened.jsonl")
    assert opened.failures == []
    assert opened.accepted["shuffle"] == opened.accepted["share"] == 2
    assert opened.result == verify_archive(VECTORS / "sealed" / "whole.jsonl").result
