"""The administrator's overview, the residents, and the grids."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from civicforum import rulebook
from civicforum.access import public, require_actor, roles
from civicforum.accounts.current import current_actor, require_community
from civicforum.bodies.labels import kinship_name
from civicforum.bodies.queries import list_bodies, list_terms_of
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people import queries, services
from civicforum.people.forms import (
    CapacityForm,
    ChosenForm,
    EndCapacityForm,
    GridForm,
    GroupForm,
    HouseholdForm,
    KinForm,
    PersonForm,
)
from civicforum.people.models import Community, Person
from civicforum.people.rules import CapacityKind, KinshipKind, Sex, age_on
from civicforum.rulebook.days import day_of

bp = Blueprint("people", __name__)


def wanted() -> str:
    """Return what was typed into a search field, fit for the database."""
    return request.values.get("q", "").strip()[:80]


@bp.get("/administration")
@roles(Role.ADMIN)
def admin() -> ResponseReturnValue:
    session, community_id = db.session(), require_actor().community_id
    community = session.get_one(Community, community_id)
    figures = queries.get_figures(session, community_id=community_id)
    lines = list_bodies(session, community_id=community_id, day=_today())
    return render_template(
        "people/admin.html",
        figures=figures,
        bodies=len(lines),
        open_seats=sum(post.open_seats for line in lines for post in line.posts),
        size=rulebook.load(community.profile).count("community.households").judge(figures.households),
    )


@bp.get("/people/")
@roles(Role.ADMIN, Role.CLERK)
def index() -> ResponseReturnValue:
    text = wanted()
    return render_template(
        "people/index.html",
        text=text,
        page=queries.list_people(
            db.session(), community_id=require_actor().community_id, text=text, number=page_number()
        ),
        today=_today(),
    )


@bp.get("/people/<uuid:person_id>")
@roles(Role.ADMIN, Role.CLERK)
def show(person_id: uuid.UUID) -> ResponseReturnValue:
    return _person_page(person_id, CapacityForm(formdata=None), 200)


@bp.route("/people/new", methods=["GET", "POST"])
@roles(Role.ADMIN, Role.CLERK)
def register() -> ResponseReturnValue:
    form = PersonForm()
    form.offer()
    if not form.is_submitted():
        form.household.data = request.args.get("household", "")[:40]
        return render_template("people/register.html", form=form)
    if form.validate():
        person_id = _register(form)
        if person_id is not None:
            flash(_("The resident is registered."), "success")
            return redirect(url_for(".show", person_id=person_id), code=303)
    return render_template("people/register.html", form=form), 422


@bp.route("/households/new", methods=["GET", "POST"])
@roles(Role.ADMIN, Role.CLERK)
def add_household() -> ResponseReturnValue:
    session, actor = db.session(), require_actor()
    form = HouseholdForm()
    form.offer(
        queries.list_grids(session, community_id=actor.community_id),
        queries.list_groups(session, community_id=actor.community_id),
    )
    if not form.is_submitted():
        return render_template("people/add_household.html", form=form)
    if form.validate():
        try:
            services.add_household(
                community_id=actor.community_id,
                number=form.number.data,
                address=form.address.data,
                grid_id=uuid.UUID(form.grid.data),
                group_id=uuid.UUID(form.group.data),
                actor=actor,
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            add_error(form, "number", _("There is a household with this number already."))
        else:
            flash(_("The household is added. Now register who lives in it."), "success")
            return redirect(url_for(".register", household=form.number.data), code=303)
    return render_template("people/add_household.html", form=form), 422


@bp.post("/people/<uuid:person_id>/capacities")
@roles(Role.ADMIN, Role.CLERK)
def record_capacity(person_id: uuid.UUID) -> ResponseReturnValue:
    form = CapacityForm()
    form.offer()
    if form.validate() and form.since.day is not None:
        try:
            services.record_capacity(
                person_id=person_id,
                kind=CapacityKind(form.kind.data),
                since=form.since.day,
                actor=require_actor(),
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            add_error(form, "kind", _("This is recorded already, for this day or from an earlier one on."))
        except Invalid:
            add_error(form, "since", _("This day is before the date of birth."))
        else:
            flash(_("Recorded."), "success")
            return redirect(url_for(".show", person_id=person_id), code=303)
    return _person_page(person_id, form, 422)


@bp.route("/people/<uuid:person_id>/capacities/<uuid:capacity_id>/end", methods=["GET", "POST"])
@roles(Role.ADMIN, Role.CLERK)
def end_capacity(person_id: uuid.UUID, capacity_id: uuid.UUID) -> ResponseReturnValue:
    form, actor = EndCapacityForm(), require_actor()
    person = queries.get_person(db.session(), person_id=person_id, community_id=actor.community_id)
    capacity = next((each for each in person.capacities if each.id == capacity_id), None)
    if capacity is None:
        raise NotFound(capacity_id)
    if not form.is_submitted():
        form.on.data = _today().isoformat()
        return render_template("people/end_capacity.html", form=form, found=person, capacity=capacity)
    if form.validate() and form.on.day is not None:
        try:
            services.end_capacity(capacity_id=capacity_id, on=form.on.day, actor=actor, now=datetime.now(UTC))
        except Invalid:
            add_error(form, "on", _("The last day is before the first."))
        else:
            flash(_("Recorded."), "success")
            return redirect(url_for(".show", person_id=person_id), code=303)
    return render_template("people/end_capacity.html", form=form, found=person, capacity=capacity), 422


@bp.route("/people/<uuid:person_id>/kin", methods=["GET", "POST"])
@roles(Role.ADMIN, Role.CLERK)
def record_kin(person_id: uuid.UUID) -> ResponseReturnValue:
    session, actor = db.session(), require_actor()
    person = queries.get_person(session, person_id=person_id, community_id=actor.community_id)
    form, status = KinForm(), 200
    form.offer()
    if form.is_submitted() and "search" not in request.form:
        if form.validate() and _record_kin(form, person):
            return redirect(url_for(".show", person_id=person_id), code=303)
        status = 422
    found = queries.find_people(session, community_id=actor.community_id, text=wanted())
    page = render_template(
        "people/record_kin.html",
        form=form,
        found=person,
        others=[each for each in found if each.id != person.id],
        wanted=wanted(),
    )
    return page, status


@bp.get("/grids")
@public
def grids() -> ResponseReturnValue:
    community = require_community()
    return _grids_page(community.id, GridForm(formdata=None), GroupForm(formdata=None), 200)


@bp.post("/grids")
@roles(Role.ADMIN)
def add_grid() -> ResponseReturnValue:
    form, actor = GridForm(), require_actor()
    if form.validate():
        try:
            services.add_grid(
                community_id=actor.community_id,
                code=form.code.data,
                name=form.name.data,
                actor=actor,
                now=datetime.now(UTC),
            )
        except AlreadyDone:
            add_error(form, "code", _("There is a grid of this code or name already."))
        else:
            flash(_("The grid is added."), "success")
            return redirect(url_for(".grids"), code=303)
    return _grids_page(actor.community_id, form, GroupForm(formdata=None), 422)


@bp.post("/groups")
@roles(Role.ADMIN)
def add_group() -> ResponseReturnValue:
    form, actor = GroupForm(), require_actor()
    if form.validate():
        try:
            services.add_group(
                community_id=actor.community_id, name=form.group.data, actor=actor, now=datetime.now(UTC)
            )
        except AlreadyDone:
            add_error(form, "group", _("There is a residents' group of this name already."))
        else:
            flash(_("The residents' group is added."), "success")
            return redirect(url_for(".grids"), code=303)
    return _grids_page(actor.community_id, GridForm(formdata=None), form, 422)


@bp.route("/grids/<uuid:grid_id>/worker", methods=["GET", "POST"])
@roles(Role.ADMIN)
def name_grid_worker(grid_id: uuid.UUID) -> ResponseReturnValue:
    session, actor = db.session(), require_actor()
    grid = queries.get_grid(session, grid_id=grid_id, community_id=actor.community_id)
    form, status = ChosenForm(), 200
    if form.is_submitted() and "search" not in request.form:
        person_id = _chosen(form) if form.validate() else None
        if person_id is not None:
            services.name_grid_worker(
                grid_id=grid_id, person_id=person_id, actor=actor, now=datetime.now(UTC)
            )
            flash(_("The grid has its responsible person."), "success")
            return redirect(url_for(".grids"), code=303)
        status = 422
    page = render_template(
        "people/name_grid_worker.html",
        form=form,
        grid=grid,
        wanted=wanted(),
        found=queries.find_people(session, community_id=actor.community_id, text=wanted()),
    )
    return page, status


def _register(form: PersonForm) -> uuid.UUID | None:
    """Register the person, or put the refusal beside its field and return None."""
    actor, born_on = require_actor(), form.born_on.day
    household = queries.get_household_by_number(
        db.session(), number=form.household.data, community_id=actor.community_id
    )
    if household is None:
        add_error(form, "household", _("There is no household with this number. Add it first."))
    if born_on is None or born_on > _today():
        add_error(form, "born_on", _("Enter a day that is not in the future."))
    if household is None or born_on is None or born_on > _today():
        return None
    try:
        return services.register_person(
            community_id=actor.community_id,
            number=form.number.data,
            name=form.name.data,
            sex=Sex(form.sex.data),
            born_on=born_on,
            household_id=household.id,
            phone=form.phone.data,
            identity_number=form.identity_number.data,
            capacities=frozenset(CapacityKind(kind) for kind in form.capacities.data or ()),
            since=form.since.day,
            actor=actor,
            now=datetime.now(UTC),
        )
    except AlreadyDone:
        add_error(form, "number", _("Somebody has this roll number already."))
    except Invalid as refusal:
        reasons = {
            "identity_invalid": _("This is not a valid identity number: its check character does not fit."),
            "identity_known": _("Somebody with this identity number is registered already."),
        }
        add_error(form, "identity_number", reasons[refusal.reason])
    return None


def _record_kin(form: KinForm, person: Person) -> bool:
    relative_id = _chosen(form)
    if relative_id is None:
        return False
    try:
        services.record_kinship(
            person_id=person.id,
            relative_id=relative_id,
            kind=KinshipKind(form.kind.data),
            actor=require_actor(),
            now=datetime.now(UTC),
        )
    except AlreadyDone:
        add_error(form, "person", _("These two are recorded as near relatives already."))
    except Invalid:
        add_error(form, "person", _("Nobody is a relative of oneself."))
    else:
        flash(_("Recorded."), "success")
        return True
    return False


def _chosen(form: ChosenForm) -> uuid.UUID | None:
    """Return who was chosen; what is no id was not chosen from the list."""
    try:
        return uuid.UUID(form.person.data)
    except ValueError:
        add_error(form, "person", _("Choose the person."))
        return None


def _person_page(person_id: uuid.UUID, form: CapacityForm, status: int) -> ResponseReturnValue:
    session, today = db.session(), _today()
    person = queries.get_person(session, person_id=person_id, community_id=require_actor().community_id)
    form.offer()
    page = render_template(
        "people/show.html",
        found=person,
        age=age_on(person.born_on, today),
        form=form,
        household=[
            each
            for each in queries.list_household(session, household_id=person.household_id)
            if each.id != person.id
        ],
        kin=[(each, kinship_name(kind)) for each, kind in queries.list_kin(session, person_id=person.id)],
        terms=list_terms_of(session, person_id=person.id),
        today=today,
    )
    return page, status


def _grids_page(
    community_id: uuid.UUID, grid_form: GridForm, group_form: GroupForm, status: int
) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    page = render_template(
        "people/grids.html",
        lines=queries.list_grids_with_sizes(session, community_id=community_id),
        groups=queries.list_groups_with_sizes(session, community_id=community_id),
        may_administer=actor is not None and actor.has(Role.ADMIN),
        grid_form=grid_form,
        group_form=group_form,
    )
    return page, status


@bp.app_context_processor
def most_found() -> dict[str, int]:
    """Let a list of people found say that it was cut off."""
    return {"most_found": queries.MOST_FOUND}


def _today() -> date:
    return day_of(datetime.now(UTC))
