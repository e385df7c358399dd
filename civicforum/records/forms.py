"""What is said beside a field that takes pictures."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from civicforum.records.photos import PhotoProblem, PhotoRefused

_WORDS = {
    PhotoProblem.EMPTY: _l("This file is empty."),
    PhotoProblem.TOO_LARGE: _l("This file is larger than 12 MB. Please choose a smaller photo."),
    PhotoProblem.WRONG_TYPE: _l("This file is not a photo. Please choose a JPEG, PNG or WebP picture."),
    PhotoProblem.TOO_MANY_PIXELS: _l("This picture is too large to open. Please choose a smaller photo."),
    PhotoProblem.BROKEN: _l("This photo is damaged and cannot be read. Please take or choose it again."),
}


def photo_words(refusal: PhotoRefused) -> str:
    """Return why a picture was refused, in the reader's language."""
    return str(_WORDS[refusal.problem])
