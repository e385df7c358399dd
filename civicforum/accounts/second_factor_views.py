"""The second factor: asked at the end of a sign-in and before grave acts, and kept on the own account."""

from __future__ import annotations

import uuid
from contextlib import suppress
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user

from civicforum.access import oneself, proven_lately, public
from civicforum.accounts import second_factor_queries as queries
from civicforum.accounts import second_factor_services as services
from civicforum.accounts import second_factor_signing as signing
from civicforum.accounts.current import current_withheld_roles, load_signed_in
from civicforum.accounts.errors import HalfSignInOver, SecondFactorRefused, TooManyAttempts
from civicforum.accounts.models import Account
from civicforum.accounts.second_factor_forms import AnswerForm, FirstCodeForm, PasskeyForm, SecondCodeForm
from civicforum.accounts.second_factor_models import HalfSignIn
from civicforum.accounts.second_factor_proving import identity_key
from civicforum.accounts.second_factor_rules import Factor, RelyingParty, enrolment_address
from civicforum.accounts.second_factor_secrets import NotOpened, open_secret
from civicforum.accounts.views import HALF, begin, too_many_text, visitor_address
from civicforum.database import db
from civicforum.errors import AlreadyDone, Invalid, NotFound
from civicforum.fields import add_error
from civicforum.preferences import safe_next
from civicforum.qr import draw_code
from civicforum.security import COSTLY, limiter

bp = Blueprint("second_factor", __name__)
SITE = "民议 civicforum"


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.route("/sign-in/second", methods=["GET", "POST"])
@limiter.limit(COSTLY, methods=["POST"])
@public
def enter() -> ResponseReturnValue:
    half, form = _half(), SecondCodeForm()
    if half is None:
        return _over()
    if not form.validate_on_submit():
        return _enter_page(half, form, 422 if form.is_submitted() else 200)
    try:
        done = signing.finish_with_code(
            half_id=half.id, typed=form.code.data or "", address=visitor_address(), now=datetime.now(UTC)
        )
    except HalfSignInOver:
        return _over()
    except SecondFactorRefused:
        add_error(form, "code", _refused())
        return _enter_page(half, form, 422)
    except TooManyAttempts as refusal:
        add_error(form, "code", too_many_text(refusal))
        return _enter_page(half, form, 429)
    return _finish(done)


@bp.post("/sign-in/second/options")
@limiter.limit(COSTLY)
@public
def enter_options() -> ResponseReturnValue:
    try:
        half_id = _half_id()
        return jsonify(signing.ask_half(half_id=half_id, party=_party(), now=datetime.now(UTC)))
    except HalfSignInOver:
        return jsonify({}), 410


@bp.post("/sign-in/second/passkey")
@limiter.limit(COSTLY)
@public
def enter_with_passkey() -> ResponseReturnValue:
    half, form = _half(), AnswerForm()
    if half is None:
        return _over()
    try:
        done = signing.finish_with_passkey(
            half_id=half.id,
            answer=(form.answer.data or "") if form.validate_on_submit() else "",
            party=_party(),
            address=visitor_address(),
            now=datetime.now(UTC),
        )
    except HalfSignInOver:
        return _over()
    except SecondFactorRefused:
        flash(_passkey_refused(), "error")
        return redirect(url_for(".enter", next=safe_next("") or None), code=303)
    return _finish(done)


@bp.post("/sign-in/second/stop")
@public
def stop() -> ResponseReturnValue:
    with suppress(HalfSignInOver):
        signing.give_up(half_id=_half_id())
    session.pop(HALF, None)
    return redirect(url_for("accounts.sign_in"), code=303)


@bp.route("/me/second-factor/again", methods=["GET", "POST"])
@limiter.limit(COSTLY, methods=["POST"])
@oneself
def prove() -> ResponseReturnValue:
    form = SecondCodeForm()
    if not form.validate_on_submit():
        return _prove_page(form, 422 if form.is_submitted() else 200)
    try:
        session_id = signing.prove_with_code(
            session_id=current_user.session_id,
            typed=form.code.data or "",
            address=visitor_address(),
            now=datetime.now(UTC),
        )
    except SecondFactorRefused:
        add_error(form, "code", _refused())
        return _prove_page(form, 422)
    except TooManyAttempts as refusal:
        add_error(form, "code", too_many_text(refusal))
        return _prove_page(form, 429)
    return _proven(session_id)


