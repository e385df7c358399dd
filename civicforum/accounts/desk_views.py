"""The help desk: find a person, act for them, hand out codes and slips."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from civicforum.access import proven_lately, require_actor, roles, signed_in
from civicforum.accounts import desk_queries, desk_services
from civicforum.accounts.current import current_assistance
from civicforum.accounts.desk_forms import AccountForm, HelpForm, SwitchForm
from civicforum.accounts.errors import GuardedAccount
from civicforum.accounts.rules import CODE_LASTS, GUARDED_ROLES
from civicforum.accounts.second_factor_forms import TakeAwayForm
from civicforum.accounts.second_factor_services import has_factor, take_away
from civicforum.bodies.queries import roles_held
from civicforum.bodies.rules import Role
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.fields import add_error
from civicforum.paging import page_number
from civicforum.people.queries import get_person, list_people
from civicforum.qr import draw_code
from civicforum.records.words import told
from civicforum.rulebook.days import day_of

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.get("/")
@roles(Role.CLERK, Role.ADMIN)
def index() -> ResponseReturnValue:
    text = request.args.get("q", "").strip()[:80]
    session, actor = db.session(), require_actor()
    return render_template(
        "desk/index.html",
        text=text,
        page=list_people(session, community_id=actor.community_id, text=text, number=page_number())
        if text
        else None,
        recent=desk_queries.list_assistances(session, clerk_id=actor.person_id),
    )


@bp.get("/people/<uuid:person_id>")
@roles(Role.CLERK, Role.ADMIN)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    return _person_page(person_id, 200)


@bp.post("/people/<uuid:person_id>/act")
@roles(Role.CLERK)
def begin(person_id: uuid.UUID) -> ResponseReturnValue:
    form = HelpForm()
    if not form.validate_on_submit():
        return _person_page(person_id, 422, help_form=form)
    desk_services.begin_assistance(
        person_id=person_id,
        reason=form.reason.data or "",
        session_id=current_user.session_id,
        actor=require_actor(),
        now=datetime.now(UTC),
    )
    return redirect(url_for("inbox.home"), code=303)


@bp.post("/stop")
@signed_in
def stop() -> ResponseReturnValue:
    assistance = current_assistance()
    if assistance is None:
        flash(_("You are acting for nobody any more; the half hour is over."), "info")
        return redirect(url_for("inbox.home"), code=303)
    assistance_id = assistance.id
    desk_services.stop_assistance(
        assistance_id=assistance_id, clerk_id=current_user.person.id, now=datetime.now(UTC)
    )
    return redirect(url_for(".slip", assistance_id=assistance_id), code=303)


@bp.get("/slips/<uuid:assistance_id>")
@roles(Role.CLERK, Role.ADMIN)
def slip(assistance_id: uuid.UUID) -> ResponseReturnValue:
    found = desk_queries.get_slip(
        db.session(), assistance_id=assistance_id, community_id=require_actor().community_id
    )
    lines = [(told(line.entry), line.number) for line in found.lines]
    return render_template("desk/slip.html", assistance=found.assistance, lines=lines)


@bp.post("/people/<uuid:person_id>/account")
@roles(Role.CLERK, Role.ADMIN)
def open_account(person_id: uuid.UUID) -> ResponseReturnValue:
    form = AccountForm()
    if not form.validate_on_submit():
        return _person_page(person_id, 422, account_form=form)
    try:
        desk_services.open_account(
            person_id=person_id, login=form.login.data or "", actor=require_actor(), now=datetime.now(UTC)
        )
    except AlreadyDone:
        flash(_("This person has an account already."), "info")
    except Invalid as refusal:
        words = {"taken": _("This login is taken; choose another"), "missing": _("Enter a login")}
        add_error(form, "login", words[refusal.reason])
        return _person_page(person_id, 422, account_form=form)
    else:
        flash(_("The account is open. Print a one-time code, so that its owner can sign in."), "success")
    return redirect(url_for(".person", person_id=person_id), code=303)


@bp.post("/people/<uuid:person_id>/code")
@roles(Role.CLERK, Role.ADMIN)
def issue_code(person_id: uuid.UUID) -> ResponseReturnValue:
    now = datetime.now(UTC)
    session = db.session()
    found = get_person(session, person_id=person_id, community_id=require_actor().community_id)
    account = desk_queries.get_account_of(session, person_id=person_id)
    if account is None:
        raise NotFound(person_id)
    try:
        code = desk_services.issue_code(person_id=person_id, actor=require_actor(), now=now)
    except GuardedAccount:
        flash(_("This person holds a post with powers. Only an administrator issues codes for it."), "error")
        return redirect(url_for(".person", person_id=person_id), code=303)
    address = url_for("accounts.sign_in_code", login=account.login, _external=True)
    page = render_template(
        "desk/code.html",
        found=found,
        login=account.login,
        code=f"{code[:4]} {code[4:]}",
        valid_until=now + CODE_LASTS,
        address=url_for("accounts.sign_in_code", _external=True),
        picture=draw_code(address),
    )
    response = make_response(page)
    # Shown once: the code is kept nowhere, not even by the browser.
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.post("/people/<uuid:person_id>/close")
@roles(Role.ADMIN)
def close_account(person_id: uuid.UUID) -> ResponseReturnValue:
    return _switch(person_id, is_open=False)


@bp.post("/people/<uuid:person_id>/reopen")
@roles(Role.ADMIN)
def reopen_account(person_id: uuid.UUID) -> ResponseReturnValue:
    return _switch(person_id, is_open=True)


@bp.post("/people/<uuid:person_id>/second-factor")
@roles(Role.ADMIN)
@proven_lately("POST")
def take_second_factor(person_id: uuid.UUID) -> ResponseReturnValue:
    form = TakeAwayForm()
    if not form.validate_on_submit():
        return _person_page(person_id, 422, factor_form=form)
    take_away(person_id=person_id, reason=form.lost.data or "", actor=require_actor(), now=datetime.now(UTC))
    flash(_("The second factor is taken away. Its owner and the other administrators are told."), "success")
    return redirect(url_for(".person", person_id=person_id), code=303)


def _switch(person_id: uuid.UUID, *, is_open: bool) -> ResponseReturnValue:
    form = SwitchForm()
    if not form.validate_on_submit():
        return _person_page(person_id, 422, switch_form=form)
    switch = desk_services.enable_account if is_open else desk_services.disable_account
    switch(person_id=person_id, reason=form.why.data or "", actor=require_actor(), now=datetime.now(UTC))
    if is_open:
        flash(_("The account is open again."), "success")
    else:
        flash(_("The account is closed and signed out everywhere."), "success")
    return redirect(url_for(".person", person_id=person_id), code=303)


def _person_page(
    person_id: uuid.UUID,
    status: int,
    *,
    help_form: HelpForm | None = None,
    account_form: AccountForm | None = None,
    switch_form: SwitchForm | None = None,
    factor_form: TakeAwayForm | None = None,
) -> ResponseReturnValue:
    session, actor = db.session(), require_actor()
    found = get_person(session, person_id=person_id, community_id=actor.community_id)
    account = desk_queries.get_account_of(session, person_id=person_id)
    held = roles_held(session, person_id=person_id, day=day_of(datetime.now(UTC)))
    if account is None and account_form is None:
        account_form = AccountForm(formdata=None, login=desk_queries.suggest_login(session, person=found))
    return render_template(
        "desk/person.html",
        found=found,
        account=account,
        is_oneself=person_id == actor.person_id,
        is_guarded=bool(held & GUARDED_ROLES),
        has_factor=account is not None and has_factor(session, account_id=account.id),
        help_form=help_form or HelpForm(formdata=None),
        factor_form=factor_form or TakeAwayForm(formdata=None),
        account_form=account_form,
        switch_form=switch_form or SwitchForm(formdata=None),
    ), status
