"""Refusals of the domain, each named for what happened; error_pages.py gives it a status and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from civicforum.rulebook import Verdict


class CivicForumError(Exception):
    """What the domain refuses; never a bug."""


class NotFound(CivicForumError):
    """There is no such row in the actor's community."""


class NoCommunityChosen(CivicForumError):
    """The visitor has not said which of several communities to show, or there is none yet."""


class NotEligible(CivicForumError):
    """The actor holds no post or capacity that allows this."""


class TransitionNotAllowed(CivicForumError):
    """The life cycle has no such step from the present state; often somebody else was quicker."""


class AlreadyDone(CivicForumError):
    """The same act by the same person is already recorded; nothing was written twice."""


class Invalid(CivicForumError):
    """An input that a rule refuses. `field` names the form field the words belong beside, or is None."""

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field


class RuleRefused(CivicForumError):
    """A rule of the rulebook does not hold. `verdict` carries the rule, its article and the arithmetic."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(f"{verdict.rule.id}: {verdict.arithmetic}")
        self.verdict = verdict


def require_text(text: str, *, most: int, field: str = "text") -> str:
    """Return a text without blanks around it. Raises Invalid "missing", or "long" above `most` characters."""
    text = text.strip()
    if not text:
        raise Invalid("missing", field)
    if len(text) > most:
        raise Invalid("long", field)
    return text
