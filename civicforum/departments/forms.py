"""Forms of departments: an entry of the register, an opinion, its reply, and hiding it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from civicforum.departments.models import Department
from civicforum.departments.rules import LONGEST_OPINION, DepartmentKind
from civicforum.departments.services import Given
from civicforum.departments.texts import KINDS
from civicforum.fields import DayField, day_field, line_field, words_field


class DepartmentForm(FlaskForm):
    kind = RadioField(
        _l("What is it?"),
        widget=GovRadioInput(),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        validators=[InputRequired(_l("Choose what it is."))],
    )
    name = line_field(_l("Name of the department or firm"), missing=_l("Enter the name."), most=120)
    duty = line_field(
        _l("What it does here"),
        hint=_l("One sentence that residents understand. Only who has work here is appraised."),
        missing=_l("Say what it does here."),
        most=300,
    )
    phone = line_field(_l("Telephone for residents"), most=60)
    since = day_field(_l("Has worked here since"))
    until = DayField(
        _l("Last day with work here"),
        description=_l("Leave it empty as long as it works here."),
        validators=[Optional()],
    )

    def fill(self, department: Department) -> None:
        """Show what the register says now."""
        self.kind.data = department.kind.value
        for name in ("name", "duty", "phone", "since", "until"):
            self[name].data = getattr(department, name)

    def given(self) -> Given:
        """Return what a valid form says."""
        return Given(
            kind=DepartmentKind(self.kind.data),
            name=self.name.data,
            duty=self.duty.data,
            phone=self.phone.data,
            since=self.since.data,
            until=self.until.data,
        )


class OpinionForm(FlaskForm):
    text = words_field(
        _l("Your opinion or suggestion"),
        _l("Write what you think."),
        hint=_l(
            "Everybody can read it, and nobody sees who wrote it. "
            "Leave out names, telephone and identity numbers."
        ),
        most=LONGEST_OPINION,
    )


class ReplyForm(FlaskForm):
    text = words_field(
        _l("What was replied"),
        _l("Write down the reply."),
        hint=_l("As the letter has it, or as it was said on the telephone."),
    )
    replied_by = line_field(
        _l("Who replied"),
        hint=_l("Post and name, and how: by letter, by telephone, at a meeting."),
        missing=_l("Say who replied."),
        most=120,
    )


class HideForm(FlaskForm):
    reason = line_field(
        _l("Why it is hidden"),
        hint=_l("Everybody can read the reason. Criticism, even harsh, is none."),
        missing=_l("Say why."),
        most=300,
    )
