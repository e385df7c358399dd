"""The paper count beside the sealed one: arithmetic that anybody can check.

Paper handed out voids the credential on the board first, so the papers issued are the voids for paper, and no
person is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from .checks import Check, Refused, require
from .electorate import Electorate, Why
from .fields import array, exactly, text, whole
from .lines import Record
from .manifest import Manifest
from .races import Claim, Rule
from .texts import SPOILED


@dataclass(frozen=True)
class PaperCount:
    """What was found in the boxes.

    Attributes:
        issued: papers handed out.
        found: papers in the boxes; invalid: those of them that do not count.
        counts: by mark slot, as in the sealed result; texts: for each pool, how often each text was found.
        signed_by: who counted and signs, two at least.
    """

    issued: int
    found: int
    invalid: int
    counts: tuple[int, ...]
    texts: tuple[dict[str, int], ...]
    signed_by: tuple[str, ...]


def parse_paper(record: Record, manifest: Manifest, electorate: Electorate) -> PaperCount:
    """Return the paper count of a line; raise Refused when its numbers cannot be."""
    exactly(record, ("type", "issued", "found", "invalid", "counts", "texts", "signed_by"))
    pools = [contest.texts for contest in manifest.contests if contest.texts]
    paper = PaperCount(
        issued=whole(record["issued"]),
        found=whole(record["found"]),
        invalid=whole(record["invalid"]),
        counts=tuple(array(record["counts"], whole, manifest.race.marks)),
        texts=tuple(array(record["texts"], _tally_of_texts, len(pools))),
        signed_by=tuple(array(record["signed_by"], text)),
    )
    require(len(set(paper.signed_by)) >= 2, Check.LINE_FIELDS, "signed by fewer than two")
    voids = electorate.voided(Why.PAPER)
    require(paper.issued == len(voids), Check.PAPER_ISSUED, f"{paper.issued} where {len(voids)} were voided")
    require(paper.invalid <= paper.found <= paper.issued, Check.PAPER_FOUND)
    valid = paper.found - paper.invalid
    if electorate.is_weighted:
        _check_counts(manifest.race.rules, paper.counts, 0, sum(standing.weight for standing in voids))
    else:
        _check_counts(manifest.race.rules, paper.counts, valid, valid)
    for found, slots in zip(paper.texts, pools, strict=True):
        require(sum(found.values()) <= slots * valid, Check.PAPER_COUNTS, "more texts than papers hold")
    return paper


class Sum(NamedTuple):
    """A sum of counts that a rule bounds: `found` in these slots, where `least` to `most` can be."""

    slots: tuple[int, ...]
    found: int
    least: int
    most: int
    is_possible: bool


def sums_of(rules: Sequence[Rule], counts: Sequence[int], least: int, most: int) -> Iterator[Sum]:
    """Yield each sum that the rules of one ballot bound, for the fewest and the most ballots possible."""
    for rule in rules:
        slots, values = _summed(rule)
        if slots and slots[-1] < len(counts):
            found = sum(counts[slot] for slot in slots)
            is_possible = least * min(values) <= found <= most * max(values)
            yield Sum(slots, found, least * min(values), most * max(values), is_possible)


def _check_counts(rules: Sequence[Rule], counts: Sequence[int], least: int, most: int) -> None:
    """Hold sums of counts to the rules of one ballot, times the fewest and the most ballots there can be."""
    for slots, found, _fewest, _greatest, is_possible in sums_of(rules, counts, least, most):
        require(is_possible, Check.PAPER_COUNTS, f"{found} marks in slots {slots[0]} to {slots[-1]}")


def _summed(rule: Rule) -> tuple[tuple[int, ...], list[int]]:
    """Return the slots whose sum a rule bounds, and the values allowed; no slots for another shape."""
    claims: list[Claim] = [claim for case in rule for claim in case]
    values = [claim.value for claim in claims if claim.value is not None]
    if len({claim.slots for claim in claims}) == 1 and len(values) == len(claims):
        return claims[0].slots, values
    return (), []


def _tally_of_texts(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        raise Refused(Check.LINE_FIELDS, "not a count of texts")
    return {
        written if written in ("", SPOILED) else text(written): whole(found, least=1)
        for written, found in value.items()
    }
