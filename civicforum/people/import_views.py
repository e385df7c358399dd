"""The list of residents as a page: upload, look at every row, confirm or discard."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.utils import secure_filename

from civicforum.access import require_actor, roles
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone
from civicforum.fields import add_error
from civicforum.paging import Page, page_number
from civicforum.people.forms import UploadForm
from civicforum.people.importing import services
from civicforum.people.importing.columns import HEADINGS_EN, HEADINGS_ZH, REQUIRED, Field
from civicforum.people.importing.preview import RowKind
from civicforum.people.importing.reading import FileRefused
from civicforum.people.importing.services import ImportRefused, ThingsChanged
from civicforum.people.importing.stored import changes_from, problems_from
from civicforum.people.importing.template import template_csv, template_xlsx
from civicforum.people.importing.wording import (
    change_text,
    fault_text,
    field_label,
    kind_label,
    problem_line,
)
from civicforum.people.queries import get_import
from civicforum.people.rules import ImportState
from civicforum.people.views import bp

__all__ = ["bp"]

PER_PAGE = 50
ALL, WARNING = "all", "warning"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("/people/import", methods=["GET", "POST"])
@roles(Role.ADMIN)
def import_residents() -> ResponseReturnValue:
    form = UploadForm()
    if not form.is_submitted():
        return _upload_page(form, 200)
    if form.validate():
        try:
            import_id, ignored = services.keep_preview(
                content=form.file.data.read(),
                file_name=secure_filename(form.file.data.filename or ""),
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except FileRefused as refused:
            add_error(form, "file", fault_text(refused))
        else:
            if ignored:
                flash(_("Columns that are not read: %(names)s", names="、".join(ignored)), "info")
            return redirect(url_for(".show_import", import_id=import_id), code=303)
    return _upload_page(form, 422)


@bp.get("/people/import/<uuid:import_id>")
@roles(Role.ADMIN)
def show_import(import_id: uuid.UUID) -> ResponseReturnValue:
    return _preview_page(import_id, 200)


@bp.post("/people/import/<uuid:import_id>/confirm")
@roles(Role.ADMIN)
def confirm_import(import_id: uuid.UUID) -> ResponseReturnValue:
    try:
        written = services.confirm_import(import_id=import_id, actor=require_actor(), now=datetime.now(UTC))
    except AlreadyDone:
        flash(_("This list was written already; nothing was written twice."), "info")
    except ThingsChanged:
        flash(
            _(
                "Nothing was written: residents were changed after this preview was made. "
                "Upload the list again to see what it would do now."
            ),
            "error",
        )
        return _preview_page(import_id, 409)
    except ImportRefused:
        flash(_("Nothing was written: rows with errors stand in the way of all others."), "error")
        return _preview_page(import_id, 409)
    else:
        flash(
            _(
                "Written: %(new)s new, %(changed)s changed; %(unchanged)s were as they are.",
                new=written.new,
                changed=written.changed,
                unchanged=written.unchanged,
            ),
            "success",
        )
    return redirect(url_for(".index"), code=303)


@bp.post("/people/import/<uuid:import_id>/discard")
@roles(Role.ADMIN)
def discard_import(import_id: uuid.UUID) -> ResponseReturnValue:
    services.discard_import(import_id=import_id, actor=require_actor())
    flash(_("The preview is forgotten; nothing was written."), "success")
    return redirect(url_for(".import_residents"), code=303)


@bp.get("/people/import/template.<any(csv, xlsx):kind>")
@roles(Role.ADMIN)
def import_template(kind: str) -> ResponseReturnValue:
    language = str(get_locale())
    name = ("居民名册" if language.startswith("zh") else "residents") + f".{kind}"
    content = template_csv(language) if kind == "csv" else template_xlsx(language)
    return send_file(
        io.BytesIO(content),
        mimetype="text/csv" if kind == "csv" else XLSX,
        as_attachment=True,
        download_name=name,
    )


def _upload_page(form: UploadForm, status: int) -> ResponseReturnValue:
    names = HEADINGS_ZH if str(get_locale()).startswith("zh") else HEADINGS_EN
    page = render_template(
        "people/import_residents.html",
        form=form,
        columns=[(field_label(field), names[field], field in REQUIRED) for field in Field],
    )
    return page, status


def _preview_page(import_id: uuid.UUID, status: int) -> ResponseReturnValue:
    kept = get_import(db.session(), import_id=import_id, community_id=require_actor().community_id)
    if kept.state is ImportState.WRITTEN:
        abort(404)
    counts = {kind: sum(row["kind"] == kind for row in kept.rows) for kind in RowKind}
    warnings = sum(bool(row["warning"]) for row in kept.rows)
    # What stands in the way is shown first.
    wanted = request.args.get("kind", RowKind.ERROR.value if counts[RowKind.ERROR] else ALL)
    if wanted == WARNING:
        rows = [row for row in kept.rows if row["warning"]]
    else:
        rows = [row for row in kept.rows if wanted in (ALL, row["kind"])]
    number = min(max(page_number(), 1), max(1, -(-len(rows) // PER_PAGE)))
    start = (number - 1) * PER_PAGE
    page = render_template(
        "people/show_import.html",
        kept=kept,
        wanted=wanted,
        filters=[
            (ALL, _("All rows"), len(kept.rows)),
            *((kind.value, kind_label(kind), counts[kind]) for kind in RowKind),
            (WARNING, _("With warning"), warnings),
        ],
        page=Page(rows[start : start + PER_PAGE], number, len(rows), PER_PAGE),
        to_write=counts[RowKind.NEW] + counts[RowKind.CHANGED],
        errors=counts[RowKind.ERROR],
        kind_label=lambda row: kind_label(RowKind(row["kind"])),
        problems=lambda row: [(each.is_error, problem_line(each)) for each in problems_from(row)],
        changes=lambda row: [change_text(each) for each in changes_from(row)],
    )
    return page, status
