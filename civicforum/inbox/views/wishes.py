"""What somebody wants to be told, and where: the page of settings, and the way out of mails."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from civicforum import rulebook
from civicforum.access import oneself, public, require_actor
from civicforum.accounts.current import current_person, require_community
from civicforum.config import Settings
from civicforum.database import db
from civicforum.errors import Invalid, NotFound
from civicforum.inbox.channels import sending_channels
from civicforum.inbox.forms import AddressForm, CodeForm, WishForm
from civicforum.inbox.letters import read_token
from civicforum.inbox.queries_told import get_wishes
from civicforum.inbox.rules_told import OUTSIDE, STATUTORY, Channel, Topic, masked
from civicforum.inbox.services import addresses
from civicforum.inbox.services import wishes as services
from civicforum.inbox.views.blueprint import bp
from civicforum.inbox.words_told import CHANNELS, TOPICS
from civicforum.security import by_person, csrf, limiter

# Each code is a message that costs money, and could be sent to a stranger.
CODES_EACH = "10 per hour"
FAULTS = {
    "address": _l("Enter one address, without spaces."),
    "code": _l("This is not the code we sent. Look again, or have another one sent."),
    "over": _l("This code no longer counts. Have another one sent."),
    "statutory": _l("What the law asks for cannot be switched off."),
}


@bp.get("/inbox/settings")
@oneself
def settings() -> ResponseReturnValue:
    form = WishForm(formdata=None)
    form.fill(get_wishes(db.session(), person_id=require_actor().person_id))
    return _page(wish_form=form)


@bp.post("/inbox/settings")
@oneself
def save_settings() -> ResponseReturnValue:
    form, actor = WishForm(), require_actor()
    if not form.validate_on_submit():
        return _page(wish_form=form, status=422)
    contacts = get_wishes(db.session(), person_id=actor.person_id).contacts
    shown = [Channel.APP, *(channel for channel in OUTSIDE if channel in contacts)]
    services.save_wishes(actor=actor, wish=form.wish(), chosen=form.chosen(shown))
    flash(_("Saved."), "success")
    return redirect(url_for(".settings"), code=303)


@bp.post("/inbox/address")
@oneself
@limiter.limit(CODES_EACH, key_func=by_person)
def set_address() -> ResponseReturnValue:
    """Take an e-mail address or a WeChat Work account; a text message goes to the number of the register."""
    form, actor, person = AddressForm(), require_actor(), current_person()
    if form.channel.data == Channel.SMS and person is not None:
        form.address.data = person.phone
    if not form.validate() or form.channel.data not in _offered():
        return _page(address_form=form, status=422)
    channel = Channel(str(form.channel.data))
    try:
        addresses.set_address(
            actor=actor,
            channel=channel,
            address=form.address.data,
            sends=channel in sending_channels(_settings()),
            key=_settings().secret_key,
            now=datetime.now(UTC),
        )
    except Invalid as fault:
        form.address.errors = [str(FAULTS[fault.reason])]
        return _page(address_form=form, status=422)
    return redirect(url_for(".settings"), code=303)


@bp.post("/inbox/address/confirm")
@oneself
@limiter.limit("30 per hour", key_func=by_person)
def confirm_address() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return _page(code_form=form, status=422)
    try:
        addresses.confirm_address(
            actor=require_actor(),
            channel=Channel(str(form.channel.data)),
            code=form.code.data,
            key=_settings().secret_key,
            now=datetime.now(UTC),
        )
    except Invalid as fault:
        form.code.errors = [str(FAULTS[fault.reason])]
        return _page(code_form=form, status=422)
    flash(_("Confirmed: from now on you are told there."), "success")
    return redirect(url_for(".settings"), code=303)


@bp.post("/inbox/address/<channel>/remove")
@oneself
def remove_address(channel: str) -> ResponseReturnValue:
    if channel not in {one.value for one in OUTSIDE}:
        raise NotFound(channel)
    addresses.remove_address(actor=require_actor(), channel=Channel(channel), now=datetime.now(UTC))
    flash(_("Removed: nothing more goes there."), "success")
    return redirect(url_for(".settings"), code=303)


@bp.get("/inbox/unsubscribe/<token>")
@public
def unsubscribe(token: str) -> ResponseReturnValue:
    """Ask first: programs that check mails open every address in them."""
    _contact_id(token)
    return render_template("inbox/unsubscribe.html", token=token, is_done=False)


@bp.post("/inbox/unsubscribe/<token>")
@csrf.exempt
@public
def unsubscribe_now(token: str) -> ResponseReturnValue:
    """One click in the mail program posts here (RFC 8058), without a page of ours before it."""
    services.unsubscribe(contact_id=_contact_id(token))
    return render_template("inbox/unsubscribe.html", token=token, is_done=True)


def _contact_id(token: str) -> uuid.UUID:
    found = read_token(token)
    if found is None:
        raise NotFound(token)
    return uuid.UUID(found)


def _page(
    *,
    wish_form: WishForm | None = None,
    address_form: AddressForm | None = None,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the page with the form that was sent as it was typed, and the others as they are kept."""
    person, wishes = current_person(), get_wishes(db.session(), person_id=require_actor().person_id)
    if wish_form is None:
        wish_form = WishForm(formdata=None)
        wish_form.fill(wishes)
    book = rulebook.load(require_community().profile)
    return (
        render_template(
            "inbox/settings.html",
            wishes=wishes,
            form=wish_form,
            address_form=address_form or AddressForm(formdata=None),
            code_form=code_form or CodeForm(formdata=None),
            refused=next((one for one in (address_form, code_form) if one is not None), wish_form),
            offered=[channel for channel in OUTSIDE if channel in _offered() or channel in wishes.contacts],
            sending=sending_channels(_settings()),
            topics=TOPICS,
            channels=CHANNELS,
            outside=OUTSIDE,
            Channel=Channel,
            binding={topic: book.rule(rule_id) for topic, rule_id in STATUTORY.items()},
            phone=masked(person.phone) if person and person.phone else "",
            masked=masked,
            every_topic=list(Topic),
        ),
        status,
    )


def _offered() -> frozenset[Channel]:
    """Return the channels somebody may give an address for: those that send, in a demonstration all."""
    return frozenset(OUTSIDE) if require_community().is_demonstration else sending_channels(_settings())


def _settings() -> Settings:
    settings: Settings = current_app.config["CIVICFORUM"]
    return settings
