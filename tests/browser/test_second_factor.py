"""A passkey made and used in Chromium, with its virtual authenticator, and the way without a script."""

from __future__ import annotations

import pyotp
from sqlalchemy import update

from civicforum.accounts.models import Account
from civicforum.accounts.passwords import hash_password
from civicforum.bodies.rules import Role
from civicforum.database import db
from tests.browser.conftest import Visit
from tests.factories import PASSWORD
from tests.support.browser import DESK, Visitor
from tests.support.town import Neighbour, Town

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_clerk_makes_a_passkey_and_signs_in_with_it(town: Town, visit: Visit) -> None:
    clerk = town.officer(Role.CLERK, "小赵")
    with town.app.app_context():
        hashed = hash_password(PASSWORD)
        db.session.execute(update(Account).where(Account.login == clerk.login).values(password_hash=hashed))
        db.session.commit()
    desk = visit(size=DESK)
    # Browsers give passkeys to names, not to numbers.
    desk.url = town.url.replace("127.0.0.1", "localhost")
    devtools = desk.context.new_cdp_session(desk.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    _type_password(desk, clerk)
    desk.open("/me/second-factor")
    desk.fill("Name of the passkey", "办公电脑")
    desk.press("Add a passkey")
    assert desk.page.locator(".recovery-codes__code").count() == 10
    desk.follow("I have kept them")
    desk.sees("办公电脑")
    desk.press("Add an app")
    key = desk.page.locator("code.wraps").inner_text().replace(" ", "")
    desk.fill("Code", pyotp.TOTP(key).now())
    desk.press("Confirm")
    desk.open("/me")
    desk.press("Sign out")
    _type_password(desk, clerk)
    assert desk.path.startswith("/sign-in/second")
    desk.press("Use a passkey")
    desk.open("/desk/")

    phone = visit(scripts=False)
    _type_password(phone, clerk)
    assert not phone.button("Use a passkey").is_visible()
    phone.fill("Code", "000000")
    phone.press("Continue", status=422)
    assert phone.path == "/sign-in/second"


def _type_password(visitor: Visitor, who: Neighbour) -> None:
    visitor.open("/sign-in")
    visitor.fill("Login", who.login)
    visitor.fill("Password", PASSWORD)
    visitor.press("Sign in")
