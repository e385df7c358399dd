"""Look for secrets that were written into the repository; none may be there that the baseline does not name.

Usage: python -m tools.secrets [--write]

Keys and tokens of known shape, by the patterns of detect-secrets, are looked for in every file of text. The
baseline keeps a hash of each finding that somebody judged to be no secret, such as `somebody:password` in an
address of an example; --write makes it anew. Nothing is sent anywhere.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from detect_secrets.plugins.base import RegexBasedDetector

ROOT = Path(__file__).resolve().parent.parent
BASELINE = ROOT / "tools" / "secrets_baseline.json"
# Pictures and fonts, and what programs write: catalogues, locks of hashes, vectors.
PASSED_OVER = (".po", ".pot", ".png", ".svg", ".jpg", ".woff2", ".jsonl")
WRITTEN = ("requirements", "tests/vectors/", "frontend/package-lock.json", "tools/secrets_baseline.json")
# They look for a word and a number beside it, of which there are many.
VAGUE = frozenset({"IPPublicDetector", "KeywordDetector"})
# `somebody:password@` in an address: tests invent many.
INVENTED, IN_ADDRESS = ("tests/", "bench/"), "BasicAuthDetector"
Found = set[tuple[str, str, str]]


def files() -> list[str]:
    """Return the files under version control; in an unpacked release, which has none, every file."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    names = listed.stdout.split("\0") if listed.returncode == 0 else list(_all_files())
    return sorted(name for name in names if name and not _is_passed_over(name))


def _is_passed_over(name: str) -> bool:
    return name.endswith(PASSED_OVER) or name.startswith(WRITTEN)


def _all_files() -> Iterator[str]:
    for path in ROOT.rglob("*"):
        name = path.relative_to(ROOT)
        is_made = any(
            one.startswith(".venv") or one in ("node_modules", "dist", "instance") for one in name.parts
        )
        if path.is_file() and not is_made:
            yield str(name)


def detectors() -> list[RegexBasedDetector]:
    """Return what knows a key or a token by its shape."""
    kinds = get_mapping_from_secret_type_to_class().values()
    return [kind() for kind in kinds if issubclass(kind, RegexBasedDetector) and kind.__name__ not in VAGUE]


def scan(names: Sequence[str]) -> Found:
    """Return what is found in these files: the file, the kind of secret, and the secret's hash."""
    found: Found = set()
    looking = detectors()
    for name in names:
        path = ROOT / name
        text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
        for detector in looking:
            if name.startswith(INVENTED) and type(detector).__name__ == IN_ADDRESS:
                continue
            for secret in detector.analyze_string(text):
                digest = hashlib.sha256(secret.encode()).hexdigest()
                found.add((name, detector.secret_type, digest))
    return found


def main(arguments: Sequence[str]) -> int:
    found = scan(files())
    if "--write" in arguments:
        BASELINE.write_text(json.dumps(sorted(found), indent=1) + "\n", encoding="utf-8")
        return 0
    known = {tuple(row) for row in json.loads(BASELINE.read_text(encoding="utf-8"))}
    new = sorted(found - known)
    for name, kind, _hash in new:
        sys.stderr.write(f"{name}: {kind}\n")
    if new:
        sys.stderr.write(
            "Take it out; if it is none, name it in the baseline: python -m tools.secrets --write\n"
        )
    return int(bool(new))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
