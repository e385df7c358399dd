"""What a matter's page says in words: its path, what happens next, and the rule of the demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from civicforum.matters.models import Matter, Review
from civicforum.matters.rules import ENDED, USUAL_NEXT, Act, Ground, ReviewOutcome, Stage, is_step
from civicforum.matters.texts import GROUNDS, OUTCOMES, STAGES, STEPS_TAKEN
from civicforum.records.models import JournalEntry

# Stages in which a matter came to a good end.
SETTLED = frozenset({Stage.CLOSED, Stage.ANSWERED_DIRECTLY})


@dataclass(frozen=True)
class PathStep:
    """A step as components/path.html draws it."""

    label: str
    state: str
    at: datetime | None = None
    who: str = ""
    note: str = ""
    due_at: datetime | None = None
    url: str = ""


def path_of(matter: Matter, entries: Sequence[JournalEntry]) -> list[PathStep]:
    """Return the path: each step taken with who and why, where it stands, and what usually comes next."""
    steps = [_taken(entry) for entry in entries if is_step(entry.payload)]
    if matter.stage in ENDED:
        if steps and matter.stage not in SETTLED:
            last = steps.pop()
            steps.append(PathStep(last.label, "ended", last.at, last.who, last.note))
        return steps
    steps.append(
        PathStep(str(STAGES[matter.stage]), "current", note=_waits_for(matter.stage), due_at=matter.due_at)
    )
    following = USUAL_NEXT.get(matter.stage)
    return [*steps, PathStep(str(STAGES[following]), "next")] if following else steps


def review_note(review: Review) -> str:
    """Return a review's outcome, with its ground, in one line."""
    outcome = str(OUTCOMES[review.outcome])
    return f"{outcome} · {GROUNDS[review.ground]}" if review.ground else outcome


def _taken(entry: JournalEntry) -> PathStep:
    act = Act(str(entry.payload["act"]))
    who = f"{entry.actor.name}（{entry.post}）" if entry.actor and entry.post else ""
    if entry.actor and not entry.post:
        who = entry.actor.name
    return PathStep(str(STEPS_TAKEN.get(act, act.value)), "done", entry.at, who, _note(act, entry))


def _note(act: Act, entry: JournalEntry) -> str:
    payload = entry.payload
    if payload.get("ground"):
        return str(GROUNDS[Ground(str(payload["ground"]))])
    if act is Act.STUDY:
        return str(OUTCOMES[ReviewOutcome(str(payload["outcome"]))])
    if act in (Act.WITHDRAW, Act.RESUBMIT):
        return entry.reason
    words = {
        Act.PUBLISH: _("Number %(number)s", number=payload.get("number", "")),
        Act.ENOUGH_SECONDS: _("%(count)s residents second it", count=payload.get("count", "")),
        Act.MERGE: _("Into %(number)s", number=payload.get("into", "")),
        Act.ENOUGH_DEMANDS: _(
            "Residents: %(residents)s. Representatives: %(representatives)s.",
            residents=payload.get("residents", ""),
            representatives=payload.get("representatives", ""),
        ),
    }
    return str(words.get(act, ""))


def _waits_for(stage: Stage) -> str:
    """Return whose turn it is."""
    words = {
        Stage.RAISED: _("Residents can second it now."),
        Stage.SECONDED: _("The party organisation studies it."),
        Stage.IN_REVIEW: _("The residents' committee decides."),
        Stage.RETURNED: _("The author revises it."),
        Stage.DELIBERATING: _("Residents and those concerned talk it over."),
        Stage.TO_DECIDE: _("The assembly votes on it."),
        Stage.DECIDED: _("The committee plans the work."),
        Stage.CARRYING_OUT: _("The bodies responsible do the work."),
        Stage.DONE: _("Residents grade the result."),
        Stage.APPRAISED: _("The committee closes it."),
    }
    return str(words.get(stage, ""))
