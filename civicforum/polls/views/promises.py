"""What polls promise and what they do not."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from civicforum.access import public
from civicforum.polls.promises import LIMITS, promises_of
from civicforum.polls.rules import Preset
from civicforum.polls.texts import PRESET_USES, preset_note
from civicforum.polls.views.blueprint import bp

# The default of sealed polls; the page of each poll states its own.
USUAL_TRUSTEES, USUAL_THRESHOLD = 3, 2


@bp.get("/promises")
@public
def promises() -> ResponseReturnValue:
    sections = [
        (
            preset,
            preset_note(preset, threshold=USUAL_THRESHOLD, trustees=USUAL_TRUSTEES),
            PRESET_USES[preset],
            promises_of(preset),
        )
        for preset in (Preset.SEALED, Preset.POLL, Preset.OPEN)
    ]
    return render_template("polls/promises.html", sections=sections, limits=LIMITS)
