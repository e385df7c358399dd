"""The file of sealed reports that an authority opens on its own computer: one JSON object a line.

{"civicforum": "sealed reports", "v": 1, "authority", "public", "fingerprint"}
{"number", "received_on", "answered_on", "reply", "sealed"}     one for each; bytes in base64url
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from civicforum.reports import boxes, queries
from civicforum.reports.models import ReportKey
from civicforum.sealed import to_base64

FORMAT, VERSION = "sealed reports", 1


def lines(session: Session, key: ReportKey) -> Iterator[dict[str, Any]]:
    """Yield the head of the file, then each report."""
    yield {
        "civicforum": FORMAT,
        "v": VERSION,
        "authority": key.authority,
        "public": to_base64(key.public),
        "fingerprint": boxes.fingerprint(key.public),
    }
    for report in queries.iterate_sealed(session, key_id=key.id):
        yield {
            "number": report.number,
            "received_on": report.received_on.isoformat(),
            "answered_on": report.answered_on.isoformat() if report.answered_on else None,
            "reply": to_base64(report.reply),
            "sealed": to_base64(report.sealed),
        }
