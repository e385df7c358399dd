"""Forms of bodies, posts and terms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from civicforum.bodies.labels import appointed_name, body_kind_name, post_kind_name
from civicforum.bodies.rules import ELECTED_BODIES, Appointed, BodyKind, PostKind
from civicforum.fields import LineField, WholeField, WordsField, line_field, strip
from civicforum.people.fields import DayField

MISSING_DAY = _l("Enter the day.")
REASON = _l("Reason")


class AppointForm(FlaskForm):
    """Who holds a post, how they came to it, and for how long."""

    person = LineField(validators=[DataRequired(_l("Choose the person."))])
    appointed = RadioField(
        _l("How did the person come to the post?"),
        validators=[InputRequired(_l("Choose one."))],
        widget=GovRadioInput(),
        # A way that is not offered for this post is refused by the rule, with its article.
        validate_choice=False,
    )
    since = DayField(_l("First day"), validators=[InputRequired(MISSING_DAY)])
    until = DayField(_l("Last day"), description=_l("A full term, as the rules have it, if left blank."))

    def offer(self, body: BodyKind) -> None:
        """Fill the ways in; only an election leads into an elected body."""
        ways = [Appointed.ELECTED] if body in ELECTED_BODIES else list(Appointed)
        self.appointed.choices = [(way.value, appointed_name(way)) for way in ways]

    def validate_appointed(self, field: RadioField) -> None:
        if field.data not in list(Appointed):
            raise ValidationError(_l("Choose one."))


class EndForm(FlaskForm):
    """When a term, or a whole body, ends, and why."""

    on = DayField(_l("Last day"), validators=[InputRequired(MISSING_DAY)])
    reason = line_field(
        REASON,
        hint=_l(
            "For instance: resigned, moved away, term over, recalled. It is shown in the public register."
        ),
        most=200,
        missing=_l("Enter the reason; it is shown in the public register."),
    )


class BodyForm(FlaskForm):
    """A new body."""

    kind = SelectField(_l("Kind"), widget=GovSelect())
    name = line_field(
        _l("Name"),
        hint=_l("The full name, as on its sign."),
        most=120,
        missing=_l("Enter the name."),
    )
    duty = WordsField(
        _l("What is it there for?"),
        description=_l("One or two sentences that every resident understands."),
        filters=[strip],
        validators=[Length(max=1000, message=_l("This is too long: %(max)d characters at most."))],
    )
    founded_on = DayField(_l("Founded on"), validators=[InputRequired(MISSING_DAY)])

    def offer(self) -> None:
        self.kind.choices = [(kind.value, body_kind_name(kind)) for kind in BodyKind]


class PostForm(FlaskForm):
    """A new post of a body."""

    kind = SelectField(
        _l("Kind"), description=_l("It decides what its holder may do on this site."), widget=GovSelect()
    )
    title = line_field(_l("Title"), most=80, missing=_l("Enter the title."))
    seats = WholeField(
        _l("Seats"),
        default=1,
        validators=[
            InputRequired(_l("Enter a whole number.")),
            NumberRange(1, 500, _l("A post has between 1 and 500 seats.")),
        ],
    )

    def offer(self) -> None:
        self.kind.choices = [(kind.value, post_kind_name(kind)) for kind in PostKind]
