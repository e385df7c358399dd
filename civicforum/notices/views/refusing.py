"""What is said beside a field that was refused, and where a number stands in what was typed."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import Form

from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.notices.errors import PersonalData
from civicforum.notices.pii import Place
from civicforum.notices.texts import REFUSALS


def refuse(form: Form, refusal: Invalid) -> Sequence[Place]:
    """Put the words of a refusal beside its field; return the places of the numbers found, if any."""
    add_error(form, refusal.field, str(REFUSALS.get(refusal.reason, refusal.reason)))
    return refusal.places if isinstance(refusal, PersonalData) else []
