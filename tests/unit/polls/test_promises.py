"""Every promise on the page stands beside the tests that prove it, and every proof is there."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from civicforum.polls.promises import PROMISES
from civicforum.polls.rules import Preset

TESTS = Path(__file__).parent.parent.parent
SEALED, POLLS, BROWSER = "unit/sealed", "integration/polls", "browser"
PROOFS: dict[str, tuple[str, ...]] = {
    "names": (f"{POLLS}/test_promises_kept.py::test_names_are_shown_once_the_vote_is_over_and_not_before",),
    "once": ("browser/test_voting_twice.py::test_second_tab_and_back_button_leave_the_first_vote_standing",),
    "sealed_secrecy": (
        f"{SEALED}/test_trustees.py::test_one_of_two_does_not_open",
        f"{SEALED}/test_trustees.py::test_nobody_holds_the_key",
        f"{SEALED}/test_trustees.py::test_a_trustee_opens_one_agenda_only",
        f"{POLLS}/test_opening.py::test_one_of_three_opens_nothing",
        f"{SEALED}/test_ballots.py::test_randomness_is_never_shared",
    ),
    "poll_secrecy": (
        f"{POLLS}/test_promises_kept.py::test_no_table_holds_the_key_of_a_poll_or_a_voters_code",
        f"{POLLS}/test_promises_kept.py::test_the_same_vote_never_leaves_the_same_bytes",
    ),
    "fairness": (
        f"{POLLS}/test_observing.py::test_nobody_gets_a_ballot_before_the_stop",
        f"{POLLS}/test_opening.py::test_nothing_is_opened_before_the_count_is_sealed",
    ),
    "cards": (
        f"{BROWSER}/test_polls_cards.py::test_cards_are_made_in_the_browser_and_no_code_leaves_it",
        f"{SEALED}/test_codes.py::test_a_code_is_another_credential_in_another_election",
    ),
    "lost_card": (
        f"{POLLS}/test_cards.py::test_a_replaced_card_votes_and_the_old_one_does_not",
        f"{BROWSER}/test_polls_cards.py::test_a_lost_card_is_replaced_by_one_that_votes",
    ),
    "cast_as_intended": (
        f"{SEALED}/test_ballots.py::test_an_audit_catches_a_phone_that_sealed_something_else",
        f"{POLLS}/test_casting.py::test_a_tested_ballot_is_never_cast_and_a_cast_one_never_tested",
    ),
    "recorded": (
        f"{POLLS}/test_casting.py::test_a_ballot_gets_its_line_and_a_receipt_that_leads_to_it",
        f"{SEALED}/test_board.py::test_a_receipt_says_where_the_ballot_stands_and_convicts",
    ),
    "counted": (
        f"{POLLS}/test_opening.py::test_the_whole_archive_verifies_without_the_database",
        f"{SEALED}/test_archives.py::test_a_changed_byte_in_any_line_is_found",
        f"{BROWSER}/test_polls_cards.py::test_the_archive_verifies_and_a_flipped_byte_is_named",
    ),
    "history": (
        f"{SEALED}/test_board.py::test_a_dropped_line_changes_the_head_or_is_refused",
        f"{BROWSER}/test_polls_cards.py::test_observers_notice_a_changed_history",
    ),
    "one_person": (
        f"{POLLS}/test_casting.py::test_a_later_ballot_takes_the_place_of_the_earlier",
        f"{POLLS}/test_casting.py::test_after_paper_was_issued_the_screen_takes_no_ballot",
        f"{SEALED}/test_board.py::test_paper_wins_over_a_ballot_cast_before_and_after",
    ),
    "least": (f"{SEALED}/test_board.py::test_too_few_ballots_are_never_opened",),
    "robust": (
        f"{SEALED}/test_trustees.py::test_any_threshold_of_trustees_opens",
        f"{POLLS}/test_opening.py::test_any_two_of_three_open_the_box",
    ),
    "forgotten": (
        f"{POLLS}/test_observing.py::test_sealed_ballots_leave_the_website_at_the_stated_date",
        f"{POLLS}/test_promises_kept.py::test_the_date_of_destruction_is_part_of_what_ballots_name",
        f"{POLLS}/test_administrator_learns_nothing.py"
        "::test_after_the_destruction_no_join_order_time_or_row_version_pairs_people_with_ballots",
        f"{POLLS}/test_administrator_learns_nothing.py"
        "::test_what_was_deleted_is_gone_from_the_files_and_nobody_is_signed_out",
    ),
}


@cache
def names_in(path: str) -> frozenset[str]:
    """Return the names of the tests in a file below tests/."""
    file = TESTS / path
    tree = ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else ast.Module([], [])
    return frozenset(
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name[:4] == "test"
    )


def test_every_promise_has_a_proof_and_every_proof_belongs_to_a_promise() -> None:
    assert {promise.id for promise in PROMISES} == set(PROOFS)
    assert all(PROOFS.values())


@pytest.mark.parametrize("proof", sorted({proof for proofs in PROOFS.values() for proof in proofs}))
def test_every_proof_is_a_test(proof: str) -> None:
    path, name = proof.split("::")
    assert name in names_in(path)


def test_every_preset_promises_something_and_no_promise_is_listed_twice() -> None:
    for preset in Preset:
        ids = [promise.id for promise in PROMISES if preset in promise.presets]
        assert ids
        assert len(set(ids)) == len(ids)
