"""Reads of the supervision committee's desk."""

from civicforum.supervision.queries.findings import (
    get_finding,
    list_all_findings,
    list_findings,
)

__all__ = ["get_finding", "list_all_findings", "list_findings"]
