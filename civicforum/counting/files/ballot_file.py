"""What a file of ballots holds, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass

from ..profile import MOST_BALLOTS, BallotKind, Profile
from .box import MOST_GRADES, MOST_OPTIONS
from .errors import BadFile, CannotWrite, shown
from .names import clean_name


@dataclass(frozen=True)
class BallotFile:
    """The ballots of one contest and what the file says about it.

    Attributes:
        title: may be empty.
        options: names of those who stand, all different, in the order of the file.
        seats: None where the format or the file does not say.
        withdrawn: names of those who withdrew. The ballots are already read as if they had not stood; a paper
            with nobody else on it is blank.
        parties: one for each option, or none at all; only a Scottish file has them.
        scale: the grades, the best first, where the ballots are grades.
        encoding: how the file was written: utf-8 or gb18030.
    """

    title: str
    options: tuple[str, ...]
    seats: int | None
    profile: Profile
    withdrawn: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    scale: tuple[str, ...] = ()
    encoding: str = "utf-8"


def check_writable(ballots: BallotFile) -> None:
    """Check that what is written can be read again, whatever the format. Raises CannotWrite."""
    names = ballots.options + ballots.withdrawn
    if not ballots.options or len(names) > MOST_OPTIONS or len(set(names)) < len(names):
        raise CannotWrite(f"a file of ballots has from 1 to {MOST_OPTIONS} options of different names")
    if ballots.seats is not None and not 0 < ballots.seats <= MOST_OPTIONS:
        raise CannotWrite(f"a file of ballots has from 1 to {MOST_OPTIONS} seats, not {ballots.seats}")
    _check_profile(ballots)
    _check_scale(ballots)
    for name in (*names, *ballots.scale, *ballots.parties, ballots.title):
        if not _is_clean(name) or (name in names and not name):
            raise CannotWrite(f"a name is empty or has signs that no file can hold: {shown(name)}")


def _check_profile(ballots: BallotFile) -> None:
    if ballots.profile.options != ballots.options:
        raise CannotWrite("the ballots have other options than the file")
    if ballots.profile.cast > MOST_BALLOTS:
        raise CannotWrite(f"a file has at most {MOST_BALLOTS} ballots")


def _check_scale(ballots: BallotFile) -> None:
    profile = ballots.profile
    if (profile.kind is BallotKind.GRADES) != bool(ballots.scale) or len(ballots.scale) > MOST_GRADES:
        raise CannotWrite(f"grades need a scale of at most {MOST_GRADES} words, and other ballots have none")
    if ballots.scale and int(profile.marks.max(initial=0)) > len(ballots.scale):
        raise CannotWrite("a ballot bears a grade that the scale does not have")


def _is_clean(name: str) -> bool:
    try:
        return clean_name(name, 1) == name
    except BadFile:
        return False
