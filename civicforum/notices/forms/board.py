"""Forms of the notice board's officers: drafts and their review, items of the catalogue, removal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from govuk_frontend_wtf.wtforms_widgets import GovRadioInput, GovSelect
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from civicforum.bodies.models import Body
from civicforum.fields import DayField, WordsField, line_field, strip, words_field
from civicforum.meetings.models import Meeting
from civicforum.notices.models import DisclosureDue, DisclosureItem, Notice, NoticeDraft
from civicforum.notices.rules import ItemSource, NoticeCategory, Rhythm
from civicforum.notices.services import Answer, GivenDraft, GivenItem, GivenMeeting
from civicforum.notices.services.posting import LONGEST_TEXT
from civicforum.notices.services.review import LONGEST_OBJECTION
from civicforum.notices.texts import CATEGORIES, RHYTHMS, item_name
from civicforum.rulebook.days import day_of

NAMES_ONLY = _l("Names are enough: no identity numbers, telephone numbers or exact addresses of residents.")


class DraftForm(FlaskForm):
    answers = SelectField(
        _l("What does the notice answer?"),
        description=_l("What is due stands first; then what is posted whenever it comes about."),
        widget=GovSelect(),
        validators=[InputRequired(_l("Choose what the notice answers."))],
    )
    formed_on = DayField(
        _l("When did it come about?"),
        description=_l("Only for what is posted whenever it comes about: its days count from here."),
        validators=[Optional()],
    )
    title = line_field(_l("Title"), missing=_l("Give the notice a title."), most=200)
    text = words_field(_l("Text"), _l("Write the notice."), hint=NAMES_ONLY, most=LONGEST_TEXT)

    def offer(
        self,
        dues: Iterable[DisclosureDue],
        items: Iterable[DisclosureItem],
        removed: Iterable[Notice],
    ) -> None:
        """Offer what has to be posted."""
        self.answers.choices = [
            ("", _("Choose")),
            *((f"due:{due.id}", _due_words(due)) for due in dues),
            *((f"item:{item.id}", item_name(item)) for item in items),
            *((f"repost:{one.id}", _("Again: %(title)s", title=one.title)) for one in removed),
        ]

    def fill(self, draft: NoticeDraft) -> None:
        """Show the draft as it stands."""
        self.title.data, self.text.data, self.answers.data = draft.title, draft.text, answer_of(draft)
        if draft.formed_on is not None:
            self.formed_on.data = draft.formed_on

    def given(self) -> GivenDraft:
        """Return what a valid form says."""
        kind, _colon, key = (self.answers.data or "").partition(":")
        chosen = uuid.UUID(key)
        return GivenDraft(
            title=self.title.data,
            text=self.text.data,
            due_id=chosen if kind == "due" else None,
            item_id=chosen if kind == "item" else None,
            formed_on=self.formed_on.data if kind == "item" else None,
            repost_of_id=chosen if kind == "repost" else None,
        )


def answer_of(draft: NoticeDraft) -> str:
    """Return what the form calls that which a draft answers."""
    if draft.repost_of_id is not None:
        return f"repost:{draft.repost_of_id}"
    is_ad_hoc = draft.item is not None and draft.item.rhythm is Rhythm.AD_HOC
    return f"item:{draft.item_id}" if is_ad_hoc or draft.due_id is None else f"due:{draft.due_id}"


def _due_words(due: DisclosureDue) -> str:
    return str(
        _(
            "%(item)s, %(first)s to %(last)s, due by %(day)s",
            item=item_name(due.item),
            first=format_date(due.period_from, "short"),
            last=format_date(due.period_until, "short"),
            day=format_date(day_of(due.due_at), "short"),
        )
    )


class ReviewForm(FlaskForm):
    verdict = RadioField(
        _l("What does the supervision committee say?"),
        widget=GovRadioInput(),
        choices=[("clear", _l("No objection")), ("object", _l("There is an objection"))],
        validators=[InputRequired(_l("Choose one."))],
    )
    text = WordsField(
        _l("The objection"),
        description=_l("What is missing, wrong or not clear. The committee has to answer within days."),
        filters=[strip],
        validators=[Optional()],
    )


class AnswerForm(FlaskForm):
    is_taken = RadioField(
        _l("What becomes of the objection?"),
        widget=GovRadioInput(),
        choices=[("yes", _l("The notice is changed as asked")), ("no", _l("The notice stays as it is"))],
        validators=[InputRequired(_l("Choose one."))],
    )
    answer = words_field(
        _l("Answer to the supervision committee"),
        _l("Write the answer."),
        hint=_l("What was changed, or why nothing was."),
        most=LONGEST_OBJECTION,
    )
    title = line_field(_l("Title"), missing=_l("Give the notice a title."), most=200)
    text = words_field(_l("Text"), _l("Write the notice."), hint=NAMES_ONLY, most=LONGEST_TEXT)

    def given(self) -> Answer:
        """Return what a valid form says."""
        return Answer(
            is_taken=self.is_taken.data == "yes",
            answer=self.answer.data,
            title=self.title.data,
            text=self.text.data,
        )


class MeetingForm(FlaskForm):
    meeting = SelectField(
        _l("Joint meeting of party organisation and committee"),
        description=_l("A meeting held on this platform, or none where it was held elsewhere."),
        widget=GovSelect(),
        validators=[Optional()],
    )
    met_on = DayField(_l("Held elsewhere: on which day?"), validators=[Optional()])
    note = line_field(_l("What it said about the notice"), most=500)

    def offer(self, meetings: Iterable[Meeting]) -> None:
        """Offer the meetings held lately."""
        self.meeting.choices = [
            ("", _("Held elsewhere")),
            *(
                (str(one.id), f"{format_date(day_of(one.starts_at), 'short')} {one.title}")
                for one in meetings
            ),
        ]

    def given(self) -> GivenMeeting:
        """Return what a valid form says."""
        chosen = uuid.UUID(self.meeting.data) if self.meeting.data else None
        return GivenMeeting(meeting_id=chosen, met_on=self.met_on.data, note=self.note.data)


class ReasonForm(FlaskForm):
    reason = line_field(
        _l("Why?"),
        hint=_l("Everybody can read the reason."),
        missing=_l("Say why."),
        most=300,
    )


class ItemForm(FlaskForm):
    name = line_field(_l("What has to be posted?"), missing=_l("Say what has to be posted."), most=200)
    category = RadioField(
        _l("What is it about?"),
        widget=GovRadioInput(),
        choices=[(category.value, words) for category, words in CATEGORIES.items()],
        validators=[InputRequired(_l("Choose what it is about."))],
    )
    rhythm = RadioField(
        _l("How often?"),
        widget=GovRadioInput(),
        choices=[(rhythm.value, words) for rhythm, words in RHYTHMS.items()],
        validators=[InputRequired(_l("Choose how often."))],
    )
    body = SelectField(_l("Which body answers for it?"), widget=GovSelect(), validators=[Optional()])

    def offer(self, bodies: Sequence[Body], item: DisclosureItem | None = None) -> None:
        """Offer the bodies; of a standard item the law gives name and category."""
        self.body.choices = [("", _("Nobody named")), *((str(body.id), body.name) for body in bodies)]
        if item is not None and item.source is ItemSource.LAW:
            del self.name
            del self.category

    def fill(self, item: DisclosureItem) -> None:
        """Show the item as it stands."""
        if "name" in self:
            self.name.data, self.category.data = item.name, item.category.value
        self.rhythm.data = item.rhythm.value
        self.body.data = str(item.body_id) if item.body_id else ""

    def given(self) -> GivenItem:
        """Return what a valid form says."""
        is_own = "name" in self
        return GivenItem(
            rhythm=Rhythm(self.rhythm.data),
            body_id=uuid.UUID(self.body.data) if self.body.data else None,
            name=self.name.data if is_own else "",
            category=NoticeCategory(self.category.data) if is_own else NoticeCategory.COMMON_CONCERN,
        )


class JoinForm(FlaskForm):
    notice_id = SelectField(
        _l("Which notice is it?"),
        widget=GovSelect(),
        validators=[InputRequired(_l("Choose the notice."))],
    )

    def offer(self, notices: Iterable[Notice]) -> None:
        """Offer notices that may be what was due."""
        self.notice_id.choices = [
            ("", _("Choose")),
            *((str(one.id), f"{format_date(day_of(one.posted_at), 'short')} {one.title}") for one in notices),
        ]
