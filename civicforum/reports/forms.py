"""The forms of the channel: the key, the report, reading the answer, the authority's own."""

from __future__ import annotations

import base64
import uuid
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileStorage, MultipleFileField
from govuk_frontend_wtf.wtforms_widgets import GovFileInput, GovRadioInput
from wtforms import Field, HiddenField, RadioField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from civicforum.fields import line_field, strip, words_field
from civicforum.records.forms import photo_words
from civicforum.records.photos import PhotoRefused, read_photo
from civicforum.reports import boxes, rules
from civicforum.reports.contents import Content
from civicforum.reports.rules import NUMBER_CHARACTERS, Kind
from civicforum.reports.services import Authority
from civicforum.reports.texts import KINDS
from civicforum.sealed import base32, from_base64
from civicforum.sealed.checks import Refused


class KeyForm(FlaskForm):
    authority = line_field(
        _l("Which authority is it?"),
        hint=_l(
            "Outside the community: the subdistrict office, the district civil affairs department, or the "
            "standing committee of the district people's congress."
        ),
        missing=_l("Enter the name of the authority."),
        most=120,
    )
    phone = line_field(
        _l("Its telephone number"),
        hint=_l("Residents call it to compare the key, or to report by voice."),
        missing=_l("Enter the telephone number."),
        most=60,
    )
    address = line_field(
        _l("Where it is, and when it is open"), missing=_l("Enter where the authority is."), most=200
    )
    public = line_field(
        _l("The public key that the authority gave"),
        hint=_l("64 characters. The authority makes it on a computer of its own and keeps the private key."),
        missing=_l("Enter the public key."),
        most=100,
    )
    reason = line_field(
        _l("Why is the key replaced?"), hint=_l("Everybody can read it in the public register."), most=300
    )

    def validate_public(self, field: Any) -> None:
        try:
            usable = len(bytes.fromhex(field.data)) == boxes.KEY_BYTES
        except ValueError:
            usable = False
        if not usable:
            raise ValidationError(
                _("This is no public key: 64 characters, 0 to 9 and a to f, as the authority read them out.")
            )

    def given(self) -> Authority:
        return Authority(
            name=self.authority.data,
            phone=self.phone.data,
            address=self.address.data,
            public=bytes.fromhex(self.public.data),
        )


class PhotosField(MultipleFileField):
    """Pictures, checked and reduced. `kept` are those of this form and those an earlier, refused one brought.

    A refused form carries them itself, for nothing of a report lies anywhere in the open.
    """

    kept: list[bytes]
    refusals: list[str]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, data, extra_filters)
        self.kept, self.refusals = [], []
        left_out = set(formdata.getlist("leave_out")) if formdata else set()
        carried = formdata.getlist("kept") if formdata else []
        for number, text in enumerate(carried):
            if str(number) not in left_out:
                self._take("", _carried(text))
        for file in self.data or []:
            if isinstance(file, FileStorage) and file.filename:
                self._take(file.filename, file.read())

    def _take(self, name: str, data: bytes) -> None:
        if len(self.kept) == rules.MOST_PHOTOS:
            self.refusals.append(_("A report takes three photos at most. Those beyond are left out."))
            return
        try:
            self.kept.append(read_photo(data).content)
        except PhotoRefused as refusal:
            self.refusals.append(_("“%(name)s”: %(reason)s", name=name[-40:], reason=photo_words(refusal)))

    def pre_validate(self, form: Any) -> None:
        if self.refusals:
            raise ValidationError(self.refusals[0])


class ReportForm(FlaskForm):
    ticket = HiddenField()
    key = HiddenField()
    kind = RadioField(
        _l("What kind of wrongdoing is it?"),
        choices=[(kind.value, words) for kind, words in KINDS.items()],
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose what kind it is."))],
    )
    text = words_field(
        _l("What happened?"),
        _l("Say what happened."),
        hint=_l(
            "Who did what, to whom, and how do you know? Leave out what gives you away, unless you want to."
        ),
        most=rules.LONGEST["text"],
    )
    where = line_field(
        _l("Where and when?"), hint=_l("As well as you know. Not required."), most=rules.LONGEST["where"]
    )
    contact = line_field(
        _l("How can the authority reach you?"),
        hint=_l("Not required: you can read the answer here with a number and a code, and stay unknown."),
        most=rules.LONGEST["contact"],
    )
    photos = PhotosField(
        _l("Photos as evidence"),
        description=_l("Up to three. Where and with what they were taken is removed."),
        widget=GovFileInput(),
        render_kw={"accept": "image/jpeg,image/png,image/webp", "multiple": True, "data-photos": "1600"},
    )

    def content(self) -> Content:
        return Content(
            Kind(self.kind.data),
            self.text.data,
            self.where.data,
            self.contact.data,
            tuple(self.photos.kept),
        )

    @property
    def ticket_id(self) -> uuid.UUID | None:
        """Return the number of this form, or None when it carries none of ours."""
        return _uuid(self.ticket)

    @property
    def key_id(self) -> uuid.UUID | None:
        """Return the key whose fingerprint stood on the form."""
        return _uuid(self.key)


class ReadForm(FlaskForm):
    number = line_field(
        _l("Report number"),
        hint=_l("Eight characters, as on your slip."),
        missing=_l("Enter the number."),
        most=20,
    )
    code = line_field(
        _l("Reading code"),
        hint=_l("Sixteen characters, as on your slip."),
        missing=_l("Enter the code."),
        most=40,
    )

    def validate_number(self, field: Any) -> None:
        _check_typed(field, NUMBER_CHARACTERS)

    def validate_code(self, field: Any) -> None:
        _check_typed(field, boxes.CODE_CHARACTERS)


class TestForm(FlaskForm):
    __test__ = False

    test = HiddenField(validators=[DataRequired()])
    answer = line_field(
        _l("What the command printed"), missing=_l("Enter what the command printed."), most=200
    )


class AnswerForm(FlaskForm):
    sealed = HiddenField(filters=[strip], validators=[DataRequired(_l("Write the answer to the report."))])


def decoded(text: str) -> bytes:
    """Return the bytes of what a browser or the command wrote; none where it is not base64url."""
    try:
        return from_base64("".join(text.split()))
    except Refused:
        return b""


def _carried(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _check_typed(field: Field, length: int) -> None:
    try:
        base32.read_digits(field.data, length)
    except base32.Mistyped:
        raise ValidationError(
            _("This cannot be it: %(length)s letters and figures. Look at your slip again.", length=length)
        ) from None


def _uuid(field: Field) -> uuid.UUID | None:
    try:
        return uuid.UUID(field.data or "")
    except ValueError:
        return None
