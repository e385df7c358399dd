"""Notes: what everybody should read on the board beside its ballots."""

from __future__ import annotations

from sqlalchemy.orm import Session

from civicforum.polls.models import Poll
from civicforum.polls.services import boards
from civicforum.sealed import Phase, note_line


def append_note(session: Session, poll: Poll, text: str) -> None:
    """Append a note, in the language of the ballot; nothing where there is no board."""
    phase = boards.phase_of(session, poll.id)
    if phase is None:
        return
    if phase in (Phase.CASTING, Phase.STOPPED):
        boards.append(session, poll=poll, line=note_line(text))
        return
    board = boards.lock_and_replay(session, poll.id)
    boards.append_to(session, board, poll=poll, line=note_line(text), proofs=False)
