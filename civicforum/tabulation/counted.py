"""A file that has been counted, as the report and the terminal show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from civicforum.counting import Result

if TYPE_CHECKING:
    from civicforum.counting.second import SecondCount


@dataclass(frozen=True)
class Counted:
    """What was counted, and what came out.

    Attributes:
        title: of the contest; the name of the file where the file says none.
        file_name, sha256: of the file, its digest in hexadecimal.
        withdrawn: names that the file says have withdrawn.
        second: what the second engine said; None when it was not asked.
        day: when it was counted, where somebody said so.
    """

    title: str
    file_name: str
    sha256: str
    result: Result
    withdrawn: tuple[str, ...] = ()
    second: SecondCount | None = None
    day: date | None = None
