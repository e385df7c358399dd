"""Forms of the key ceremony: who keeps a part of the key, and a complaint."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civicforum.fields import LineField, line_field, words_field

# What the rules refuse, by the reason they give.
REFUSALS = {
    "number": _l("Name as many trustees as the poll has."),
    "unknown": _l(
        "Nobody here has this number or this whole name. Choose from the list, or enter the number."
    ),
    "several": _l("Several people have this name. Enter the number instead."),
    "twice": _l("This person is named already. Each trustee is another person."),
    "gone": _l("This person has moved away."),
    "no_account": _l("This person has no login yet. The service counter makes one."),
    "on_paper": _l(
        "This person, or a near relative, stands on the ballot paper, and so cannot keep a part of the key."
    ),
    "empty": _l("Say what happened."),
    "long": _l("This is too long: %(max)d characters at most.", max=300),
}


class TrusteesForm(FlaskForm):
    """A line for each trustee: `trustee_1`, `trustee_2` and so on."""

    @property
    def lines(self) -> list[LineField]:
        """The lines in the order of the trustees' numbers."""
        return [field for field in self if field.name.startswith("trustee_")]


def trustees_form(size: int) -> TrusteesForm:
    """Return the form for this many trustees."""
    fields = {
        f"trustee_{number}": line_field(
            _("Trustee %(number)s", number=number), missing=_("Say who the trustee is."), most=120
        )
        for number in range(1, size + 1)
    }
    made: TrusteesForm = type("TrusteesFormOfSize", (TrusteesForm,), fields)()
    return made


class ComplaintForm(FlaskForm):
    text = words_field(
        _l("What happened?"),
        _l("Say what happened."),
        hint=_l(
            "For example: a slip was lost, or the characters on two screens differ. Everybody can read it."
        ),
        most=300,
    )
