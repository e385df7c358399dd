"""The lines with # above the ballots of a PrefLib file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .box import MOST_GRADES, MOST_OPTIONS
from .errors import BadFile, Fault, shown
from .names import clean_name
from .numbers import heading_number

_META = re.compile(r"#\s*([A-Z][A-Z ]*[A-Z])(?: ([0-9]{1,5}))?\s*:(.*)")


@dataclass(frozen=True)
class Head:
    """What the lines with # say, each value with the line it stands on."""

    values: dict[str, tuple[int, str]] = field(default_factory=dict)
    options: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)

    def take(self, line: int, text: str) -> None:
        """Keep one line; one of another shape is a comment. Raises BadFile."""
        found = _META.fullmatch(text)
        if not found:
            return
        key, number, value = found[1], found[2], found[3].strip()
        named = {"ALTERNATIVE NAME": self.options, "CATEGORY NAME": self.categories}.get(key)
        if named is None:
            self.values[key] = (line, value)
        elif not number or int(number) in named:
            raise BadFile(Fault.HEADER, f"a name without a number of its own: {shown(text)}", line)
        else:
            named[int(number)] = clean_name(value, line)

    def number(self, key: str, line: int, *, most: int) -> tuple[int, int]:
        """Return the line and the number of this key. Raises BadFile; `line` is where it should be by."""
        if key not in self.values:
            raise BadFile(Fault.HEADER, f"the line # {key} is missing above the ballots", line)
        at, value = self.values[key]
        return at, heading_number(value, at, key, most=most)

    def check(self, extension: str, line: int) -> None:
        """Check the head against itself and the name of the file. Raises BadFile."""
        self._check_names("NUMBER ALTERNATIVES", self.options, line, lowest=min(self.options, default=1))
        at, kind = self.values.get("DATA TYPE", (line, extension))
        if kind != extension:
            reason = f"the file says that it is {shown(kind)}, its name says {extension}"
            raise BadFile(Fault.HEADER, reason, at)
        if extension == "cat":
            self._check_names("NUMBER CATEGORIES", self.categories, line, most=MOST_GRADES)

    def _check_names(
        self, key: str, names: dict[int, str], line: int, *, lowest: int = 1, most: int = MOST_OPTIONS
    ) -> None:
        at, number = self.number(key, line, most=most)
        if lowest > 1 or sorted(names) != list(range(lowest, lowest + number)):
            reason = f"{key} is {number}, but the lines with the names are not numbered 1 to {number}"
            raise BadFile(Fault.HEADER, reason, at)