@bp.post("/me/second-factor/again/options")
@limiter.limit(COSTLY)
@oneself
def prove_options() -> ResponseReturnValue:
    return jsonify(signing.ask_again(session_id=current_user.session_id, party=_party()))


@bp.post("/me/second-factor/again/passkey")
@limiter.limit(COSTLY)
@oneself
def prove_with_passkey() -> ResponseReturnValue:
    form = AnswerForm()
    try:
        session_id = signing.prove_with_passkey(
            session_id=current_user.session_id,
            answer=(form.answer.data or "") if form.validate_on_submit() else "",
            party=_party(),
            address=visitor_address(),
            now=datetime.now(UTC),
        )
    except SecondFactorRefused:
        flash(_passkey_refused(), "error")
        return redirect(url_for(".prove", next=safe_next("") or None), code=303)
    return _proven(session_id)


@bp.get("/me/second-factor")
@oneself
def own() -> ResponseReturnValue:
    return _own_page(PasskeyForm(formdata=None), 200)


@bp.post("/me/second-factor/app")
@oneself
@proven_lately("POST")
def begin_app() -> ResponseReturnValue:
    try:
        services.begin_app(session_id=current_user.session_id, now=datetime.now(UTC))
    except AlreadyDone:
        flash(_("An app is enrolled already. Remove it first, if you have a new phone."), "info")
        return redirect(url_for(".own"), code=303)
    return redirect(url_for(".app"), code=303)


@bp.route("/me/second-factor/app", methods=["GET"])
@oneself
def app() -> ResponseReturnValue:
    return _app_page(FirstCodeForm(formdata=None), 200)


@bp.post("/me/second-factor/app/confirm")
@limiter.limit(COSTLY)
@oneself
def confirm_app() -> ResponseReturnValue:
    form = FirstCodeForm()
    if not form.validate_on_submit():
        return _app_page(form, 422)
    try:
        enrolled = services.confirm_app(
            session_id=current_user.session_id, typed=form.code.data or "", now=datetime.now(UTC)
        )
    except SecondFactorRefused:
        add_error(
            form,
            "code",
            _("This is not the code of this moment. Try the next; the clock of the phone has to be right."),
        )
        return _app_page(form, 422)
    except AlreadyDone:
        return redirect(url_for(".own"), code=303)
    return _enrolled(enrolled)


@bp.post("/me/second-factor/app/remove")
@oneself
@proven_lately("POST")
def remove_app() -> ResponseReturnValue:
    services.remove_app(session_id=current_user.session_id, now=datetime.now(UTC))
    flash(_("The app opens nothing here any more."), "success")
    return redirect(url_for(".own"), code=303)


@bp.post("/me/second-factor/passkeys/options")
@limiter.limit(COSTLY)
@oneself
def passkey_options() -> ResponseReturnValue:
    try:
        options = services.ask_new_passkey(session_id=current_user.session_id, party=_party(), site=SITE)
    except Invalid:
        return jsonify({}), 409
    return jsonify(options)


@bp.post("/me/second-factor/passkeys")
@limiter.limit(COSTLY)
@oneself
@proven_lately("POST")
def add_passkey() -> ResponseReturnValue:
    form = PasskeyForm()
    if not form.validate_on_submit():
        return _own_page(form, 422)
    try:
        enrolled = services.add_passkey(
            session_id=current_user.session_id,
            name=form.name.data or "",
            answer=form.answer.data or "",
            party=_party(),
            now=datetime.now(UTC),
        )
    except SecondFactorRefused:
        add_error(form, "name", _("The browser made no passkey. Please try again."))
        return _own_page(form, 422)
    except Invalid as refusal:
        words = {"missing": _("Enter a name"), "many": _("There are ten passkeys already. Remove one first.")}
        add_error(form, "name", words[refusal.reason])
        return _own_page(form, 422)
    return _enrolled(enrolled)


@bp.post("/me/second-factor/passkeys/<uuid:passkey_id>/remove")
@oneself
@proven_lately("POST")
def remove_passkey(passkey_id: uuid.UUID) -> ResponseReturnValue:
    services.remove_passkey(session_id=current_user.session_id, passkey_id=passkey_id, now=datetime.now(UTC))
    flash(_("The passkey opens nothing here any more."), "success")
    return redirect(url_for(".own"), code=303)


