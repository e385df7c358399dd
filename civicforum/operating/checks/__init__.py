"""What `civicforum doctor` and the operator's page look at: one list, asked by both."""

from civicforum.operating.checks import (
    clock,
    database,
    disks,
    factors,
    machine,
    mail,
    programs,
    secrets,
    serving,
    work,
)
from civicforum.operating.checks.base import CHECKS, Surroundings, run_checks

__all__ = [
    "CHECKS",
    "Surroundings",
    "clock",
    "database",
    "disks",
    "factors",
    "machine",
    "mail",
    "programs",
    "run_checks",
    "secrets",
    "serving",
    "work",
]
