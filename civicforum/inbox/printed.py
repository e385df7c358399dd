"""Letters as pages on A4, and as one PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from flask import current_app
from flask_babel import force_locale
from markupsafe import Markup
from pypdf import PdfReader, PdfWriter

from civicforum.inbox.rules_paper import spoken
from civicforum.people.models import Person
from civicforum.qr import draw_code

PAGE = "inbox/paper.html"


@dataclass(frozen=True)
class Frame:
    """What all letters of a run have in common. `call` says whom to call."""

    community: str
    title: str
    text: str
    call: str
    sign_in_url: str
    day: date
    valid_until: datetime


@dataclass(frozen=True)
class Sheet:
    """What one letter says to one household; the only place where its code stands in plain."""

    name: str
    address: str
    number: str
    login: str
    code: str
    picture: Markup


def sheet_of(person: Person, *, login: str, code: str, sign_in_url: str) -> Sheet:
    """Return one letter; its picture leads to the page for codes, with the login filled in."""
    target = f"{sign_in_url}?{urlencode({'login': login})}"
    household = person.household
    return Sheet(person.name, household.address, household.number, login, spoken(code), draw_code(target))


def letters_html(frame: Frame, sheets: Sequence[Sheet]) -> str:
    """Return letters as one page that carries all it needs, each on a sheet of its own, in Chinese."""
    with force_locale("zh_Hans"):
        # Not render_template: what pages show around their content asks who is signed in, and nobody is.
        return current_app.jinja_env.get_template(PAGE).render(frame=frame, sheets=sheets)


def merged(batches: Sequence[bytes]) -> bytes:
    """Return PDFs as one, in order; fonts that several of them carry stand in it once."""
    writer, file = PdfWriter(), io.BytesIO()
    for batch in batches:
        writer.append(PdfReader(io.BytesIO(batch)), import_outline=False)
    writer.compress_identical_objects(remove_duplicates=True, remove_unreferenced=True)
    writer.write(file)
    return file.getvalue()
