"""Signing in by password and by one-time code, and signing out everywhere."""

from __future__ import annotations

from civicforum.bodies.rules import Role
from tests.browser.conftest import Visit
from tests.support.browser import DESK, words
from tests.support.town import Town

PASSWORD = "梧桐 早餐 二路车"


def test_resident_signs_in_by_code_and_leaves_every_other_device(town: Town, visit: Visit) -> None:
    clerk = visit(town.officer(Role.CLERK, "小赵"), size=DESK)
    person = town.resident("钱玉珍")
    clerk.open(f"/desk/people/{person.id}")
    clerk.press("Print a one-time code")
    code = clerk.main.locator(".slip__figure").nth(1).inner_text()

    phone = visit()
    phone.open("/sign-in/code")
    phone.fill("Login", person.login)
    phone.fill("One-time code", "0000 0000")
    phone.press("Sign in", status=422)
    phone.fill("One-time code", code)
    phone.press("Sign in")
    phone.open("/me")
    phone.sees(person.name)
    phone.fill("New password", PASSWORD)
    phone.fill("New password again", PASSWORD)
    phone.press("Save the new password")
    phone.sees(words("The password is changed. Your other devices are signed out."))

    library = visit(size=DESK)
    library.open("/me")
    library.fill("Login", person.login)
    library.fill("Password", "wrong and wrong")
    library.press("Sign in", status=422)
    library.sees(words("Login and password do not match. Please check both."))
    library.fill("Password", PASSWORD)
    library.press("Sign in")
    assert library.path == "/me"

    phone.open("/me")
    phone.press("Sign out everywhere else")
    phone.sees(words("All other devices are signed out."))
    library.open("/me")
    assert library.path.startswith("/sign-in")
    phone.press("Sign out")
    phone.open("/me")
    assert phone.path.startswith("/sign-in")