@bp.post("/me/second-factor/codes")
@oneself
@proven_lately("POST")
def renew_codes() -> ResponseReturnValue:
    codes = services.renew_codes(session_id=current_user.session_id, now=datetime.now(UTC))
    return _codes_page(codes)


def _half_id() -> uuid.UUID:
    """Return which sign-in waits in this browser. Raises HalfSignInOver."""
    try:
        return uuid.UUID(session[HALF])
    except (KeyError, ValueError) as error:
        raise HalfSignInOver from error


def _half() -> HalfSignIn | None:
    try:
        return queries.find_half(db.session(), half_id=_half_id(), now=datetime.now(UTC))
    except HalfSignInOver:
        return None


def _over() -> ResponseReturnValue:
    session.pop(HALF, None)
    flash(_("This sign-in was not finished in time or failed too often. Please begin again."), "info")
    return redirect(url_for("accounts.sign_in", next=safe_next("") or None), code=303)


def _finish(done: signing.Finished) -> ResponseReturnValue:
    if done.factor is Factor.RECOVERY:
        flash(
            _("That recovery code is used up. Add a new app or passkey under My account."),
            "info",
        )
    return begin(done.session_id, kept=done.kept)


def _proven(session_id: uuid.UUID) -> ResponseReturnValue:
    login_user(load_signed_in(str(session_id)))
    return redirect(safe_next(url_for(".own")), code=303)


def _enrolled(enrolled: services.Enrolled) -> ResponseReturnValue:
    login_user(load_signed_in(str(enrolled.session_id)))
    if enrolled.codes:
        return _codes_page(enrolled.codes)
    flash(_("Added. Your other devices are signed out."), "success")
    return redirect(url_for(".own"), code=303)


def _codes_page(codes: list[str]) -> ResponseReturnValue:
    return make_response(
        render_template("accounts/recovery_codes.html", codes=codes, login=current_user.account.login)
    )


def _enter_page(half: HalfSignIn, form: SecondCodeForm, status: int) -> ResponseReturnValue:
    factors = queries.get_factors(db.session(), account_id=half.account_id)
    return render_template(
        "accounts/second_step.html", form=form, factors=factors, next=safe_next(""), is_half=True
    ), status


def _prove_page(form: SecondCodeForm, status: int) -> ResponseReturnValue:
    factors = queries.get_factors(db.session(), account_id=current_user.account.id)
    if not factors.any:
        return redirect(url_for(".own"), code=303)
    return render_template(
        "accounts/second_step.html", form=form, factors=factors, next=safe_next(""), is_half=False
    ), status


def _own_page(form: PasskeyForm, status: int) -> ResponseReturnValue:
    return render_template(
        "accounts/second_factor.html",
        form=form,
        factors=queries.get_factors(db.session(), account_id=current_user.account.id),
        is_proven=current_user.factor_at is not None,
        posts_wait=bool(current_withheld_roles()),
    ), status


def _app_page(form: FirstCodeForm, status: int) -> ResponseReturnValue:
    account: Account = current_user.account
    found = queries.get_factors(db.session(), account_id=account.id).app
    if found is None or found.confirmed_at is not None:
        return redirect(url_for(".own"), code=303)
    try:
        secret = open_secret(found.sealed_secret, account_id=account.id, identity_key=identity_key())
    except NotOpened as error:
        raise NotFound(account.id) from error
    address = enrolment_address(secret, login=account.login, issuer=SITE)
    return render_template(
        "accounts/authenticator_app.html",
        form=form,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        login=account.login,
        picture=draw_code(address, border=2),
    ), status


def _party() -> RelyingParty:
    """Return for whom passkeys sign: the site's address where one is set, else the one that was asked."""
    address = urlsplit(current_app.config["CIVICFORUM"].site_url or request.host_url)
    return RelyingParty(id=address.hostname or "", origin=f"{address.scheme}://{address.netloc}")


def _refused() -> str:
    text: str = _("This code is wrong or used up. Wait for the next one of the app, or use a recovery code.")
    return text


def _passkey_refused() -> str:
    text: str = _("The passkey was not accepted. Try again, or use a code.")
    return text
