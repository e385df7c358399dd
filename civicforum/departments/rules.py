"""Departments and providers that work here, and opinions on them (DOMAIN.md rows 2-14, 2-15, D7)."""

from __future__ import annotations

from enum import StrEnum


class DepartmentKind(StrEnum):
    """Who may be appraised by residents: organs of the government, and firms that serve the community."""

    SUBDISTRICT = "subdistrict"
    BRANCH = "branch"
    POLICE = "police"
    # Water, power, gas, cleaning, greening, property management.
    PROVIDER = "provider"
