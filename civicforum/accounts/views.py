"""Signing in and out, and the own account."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from civicforum.access import oneself, public
from civicforum.accounts import queries, services
from civicforum.accounts.current import current_community, load_signed_in
from civicforum.accounts.errors import SecondFactorAsked, SignInRefused, TooManyAttempts
from civicforum.accounts.forms import CodeForm, PasswordForm, SignInForm, password_fault_text
from civicforum.accounts.rules import device_name
from civicforum.database import db
from civicforum.errors import Invalid
from civicforum.fields import add_error
from civicforum.layout import moment
from civicforum.preferences import safe_next
from civicforum.security import COSTLY, limiter

bp = Blueprint("accounts", __name__)
# What a visitor chose before, and keeps when the session begins or ends.
CHOICES = ("language", "elder_view", "community")
# Under which the cookie names a sign-in that waits for its second factor.
HALF = "half_sign_in"


@bp.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(COSTLY, methods=["POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(safe_next(url_for("inbox.home")))
    if not form.validate_on_submit():
        return _sign_in_page(form, 422 if form.is_submitted() else 200)
    try:
        session_id = services.sign_in_with_password(
            login=form.login.data or "",
            password=form.password.data or "",
            address=visitor_address(),
            device=_device(),
            now=datetime.now(UTC),
            kept=form.kept.data,
        )
    except SecondFactorAsked as asked:
        return _ask_second(asked.half_id)
    except SignInRefused:
        add_error(form, "login", _("Login and password do not match. Please check both."))
        return _sign_in_page(form, 422)
    except TooManyAttempts as refusal:
        add_error(form, "login", too_many_text(refusal))
        return _sign_in_page(form, 429)
    return begin(session_id, kept=form.kept.data)


@bp.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit(COSTLY, methods=["POST"])
@public
def sign_in_code() -> ResponseReturnValue:
    form = CodeForm()
    if request.method == "GET":
        form.login.data = request.args.get("login", "")
    if not form.validate_on_submit():
        return _code_page(form, 422 if form.is_submitted() else 200)
    try:
        session_id = services.sign_in_with_code(
            login=form.login.data or "",
            code=form.code.data or "",
            address=visitor_address(),
            device=_device(),
            now=datetime.now(UTC),
            kept=form.kept.data,
        )
    except SecondFactorAsked as asked:
        return _ask_second(asked.half_id)
    except SignInRefused:
        add_error(
            form,
            "code",
            _(
                "This code does not open the account. A code works once and for five attempts: one from the "
                "counter for 24 hours, one from a letter for 30 days. "
                "The service counter prints you a new one."
            ),
        )
        return _code_page(form, 422)
    except TooManyAttempts as refusal:
        add_error(form, "code", too_many_text(refusal))
        return _code_page(form, 429)
    flash(_("You are signed in. To come back without a code, set a password under My account."), "info")
    return begin(session_id, kept=form.kept.data)


@bp.post("/sign-in/demonstration")
@limiter.limit(COSTLY)
@public
def sign_in_demonstration() -> ResponseReturnValue:
    role = request.form.get("role")
    chosen = next((account for account in _demonstration_accounts() if account["role"] == role), None)
    if chosen is None:
        abort(404)
    try:
        session_id = services.sign_in_with_password(
            login=chosen["login"],
            password=chosen["password"],
            address=visitor_address(),
            device=_device(),
            now=datetime.now(UTC),
        )
    except SecondFactorAsked as asked:
        # Somebody tried enrolling; the next demonstration has its accounts as they were.
        return _ask_second(asked.half_id)
    return begin(session_id, kept=False)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        services.end_session(
            session_id=current_user.session_id, account_id=current_user.account.id, now=datetime.now(UTC)
        )
    _forget()
    flash(_("You are signed out."), "success")
    response = redirect(url_for("inbox.home"), code=303)
    # On a shared computer the next person shall not page back into what was shown.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.get("/me")
@oneself
def me() -> ResponseReturnValue:
    return _me_page(_password_form(), 200)


@bp.post("/me/password")
@limiter.limit(COSTLY)
@oneself
def change_password() -> ResponseReturnValue:
    form = _password_form()
    if not form.validate_on_submit():
        return _me_page(form, 422)
    try:
        session_id = services.change_password(
            session_id=current_user.session_id,
            current=(form.current.data if form.current else "") or "",
            new=form.new.data or "",
            address=visitor_address(),
            now=datetime.now(UTC),
        )
    except SignInRefused:
        add_error(form, "current", _("The present password is not right"))
        return _me_page(form, 422)
    except Invalid as refusal:
        add_error(form, "new", password_fault_text(refusal.reason))
        return _me_page(form, 422)
    except TooManyAttempts as refusal:
        add_error(form, "current", too_many_text(refusal))
        return _me_page(form, 429)
    login_user(load_signed_in(str(session_id)))
    flash(_("The password is changed. Your other devices are signed out."), "success")
    return redirect(url_for(".me"), code=303)


@bp.post("/me/sessions/<uuid:session_id>/end")
@oneself
def end_session(session_id: uuid.UUID) -> ResponseReturnValue:
    services.end_session(session_id=session_id, account_id=current_user.account.id, now=datetime.now(UTC))
    if session_id == current_user.session_id:
        _forget()
        return redirect(url_for("inbox.home"), code=303)
    flash(_("That device is signed out."), "success")
    return redirect(url_for(".me"), code=303)


@bp.post("/me/sessions/end")
@oneself
def end_other_sessions() -> ResponseReturnValue:
    services.end_all_sessions(
        account_id=current_user.account.id, spare=current_user.session_id, now=datetime.now(UTC)
    )
    flash(_("All other devices are signed out."), "success")
    return redirect(url_for(".me"), code=303)


def begin(session_id: uuid.UUID, *, kept: bool) -> ResponseReturnValue:
    """Go on signed in, with an empty cookie: nothing planted before the sign-in goes on after it."""
    target = safe_next(url_for("inbox.home"))
    _leave()
    session.permanent = kept
    login_user(load_signed_in(str(session_id)))
    return redirect(target, code=303)


def _ask_second(half_id: uuid.UUID) -> ResponseReturnValue:
    """Go on with an empty cookie that names only the sign-in that waits."""
    target = safe_next("")
    _leave()
    session[HALF] = str(half_id)
    return redirect(url_for("second_factor.enter", next=target or None), code=303)


def _leave() -> None:
    if current_user.is_authenticated:
        services.end_session(
            session_id=current_user.session_id, account_id=current_user.account.id, now=datetime.now(UTC)
        )
    _forget(keep_messages=True)


def _forget(*, keep_messages: bool = False) -> None:
    kept = {name: session[name] for name in CHOICES if name in session}
    if keep_messages and "_flashes" in session:
        kept["_flashes"] = session["_flashes"]
    logout_user()
    session.clear()
    session.update(kept)


def _sign_in_page(form: SignInForm, status: int) -> ResponseReturnValue:
    return render_template(
        "accounts/sign_in.html",
        form=form,
        demonstration_accounts=_demonstration_accounts(),
        next=safe_next(""),
    ), status


def _code_page(form: CodeForm, status: int) -> ResponseReturnValue:
    return render_template("accounts/sign_in_code.html", form=form, next=safe_next("")), status


def _me_page(form: PasswordForm, status: int) -> ResponseReturnValue:
    now = datetime.now(UTC)
    database = db.session()
    return render_template(
        "accounts/me.html",
        form=form,
        account=current_user.account,
        session_id=current_user.session_id,
        posts=queries.list_posts_held(database, person_id=current_user.person.id, now=now),
        capacities=queries.list_capacities(database, person_id=current_user.person.id, now=now),
        help_received=queries.list_help(database, account=current_user.account),
        sessions=queries.list_sessions(database, account_id=current_user.account.id, now=now),
    ), status


def _password_form() -> PasswordForm:
    form = PasswordForm()
    if queries.may_skip_password(db.session(), session_id=current_user.session_id):
        del form.current
    return form


def _demonstration_accounts() -> list[dict[str, str]]:
    """Return the invented accounts to try, in a demonstration; none anywhere else."""
    community = current_community()
    if community is None or not community.is_demonstration:
        return []
    from civicforum import demo

    return demo.accounts()


def too_many_text(refusal: TooManyAttempts) -> str:
    text: str = _(
        "There were too many failed attempts. Please try again after %(time)s, or ask the service counter "
        "for a one-time code.",
        time=moment(refusal.until),
    )
    return text


def visitor_address() -> str:
    return request.remote_addr or ""


def _device() -> str:
    return device_name(request.user_agent.string)
