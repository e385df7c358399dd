"""QR codes (ISO/IEC 18004), drawn in the page for a phone that reads them from a screen or from paper."""

from __future__ import annotations

from functools import lru_cache

import segno
from markupsafe import Markup

# The white that the standard asks for around a code, in modules; a page that is white around it needs less.
QUIET_ZONE = 4
# Some 3 KB each.
MOST_KEPT = 1000


def draw_code(text: str, *, border: int = QUIET_ZONE, svgclass: str = "segno") -> Markup:
    """Return a text as a QR code of error correction M, an SVG as large as its page makes it.

    Raises ValueError where the text is longer than a code holds.
    """
    drawn = segno.make(text, error="m", micro=False).svg_inline(
        omitsize=True, border=border, svgclass=svgclass
    )
    # The drawing is segno's own; what it encodes is escaped by being drawn.
    return Markup(drawn)  # noqa: S704


@lru_cache(maxsize=MOST_KEPT)
def draw_address(address: str) -> Markup:
    """Return the address of a page that anybody may open as a QR code.

    It is kept, for drawing takes longer than the rest of a page: for nothing that has a secret in it.
    """
    return draw_code(address, border=2)
