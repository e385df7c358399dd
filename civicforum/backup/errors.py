"""Refusals of backup and restore: each message is one line for the operator."""

from __future__ import annotations

from civicforum.errors import CivicForumError


class BackupRefused(CivicForumError):
    """No backup can be made, read or brought back here, and why."""


class NotOpened(BackupRefused):
    """The passphrase is not the one the backup was sealed for, or the sealed file was changed."""


class DoesNotHold(BackupRefused):
    """Something in the backup is not what it says it is. `problems` has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(f"This backup does not verify: {'; '.join(problems)}")
        self.problems = problems
