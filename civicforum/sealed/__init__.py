"""Sealed ballots: votes that are counted without being opened, on a board that anybody can verify.

The protocol sealed-v1 is specified in docs/sealed-protocol.md. Bytes in, bytes out: no framework, no
database, no clock. A board takes lines and refuses what may not come:

    board = Board()
    head = board.take(line)                        # raises Refused(check, detail) and changes nothing
    ballot = seal(board.manifest.race, picks, secret, sequence, seed)
    head = board.take(ballot_line(ballot))         # the same call on the server and in the verifier
    receipt = issue_receipt(key, board.manifest.uuid, board.lines, tracker_of(ballot), head)

    trustee = Trustee(ceremony, i, seed)           # hello, deal, confirm; later:
    board.take(share_line(trustee.open(board.opening.agenda)))
    board.take(result_line(board.opening.result()))

    report = verify_archive(path, head=announced)  # every check by number, with the lines that failed

Importing the package computes known vectors and raises SodiumUnusable when they do not come out.
"""

from . import selftest
from .answers import Answer, ContestCount, counts_of, picks_of, shown
from .archives import Failure, Report, verify_archive
from .audits import Audit, read_audit
from .ballots import Ballot, parse_ballot, tracker_of, verify_ballot
from .base32 import Mistyped, grouped, spell
from .board import Board, Phase
from .cards import code_of, credential_of, new_code, read_code, secret_of
from .ceremony import Ceremony, Confirm, Deal, Hello, JointKey, joint_key, spoken
from .checks import Check, Refused
from .contests import Contest, Kind
from .electorate import Electorate, Standing, Why
from .lines import extend, from_base64, line_digest, read_line, to_base64, write_line
from .manifest import Manifest, parse_manifest, race_of, write_instant
from .opening import Opening
from .paper import PaperCount
from .races import Race
from .receipts import Receipt, is_on_chain, issue_receipt, read_receipt, receipt_key
from .resuming import resume
from .sealing import BreaksTheRules, Pick, encrypt, seal
from .shuffles import ShuffleProof, check_shuffle, shuffle
from .slips import Slip, read_qr_text, read_seed
from .sodium import SodiumUnusable
from .tallies import Agenda, Share
from .texts import NotAText, point_of_text, read_ranking, read_text, write_ranking
from .trustees import OnceOnly, Trustee
from .writing import (
    ballot_line,
    ceremony_line,
    close_line,
    enroll_line,
    manifest_line,
    note_line,
    paper_line,
    result_line,
    roll_line,
    share_line,
    shuffle_line,
    stop_line,
    void_line,
)

__all__ = [
    "Agenda",
    "Answer",
    "Audit",
    "Ballot",
    "Board",
    "BreaksTheRules",
    "Ceremony",
    "Check",
    "Confirm",
    "Contest",
    "ContestCount",
    "Deal",
    "Electorate",
    "Failure",
    "Hello",
    "JointKey",
    "Kind",
    "Manifest",
    "Mistyped",
    "NotAText",
    "OnceOnly",
    "Opening",
    "PaperCount",
    "Phase",
    "Pick",
    "Race",
    "Receipt",
    "Refused",
    "Report",
    "Share",
    "ShuffleProof",
    "Slip",
    "SodiumUnusable",
    "Standing",
    "Trustee",
    "Why",
    "ballot_line",
    "ceremony_line",
    "check_shuffle",
    "close_line",
    "code_of",
    "counts_of",
    "credential_of",
    "encrypt",
    "enroll_line",
    "extend",
    "from_base64",
    "grouped",
    "is_on_chain",
    "issue_receipt",
    "joint_key",
    "line_digest",
    "manifest_line",
    "new_code",
    "note_line",
    "paper_line",
    "parse_ballot",
    "parse_manifest",
    "picks_of",
    "point_of_text",
    "race_of",
    "read_audit",
    "read_code",
    "read_line",
    "read_qr_text",
    "read_ranking",
    "read_receipt",
    "read_seed",
    "read_text",
    "receipt_key",
    "result_line",
    "resume",
    "roll_line",
    "seal",
    "secret_of",
    "share_line",
    "shown",
    "shuffle",
    "shuffle_line",
    "spell",
    "spoken",
    "stop_line",
    "to_base64",
    "tracker_of",
    "verify_archive",
    "verify_ballot",
    "void_line",
    "write_instant",
    "write_line",
    "write_ranking",
]

selftest.run()
