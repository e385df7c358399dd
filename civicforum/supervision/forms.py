"""Forms of the supervision committee's desk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxesInput, GovFileInput, GovRadioInput, GovSelect
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from civicforum.bodies.models import Body
from civicforum.fields import day_field, line_field, words_field
from civicforum.matters.forms.fields import photo_field
from civicforum.matters.texts_after import FINDINGS
from civicforum.supervision.models import SupervisionFinding
from civicforum.supervision.queries.records import Offer
from civicforum.supervision.rules import LONGEST_CONCLUSIONS, LONGEST_TEXT, LONGEST_TITLE
from civicforum.supervision.texts import GROUNDS, LEVELS, OUTCOMES


class FindingForm(FlaskForm):
    kind = RadioField(
        _l("What did you find?"),
        choices=[(kind.value, words) for kind, words in FINDINGS.items()],
        validators=[InputRequired(_l("Choose what you found."))],
        widget=GovRadioInput(),
    )
    text = words_field(
        _l("The finding"),
        _l("Write down what you found."),
        hint=_l("What was checked, when, and what was seen. It is public at once, under your name."),
        most=LONGEST_TEXT,
    )
    corrects_id = SelectField(_l("Does it correct an earlier finding?"), widget=GovSelect())
    photo = photo_field(_l("A photo, if it shows something"), hint=_l("Show things and papers, not faces."))
    photo_description = line_field(_l("What the photo shows"), most=200)

    def offer(self, earlier: Iterable[SupervisionFinding]) -> None:
        """Fill the list of findings that this one may correct."""
        self.corrects_id.choices = [("", _("No, it stands alone"))] + [
            (str(one.id), _("It corrects %(number)s", number=one.number)) for one in earlier
        ]

    @property
    def corrects(self) -> uuid.UUID | None:
        return uuid.UUID(self.corrects_id.data) if self.corrects_id.data else None


class RemarkForm(FlaskForm):
    text = words_field(
        _l("Your remark"),
        _l("Write down your remark."),
        hint=_l("Procedure, quorum, whether those concerned were heard. It is public at once and stays."),
        most=LONGEST_TEXT,
    )


class QuestionForm(FlaskForm):
    body_id = SelectField(
        _l("Which body is asked?"), widget=GovSelect(), validators=[InputRequired(_l("Choose the body."))]
    )
    title = line_field(_l("What it is about"), missing=_l("Say what it is about."), most=LONGEST_TITLE)
    text = words_field(_l("The question"), _l("Write down the question."), most=LONGEST_TEXT)

    def offer(self, bodies: Iterable[Body]) -> None:
        """Fill the list of bodies that can be asked."""
        self.body_id.choices = [("", _("Choose"))] + [(str(body.id), body.name) for body in bodies]


class ThreadForm(FlaskForm):
    text = words_field(_l("Your text"), _l("Write down your text."), most=LONGEST_TEXT)


class ReferralForm(FlaskForm):
    level = RadioField(
        _l("To whom?"),
        choices=[(level.value, words) for level, words in LEVELS.items()],
        validators=[InputRequired(_l("Choose to whom it goes."))],
        widget=GovRadioInput(),
    )
    ground = RadioField(
        _l("On what ground?"),
        choices=[(ground.value, words) for ground, words in GROUNDS.items()],
        validators=[InputRequired(_l("Choose the ground."))],
        widget=GovRadioInput(),
    )
    basis = SelectMultipleField(
        _l("What it rests on"),
        description=_l("Findings and questions go along in the package, with their photos and answers."),
        widget=GovCheckboxesInput(),
        validators=[InputRequired(_l("Choose at least one finding or question."))],
    )
    text = words_field(
        _l("The letter"),
        _l("Write down what is referred."),
        hint=_l("Facts, days and sums. The office reads it; residents see number, ground and answer only."),
        most=LONGEST_TEXT,
    )

    def offer(self, offer: Offer) -> None:
        """Fill the list of what the referral can rest on."""
        finding = _("Finding %(number)s about “%(title)s”: %(text)s")
        on_matter = _("Finding on the matter “%(title)s”: %(text)s")
        asked = _("Question %(number)s to %(body)s: %(title)s")
        choices = [
            (
                f"finding:{one.id}",
                finding % {"number": one.number, "title": one.subject_title, "text": _short(one.text)},
            )
            for one in offer.findings
        ]
        choices += [
            (
                f"matter:{one.id}",
                on_matter % {"title": matter.title, "text": _short(one.text)},
            )
            for one, matter in offer.matter_findings
        ]
        choices += [
            (
                f"question:{one.id}",
                asked % {"number": one.number, "body": one.body_name, "title": one.title},
            )
            for one in offer.questions
        ]
        self.basis.choices = choices

    def chosen(self, kind: str) -> tuple[uuid.UUID, ...]:
        """Return the ids chosen of one kind: "finding", "matter" or "question"."""
        parts = [value.partition(":") for value in self.basis.data or ()]
        return tuple(uuid.UUID(key) for what, _colon, key in parts if what == kind)


class HandOverForm(FlaskForm):
    to = line_field(
        _l("Who took it in"),
        hint=_l("Office and name, or the number of the registered letter."),
        missing=_l("Say who took it in."),
        most=200,
    )


class LetterForm(FlaskForm):
    outcome = RadioField(
        _l("What came of it?"),
        choices=[(outcome.value, words) for outcome, words in OUTCOMES.items()],
        validators=[InputRequired(_l("Choose what came of it."))],
        widget=GovRadioInput(),
    )
    letter_on = day_field(_l("Date of the letter"))
    letter_number = line_field(_l("Number of the letter"), most=60)
    text = words_field(
        _l("What the letter says"),
        _l("Write down what the letter says."),
        hint=_l("Word for word where it decides something. Everybody can read it."),
        most=LONGEST_TEXT,
    )


class ConclusionsForm(FlaskForm):
    conclusions = words_field(
        _l("Conclusions"),
        _l("Write down the conclusions."),
        hint=_l(
            "What went well, what did not, and what the committee proposes. "
            "The figures are added by themselves."
        ),
        most=LONGEST_CONCLUSIONS,
    )


class CopyForm(FlaskForm):
    period_from = day_field(_l("First day of the period"))
    period_until = day_field(_l("Last day of the period"))


class CompareForm(FlaskForm):
    package = FileField(
        _l("The copy, as it was downloaded"),
        widget=GovFileInput(),
        validators=[InputRequired(_l("Choose the file."))],
    )


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
