"""QR codes: what is public is drawn once, what is secret is not kept."""

from __future__ import annotations

import segno

from civicforum.qr import draw_address, draw_code

ADDRESS = "https://civicforum.example/notices/1"


def test_the_code_of_an_address_is_drawn_once() -> None:
    assert draw_address(ADDRESS) is draw_address(ADDRESS)
    assert draw_address(ADDRESS) != draw_address(ADDRESS + "2")


def test_what_may_be_secret_is_drawn_anew_and_kept_nowhere() -> None:
    before = draw_address.cache_info().currsize
    assert draw_code("otpauth://totp/one") is not draw_code("otpauth://totp/one")
    assert draw_address.cache_info().currsize == before


def test_a_code_has_its_modules_and_the_white_around_them() -> None:
    size = segno.make(ADDRESS, error="m", micro=False).symbol_size(border=0)[0]
    assert f'viewBox="0 0 {size + 8} {size + 8}"' in draw_code(ADDRESS)
    assert f'viewBox="0 0 {size + 4} {size + 4}"' in draw_address(ADDRESS)
