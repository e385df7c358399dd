"""Forms of corrective actions: opening, planning, the report with proof, the recheck, and the closing."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from civicforum.appraisals.actions import LONGEST_COMMENT, LONGEST_TEXT, LONGEST_TITLE
from civicforum.appraisals.services.actions import Wanted
from civicforum.appraisals.texts_follow import RECHECKS, REFUSALS
from civicforum.fields import WordsField, day_field, line_field, strip, words_field
from civicforum.matters.forms.fields import photo_field
from civicforum.matters.queries.carrying_out import Responsible


class ActionForm(FlaskForm):
    """A problem and its owner: "<body>" or "<body>:<person>"."""

    title = line_field(_l("What has to be mended"), missing=REFUSALS["title"], most=LONGEST_TITLE)
    problem = words_field(
        _l("The problem"),
        REFUSALS["problem"],
        hint=_l("Where, when and how it shows, in words that everybody understands. Name no resident."),
        most=LONGEST_TEXT,
    )
    owner = SelectField(
        _l("Who mends it"),
        description=_l("A body, and better still one person in it."),
        validators=[InputRequired(_l("Choose who mends it."))],
        widget=GovSelect(),
    )

    def offer(self, responsible: Sequence[Responsible]) -> None:
        """Fill the list of owners."""
        self.owner.choices = owner_choices(responsible)

    def wanted(self) -> Wanted:
        """Return what a valid form says."""
        return wanted_of(self.title.data, self.problem.data, self.owner.data)


class MeasureForm(FlaskForm):
    measure = words_field(
        _l("What is done about it"),
        REFUSALS["measure"],
        hint=_l("Steps that residents can see or check."),
        most=LONGEST_TEXT,
    )
    due_on = day_field(_l("Done by"))


class ProofForm(FlaskForm):
    proof = words_field(
        _l("What was done, and how one can tell"),
        REFUSALS["proof"],
        hint=_l("Everybody reads it, and can then say whether it is mended."),
        most=LONGEST_TEXT,
    )
    photo = photo_field(_l("Photo as proof"), hint=_l("Not required. No faces and no number plates, please."))
    photo_description = line_field(_l("What the photo shows"), most=200)


class RecheckForm(FlaskForm):
    verdict = RadioField(
        _l("Is it mended?"),
        widget=GovRadioInput(),
        choices=[(verdict.value, words) for verdict, words in RECHECKS.items()],
        validators=[InputRequired(_l("Choose an answer."))],
    )
    comment = WordsField(
        _l("In words (you may leave this empty)"),
        description=_l("Shown to everybody when the time is over, without your name and your answer."),
        filters=[strip],
        render_kw={"maxlength": LONGEST_COMMENT},
    )


class CloseForm(FlaskForm):
    """What the supervision committee found: mended, and so closed; or not, and so open again."""

    CLOSE, BACK = "close", "back"
    decision = RadioField(
        _l("What is the result of your check?"),
        widget=GovRadioInput(),
        choices=[
            (CLOSE, _l("It is mended: close it")),
            (BACK, _l("It is not mended: the owner starts again")),
        ],
        validators=[InputRequired(_l("Choose an answer."))],
    )
    note = words_field(_l("What you found"), REFUSALS["note"], most=LONGEST_TEXT)
    is_seen_on_spot = BooleanField(_l("We looked on the spot"), widget=GovCheckboxInput())


def owner_choices(responsible: Sequence[Responsible]) -> list[tuple[str, str]]:
    """Return the owners to choose from: each body, and the holders of its posts."""
    choices = [("", _("Choose"))]
    for line in responsible:
        choices.append((str(line.body.id), _("%(body)s (nobody named)", body=line.body.name)))
        choices += [
            (f"{line.body.id}:{person.id}", f"{line.body.name} · {person.name}（{posts}）")
            for person, posts in line.holders
        ]
    return choices


def wanted_of(title: str, problem: str, owner: str) -> Wanted:
    """Return a problem and its owner as the service takes them."""
    body, _colon, person = owner.partition(":")
    return Wanted(
        title=title,
        problem=problem,
        owner_id=uuid.UUID(body),
        owner_person_id=uuid.UUID(person) if person else None,
    )
