"""Forms of queries and their answers."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from civicforum.fields import words_field
from civicforum.notices.rules_asking import LONGEST_ANSWER, LONGEST_QUERY


class QueryForm(FlaskForm):
    text = words_field(
        _l("Your query"),
        _l("Write down your query."),
        hint=_l(
            "One question at a time is answered best. It is public: leave out telephone and identity numbers."
        ),
        most=LONGEST_QUERY,
    )


class AnswerForm(FlaskForm):
    text = words_field(
        _l("The answer"),
        _l("Write down the answer."),
        hint=_l("Everybody reads it with your name and post. It cannot be changed afterwards."),
        most=LONGEST_ANSWER,
    )
