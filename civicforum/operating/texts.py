"""Words of the operator's page and of `civicforum doctor`."""

from __future__ import annotations

from collections.abc import Callable

from babel.support import Translations
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from civicforum.config import ROOT
from civicforum.operating.checks.base import STATES
from civicforum.operating.rules import Finding, Status

FEATURES = {
    "appraisal_reports": _l("Duty reports"),
    "corrective_actions": _l("Corrective actions"),
    "deletion_requests": _l("Requests to delete personal data"),
    "departments": _l("Opinions on departments and providers"),
    "matter_queries": _l("Questions about matters"),
    "matter_tasks": _l("Tasks"),
    "matters": _l("Matters"),
    "meetings": _l("What meetings asked for"),
    "moderation": _l("Appeals against hiding"),
    "notice_queries": _l("Questions about notices"),
    "notices": _l("What must be posted"),
    "ratings": _l("Bad grades of the service station"),
    "supervision_questions": _l("Questions of the supervision committee"),
    "supervision_referrals": _l("Referrals upwards"),
    "supervision_reports": _l("Half-yearly reports"),
}
# The colours of the tags, always with the words above.
TONES = {Status.NOT_ASKED: "grey", Status.GOOD: "green", Status.LOOK: "yellow", Status.BAD: "red"}
FOLDERS = {
    "backups": _l("Backups"),
    "instance": _l("Data"),
    "logs": _l("Logs"),
}


def in_page(finding: Finding) -> tuple[str, str]:
    """Return what was found and how to mend it, in the language of the page."""
    return _filled(finding, gettext)


def in_language(finding: Finding, language: str) -> tuple[str, str]:
    """Return what was found and how to mend it, in a language of the catalogue, without a page."""
    return _filled(finding, _translations(language))


def state_in_page(status: Status) -> str:
    return str(gettext(STATES[status]))


def state_in_language(status: Status, language: str) -> str:
    return _translations(language)(STATES[status])


def _filled(finding: Finding, translate: Callable[[str], str]) -> tuple[str, str]:
    # With the values apart: what another machine said may hold a percent sign.
    found = translate(finding.words) % finding.values
    return found, translate(finding.remedy) % finding.values if finding.remedy else ""


def _translations(language: str) -> Callable[[str], str]:
    folder = str(ROOT / "civicforum" / "translations")
    return Translations.load(folder, [language]).gettext
