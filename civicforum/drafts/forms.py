"""Forms of drafts: putting one out, commenting, answering, opinions, deliveries, and the end of a round."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from civicforum.drafts.rules import LONGEST_COMMENT, CommentChannel, Handling, passages
from civicforum.drafts.texts import CHANNELS, HANDLINGS
from civicforum.fields import day_field, line_field, words_field

LONGEST_TEXT = 40_000
SHOWN_OF_PASSAGE = 24


class PutOutForm(FlaskForm):
    title = line_field(_l("Title"), missing=_l("Enter a title."), most=200)
    text = words_field(
        _l("Text of the draft"),
        _l("Enter the text."),
        hint=_l("Each line is a passage with a number of its own, on which people can comment."),
        most=LONGEST_TEXT,
    )
    reason = line_field(
        _l("Why it is put out, and what can still change"), hint=_l("One or two sentences."), most=500
    )
    until_on = day_field(_l("Last day for comments"))


class CommentForm(FlaskForm):
    passage = SelectField(_l("Passage"), widget=GovSelect(), coerce=int, validators=[Optional()])
    text = words_field(_l("What you think of it"), _l("Write your comment."), most=LONGEST_COMMENT)
    shows_name = BooleanField(
        _l("Show my name with it when the result is published"), widget=GovCheckboxInput()
    )

    def offer(self, text: str) -> None:
        """Fill the choice of passages: 0 is the whole."""
        self.passage.choices = [(0, _("The draft as a whole"))] + [
            (number, f"{number}. {words[:SHOWN_OF_PASSAGE]}{'…' if len(words) > SHOWN_OF_PASSAGE else ''}")
            for number, words in enumerate(passages(text), start=1)
        ]


class EnterForm(CommentForm):
    """A comment that the clerk writes down for somebody."""

    text = words_field(_l("What was said"), _l("Write down what was said."), most=LONGEST_COMMENT)
    shows_name = BooleanField(
        _l("The author agrees that the name is shown with the result"), widget=GovCheckboxInput()
    )
    channel = RadioField(
        _l("How did it come in?"),
        widget=GovRadioInput(),
        choices=[
            (channel.value, CHANNELS[channel]) for channel in (CommentChannel.PAPER, CommentChannel.WORD)
        ],
        validators=[InputRequired(_l("Choose how the comment came in."))],
    )
    author_name = line_field(_l("Name, if there is one"), most=80)


class AnswerForm(FlaskForm):
    handling = RadioField(
        _l("What becomes of it?"),
        widget=GovRadioInput(),
        choices=[(handling.value, words) for handling, words in HANDLINGS.items()],
        validators=[InputRequired(_l("Choose what becomes of it."))],
    )
    text = words_field(_l("Why"), _l("Say why."), most=2000)


class OpinionForm(FlaskForm):
    author = line_field(_l("Name of the expert"), missing=_l("Enter the name."), most=80)
    unit = line_field(_l("Unit or profession"), most=120)
    text = words_field(_l("Written opinion"), _l("Enter the opinion."), most=20_000)


class DeliveryForm(FlaskForm):
    delivered_on = day_field(_l("Delivered on"))


class CloseForm(FlaskForm):
    final_text = words_field(
        _l("Final text"),
        _l("Enter the final text."),
        hint=_l("It begins with the draft: change what the comments that were taken ask for."),
        most=LONGEST_TEXT,
    )


class WithdrawForm(FlaskForm):
    reason = line_field(_l("Why"), missing=_l("Say why."), most=300)


def handling_of(form: AnswerForm) -> Handling:
    return Handling(form.handling.data)
