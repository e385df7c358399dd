"""The ground every page stands on: the layout passes axe and fits a phone, with and without scripts."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Visit

ADDRESSES = {"/sign-in": 200, "/rules": 200, "/no-such-page": 404}


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_public_page_passes_axe_and_fits_a_phone(visit: Visit, address: str, scripts: bool) -> None:
    visit(scripts=scripts).open(address, status=ADDRESSES[address])
