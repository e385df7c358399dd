"""What several pages of the desk share: a refusal beside its field."""

from __future__ import annotations

from flask_wtf import FlaskForm

from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.records.forms import photo_words
from civicforum.records.photos import PhotoRefused
from civicforum.supervision.texts import REFUSALS


def say(form: FlaskForm, refused: Invalid) -> None:
    """Put a refusal beside its field, in words."""
    if isinstance(refused, PhotoRefused):
        add_error(form, "photo", photo_words(refused))
    else:
        add_error(form, refused.field, str(REFUSALS[refused.reason]))
