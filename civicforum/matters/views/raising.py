"""The wizard that raises a matter, one small page after another; a returned one is revised on the same."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import require_actor, signed_in
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error, strip
from civicforum.matters import services
from civicforum.matters.forms.raising import (
    REFUSALS,
    DetailsForm,
    PhotosForm,
    ResubmitForm,
    TitleForm,
    WithdrawForm,
)
from civicforum.matters.models import Matter
from civicforum.matters.queries.one import acts_of, get_matter, get_seconds, list_photos
from civicforum.matters.queries.similar import list_similar
from civicforum.matters.rules import Act, Stage
from civicforum.matters.rules import check as check_act
from civicforum.matters.services.writing import MOST_PHOTOS
from civicforum.matters.views.blueprint import bp
from civicforum.people.queries import list_grids
from civicforum.records.forms import photo_words
from civicforum.records.photos import PhotoRefused
from civicforum.security import POSTING, by_person, limiter


@bp.route("/new", methods=["GET", "POST"])
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def new() -> ResponseReturnValue:
    form = TitleForm()
    if form.validate_on_submit():
        try:
            matter_id = services.start_draft(
                actor=require_actor(), title=form.title.data, now=datetime.now(UTC)
            )
            return redirect(url_for(".similar", matter_id=matter_id), code=303)
        except Invalid as refusal:
            add_error(form, refusal.field, str(REFUSALS[refusal.reason]))
    return _page("what", form, None)


@bp.route("/<uuid:matter_id>/draft/what", methods=["GET", "POST"])
@signed_in
def what(matter_id: uuid.UUID) -> ResponseReturnValue:
    matter = _own(matter_id)
    form = TitleForm(title=matter.title)
    if form.validate_on_submit():
        services.edit_title(
            matter_id=matter_id, actor=require_actor(), title=form.title.data, now=datetime.now(UTC)
        )
        return redirect(url_for(".similar", matter_id=matter_id), code=303)
    return _page("what", form, matter)


@bp.get("/<uuid:matter_id>/draft/similar")
@signed_in
def similar(matter_id: uuid.UUID) -> ResponseReturnValue:
    matter = _own(matter_id)
    found = list_similar(db.session(), matter=matter) if matter.stage is Stage.DRAFT else []
    if not found:
        return redirect(url_for(".details", matter_id=matter_id), code=303)
    return render_template("matters/similar.html", matter=matter, similar=found, now=datetime.now(UTC))


@bp.route("/<uuid:matter_id>/draft/details", methods=["GET", "POST"])
@signed_in
def details(matter_id: uuid.UUID) -> ResponseReturnValue:
    matter = _own(matter_id)
    form = DetailsForm(
        body=matter.body,
        category=matter.category.value,
        place=matter.place,
        grid_id=str(matter.grid_id or ""),
    )
    form.offer(list_grids(db.session(), community_id=matter.community_id))
    if form.validate_on_submit():
        services.edit_details(
            matter_id=matter_id,
            actor=require_actor(),
            body=form.body.data,
            category=form.chosen_category,
            place=form.place.data,
            grid_id=form.chosen_grid,
            now=datetime.now(UTC),
        )
        return redirect(url_for(".photos", matter_id=matter_id), code=303)
    return _page("details", form, matter)


@bp.route("/<uuid:matter_id>/draft/photos", methods=["GET", "POST"])
@signed_in
def photos(matter_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what each photo is said to show, remove one, and add those chosen, whatever was pressed."""
    _own(matter_id)
    form = PhotosForm()
    if form.validate_on_submit():
        _describe(matter_id)
        remove = request.form.get("remove", type=uuid.UUID)
        if remove:
            services.remove_photo(
                matter_id=matter_id, actor=require_actor(), photo_id=remove, now=datetime.now(UTC)
            )
            return redirect(url_for(".photos", matter_id=matter_id), code=303)
        added = _add_chosen(form, matter_id)
        if not form.errors:
            # New photos are shown once more, to say what is on them.
            return redirect(url_for(".photos" if added else ".check", matter_id=matter_id), code=303)
    shown = list_photos(db.session(), matter_id=matter_id)
    return _page("photos", form, _own(matter_id), photos=shown, most=MOST_PHOTOS)


@bp.get("/<uuid:matter_id>/draft/check")
@signed_in
def check(matter_id: uuid.UUID) -> ResponseReturnValue:
    return _check_page(_own(matter_id), ResubmitForm())


@bp.post("/<uuid:matter_id>/publish")
@signed_in
@limiter.limit(POSTING, methods=["POST"], key_func=by_person)
def publish(matter_id: uuid.UUID) -> ResponseReturnValue:
    try:
        services.publish_matter(matter_id=matter_id, actor=require_actor(), now=datetime.now(UTC))
    except Invalid as refusal:
        return _back_to(refusal, matter_id)
    return redirect(url_for(".receipt", matter_id=matter_id), code=303)


@bp.post("/<uuid:matter_id>/resubmit")
@signed_in
def resubmit(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), ResubmitForm()
    if not form.validate_on_submit():
        return _check_page(_own(matter_id), form)
    try:
        services.resubmit_matter(matter_id=matter_id, actor=actor, text=form.text.data, now=datetime.now(UTC))
    except Invalid as refusal:
        return _back_to(refusal, matter_id)
    flash(_("Your matter is back with the committee, which has to decide by the day shown here."), "success")
    return redirect(url_for(".show", matter_id=matter_id), code=303)


