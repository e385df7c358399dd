"""Forms of duty reports: handed in, entered from paper, checked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput
from wtforms import RadioField
from wtforms.validators import InputRequired, Length, Optional

from civicforum.appraisals.duty_reports import LONGEST_NOTE, LONGEST_TEXT
from civicforum.appraisals.report_files import SUFFIX, ReportFile, read_report_file
from civicforum.fields import WordsField, day_field, strip

ACCEPT, RETURN = "accept", "return"


class ReportForm(FlaskForm):
    """A report as text, as a file, or both."""

    text = WordsField(
        _l("The report"),
        description=_l("What was done in this time, what was not, and what comes next. All can read it."),
        filters=[strip],
        validators=[Optional(), Length(max=LONGEST_TEXT, message=_l("At most 20,000 characters."))],
    )
    file = FileField(
        _l("Or a file, or beside the text"),
        description=_l("PDF, Word (docx) or OpenDocument (odt), at most 500 KB. All can read it."),
        widget=GovFileInput(),
        render_kw={"accept": ",".join([*SUFFIX, *SUFFIX.values()])},
    )

    def chosen(self) -> ReportFile | None:
        """Return the file that was chosen. Raises Invalid as `read_report_file` does."""
        if self.file.data is None or not self.file.data.filename:
            return None
        return read_report_file(self.file.data.filename, self.file.data.read())


class EnterForm(ReportForm):
    """A report that was handed in on paper."""

    came_on = day_field(_l("On which day was it handed in?"))


class CheckForm(FlaskForm):
    """What the supervision committee says of a report."""

    result = RadioField(
        _l("Is the report complete?"),
        widget=GovRadioInput(),
        choices=[
            (ACCEPT, _l("Yes: accept it; everybody can read it then")),
            (RETURN, _l("No: return it to be completed")),
        ],
        validators=[InputRequired(_l("Choose whether you accept it."))],
    )
    note = WordsField(
        _l("What is missing?"),
        description=_l("Needed where you return it. It stands in the public register."),
        filters=[strip],
        validators=[Optional(), Length(max=LONGEST_NOTE, message=_l("At most 1,000 characters."))],
    )
