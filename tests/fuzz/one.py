"""Fuzz one target with atheris: `python -m tests.fuzz.one sealed.line -max_total_time=60 FOLDER_OF_SEEDS`.

What follows the name is for libFuzzer. Of what is imported, the modules of the target's group are watched.
"""

from __future__ import annotations

import logging
import sys
from contextlib import suppress

import atheris  # type: ignore[import-untyped]

from tests.fuzz.targets import GROUPS, named


def main(arguments: list[str]) -> None:
    name = arguments[1]
    with atheris.instrument_imports(include=list(GROUPS[name.partition(".")[0]])):
        target = named(name)
    logging.disable(logging.CRITICAL)
    # What is made at the first use is no input's fault.
    for seed in target.seeds():
        with suppress(*target.refuses):
            target.run(seed)
    atheris.Setup([arguments[0], *arguments[2:]], target.take)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv)
