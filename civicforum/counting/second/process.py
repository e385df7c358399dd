"""The second engine in a process of its own, which ends at the limit whatever it is doing."""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from .adapter import Answer, Question

MEGABYTES = 512
_ADAPTER = Path(__file__).with_name("adapter.py")


class NotAnswered(Exception):
    """The second engine gave no answer; the text is what it said instead."""


class TookTooLong(NotAnswered):
    """It was stopped at the time limit."""


class TookTooMuch(NotAnswered):
    """It ran out of the memory it may have."""


def ask(question: Question, *, seconds: float, megabytes: int = MEGABYTES) -> Answer:
    """Return the answer of the second engine.

    Args:
        seconds: until the process is killed, its start included.
        megabytes: of address space that it may have.

    Raises NotAnswered. No process is left behind, however this ends.
    """
    command = [sys.executable, "-P", str(_ADAPTER), str(math.ceil(seconds) + 1), str(megabytes)]
    try:
        code, said, complaint = _run(command, json.dumps(question).encode(), seconds)
    except subprocess.TimeoutExpired:
        raise TookTooLong(f"stopped after {seconds} seconds") from None
    except OSError as error:
        raise NotAnswered(str(error)) from error
    try:
        reply = json.loads(said)
    except ValueError:
        last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
        raise NotAnswered(last or f"the process ended with {code}") from None
    if reply.get("failure") == "MemoryError":
        raise TookTooMuch(f"more than {megabytes} megabytes")
    if "failure" in reply:
        raise NotAnswered(f"{reply['failure']}: {reply['message']}")
    return cast("Answer", reply)


def _run(command: list[str], question: bytes, seconds: float) -> tuple[int, bytes, bytes]:
    # Hashes of texts are fixed, so that two runs walk through a set in one order.
    process = subprocess.Popen(  # noqa: S603 - our own file, and nothing that anybody typed
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONHASHSEED": "0"},
        start_new_session=True,
    )
    with process:
        try:
            said, complaint = process.communicate(question, timeout=seconds)
        except BaseException:
            # Its whole group; leaving the `with` block then waits for it, so that no zombie stays.
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return process.returncode, said, complaint
