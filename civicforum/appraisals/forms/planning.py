"""The pages of the wizard that plans a cycle: kind, subjects, scales, raters, days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from civicforum.appraisals import texts
from civicforum.appraisals.forms.rater_groups import NUMBER
from civicforum.appraisals.plans import (
    LONGEST_NAME,
    LONGEST_TITLE,
    Demand,
    Demander,
    Plan,
    SubjectPlan,
)
from civicforum.appraisals.presets import Offer
from civicforum.appraisals.rules import CycleKind, SubjectKind
from civicforum.appraisals.scales import (
    LONGEST_LEVEL,
    MOST_LEVELS,
    ScalePlan,
    check_scale,
)
from civicforum.errors import Invalid
from civicforum.fields import (
    DayField,
    WholeField,
    WordsField,
    add_error,
    day_field,
    line_field,
    strip,
    words_field,
)
from civicforum.meetings.models import Meeting
from civicforum.rulebook import SHANGHAI

NO_MEETING = ""


class NewForm(FlaskForm):
    """What is appraised, and when."""

    key = HiddenField()
    kind = RadioField(
        _l("What is appraised?"),
        widget=GovRadioInput(),
        choices=[(kind.value, words) for kind, words in texts.KINDS.items()],
        validators=[InputRequired(_l("Choose what is appraised."))],
    )
    held_on = day_field(_l("On which day?"))

    @property
    def chosen(self) -> CycleKind:
        return CycleKind(self.kind.data)


class SubjectsForm(FlaskForm):
    """Who and what is graded: a row of fields for each that may be."""

    others = WordsField(
        _l("Other people, one a line"),
        description=_l("By roll number or by name; for somebody who is not in the list above."),
        filters=[strip],
        validators=[Optional()],
    )

    def offer(self, offers: Sequence[Offer], plan: Plan) -> None:
        """Remember what the rows stand for."""
        self.offers, self.plan_before = offers, plan
        if plan.kind in (CycleKind.DEPARTMENTS, CycleKind.PROVIDERS):
            del self.others

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the fields row by row, with what each stands for."""
        return [
            {"offer": offer} | {name: self[f"{name}_{at}"] for name in ("pick", "name", "scale", "report")}
            for at, offer in enumerate(self.offers)
        ]

    def subjects(self) -> tuple[SubjectPlan, ...]:
        """Return what is ticked, in the order of the rows."""
        return tuple(
            replace(
                offer.subject,
                name=self[f"name_{at}"].data,
                scale=int(self[f"scale_{at}"].data or 0),
                needs_report=bool(self[f"report_{at}"].data) and offer.subject.kind is SubjectKind.PERSON,
            )
            for at, offer in enumerate(self.offers)
            if self[f"pick_{at}"].data
        )


def subjects_form(offers: Sequence[Offer], plan: Plan) -> SubjectsForm:
    """Return the form with a row for each offer, those of the plan ticked."""
    scales = [(str(at), scale.title) for at, scale in enumerate(plan.scales)]
    fields: dict[str, Any] = {}
    for at, offer in enumerate(offers):
        subject = offer.subject
        fields |= {
            f"pick_{at}": BooleanField(subject.name, widget=GovCheckboxInput(), default=offer.is_usual),
            f"name_{at}": line_field(_l("Name on the form"), most=LONGEST_NAME),
            f"scale_{at}": SelectField(
                _l("Question"),
                widget=GovSelect(),
                choices=scales,
                default=str(min(subject.scale, len(scales) - 1)),
            ),
            f"report_{at}": BooleanField(
                _l("Hands in a duty report"), widget=GovCheckboxInput(), default=subject.needs_report
            ),
        }
    form: SubjectsForm = type("SubjectsForm", (SubjectsForm,), fields)(
        data={f"name_{at}": offer.subject.name for at, offer in enumerate(offers)}
    )
    form.offer(offers, plan)
    return form


