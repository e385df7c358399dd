"""Letters on paper in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.inbox.rules_paper import RunState

RUNS: dict[RunState, LazyString] = {
    RunState.WAITING: _l("Waits for the printer"),
    RunState.PRINTING: _l("Being printed"),
    RunState.READY: _l("Ready"),
    RunState.FAILED: _l("Could not be printed; make the letters again"),
    RunState.DELETED: _l("File deleted"),
}
# Beside a field that was refused; without a field, on top of the page.
REFUSALS: dict[str, LazyString] = {
    "missing": _l("Enter this."),
    "long": _l("This is too long."),
    "lines": _l("This is too long: beside the code there is room for 15 lines."),
    "nobody": _l("Every household is reached already: there is nobody to write to."),
    "number": _l("This shows somebody's number. Take it out."),
}
ACTIONS: dict[str, LazyString] = {
    "letters.ask": _l("had letters with one-time codes printed"),
    "letters.print": _l("printed letters with one-time codes"),
    "letters.download": _l("fetched the file of letters with one-time codes"),
    "letters.delete": _l("deleted the file of letters"),
}
