"""What a file of ballots holds, whatever its format."""

from __future__ import annotations

from dataclasses import dataclass

from ..profile import Profile


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