class ScalesForm(FlaskForm):
    """The questions of the form, each with its grades and their points."""

    number = 0

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Return the fields question by question."""
        return [
            {
                "title": self[f"title_{at}"],
                "levels": [
                    (self[f"level_{at}_{row}"], self[f"points_{at}_{row}"]) for row in range(MOST_LEVELS)
                ],
                "poor": self[f"poor_{at}"],
                "unfit": self[f"unfit_{at}"],
            }
            for at in range(self.number)
        ]

    def scales(self) -> tuple[ScalePlan, ...] | None:
        """Return the scales, or None with the words beside the field that is wrong."""
        scales = tuple(self._scale(at) for at in range(self.number))
        for at, scale in enumerate(scales):
            try:
                check_scale(scale)
            except Invalid as refusal:
                name = {"levels": f"level_{at}_0", "points": f"points_{at}_0", "poor_from": f"poor_{at}"}
                add_error(self, name.get(refusal.field or "", f"title_{at}"), texts.refusal_text(refusal))
        return None if self.errors else scales

    def _scale(self, at: int) -> ScalePlan:
        rows = [
            (self[f"level_{at}_{row}"].data, self[f"points_{at}_{row}"].data) for row in range(MOST_LEVELS)
        ]
        # A row left empty is no grade; points without a name are a mistake that check_scale names.
        named = [(level, points) for level, points in rows if level or points]
        return ScalePlan(
            title=self[f"title_{at}"].data,
            levels=tuple(level for level, _points in named),
            points=tuple(points for _level, points in named),
            poor_from=int(self[f"poor_{at}"].data),
            ends_with_unfit=bool(self[f"unfit_{at}"].data),
        )


def scales_form(scales: Sequence[ScalePlan]) -> ScalesForm:
    """Return the form with the fields of each scale."""
    fields: dict[str, Any] = {"number": len(scales)}
    given: dict[str, Any] = {}
    grades = [(str(at), _l("The grade in line %(number)s", number=at + 1)) for at in range(1, MOST_LEVELS)]
    for at, scale in enumerate(scales):
        fields[f"title_{at}"] = line_field(
            _l("Question"), missing=_l("Enter what is asked."), most=LONGEST_TITLE
        )
        for row in range(MOST_LEVELS):
            fields[f"level_{at}_{row}"] = line_field(
                _l("Grade %(number)s", number=row + 1), most=LONGEST_LEVEL
            )
            fields[f"points_{at}_{row}"] = line_field(_l("Its points"), most=13)
        fields[f"poor_{at}"] = SelectField(
            _l("From which grade on is it poor?"), widget=GovSelect(), choices=grades
        )
        fields[f"unfit_{at}"] = BooleanField(
            _l("The worst grade says that somebody is unfit for the post (不称职)"), widget=GovCheckboxInput()
        )
        given |= {
            f"title_{at}": scale.title,
            f"poor_{at}": str(scale.poor_from),
            f"unfit_{at}": scale.ends_with_unfit,
        }
        given |= {f"level_{at}_{row}": level for row, level in enumerate(scale.levels)}
        given |= {f"points_{at}_{row}": points for row, points in enumerate(scale.points)}
    form: ScalesForm = type("ScalesForm", (ScalesForm,), fields)(data=given)
    return form


class DaysForm(FlaskForm):
    """Title, days, and the rules by which this cycle goes."""

    title = line_field(_l("Title"), missing=_l("Enter a title."), most=LONGEST_TITLE)
    introduction = WordsField(
        _l("What raters should know first"),
        description=_l("May stay empty. It stands in the notice and above the form."),
        filters=[strip],
        validators=[Optional()],
    )
    period_from = day_field(_l("Looks back on the time from"))
    period_until = day_field(_l("until"))
    meeting = SelectField(
        _l("Session of the representative assembly"), widget=GovSelect(), validators=[Optional()]
    )
    held_on = day_field(_l("Day of the appraisal"))
    reports_due_on = DayField(
        _l("Last day for duty reports"),
        description=_l("May stay empty: then it is the last day that the rules allow."),
        validators=[Optional()],
    )
    counts_for_37 = BooleanField(
        _l("The grades count for article 37: two of unfit running end the post of an elected member"),
        widget=GovCheckboxInput(),
    )
    keeps_distance = BooleanField(
        _l("Keep the distance between two appraisals of one person"), widget=GovCheckboxInput()
    )
    lower_on_tie = BooleanField(
        _l("Where two grades are level, the lower one counts, as the local rule says"),
        widget=GovCheckboxInput(),
    )
    is_sample = BooleanField(
        _l("Residents are asked as a sample of all: results say how sure each share is"),
        widget=GovCheckboxInput(),
    )
    least = WholeField(
        _l("Fewest forms for a result"),
        validators=[InputRequired(texts.FAULTS["least"]), NumberRange(1, message=texts.FAULTS["least"])],
        render_kw=NUMBER,
    )
    rank_least = WholeField(
        _l("Fewest forms for a place in a ranking"),
        validators=[InputRequired(texts.FAULTS["least"]), NumberRange(1, message=texts.FAULTS["least"])],
        render_kw=NUMBER,
    )
    demanded = BooleanField(_l("The appraisal was demanded"), widget=GovCheckboxInput())
    by = SelectField(
        _l("Who demanded it?"),
        widget=GovSelect(),
        choices=[(one.value, words) for one, words in texts.DEMANDERS.items()],
        default=Demander.REPRESENTATIVES.value,
    )
    signatures = WholeField(_l("How many signed"), validators=[Optional()], render_kw=NUMBER)
    of = WholeField(_l("Of how many"), validators=[Optional()], render_kw=NUMBER)
    reached_on = DayField(_l("On which day had enough signed?"), validators=[Optional()])
    demand_text = line_field(_l("What the demand says"), most=1000)

    def offer(self, meetings: Sequence[Meeting]) -> None:
        """Offer the planned sessions of the assembly."""
        choices = [(NO_MEETING, _("None: this appraisal needs no assembly"))]
        for one in meetings:
            day = one.starts_at.astimezone(SHANGHAI)
            choices.append((str(one.id), f"{day:%Y-%m-%d %H:%M} · {one.title}"))
        self.meeting.choices = choices

    def change(self, plan: Plan, meetings: Sequence[Meeting]) -> Plan | None:
        """Return the plan with what was entered, or None with the words beside what is wrong."""
        if self.demanded.data and not (self.reached_on.data and self.of.data):
            add_error(
                self, "reached_on" if not self.reached_on.data else "of", str(texts.FAULTS["signatures"])
            )
        if self.errors:
            return None
        meeting = next((one for one in meetings if str(one.id) == self.meeting.data), None)
        return replace(
            plan,
            title=self.title.data,
            introduction=self.introduction.data,
            period_from=self.period_from.data,
            period_until=self.period_until.data,
            meeting_id=meeting.id if meeting else None,
            held_on=self.held_on.data,
            reports_due_on=self.reports_due_on.data,
            counts_for_37=bool(self.counts_for_37.data),
            keeps_distance=bool(self.keeps_distance.data),
            lower_on_tie=bool(self.lower_on_tie.data),
            is_sample=bool(self.is_sample.data),
            least=self.least.data,
            rank_least=self.rank_least.data,
            demand=self._demand(),
        )

    def _demand(self) -> Demand | None:
        if not self.demanded.data:
            return None
        return Demand(
            by=Demander(self.by.data),
            reached_on=self.reached_on.data,
            signatures=self.signatures.data or 0,
            of=self.of.data or 0,
            text=self.demand_text.data,
        )


def values_of(plan: Plan) -> dict[str, Any]:
    """Return what the form of days is first filled with."""
    names = (
        "title introduction period_from period_until held_on reports_due_on counts_for_37 keeps_distance "
        "lower_on_tie is_sample least rank_least"
    )
    values = {name: getattr(plan, name) for name in names.split()}
    values["meeting"] = str(plan.meeting_id or NO_MEETING)
    if plan.demand is not None:
        values |= {
            "demanded": True,
            "by": plan.demand.by.value,
            "signatures": plan.demand.signatures,
            "of": plan.demand.of,
            "reached_on": plan.demand.reached_on,
            "demand_text": plan.demand.text,
        }
    return values


class VoidForm(FlaskForm):
    """The ground on which a cycle is void."""

    ground = words_field(_l("Why it is void"), _l("Say on what ground; it is published."), most=300)
