"""Forms for planning an election, moving its dates, recording what was done, and declaring it void."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovCheckboxInput, GovRadioInput, GovSelect
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from civicforum.bodies.models import Body, Post
from civicforum.bodies.rules import PostKind
from civicforum.elections.calendar import Milestone
from civicforum.elections.models import Election
from civicforum.elections.plans import LONGEST_GROUND, LONGEST_PLACE, LONGEST_TITLE, Plan
from civicforum.elections.rules import BODY_OF, ElectionKind, Way
from civicforum.elections.texts import WAYS
from civicforum.errors import Invalid, RuleRefused
from civicforum.fields import WholeField, clock_field, day_field, line_field, words_field
from civicforum.people.models import Group
from civicforum.rulebook import SHANGHAI
from civicforum.rulebook.days import day_of

TERM, BY_ELECTION = "term", "by_election"
OCCASIONS = [
    (TERM, _l("All its seats, for a new term")),
    (BY_ELECTION, _l("Seats that fell empty, for the rest of the term (by-election)")),
]
KIND_OF = {body: kind for kind, body in BODY_OF.items()}
# Beside which field a refusal stands whose rule, or whose field of the plan, has another name here.
FIELDS = {
    "seats": "body",
    "committee.size": "body",
    "supervision.size": "body",
    "election.online": "screen_ground",
    "proxy.by_representatives": "by_proxy",
}


class PlanForm(FlaskForm):
    """What is elected, by whom and when. `offer` says which bodies; each post has a field for its seats."""

    # The election whose plan is changed, or None for a new one.
    kept: Election | None = None
    key = HiddenField()
    # What the calendar was shown for: another day or way is shown first.
    seen = HiddenField()
    body = RadioField(
        _l("Which body is elected?"),
        widget=GovRadioInput(),
        validators=[InputRequired(_l("Choose the body whose posts are filled."))],
    )
    group = SelectField(
        _l("Which residents' group chooses?"), widget=GovSelect(), validators=[Optional()], default=""
    )
    occasion = RadioField(
        _l("What is filled?"),
        widget=GovRadioInput(),
        choices=OCCASIONS,
        default=TERM,
        validators=[InputRequired(_l("Choose what is filled."))],
    )
    way = RadioField(
        _l("Who votes?"),
        widget=GovRadioInput(),
        choices=[(way.value, words) for way, words in WAYS.items()],
        default=Way.VOTERS.value,
        validators=[InputRequired(_l("Choose who votes."))],
    )
    title = line_field(
        _l("Title"),
        hint=_l("May stay empty: then it is made of the year and the body."),
        most=LONGEST_TITLE,
    )
    polling_on = day_field(_l("Election day"))
    opens = clock_field(_l("Voting begins at"), default=time(8))
    closes = clock_field(_l("Voting ends at"), default=time(18))
    place = line_field(
        _l("Where people vote"),
        hint=_l("As the notices say it, such as “ground floor of the community centre”."),
        missing=_l("Say where people vote."),
        most=LONGEST_PLACE,
    )
    by_proxy = BooleanField(
        _l("Whoever is away may name a proxy in writing"), widget=GovCheckboxInput(), default=True
    )
    by_screen = BooleanField(_l("People may also vote online"), widget=GovCheckboxInput())
    screen_ground = line_field(
        _l("Who allowed voting online here, and with which paper"),
        hint=_l("Such as “reply of the subdistrict office, no. 12 of 2026”. Needed only for voting online."),
        most=LONGEST_GROUND,
    )

    def offer(self, bodies: Sequence[Body], groups: Iterable[Group]) -> None:
        """Offer these bodies, with the posts of each, and the groups that can choose representatives."""
        self.bodies = bodies
        self.body.choices = [(str(body.id), body.name) for body in bodies]
        if len(bodies) == 1 and not self.body.data:
            self.body.data = str(bodies[0].id)
        self.names = {str(group.id): group.name for group in groups}
        self.group.choices = [("", _l("Choose a group")), *self.names.items()]

    def keep(self, election: Election) -> None:
        """Keep what another page changes: the body, the group, the kind and the day."""
        self.kept = election

    def seats_of(self, body: Body) -> list[WholeField]:
        """Return the fields for the seats of each post of a body."""
        return [self[seats_name(post)] for post in body.posts]

    def plan(self) -> Plan:
        """Return what a valid form says."""
        body = next(one for one in self.bodies if str(one.id) == self.body.data)
        kind, group_id, day = self._kept() if self.kept else self._chosen(body)
        assert self.opens.data and self.closes.data  # noqa: S101, PT018
        return Plan(
            kind=kind,
            way=Way(self.way.data),
            body_id=body.id,
            group_id=group_id,
            title=self.title.data or self._usual_title(body, kind, day),
            day=day,
            opens=self.opens.data,
            closes=self.closes.data,
            place=self.place.data,
            by_proxy=bool(self.by_proxy.data),
            by_screen=bool(self.by_screen.data),
            screen_ground=self.screen_ground.data if self.by_screen.data else "",
            seats={post.id: self[seats_name(post)].data or 0 for post in body.posts},
        )

    def _kept(self) -> tuple[ElectionKind, uuid.UUID | None, date]:
        assert self.kept is not None  # noqa: S101
        return self.kept.kind, self.kept.group_id, day_of(self.kept.opens_at)

    def _chosen(self, body: Body) -> tuple[ElectionKind, uuid.UUID | None, date]:
        kind = ElectionKind.BY_ELECTION if self.occasion.data == BY_ELECTION else KIND_OF[body.kind]
        has_unit = kind is ElectionKind.REPRESENTATIVES and self.group.data
        assert self.polling_on.data  # noqa: S101
        return kind, uuid.UUID(self.group.data) if has_unit else None, self.polling_on.data

    def shown_for(self) -> str:
        """Return what a calendar depends on, to be compared with `seen`."""
        return f"{self.polling_on.data}|{self.way.data}|{bool(self.by_proxy.data)}"

    def _usual_title(self, body: Body, kind: ElectionKind, day: date) -> str:
        """Return the title that its notices would have; they are in Chinese."""
        if kind is ElectionKind.BY_ELECTION:
            return f"{day.year}年{body.name}补选"
        if kind is ElectionKind.REPRESENTATIVES:
            return f"{day.year}年{self._group_name()}居民代表推选"
        return f"{day.year}年{body.name}换届选举"

    def _group_name(self) -> str:
        if self.kept is not None:
            return self.kept.group.name if self.kept.group else ""
        return self.names.get(self.group.data, "")


def plan_form(bodies: Sequence[Body], groups: Iterable[Group], **given: Any) -> PlanForm:
    """Return the form with a field for the seats of each post of these bodies."""
    fields = {seats_name(post): _seats_field(post) for body in bodies for post in body.posts}
    form: PlanForm = type("PlanForm", (PlanForm,), fields)(**given)
    form.offer(bodies, groups)
    return form


def seats_name(post: Post) -> str:
    """Return the name of the field for the seats of a post."""
    return f"seats_{post.id.hex}"


def _seats_field(post: Post) -> WholeField:
    # A group chooses its own few of all the representatives.
    default = None if post.kind is PostKind.REPRESENTATIVE else post.seats
    return WholeField(
        post.title,
        default=default,
        validators=[Optional()],
        render_kw={"inputmode": "numeric", "class": "govuk-input--width-3", "autocomplete": "off"},
    )


def values_of(election: Election) -> dict[str, Any]:
    """Return what the form is first filled with, for changing a plan or planning again."""
    opens, closes = election.opens_at.astimezone(SHANGHAI), election.closes_at.astimezone(SHANGHAI)
    seats = {f"seats_{seat.post_id.hex}": seat.seats for seat in election.seats}
    unfilled = {seats_name(post): 0 for post in election.body.posts}
    return {
        "body": str(election.body_id),
        "group": str(election.group_id or ""),
        "occasion": BY_ELECTION if election.kind is ElectionKind.BY_ELECTION else TERM,
        "way": election.way.value,
        "title": election.title,
        "polling_on": opens.date(),
        "opens": opens.time(),
        "closes": closes.time(),
        "place": election.place,
        "by_proxy": election.by_proxy,
        "by_screen": election.by_screen,
        "screen_ground": election.screen_ground,
        **unfilled,
        **seats,
    }


def field_of(refusal: Invalid | RuleRefused) -> str | None:
    """Return beside which field of the plan a refusal stands."""
    named = refusal.field if isinstance(refusal, Invalid) else refusal.verdict.rule.id
    return FIELDS.get(named or "", named)


class MoveForm(FlaskForm):
    """Another election day, and why."""

    day = day_field(_l("New election day"))
    reason = words_field(
        _l("Why is it moved?"), _l("Say why; everybody who relied on the day reads it."), most=300
    )


class StepForm(FlaskForm):
    """Something that was done on paper."""

    note = words_field(
        _l("What was done, and on which paper does it stand?"),
        _l("Say what was done, and on which paper it stands."),
        most=500,
    )


class VoidForm(FlaskForm):
    """The ground on which an election is void."""

    ground = words_field(
        _l("Ground"), _l("Say on what ground the election is void."), most=LONGEST_GROUND + 100
    )


def dates_form(ahead: Iterable[tuple[Milestone, Any]], **given: Any) -> FlaskForm:
    """Return a form with a field for each of these dates, under its name."""
    fields = {milestone.value: day_field(words) for milestone, words in ahead}
    form: FlaskForm = type("DatesForm", (FlaskForm,), fields)(**given)
    return form
