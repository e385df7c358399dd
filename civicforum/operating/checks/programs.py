"""Programs and libraries of the machine that civicforum uses."""

from __future__ import annotations

import shutil
import subprocess

from civicforum.operating.checks.base import Surroundings, check, found, good
from civicforum.operating.checks.base import mark as _l
from civicforum.operating.rules import Finding, Status
from civicforum.printing import find_chromium

TIMEOUT_SECONDS = 10


@check("programs.libsodium")
def libsodium(around: Surroundings) -> Finding:
    # Imported here: where the library is missing, that is what is found.
    from civicforum.sealed.sodium import SodiumUnusable

    try:
        from civicforum.sealed import selftest

        selftest.run()
    except (SodiumUnusable, OSError) as error:
        return found(
            "programs.libsodium",
            Status.BAD,
            _l("Sealed ballots and reports do not work: %(why)s"),
            _l("Install the package libsodium23, or the packages of requirements.txt anew."),
            why=str(error),
        )
    return good("programs.libsodium", _l("libsodium computes what it should."))


@check("programs.chromium")
def chromium(around: Surroundings) -> Finding:
    if find_chromium() is not None:
        return good("programs.chromium", _l("A Chromium that prints PDF is there."))
    return found(
        "programs.chromium",
        Status.LOOK,
        _l("No Chromium is there, so that pages and notices cannot be had as PDF."),
        _l("Install the package chromium or chromium-headless-shell, or name one with CIVICFORUM_CHROMIUM."),
    )


@check("programs.fonts")
def fonts(around: Surroundings) -> Finding:
    lister = shutil.which("fc-list")
    if lister is None:
        words = _l("Whether there are Chinese fonts cannot be asked: fc-list is not installed.")
        return found(
            "programs.fonts", Status.LOOK, words, _l("Install the packages fontconfig and fonts-noto-cjk.")
        )
    listed = subprocess.run(  # noqa: S603
        [lister, ":lang=zh", "family"], capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
    )
    if listed.stdout.strip():
        return good("programs.fonts", _l("There are Chinese fonts for PDF."))
    return found(
        "programs.fonts",
        Status.LOOK,
        _l("No Chinese font is installed: a PDF would show boxes in place of characters."),
        _l("Install the package fonts-noto-cjk."),
    )
