"""Departments in words."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from civicforum.departments.rules import DepartmentKind

KINDS: dict[DepartmentKind, LazyString] = {
    DepartmentKind.SUBDISTRICT: _l("Subdistrict office"),
    DepartmentKind.BRANCH: _l("Branch of a government department"),
    DepartmentKind.POLICE: _l("Police"),
    DepartmentKind.PROVIDER: _l("Firm that serves the community"),
}
# What the rules refuse, by the reason they give.
REFUSALS: dict[str, LazyString] = {
    "empty": _l("This may not stay empty."),
    "empty or too long": _l("Write between 1 and 1,000 characters."),
    "identity_number": _l("There is an identity number in the text. Leave it out: everybody can read it."),
    "phone_number": _l("There is a telephone number in the text. Leave it out: everybody can read it."),
    "taken": _l("There is already a department with this name."),
    "dates": _l("The last day lies before the first."),
}
