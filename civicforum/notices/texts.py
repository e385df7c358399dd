"""Notices in words."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from civicforum.notices.rules import NoticeCategory

CATEGORIES: dict[NoticeCategory, Any] = {
    NoticeCategory.ASSEMBLY_DECISIONS: _l("Assemblies and their decisions"),
    NoticeCategory.DELIBERATION: _l("Deliberation and what came of it"),
    NoticeCategory.MONEY_AND_DONATIONS: _l("Money, donations and goods"),
    NoticeCategory.FACILITIES: _l("Facilities and premises"),
    NoticeCategory.SERVICE_PROJECTS: _l("Service projects"),
    NoticeCategory.HELP_TO_GOVERNMENT: _l("Help given to government"),
    NoticeCategory.COMMON_CONCERN: _l("Other matters of common concern"),
}
