"""The form of issuing a notice: what its fixed text asks for, and a paragraph of one's own."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.validators import DataRequired, Length

from civicforum.elections.notices import Wish
from civicforum.elections.texts_notices import ASKS, REFUSALS
from civicforum.elections.wording import Wording
from civicforum.fields import WordsField, line_field, strip

MISSING = REFUSALS["missing"]
TOO_LONG = _l("This is too long: %(max)d characters at most.")
# What is typed as a list of many names gets more room.
LISTS = frozenset({"users"})


class IssueForm(FlaskForm):
    """A kind of notice has its own fields, one for each of its asks; see `issue_form`."""

    extra = WordsField(
        _l("A paragraph of your own (optional)"),
        description=_l("It stands before the closing words. Names are enough: no identity numbers."),
        filters=[strip],
        validators=[Length(max=2000, message=TOO_LONG)],
    )
    # The number of the notice of this kind that was there when the page was opened; "" for none.
    corrects = HiddenField()

    def wish(self, wording: Wording) -> Wish:
        """Return what was typed."""
        corrects = self.corrects.data or ""
        return Wish(
            asked={ask: self[ask].data or "" for ask in wording.asks},
            extra=self.extra.data or "",
            corrects=int(corrects) if corrects.isdecimal() else None,
            reason=(self["reason"].data or "") if "reason" in self else "",
        )


def issue_form(wording: Wording, *, is_correction: bool, is_issued: bool) -> IssueForm:
    """Return the form with the fields of this notice; what it says has to be there once it is issued."""
    fields = {ask: _field(ask, is_issued and ask not in wording.may_stay_empty) for ask in wording.asks}
    if is_correction:
        fields["reason"] = _reason(is_required=is_issued)
    form: IssueForm = type("IssueForm", (IssueForm,), fields)()
    return form


class RecallNoticeForm(FlaskForm):
    """Nothing is typed, but what a correction says first; see `recall_notice_form`."""

    # As in IssueForm.
    corrects = HiddenField()

    def wish(self) -> Wish:
        corrects = self.corrects.data or ""
        return Wish(
            corrects=int(corrects) if corrects.isdecimal() else None,
            reason=(self["reason"].data or "") if "reason" in self else "",
        )


def recall_notice_form(*, is_correction: bool) -> RecallNoticeForm:
    """Return the form of a recall's notice, with the field for the reason of a correction."""
    fields = {"reason": _reason(is_required=True)} if is_correction else {}
    form: RecallNoticeForm = type("RecallNoticeForm", (RecallNoticeForm,), fields)()
    return form


def _reason(*, is_required: bool) -> Field:
    return line_field(
        _l("What is corrected, and why?"),
        hint=_l("The new notice says this first. The earlier one stays as it was issued."),
        missing=MISSING if is_required else None,
        most=200,
    )


def _field(ask: str, is_required: bool) -> Field:
    label, hint = ASKS[ask]
    if ask in LISTS:
        required = [DataRequired(MISSING)] if is_required else []
        too_long = Length(max=5000, message=TOO_LONG)
        return WordsField(label, description=hint, filters=[strip], validators=[*required, too_long])
    return line_field(label, hint=hint, missing=MISSING if is_required else None, most=300)
