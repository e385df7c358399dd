"""The Chinese documents that follow a meeting: the notice of its signed minutes."""

from __future__ import annotations

from collections.abc import Sequence

from civicforum.meetings.documents import FORM, moment
from civicforum.meetings.models import Meeting, MinutesSignature
from civicforum.meetings.rules import Signer
from civicforum.records.rules import hash_of_text

SIGNER = {Signer.CHAIR: "主持人", Signer.CLERK: "记录人"}


def notice_of_minutes(
    meeting: Meeting, signed: Sequence[tuple[Signer, str, MinutesSignature]]
) -> tuple[str, str]:
    """Return title and text of the notice that posts the minutes. `signed`: as what, the name, the row."""
    form = FORM[meeting.form]
    lines = [meeting.minutes, ""]
    for signer in Signer:
        for kind, name, signature in signed:
            if kind is signer:
                on_paper = f"（纸质签名，档案号{signature.paper_file}）" if signature.paper_file else ""
                lines.append(f"{SIGNER[signer]}：{name}，{moment(signature.signed_at)}签字{on_paper}")
    lines.append(f"记录正文校验码（SHA-256）：{hash_of_text(meeting.minutes)}")
    return f"{form}会议记录：{meeting.title}", "\n".join(lines)
