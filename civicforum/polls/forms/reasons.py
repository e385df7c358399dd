"""The reason of a decision, which everybody may read."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from civicforum.fields import WordsField, words_field

LONGEST_REASON = 300


def reason_field(label: str, *, hint: str) -> WordsField:
    """Return a field for a reason, which may not stay empty."""
    return words_field(label, _l("Say why."), hint=hint, most=LONGEST_REASON)
