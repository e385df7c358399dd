"""Which reader and writer a file gets: by the end of its name, and a csv by its first line."""

from __future__ import annotations

from pathlib import Path, PurePath

from .ballot_file import BallotFile
from .blt import read_blt, write_blt
from .errors import BadFile, CannotWrite, Fault, shown
from .preflib import EXTENSIONS, read_preflib, write_preflib
from .scottish import is_scottish, read_scottish, write_scottish
from .source import MOST_BYTES, Progress, Source

ALL_EXTENSIONS = (*EXTENSIONS, "blt", "csv")


def read_ballots(path: str | Path, *, progress: Progress | None = None) -> BallotFile:
    """Read a file of ballots. Raises BadFile, also where the file cannot be opened.

    Args:
        progress: called now and then with the bytes done and the bytes in all.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadFile(Fault.UNREADABLE, f"the file cannot be opened: {error.strerror}") from error
    return read_bytes(data, str(path), progress=progress)


def read_bytes(data: bytes, name: str, *, progress: Progress | None = None) -> BallotFile:
    """Read the content of a file of this name, such as an upload. Raises BadFile."""
    extension = _extension(name)
    if extension not in ALL_EXTENSIONS:
        raise BadFile(Fault.FORMAT, f"{shown(PurePath(name).name)}: a file of ballots ends in {_endings()}")
    source = Source(data, progress)
    if extension in EXTENSIONS:
        return read_preflib(source, extension)
    if extension == "blt":
        return read_blt(source)
    if not is_scottish(source.first):
        raise BadFile(Fault.HEADER, "the first line is the number of options and the number of seats", 1)
    return read_scottish(source)


def write_ballots(ballots: BallotFile, path: str | Path) -> None:
    """Write a file, UTF-8, in the format its name ends in. Raises CannotWrite."""
    Path(path).write_bytes(written(ballots, str(path)))


def written(ballots: BallotFile, name: str) -> bytes:
    """Return the content of a file of this name, such as a download. Raises CannotWrite."""
    extension = _extension(name)
    if extension in EXTENSIONS:
        return write_preflib(ballots, extension).encode()
    if extension == "blt":
        return write_blt(ballots).encode()
    if extension == "csv":
        return write_scottish(ballots).encode()
    raise CannotWrite(f"{shown(PurePath(name).name)}: a file of ballots ends in {_endings()}")


def _extension(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()


def _endings() -> str:
    return ", ".join(f".{extension}" for extension in ALL_EXTENSIONS)
