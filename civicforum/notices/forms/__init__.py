"""Forms of the notice board."""

from civicforum.notices.forms.board import (
    AnswerForm,
    DraftForm,
    ItemForm,
    JoinForm,
    MeetingForm,
    ReasonForm,
    ReviewForm,
)
from civicforum.notices.forms.publishing import NoticeForm

__all__ = [
    "AnswerForm",
    "DraftForm",
    "ItemForm",
    "JoinForm",
    "MeetingForm",
    "NoticeForm",
    "ReasonForm",
    "ReviewForm",
]
