"""The numbered checks of sealed-v1 (docs/sealed-protocol.md section 12), and the one error they raise."""

from __future__ import annotations

from enum import IntEnum


class Check(IntEnum):
    """What a verifier looks at; the numbers are published and never reused."""

    title: str
    lines: tuple[str, ...]  # the types of line it looks at; empty for the archive as a whole

    def __new__(cls, number: int, title: str, *lines: str) -> Check:
        member = int.__new__(cls, number)
        member._value_ = number
        member.title = title
        member.lines = lines
        return member

    LINE_CANONICAL = 1, "every line is JSON in its one spelling", "any"
    LINE_ORDER = 2, "every line comes where its type may come", "any"
    LINE_FIELDS = 3, "every line has exactly its fields, each of its type and range", "any"
    POINT = 4, "every group element is canonical and not zero", "any"
    SCALAR = 5, "every scalar is canonical", "any"
    CEREMONY_TRUSTEES = 6, "every trustee spoke once in every round of the key ceremony", "ceremony"
    CEREMONY_COMMITMENT = 7, "no trustee changed its part after the first round", "ceremony"
    CEREMONY_POSSESSION = 8, "every trustee knows the secret behind its part of the key", "ceremony"
    CEREMONY_CONFIRMED = 9, "every trustee confirmed the share that the deals give it", "ceremony"
    ROLL_SORTED = 10, "the roll is sorted and names no credential twice", "roll"
    ROLL_WEIGHTS = 11, "there is one weight for each credential, within the bounds", "roll"
    MANIFEST_NAMES = 12, "the manifest names this ceremony, this roll and this key", "manifest"
    MANIFEST_TERMS = 13, "the questions and terms of the manifest make sense", "manifest"
    BALLOT_LENGTH = 14, "every ballot has the length its race gives", "ballot"
    BALLOT_PROOF = 15, "every ballot is proved to obey the rules and signed by its credential", "ballot"
    BALLOT_ELIGIBLE = 16, "every ballot comes from a credential in force", "ballot"
    BALLOT_SEQUENCE = 17, "every ballot is the next one of its credential", "ballot"
    VOID = 18, "only credentials in force are voided, for a reason that stands at that time", "void"
    ENROLL = 19, "every new credential replaces one that was voided as reissued", "enroll"
    CLOSE_COUNTED = 20, "the number of counted ballots is right", "close"
    CLOSE_LEAST = 21, "there are enough ballots to open", "close"
    SHUFFLE_TURN = 22, "each trustee shuffles at most once, before any share", "shuffle"
    SHUFFLE_PROOF = 23, "every shuffle only reorders and re-encrypts", "shuffle"
    SHUFFLE_VOUCH = 24, "every shuffle is vouched for by its trustee", "shuffle"
    SHARE_TURN = 25, "each trustee shares at most once, after enough shuffles", "share"
    SHARE_PROOF = 26, "every share is proved to be made with the trustee's key", "share"
    RESULT_SHARES = 27, "enough trustees shared", "result"
    RESULT_OPENED = 28, "the result is what the shares open", "result"
    PAPER_ISSUED = 29, "as many papers were issued as credentials were voided for paper", "paper"
    PAPER_FOUND = 30, "no more papers were found than issued, and none is invalid that was not found", "paper"
    PAPER_COUNTS = 31, "the paper count is one that the valid papers can give", "paper"
    COMPLETE = 32, "the archive ends with a result, and a paper count if papers were issued"
    HEAD = 33, "the head is the one that was announced"
    # Not of an archive: what a voter holds in hand.
    RECEIPT = 34, "the receipt is signed with the key of the manifest", "receipt"
    AUDIT = 35, "the audited ballot holds the marks that were shown", "audit"


class Refused(ValueError):
    """Published bytes that do not pass: `check` is what a page translates, `detail` what was found."""

    def __init__(self, check: Check, detail: str = "") -> None:
        super().__init__(f"{check.value}: not so that {check.title}" + (f": {detail}" if detail else ""))
        self.check = check
        self.detail = detail

    def __reduce__(self) -> tuple[type[Refused], tuple[Check, str]]:
        return type(self), (self.check, self.detail)


def require(holds: bool, check: Check, detail: str = "") -> None:
    """Raise Refused unless the check holds."""
    if not holds:
        raise Refused(check, detail)
