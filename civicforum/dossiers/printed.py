"""A dossier as one page that carries all it needs, for paper and for the zip, and the words beside it."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from civicforum.dossiers.contents import Dossier
from civicforum.records.models import JournalHead


def dossier_html(
    dossier: Dossier, *, made_at: datetime | None = None, head: JournalHead | None = None
) -> str:
    """Return the page with its styles in it; the hour and the journal's end only where they are given."""
    template = current_app.jinja_env.get_template("dossiers/print.html")
    return template.render(dossier=dossier, made_at=made_at, head=head, locale=str(get_locale()))


def content_key(dossier: Dossier) -> str:
    """Return what names the content of a dossier in its language, whenever it is printed."""
    return hashlib.sha256(dossier_html(dossier).encode()).hexdigest()


def readme(dossier: Dossier) -> str:
    """Return what stands beside the files: what they are, how they are checked, and what is left out."""
    lines = [
        f"{dossier.what}: {dossier.title}",
        dossier.community,
        "",
        _("dossier.html: all of it on one page, to be read in any browser and printed on A4."),
        _("texts/: every text word for word, as it was posted, voted on or signed."),
        _("ballots/: archives of sealed ballots; pictures/: photos; results/: certified sheets."),
        _("journal/: the entries of the journal about it, and the hash of every entry from the first on."),
        _("manifest.json: the SHA-256 of every file, and the end of the journal when this file was made."),
        "",
        _("To check it: civicforum verify FILE. The program is free software and needs no connection."),
        _("Compare the end of the journal with the community's public register, and with other copies."),
        "",
        _("What is left out, and why:"),
        *(f"- {one}" for one in dossier.left_out),
    ]
    return "\n".join(lines) + "\n"
