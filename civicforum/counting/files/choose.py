"""Which reader and writer a file gets: by the end of its name, and a csv by its first line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

from .ballot_file import BallotFile, check_writable
from .blt import read_blt, write_blt
from .errors import BadFile, CannotWrite, Fault, shown
from .jsonl import read_jsonl, write_jsonl
from .own_csv import is_own_csv, read_own_csv, write_own_csv
from .preflib import EXTENSIONS, read_preflib
from .preflib_writer import write_preflib
from .scottish import is_scottish, read_scottish, write_scottish
from .source import MOST_BYTES, Progress, Source

ALL_EXTENSIONS = (*EXTENSIONS, "blt", "csv", "jsonl")


def read_ballots(path: str | Path, *, progress: Progress | None = None) -> BallotFile:
    """Read a file of ballots. Raises BadFile, also where the file cannot be opened.

    Args:
        progress: called now and then with the bytes done and the bytes in all.
    """
    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BadFile(Fault.UNREADABLE, f"the file cannot be opened: {why}") from error
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
    if extension == "jsonl":
        return read_jsonl(source)
    return _read_csv(source)


def _read_csv(source: Source) -> BallotFile:
    if is_own_csv(source.first):
        return read_own_csv(source)
    if is_scottish(source.first):
        return read_scottish(source)
    reason = (
        "a csv begins with kind, as ours do, or with the numbers of options and seats, as Scottish ones do"
    )
    raise BadFile(Fault.HEADER, reason, 1)


def write_ballots(ballots: BallotFile, path: str | Path, *, scottish: bool = False) -> None:
    """Write a file, UTF-8, in the format its name ends in. Raises CannotWrite, as `written`."""
    Path(path).write_bytes(written(ballots, str(path), scottish=scottish))


def written(ballots: BallotFile, name: str, *, scottish: bool = False) -> bytes:
    """Return the content of a file of this name, such as a download. Raises CannotWrite.

    Args:
        scottish: what a csv is to be, the Scottish one or ours.
    """
    extension = _extension(name)
    if extension not in ALL_EXTENSIONS:
        raise CannotWrite(f"{shown(PurePath(name).name)}: a file of ballots ends in {_endings()}")
    check_writable(ballots)
    merged = replace(ballots, profile=ballots.profile.merged())
    if extension in EXTENSIONS:
        return write_preflib(merged, extension).encode()
    csv = write_scottish if scottish else write_own_csv
    return {"blt": write_blt, "csv": csv, "jsonl": write_jsonl}[extension](merged).encode()


def _extension(name: str) -> str:
    return PurePath(name).suffix.removeprefix(".").lower()


def _endings() -> str:
    return ", ".join(f".{extension}" for extension in ALL_EXTENSIONS)
