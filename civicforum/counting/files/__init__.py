"""Files of ballots, read into a profile and written from one."""

from .ballot_file import BallotFile
from .choose import read_ballots, read_bytes, write_ballots, written
from .errors import BadFile, CannotWrite, Fault

__all__ = [
    "BadFile",
    "BallotFile",
    "CannotWrite",
    "Fault",
    "read_ballots",
    "read_bytes",
    "write_ballots",
    "written",
]
