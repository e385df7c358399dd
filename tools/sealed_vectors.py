"""Write tests/vectors/sealed/: what every implementation of docs/sealed-protocol.md computes, byte for byte.

Usage: python -m tools.sealed_vectors

Bytes are hexadecimal; the pick of a text is 0 or the 64 digits of a point.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from civicforum.config import ROOT
from civicforum.sealed import (
    Kind,
    Slip,
    grouped,
    is_on_chain,
    issue_receipt,
    point_of_text,
    race_of,
    read_code,
    read_line,
    read_receipt,
    receipt_key,
    seal,
    spell,
    spoken,
    tracker_of,
    verify_ballot,
    write_line,
)
from civicforum.sealed import ceremony as ceremonies
from civicforum.sealed.audits import Audit, read_audit
from civicforum.sealed.base32 import Mistyped, canonical
from civicforum.sealed.cards import code_of, credential_of, secret_of
from civicforum.sealed.group import (
    ORDER,
    add,
    encode,
    from_hash,
    generator,
    is_encoding,
    subtract,
    times,
    times_base,
)
from civicforum.sealed.hashing import h32, h64, hash_to_scalar
from civicforum.sealed.lines import from_base64
from civicforum.sealed.slips import read_seed
from tests.support.sealed_election import (
    FULL,
    PICKS,
    QUESTIONS,
    RECEIPT_SECRET,
    UUID,
    Election,
    contest_of,
    weighted_election,
    whole_election,
)
from tests.support.sealed_forgeries import forgeries

FOLDER = ROOT / "tests" / "vectors" / "sealed"
PRIME = 2**255 - 19


def group_vectors() -> dict[str, Any]:
    """Return rows of group operations, and encodings with whether they are accepted."""
    drawn = random.Random("group")  # noqa: S311 - the same vectors at every run
    edges = [0, 1, 2, ORDER - 1]
    scalars = [drawn.choice(edges) if row % 7 == 0 else drawn.randrange(ORDER) for row in range(80)]
    rows = []
    for s, t in zip(scalars[::2], scalars[1::2], strict=True):
        digest = drawn.randbytes(64)
        p, q = times_base(s), from_hash(digest)
        rows.append(
            {
                "s": encode(s), "t": encode(t), "hash": digest, "s*G": p, "from_hash": q,
                "t*from_hash": times(t, q), "sum": add(p, q), "difference": subtract(p, q),
                "s*t": encode(s * t), "s-t": encode(s - t),
            }
        )  # fmt: skip
    points = [times_base(s) for s in range(1, 9)]
    spellings = [*points, bytes(32), bytes(31) + b"\x80", b"\xff" * 32, b"\x01" + bytes(31)]
    spellings += [
        PRIME.to_bytes(32, "little"),
        (PRIME + 2).to_bytes(32, "little"),
        points[0][:31],
        points[0] + b"\0",
    ]
    spellings += [(PRIME - int.from_bytes(point, "little")).to_bytes(32, "little") for point in points]
    spellings += [point[:31] + bytes([point[31] | 0x80]) for point in points]
    spellings += [drawn.randbytes(32) for _ in range(100)]
    return {
        "operations": rows,
        "encodings": [{"bytes": data, "is_point": is_encoding(data)} for data in spellings],
        "scalars": [
            {"bytes": data, "is_scalar": int.from_bytes(data, "little") < ORDER}
            for data in (encode(-1), ORDER.to_bytes(32, "little"), (2**255).to_bytes(32, "little"), bytes(32))
        ],
        "hashes": [
            {
                "tag": tag, "parts": parts, "h64": h64(tag, *parts), "h32": h32(tag, *parts),
                "scalar": encode(hash_to_scalar(tag, *parts)),
            }
            for tag, parts in (("tracker", [b""]), ("k", []), ("ballot", [b"a", b"bc", b""]))
        ],
        "generators": [
            {"purpose": purpose, "index": index, "point": generator(purpose, index)}
            for purpose, index in (("shuffle", 0), ("shuffle", 1), ("shuffle", 300))
        ],
    }  # fmt: skip


def ballot_vectors() -> list[dict[str, Any]]:
    """Return whole ballots of every kind of question."""
    key = times_base(hash_to_scalar("k"))
    papers = [(QUESTIONS, picks) for picks in PICKS]
    for kind in (Kind.CHOOSE, Kind.RATE, Kind.TABLE, Kind.REVIEW):
        for size in (1, 2, 3):
            contest = contest_of(kind, size)
            race = race_of(write_line({"contests": [contest], "key": key}))
            papers.append(([contest], [1] + [0] * (race.slots - 1)))
    papers.append(([contest_of(Kind.CHOOSE, 10)], [1, 0] * 5))
    papers.append(([contest_of(Kind.RANK, 9)], [point_of_text(b"812")]))
    return [ballot_vector(contests, picks, key, number) for number, (contests, picks) in enumerate(papers)]


def ballot_vector(contests: Any, picks: Any, key: bytes, number: int) -> dict[str, Any]:
    manifest = write_line({"contests": contests, "key": key})
    race, secret = race_of(manifest), hash_to_scalar("secret", encode(number))
    seed, sequence = h32("seed", encode(number)), number % 3
    ballot = seal(race, picks, secret, sequence, seed)
    verify_ballot(race, ballot)
    return {
        "manifest": manifest.decode(), "race": race.id, "key": race.key, "marks": race.marks,
        "texts": race.texts, "bytes": race.ballot_bytes, "rules": race.rules, "picks": picks,
        "secret": encode(secret), "sequence": sequence, "seed": seed, "ballot": ballot,
        "tracker": tracker_of(ballot),
    }  # fmt: skip


def code_vectors() -> dict[str, Any]:
    """Return card codes, slips, trackers, and what must be refused when typed."""
    drawn = random.Random("codes")  # noqa: S311 - the same vectors at every run
    cards = []
    for digits in ([0] * 20, [31] * 20, *(drawn.choices(range(32), k=20) for _ in range(5))):
        code = code_of(digits)
        read = read_code(code)
        typed = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
        assert read_code(typed) == read  # noqa: S101
        cards.append(
            {
                "digits": digits, "code": code, "typed": typed, "uuid": UUID,
                "secret": encode(secret_of(UUID, read)), "credential": credential_of(UUID, read),
            }
        )  # fmt: skip
    good = canonical(cards[3]["code"])
    swapped = good[:4] + good[5] + good[4] + good[6:]
    wrong = [good[:-1], good + "0", "U" + good[1:], swapped, good[:-1] + ("1" if good[-1] == "0" else "0")]
    slips = [Slip(i, seed) for i, seed in enumerate((bytes(32), bytes(range(32)), drawn.randbytes(32)), 1)]
    bad_slip = slips[1].code[:-1] + ("0" if slips[1].code[-1] != "0" else "1")
    for refuse, typed in ((read_code, wrong), (read_seed, [bad_slip])):
        for code in typed:
            must_refuse(refuse, code)
    trackers = [drawn.randbytes(32) for _ in range(3)]
    return {
        "cards": cards,
        "mistyped_cards": wrong,
        "slips": [
            {"trustee": slip.trustee, "seed": slip.seed, "code": slip.code, "qr": slip.qr_text}
            for slip in slips
        ],
        "mistyped_slips": [bad_slip],
        "trackers": [{"tracker": tracker, "shown": grouped(spell(tracker, 20), 4)} for tracker in trackers],
    }


def must_refuse(read: Callable[[str], object], typed: str) -> None:
    """Raise ValueError when `read` takes what is mistyped."""
    try:
        read(typed)
    except Mistyped:
        return
    raise ValueError(f"{typed} was read")


def text_vectors() -> list[dict[str, Any]]:
    """Return texts and the points that stand for them."""
    texts = ["", "201", "欧阳小明明明明明明", "x" * 29, "王小明", "zyx"]
    return [{"text": text, "point": point_of_text(text.encode())} for text in texts]


def ceremony_vectors(election: Election) -> dict[str, Any]:
    """Return what each trustee says, from its seed."""
    ceremony = election.ceremony
    return {
        "id": ceremony.id,
        "threshold": ceremony.threshold,
        "size": ceremony.size,
        "seeds": election.seeds,
        "hellos": [ceremonies.record_of(hello) for hello in election.hellos],
        "hellos_digest": ceremonies.digest_of(election.hellos),
        "spoken": spoken(election.hellos),
        "deals": [ceremonies.record_of(deal) for deal in election.deals],
        "confirms": [ceremonies.record_of(confirm) for confirm in election.confirms],
        "key": election.board.trustees.key,
        "public_shares": election.board.trustees.public_shares,
    }


def board_vectors(election: Election) -> dict[str, Any]:
    """Return digests and heads of every line, the agenda, the result, a receipt and an audit."""
    board, digests, heads = Election.replayed(election.lines)
    at = next(number for number, line in enumerate(election.lines, 1) if read_line(line)["type"] == "ballot")
    tracker = tracker_of(first_ballot(election))
    receipt = issue_receipt(RECEIPT_SECRET, UUID, at, tracker, heads[at - 1])
    assert is_on_chain(read_receipt(receipt.raw, receipt_key(RECEIPT_SECRET)), digests)  # noqa: S101
    seed = h32("audited")
    audit = Audit(seal(election.race, FULL, election.secrets[0], 0, seed), tuple(FULL), seed)
    assert read_audit(audit.raw, election.race) == audit  # noqa: S101
    agenda = board.opening.agenda
    return {
        "uuid": UUID,
        "codes": election.codes,
        "receipt_secret": encode(RECEIPT_SECRET),
        "digests": digests,
        "heads": heads,
        "race": election.race.id,
        "closing": board.opening.closing,
        "agenda": {"digest": agenda.digest, "ciphertexts": [pair.a + pair.b for pair in agenda.ciphertexts]},
        "result": board.result,
        "receipt": receipt.raw.decode(),
        "audit": audit.raw.decode(),
        "audit_tracker": audit.tracker,
    }


def first_ballot(election: Election) -> bytes:
    """Return the bytes of the first ballot on the board."""
    records = map(read_line, election.lines)
    return from_base64(next(record["ballot"] for record in records if record["type"] == "ballot"))


def refusal_vectors(election: Election) -> list[dict[str, Any]]:
    """Return lines to refuse after the first `after` lines of the archive, each with its check."""
    return [
        {"name": forgery.name, "after": forgery.after, "line": forgery.line.decode(), "check": forgery.check}
        for forgery in forgeries(election)
    ]


def main() -> None:
    """Write all files."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    whole, weighted = whole_election(), weighted_election()
    for name, election in (("whole", whole), ("weighted", weighted)):
        (FOLDER / f"{name}.jsonl").write_bytes(b"".join(line + b"\n" for line in election.lines))
    for name, vectors in {
        "group": group_vectors(),
        "ballots": ballot_vectors(),
        "codes": code_vectors(),
        "texts": text_vectors(),
        "ceremony": ceremony_vectors(whole),
        "board": board_vectors(whole),
        "refusals": refusal_vectors(whole),
    }.items():
        write(FOLDER / f"{name}.json", vectors)


def write(path: Path, vectors: Any) -> None:
    """Write one file, bytes as hexadecimal, one entry to a line."""
    if isinstance(vectors, list):
        text = "[\n" + ",\n".join(map(dumped, vectors)) + "\n]\n"
    else:
        text = (
            "{\n" + ",\n".join(f"{dumped(name)}:{rows(value)}" for name, value in vectors.items()) + "\n}\n"
        )
    path.write_text(text, encoding="utf-8")


def rows(value: Any) -> str:
    """Return a list with one entry to a line, anything else on one."""
    return (
        "[\n" + ",\n".join(map(dumped, value)) + "\n]" if isinstance(value, (list, tuple)) else dumped(value)
    )


def dumped(value: Any) -> str:
    """Return JSON on one line."""
    return json.dumps(value, default=bytes.hex, ensure_ascii=False, separators=(",", ":"))


if __name__ == "__main__":
    main()
