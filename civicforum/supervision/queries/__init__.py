"""Reads of the supervision committee's desk."""

from civicforum.supervision.queries.findings import (
    count_findings,
    get_finding,
    list_all_findings,
    list_findings,
)

__all__ = ["count_findings", "get_finding", "list_all_findings", "list_findings"]
