"""Forms of service ratings: the rating itself, slips, items, the station's card, and bad grades."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect, GovTextArea, GovTextInput
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from civicforum.bodies.models import Term
from civicforum.fields import DayField, LineField, WordsField, day_field, line_field, strip, words_field
from civicforum.ratings import codes
from civicforum.ratings.models import ServiceItem, StationCard
from civicforum.ratings.rules import (
    LONGEST_ANSWER,
    LONGEST_COMMENT,
    UNITS,
    RatingLevel,
    ReviewRuling,
    ServiceClass,
)
from civicforum.ratings.services.handling import Answer
from civicforum.ratings.services.rating import Given
from civicforum.ratings.services.station import Card
from civicforum.ratings.texts import CLASSES, LEVELS, RULINGS
from civicforum.sealed import base32

_TOO_LONG = _l("This is too long: %(max)d characters at most.")


class CodeForm(FlaskForm):
    code = line_field(
        _l("Code on your slip"),
        hint=_l("Eight letters and figures, as in 7KQM-2XTB."),
        missing=_l("Enter the code on your slip."),
        most=20,
    )

    def validate_code(self, field: Any) -> None:
        _check(field, codes.CODE_CHARACTERS)


class NumberForm(FlaskForm):
    number = line_field(
        _l("Number of your rating"),
        hint=_l("Twelve letters and figures, as you were shown after rating."),
        missing=_l("Enter the number of your rating."),
        most=30,
    )

    def validate_number(self, field: Any) -> None:
        _check(field, codes.NUMBER_CHARACTERS)


class RateForm(FlaskForm):
    number = HiddenField()
    level = RadioField(
        _l("How was the service?"),
        choices=[(level.value, words) for level, words in LEVELS.items()],
        validators=[InputRequired(_l("Choose one of the five faces."))],
    )
    item = SelectField(
        _l("What was it about?"), description=_l("Not required."), widget=GovSelect(), default=""
    )
    comment = WordsField(
        _l("What should we know?"),
        description=_l("Not required. It is read by those who answer for the station, and not published."),
        widget=GovTextArea(),
        filters=[strip],
        validators=[Length(max=LONGEST_COMMENT, message=_TOO_LONG)],
    )
    name = LineField(
        _l("Your name"),
        widget=GovTextInput(),
        filters=[strip],
        validators=[Length(max=80, message=_TOO_LONG)],
        render_kw={"autocomplete": "off"},
    )
    phone = LineField(
        _l("Your telephone number"),
        widget=GovTextInput(),
        filters=[strip],
        validators=[Length(max=40, message=_TOO_LONG)],
        render_kw={"autocomplete": "off", "type": "tel"},
    )

    def offer(self, items: Iterable[ServiceItem]) -> None:
        """Let one of these items be chosen, or none."""
        self.item.choices = [("", _("Something else")), *((str(item.id), item.name) for item in items)]

    def proposed_number(self) -> str:
        """Return the number that came with the form, or a new one where it carries none of ours."""
        try:
            return codes.read_number(self.number.data or "")
        except base32.Mistyped:
            return codes.new_number()

    def given(self) -> Given:
        return Given(
            level=RatingLevel(self.level.data),
            item_id=uuid.UUID(self.item.data) if self.item.data else None,
            comment=self.comment.data,
            name=self.name.data,
            phone=self.phone.data,
        )


class SheetForm(FlaskForm):
    term = SelectField(
        _l("Who serves there"),
        widget=GovSelect(),
        validators=[InputRequired(_l("Choose who serves there."))],
    )
    counter = line_field(
        _l("Counter"),
        hint=_l("As people know it, such as “Counter 1”."),
        missing=_l("Name the counter."),
        most=80,
    )
    valid_until = day_field(_l("Last day on which the slips can be used"))

    def offer(self, terms: Iterable[Term]) -> None:
        """Let one of those who hold a post at the station be chosen."""
        self.term.choices = [(str(term.id), f"{term.person.name}（{term.post.title}）") for term in terms]


class WithdrawForm(FlaskForm):
    reason = line_field(_l("Why are the slips withdrawn?"), missing=_l("Say why."), most=300)


class ItemForm(FlaskForm):
    service_class = RadioField(
        _l("Class"),
        choices=[(one.value, words) for one, words in CLASSES.items()],
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose a class."))],
    )
    name = line_field(_l("What the station does"), missing=_l("Enter what the station does."), most=120)
    unit = SelectField(
        _l("Who does it"),
        widget=GovSelect(),
        default="",
        choices=[("", _l("The group of its class")), *((unit, unit) for unit in UNITS)],
    )


class CardForm(FlaskForm):
    address = line_field(_l("Where the station is"), missing=_l("Enter the address."), most=200)
    hours = line_field(_l("Opening hours"), missing=_l("Enter the opening hours."), most=200)
    phone = line_field(_l("Telephone of the station"), missing=_l("Enter the telephone number."), most=60)
    complaints_phone = line_field(
        _l("Telephone for complaints about the station"),
        hint=_l("That of the supervision committee or of the subdistrict office. Not required."),
        most=60,
    )

    def fill(self, card: StationCard) -> None:
        for name in ("address", "hours", "phone", "complaints_phone"):
            self[name].data = getattr(card, name)

    def given(self) -> Card:
        return Card(
            address=self.address.data,
            hours=self.hours.data,
            phone=self.phone.data,
            complaints_phone=self.complaints_phone.data,
        )


_ABOUT_HINT = _l("Everybody reads it: a few words that name nobody, such as “Long wait in the morning”.")


class AnswerForm(FlaskForm):
    about = line_field(
        _l("What it was about"), hint=_ABOUT_HINT, missing=_l("Say what it was about."), most=300
    )
    answer = words_field(
        _l("Answer to it"),
        _l("Write the answer to this grade."),
        hint=_l("Everybody reads it: what was done about it."),
        most=LONGEST_ANSWER,
    )

    def given(self) -> Answer:
        return Answer(self.about.data, self.answer.data)


class ContactForm(FlaskForm):
    note = words_field(
        _l("What was said on the telephone"),
        _l("Write down what was said on the telephone."),
        hint=_l("Only those who answer for the station read it."),
        most=1000,
    )
    mended_by = DayField(
        _l("It takes longer: the day by which it is put right"),
        description=_l("Leave it empty when you answer now."),
        validators=[Optional()],
    )
    about = line_field(_l("It is clear: what it was about"), hint=_ABOUT_HINT, most=300)
    answer = WordsField(
        _l("Answer to it"),
        description=_l("Everybody reads it: what was done about it."),
        filters=[strip],
        validators=[Length(max=LONGEST_ANSWER, message=_TOO_LONG)],
    )

    def validate_about(self, field: Any) -> None:
        if self.answer.data and not field.data:
            raise ValidationError(_("Say what it was about."))

    def given(self) -> Answer | None:
        return Answer(self.about.data, self.answer.data) if self.answer.data else None


class ActionForm(FlaskForm):
    title = line_field(
        _l("What has to be put right"),
        hint=_ABOUT_HINT,
        missing=_l("Say what has to be put right."),
        most=200,
    )
    problem = words_field(
        _l("What the problem is"),
        _l("Say what the problem is."),
        hint=_l("Everybody reads it. Name nobody."),
        most=1000,
    )


class CallBackForm(FlaskForm):
    is_content = RadioField(
        _l("Is it all right now?"),
        choices=[("yes", _l("Yes")), ("no", _l("No"))],
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose yes or no."))],
    )


class DisputeForm(FlaskForm):
    reason = words_field(
        _l("Why the grade is false or a mistake"),
        _l("Say why."),
        hint=_l("The supervision committee reads it and rules."),
        most=500,
    )


class RulingForm(FlaskForm):
    ruling = RadioField(
        _l("Ruling"),
        choices=[(ruling.value, words) for ruling, words in RULINGS.items()],
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose a ruling."))],
    )
    text = words_field(_l("Reasons"), _l("Give the reasons."), most=500)

    def chosen(self) -> ReviewRuling:
        return ReviewRuling(self.ruling.data)


def item_class(form: ItemForm) -> ServiceClass:
    """Return the class that a valid form names."""
    return ServiceClass(form.service_class.data)


def _check(field: Any, length: int) -> None:
    try:
        base32.read_digits(field.data, length)
    except base32.Mistyped:
        raise ValidationError(
            _("This cannot be it: %(length)s letters and figures. Compare it once more.", length=length)
        ) from None