@bp.get("/<uuid:matter_id>/receipt")
@signed_in
def receipt(matter_id: uuid.UUID) -> ResponseReturnValue:
    """Show the author what was recorded, and what happens next by when; made to be printed."""
    actor, session = require_actor(), db.session()
    matter = get_matter(
        session, matter_id=matter_id, community_id=actor.community_id, person_id=actor.person_id
    )
    check_act(Act.PUBLISH, Stage.DRAFT, actor.roles, is_author=matter.author_id == actor.person_id)
    if matter.stage is Stage.DRAFT:
        return redirect(url_for(".check", matter_id=matter_id), code=303)
    seconds = get_seconds(session, matter=matter, person_id=actor.person_id)
    book = rulebook.load(matter.profile)
    return render_template(
        "matters/receipt.html",
        matter=matter,
        seconds=seconds,
        study_days=book.clock("matter.study").days,
        review_days=book.clock("matter.review").days,
    )


@bp.route("/<uuid:matter_id>/discard", methods=["GET", "POST"])
@signed_in
def discard(matter_id: uuid.UUID) -> ResponseReturnValue:
    if request.method == "POST":
        services.discard_draft(matter_id=matter_id, actor=require_actor(), now=datetime.now(UTC))
        flash(_("The draft is deleted."), "success")
        return redirect(url_for("inbox.home"), code=303)
    return render_template("matters/discard.html", matter=_own(matter_id))


@bp.route("/<uuid:matter_id>/withdraw", methods=["GET", "POST"])
@signed_in
def withdraw(matter_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = require_actor(), WithdrawForm()
    matter = get_matter(
        db.session(), matter_id=matter_id, community_id=actor.community_id, person_id=actor.person_id
    )
    check_act(Act.WITHDRAW, matter.stage, actor.roles, is_author=matter.author_id == actor.person_id)
    if form.validate_on_submit():
        services.withdraw_matter(
            matter_id=matter_id, actor=actor, reason=form.reason.data, now=datetime.now(UTC)
        )
        flash(_("Your matter is withdrawn. It stays readable, with your reason."), "success")
        return redirect(url_for(".show", matter_id=matter_id), code=303)
    return _page("withdraw", form, matter)


def _own(matter_id: uuid.UUID) -> Matter:
    """Return a matter for its author to edit. Raises NotFound, NotEligible, TransitionNotAllowed."""
    actor = require_actor()
    matter = get_matter(
        db.session(), matter_id=matter_id, community_id=actor.community_id, person_id=actor.person_id
    )
    check_act(Act.EDIT, matter.stage, actor.roles, is_author=matter.author_id == actor.person_id)
    return matter


def _describe(matter_id: uuid.UUID) -> None:
    said = {
        photo.id: strip(request.form[f"description-{photo.id}"])
        for photo in list_photos(db.session(), matter_id=matter_id)
        if f"description-{photo.id}" in request.form
    }
    if said:
        services.describe_photos(
            matter_id=matter_id, actor=require_actor(), descriptions=said, now=datetime.now(UTC)
        )


def _add_chosen(form: PhotosForm, matter_id: uuid.UUID) -> int:
    """Add the photos chosen; one that is refused is named beside the field, the others are kept."""
    added = 0
    for file in form.photos.data or []:
        if not file.filename:
            continue
        try:
            services.add_photo(
                matter_id=matter_id,
                actor=require_actor(),
                data=file.read(),
                description="",
                now=datetime.now(UTC),
            )
            added += 1
        except PhotoRefused as refusal:
            words = _("“%(name)s”: %(reason)s", name=file.filename[-40:], reason=photo_words(refusal))
            add_error(form, "photos", words)
        except Invalid as refusal:
            add_error(form, "photos", str(REFUSALS[refusal.reason]))
            break
    return added


def _back_to(refusal: Invalid, matter_id: uuid.UUID) -> ResponseReturnValue:
    """Lead to the page of the wizard where something is missing."""
    flash(str(REFUSALS[refusal.reason]), "error")
    endpoint = ".what" if refusal.field == "title" else ".details"
    return redirect(url_for(endpoint, matter_id=matter_id), code=303)


def _check_page(matter: Matter, form: ResubmitForm) -> ResponseReturnValue:
    session = db.session()
    if not matter.body:
        return redirect(url_for(".details", matter_id=matter.id), code=303)
    return _page(
        "check",
        form,
        matter,
        photos=list_photos(session, matter_id=matter.id),
        similar=list_similar(session, matter=matter) if matter.stage is Stage.DRAFT else [],
        seconds=get_seconds(session, matter=matter, person_id=matter.author_id),
        acts=acts_of(matter, require_actor()),
    )


def _page(
    name: str,
    form: TitleForm | DetailsForm | PhotosForm | ResubmitForm | WithdrawForm,
    matter: Matter | None,
    **context: object,
) -> ResponseReturnValue:
    """Show a page of the wizard; one whose form was refused keeps what was typed."""
    page = render_template(f"matters/{name}.html", form=form, matter=matter, now=datetime.now(UTC), **context)
    return page, 422 if form.errors else 200
