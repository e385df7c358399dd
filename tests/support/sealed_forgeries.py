"""Single lines that a board must refuse, each with the check that refuses it: for tests and vectors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

from civicforum.sealed import Check, Why, ballot_line, close_line, enroll_line, seal, void_line, write_line
from civicforum.sealed.ballots import parse_ballot
from civicforum.sealed.electorate import GREATEST_TOTAL_WEIGHT
from civicforum.sealed.group import (
    ORDER,
    Ciphertext,
    add,
    encode,
    is_encoding,
    parse_scalar,
    subtract,
    times,
    times_base,
)
from civicforum.sealed.hashing import h32, hash_to_scalar
from civicforum.sealed.lines import from_base64, read_line, to_base64
from civicforum.sealed.races import sum_in
from tests.support.sealed_election import FULL, NAME, OTHER, Election
from tests.support.sealed_election import ORDER as RANKING
from tests.support.sealed_forgers import (
    SEED,
    Bender,
    Careless,
    ChangesItsMind,
    Copycat,
    Latecomer,
    Overvoter,
    Rogue,
    Steep,
    WithoutKnowledge,
    ceremony_with,
    top_bit,
    word,
)


class Forgery(NamedTuple):
    """Refused by `check` when it comes after the first `after` lines of the election."""

    name: str
    after: int
    line: bytes
    check: Check


class Forger:
    """Knows every secret of a played election, and where its lines are."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.records = [read_line(line) for line in election.lines]

    def at(self, kind: str, number: int = 0) -> int:
        """Return how many lines come before the given one of a type."""
        return [at for at, record in enumerate(self.records) if record["type"] == kind][number]

    def changed(self, at: int, **fields: Any) -> bytes:
        """Return a line of the election with other fields; a field set to None is left out."""
        record = {**self.records[at], **fields}
        return write_line({name: value for name, value in record.items() if value is not None})

    def edited(self, at: int, edit: Callable[[Any], object]) -> bytes:
        """Return a line of the election after `edit` has worked on a copy of its record."""
        record = json.loads(self.election.lines[at])
        edit(record)
        return write_line(record)

    def all(self) -> Iterator[Forgery]:
        """Yield every forgery."""
        yield from self.of_lines()
        yield from self.of_order()
        yield from self.of_ceremony()
        yield from self.of_roll()
        yield from self.of_manifest()
        yield from self.of_ballots()
        yield from self.of_turns()
        yield from self.of_closing()
        yield from self.of_shuffles()
        yield from self.of_shares()
        yield from self.of_results()
        yield from self.of_paper()

    def of_lines(self) -> Iterator[Forgery]:
        at, note = self.at("ballot"), self.at("note")
        raw = self.election.lines[at]
        spelt = {
            "space at the end": raw + b" ",
            "space after a colon": raw.replace(b":", b": ", 1),
            "field twice": raw[:-1] + b',"type":"ballot"}',
            "other type first": raw.replace(b"{", b'{"type":"void",', 1),
            "fields in another order": b'{"type":"stop","a":1}',
            "list": b"[]",
            "text": b'"stop"',
            "number with a point": b'{"a":2.0,"type":"stop"}',
            "number with an exponent": b'{"a":2e1,"type":"stop"}',
            "minus zero": b'{"a":-0,"type":"stop"}',
            "not a number": b'{"a":NaN,"type":"stop"}',
            "number past 2^53": b'{"a":9007199254740992,"type":"stop"}',
            "needless escape": b'{"type":"\\u0073top"}',
            "escaped slash": b'{"text":"a\\/b","type":"note"}',
            "half a surrogate": b'{"text":"\\ud800","type":"note"}',
            "byte order mark": b"\xef\xbb\xbf" + raw,
            "empty": b"",
            "deep": b"[" * 5_000,
        }
        for name, line in spelt.items():
            yield Forgery(f"line: {name}", at, line, Check.LINE_CANONICAL)
        ballot = self.records[at]["ballot"]
        stray = ballot[:-1] + {"A": "B", "Q": "R", "g": "h", "w": "x"}.get(ballot[-1], "_")
        fields: dict[str, bytes] = {
            "stray bits in base64": self.changed(at, ballot=stray),
            "padded base64": self.changed(at, ballot=ballot + "="),
            "ballot that is a list": self.changed(at, ballot=[1]),
            "unknown field": self.changed(at, when="now"),
            "missing field": self.changed(at, ballot=None),
            "stop with a field": write_line({"type": "stop", "why": "late"}),
            "empty note": self.changed(note, text=""),
            "note in another normal form": self.changed(note, text="e\u0301"),
            "void with a time": self.changed(self.at("void"), when=1),
        }
        for name, line in fields.items():
            yield Forgery(f"line: {name}", at, line, Check.LINE_FIELDS)

    def of_order(self) -> Iterator[Forgery]:
        casting, stopped, closed, end = (
            self.at("ballot"),
            self.at("stop") + 1,
            self.at("close") + 1,
            len(self.records),
        )
        ballot, lines = self.election.lines[casting], self.election.lines
        for name, after, line in (
            ("roll before the ceremony", 0, lines[1]),
            ("manifest before the roll", 1, lines[2]),
            ("ballot before the manifest", 2, ballot),
            ("note before the manifest", 2, lines[self.at("note")]),
            ("second manifest", 3, lines[2]),
            ("unknown type", casting, write_line({"type": "mystery"})),
            ("type that is a number", casting, write_line({"type": 1})),
            ("no type", casting, write_line({"text": "a"})),
            ("close without a stop", casting, close_line(0)),
            ("share before the close", casting, lines[self.at("share")]),
            ("result before the close", casting, lines[self.at("result")]),
            ("ballot after the stop", stopped, ballot),
            ("enrolling after the stop", stopped, lines[self.at("enroll")]),
            ("second stop", stopped, lines[stopped - 1]),
            ("paper count before the close", stopped, lines[self.at("paper")]),
            ("ballot after the close", closed, ballot),
            ("void after the close", closed, void_line(self.election.credentials[3], Why.PAPER)),
            ("second close", closed, lines[closed - 1]),
            ("share after the result", end, lines[self.at("share")]),
            ("second result", end, lines[self.at("result")]),
            ("second paper count", end, lines[self.at("paper")]),
        ):
            yield Forgery(f"order: {name}", after, line, Check.LINE_ORDER)

    def of_ceremony(self) -> Iterator[Forgery]:
        publics = [deal["publics"] for deal in self.records[0]["deals"]]
        others = add(*(from_base64(publics[i][0]) for i in (0, 1)))
        rogue = to_base64(subtract(times_base(5), others))  # would make the joint key 5·G

        def rogue_deal(record: Any) -> None:
            record["deals"][2]["publics"][0] = rogue

        def twice(record: Any, round_: str) -> None:
            record[round_][1] = record[round_][0]

        def borrowed(record: Any, round_: str, proof: str) -> None:
            record[round_][2][proof] = record[round_][1][proof]

        def share(record: Any, value: bytes) -> None:
            record["deals"][0]["shares"][0] = to_base64(value)

        edits: tuple[tuple[str, Callable[[Any], object], Check], ...] = (
            ("deal missing", lambda r: r["deals"].pop(), Check.CEREMONY_TRUSTEES),
            ("deal doubled", lambda r: twice(r, "deals"), Check.CEREMONY_TRUSTEES),
            ("hello missing", lambda r: r["hellos"].pop(0), Check.CEREMONY_TRUSTEES),
            ("confirmation missing", lambda r: r["confirms"].pop(), Check.CEREMONY_TRUSTEES),
            ("confirmation doubled", lambda r: twice(r, "confirms"), Check.CEREMONY_TRUSTEES),
            ("share missing in a deal", lambda r: r["deals"][0]["shares"].pop(), Check.CEREMONY_TRUSTEES),
            ("rogue key", rogue_deal, Check.CEREMONY_COMMITMENT),
            ("other id", lambda r: r.update(id=to_base64(bytes(16))), Check.CEREMONY_COMMITMENT),
            ("other threshold", lambda r: r.update(t=3), Check.CEREMONY_COMMITMENT),
            ("borrowed proof", lambda r: borrowed(r, "deals", "pok"), Check.CEREMONY_POSSESSION),
            ("other channel key", lambda r: r["hellos"][0].update(ek=rogue), Check.CEREMONY_POSSESSION),
            ("other public share", lambda r: r["confirms"][2].update(x=rogue), Check.CEREMONY_CONFIRMED),
            ("borrowed confirmation", lambda r: borrowed(r, "confirms", "proof"), Check.CEREMONY_CONFIRMED),
            ("zero channel key", lambda r: r["hellos"][0].update(ek=to_base64(bytes(32))), Check.POINT),
            ("share not canonical", lambda r: share(r, b"\xff" * 32), Check.SCALAR),
            ("threshold zero", lambda r: r.update(t=0), Check.LINE_FIELDS),
            ("threshold true", lambda r: r.update(t=True), Check.LINE_FIELDS),
            ("threshold over all", lambda r: r.update(t=4), Check.LINE_FIELDS),
            ("id too short", lambda r: r.update(id="AA"), Check.LINE_FIELDS),
            ("number true", lambda r: r["hellos"][0].update(i=True), Check.LINE_FIELDS),
        )  # fmt: skip
        for name, edit, check in edits:
            yield Forgery(f"ceremony: {name}", 0, self.edited(0, edit), check)
        steep = ceremony_with(self.election, Steep)
        yield Forgery("ceremony: higher degree", 0, steep, Check.CEREMONY_COMMITMENT)
        late = ceremony_with(self.election, lambda *arguments: Rogue(*arguments, rogue=from_base64(rogue)))
        yield Forgery("ceremony: rogue key from the start", 0, late, Check.CEREMONY_POSSESSION)
        late = ceremony_with(self.election, ChangesItsMind)
        yield Forgery("ceremony: polynomial changed after the hellos", 0, late, Check.CEREMONY_COMMITMENT)

    def of_roll(self) -> Iterator[Forgery]:
        creds = self.records[1]["creds"]
        count = len(creds)
        first = from_base64(creds[0])
        for name, fields, check in (
            ("reversed", {"creds": creds[::-1]}, Check.ROLL_SORTED),
            ("doubled", {"creds": [*creds, creds[-1]]}, Check.ROLL_SORTED),
            ("empty", {"creds": []}, Check.ROLL_SORTED),
            ("second spelling", {"creds": [*creds, top_bit(first)]}, Check.POINT),
            ("identity", {"creds": [bytes(32), *creds]}, Check.POINT),
            ("weight missing", {"weights": [1] * (count - 1)}, Check.ROLL_WEIGHTS),
            ("too heavy", {"weights": [GREATEST_TOTAL_WEIGHT, *[1] * (count - 1)]}, Check.ROLL_WEIGHTS),
            ("weight zero", {"weights": [0, *[1] * (count - 1)]}, Check.LINE_FIELDS),
            ("weight true", {"weights": [True, *[1] * (count - 1)]}, Check.LINE_FIELDS),
        ):
            yield Forgery(f"roll: {name}", 1, self.changed(1, **fields), check)

    def of_manifest(self) -> Iterator[Forgery]:
        other, contests = times_base(3), self.records[2]["contests"]

        def asking(**fields: Any) -> dict[str, Any]:
            return {"contests": [{**contests[0], **fields}]}

        table = {"kind": "table", "options": [str(number) for number in range(32)]}
        wrong: tuple[tuple[str, dict[str, Any], Check], ...] = (
            ("other key", {"key": other}, Check.MANIFEST_NAMES),
            ("other roll", {"roll": other}, Check.MANIFEST_NAMES),
            ("other ceremony", {"ceremony": other}, Check.MANIFEST_NAMES),
            ("version 2", {"v": 2}, Check.MANIFEST_TERMS),
            ("uuid in capitals", {"uuid": self.records[2]["uuid"].upper()}, Check.MANIFEST_TERMS),
            ("closes first", {"closes": "2026-04-01T00:00:00Z"}, Check.MANIFEST_TERMS),
            ("no such day", {"opens": "2026-02-30T00:00:00Z"}, Check.MANIFEST_TERMS),
            ("local time", {"opens": "2026-05-01T00:00:00+08:00"}, Check.MANIFEST_TERMS),
            ("no question", {"contests": []}, Check.MANIFEST_TERMS),
            ("too many slots", {"contests": [table]}, Check.MANIFEST_TERMS),
            ("unknown kind", asking(kind="lottery"), Check.MANIFEST_TERMS),
            ("none may be chosen", asking(max=0), Check.MANIFEST_TERMS),
            ("more than there are", asking(max=6), Check.MANIFEST_TERMS),
            ("least over most", asking(min=3), Check.MANIFEST_TERMS),
            ("option twice", asking(options=["甲", "甲"]), Check.MANIFEST_TERMS),
            ("more names than seats", {"contests": [{**contests[1], "writeins": 3}]}, Check.MANIFEST_TERMS),
            ("one level", {"contests": [{**contests[2], "levels": ["满意"]}]}, Check.MANIFEST_TERMS),
            ("rank deeper than options", {"contests": [{**contests[3], "depth": 4}]}, Check.MANIFEST_TERMS),
            ("field of another kind", asking(levels=["a", "b"]), Check.LINE_FIELDS),
            ("question that is a text", {"contests": ["甲?"]}, Check.MANIFEST_TERMS),
            ("title in another normal form", {"title": "e\u0301"}, Check.LINE_FIELDS),
            ("revote as a number", {"revote": 1}, Check.LINE_FIELDS),
            ("least zero", {"least": 0}, Check.LINE_FIELDS),
            ("terms that are a list", {"terms": []}, Check.LINE_FIELDS),
            ("unknown field", {"why": "x"}, Check.LINE_FIELDS),
            ("no receipt key", {"receipt_key": None}, Check.LINE_FIELDS),
            ("receipt key zero", {"receipt_key": bytes(32)}, Check.POINT),
        )  # fmt: skip
        for name, fields, check in wrong:
            yield Forgery(f"manifest: {name}", 2, self.changed(2, **fields), check)

    def of_ballots(self) -> Iterator[Forgery]:
        """Forge ballots of voter 8, who has not voted, right after the manifest."""
        election, race = self.election, self.election.race
        secret, slots = election.secrets[8], race.slots
        good = seal(race, FULL, secret, 0, SEED)
        proof_at = 1 + 2 * slots

        def forged(name: str, ballot: bytes, check: Check = Check.BALLOT_PROOF) -> Forgery:
            return Forgery(f"ballot: {name}", 3, ballot_line(ballot), check)

        for name, slot, mark in (
            ("mark twice", 0, 2),
            ("mark minus one", 0, -1),
            ("one too many", 1, 1),
            ("two levels", 12, 1),
            ("for and against", 8, 1),
            ("name without its mark", 11, 0),
            ("mark of 1 more than the order", 0, ORDER + 2),
        ):
            picks = [*FULL[:slot], mark, *FULL[slot + 1 :]]
            yield forged(name, Overvoter(race, picks, secret, 0, SEED).ballot())
        seats = [*FULL[:5], *[1, 1, 0, 0, 0, 0, 1], *[0] * 6, NAME, RANKING]
        yield forged("write-in without a seat", Overvoter(race, seats, secret, 0, SEED).ballot())
        lax = replace(race, contest_rules=(sum_in(range(5), range(3)), *race.contest_rules[1:]))
        laxer = replace(race, contest_rules=(sum_in(range(5), (0, 1, 5)), *race.contest_rules[1:]))
        assert seal(lax, FULL, secret, 0, SEED) == good
        yield forged("overvote under laxer rules", seal(laxer, [*[1] * 5, *FULL[5:]], secret, 0, SEED))

        for name, ballot in (
            ("other race", seal(replace(race, id=h32("x")), FULL, secret, 0, SEED)),
            ("other key", seal(replace(race, key=times_base(9)), FULL, secret, 0, SEED)),
            ("other sequence", (1).to_bytes(4, "big") + good[4:]),
            ("shifted by a vote", word(good, 4, add(word(good, 4), times_base(1)))),
            ("credential after the challenge", Latecomer(race, FULL, secret, 0, SEED).ballot()),
        ):
            yield forged(name, ballot)
        theirs = from_base64(self.records[self.at("ballot")]["ballot"])
        copycat = Copycat(race, theirs, secret)
        yield forged("copied under another credential", copycat.swapped)
        yield forged("copied and signed again", copycat.signed_again())
        yield forged("copied and encrypted again", copycat.encrypted_again())
        taken = parse_ballot(race, theirs).ciphertexts[-1]
        yield forged("text taken from another ballot", WithoutKnowledge(race, FULL, secret, taken).ballot())
        for at in (0, 1, 2, 3, 2 * slots, proof_at, proof_at + 1, proof_at + 2, len(good) // 32 - 1):
            spot = 4 + 32 * at + 5
            flipped = good[:spot] + bytes([good[spot] ^ 8]) + good[spot + 1 :]
            is_no_point = at < proof_at and not is_encoding(word(flipped, at))
            check = Check.POINT if is_no_point else Check.BALLOT_PROOF
            yield forged(f"flipped bit in word {at}", flipped, check)

        bends: tuple[tuple[str, Callable[[Ciphertext], Ciphertext]], ...] = (
            ("second spelling of a", lambda pair: Ciphertext(top_bit(pair.a), pair.b)),
            ("second spelling of b", lambda pair: Ciphertext(pair.a, top_bit(pair.b))),
        )
        for name, bend in bends:
            yield forged(name, Bender(race, FULL, secret, 0, bend).ballot(), Check.POINT)
        yield forged("no randomness", Careless(race, FULL, secret).ballot(), Check.POINT)
        negative = (2**255 - 19 - int.from_bytes(word(good, 1), "little")).to_bytes(32, "little")
        for name, point in (
            ("zero", bytes(32)),
            ("second zero", bytes(31) + b"\x80"),
            ("negative", negative),
            ("past the prime", (2**255 - 19).to_bytes(32, "little")),
            ("odd", b"\x01" + bytes(31)),
        ):
            yield forged(f"point: {name}", word(good, 1, point), Check.POINT)
        yield forged("credential zero", word(good, 0, bytes(32)), Check.POINT)
        for at in (proof_at, proof_at + 1, proof_at + 2):
            scalar = parse_scalar(word(good, at))
            second = (scalar + ORDER).to_bytes(32, "little")
            yield forged(f"scalar plus order in word {at}", word(good, at, second), Check.SCALAR)
            yield forged(f"top bit of word {at}", word(good, at, top_bit(word(good, at))), Check.SCALAR)
        for name, ballot in (
            ("empty", b""),
            ("one byte short", good[:-1]),
            ("one byte long", good + b"\0"),
            ("one word short", good[:-32]),
            ("one word long", good + good[-32:]),
        ):
            yield forged(name, ballot, Check.BALLOT_LENGTH)

    def of_turns(self) -> Iterator[Forgery]:
        """Forge who may vote, which ballot is next, and who is put out of force."""
        election, race = self.election, self.election.race
        stopped = self.at("stop") + 1
        end = self.at("stop")  # everything but the stop has happened

        def ballot(voter: int, sequence: int) -> bytes:
            return ballot_line(seal(race, OTHER, election.secrets[voter], sequence, SEED))

        stranger = hash_to_scalar("stranger")
        yield Forgery(
            "ballot: stranger", end, ballot_line(seal(race, FULL, stranger, 0, SEED)), Check.BALLOT_ELIGIBLE
        )
        for voter, sequence, name in (
            (1, 0, "after paper, from the start"),
            (1, 1, "after paper, the next"),
            (5, 0, "of a lost card"),
            (6, 0, "of one struck off"),
        ):
            yield Forgery(f"ballot: {name}", end, ballot(voter, sequence), Check.BALLOT_ELIGIBLE)
        yield Forgery(
            "ballot: exact replay", end, election.lines[self.at("ballot", 2)], Check.BALLOT_SEQUENCE
        )
        yield Forgery(
            "ballot: replaced one again", end, election.lines[self.at("ballot")], Check.BALLOT_SEQUENCE
        )
        yield Forgery("ballot: sequence skipped", end, ballot(2, 2), Check.BALLOT_SEQUENCE)
        yield Forgery("ballot: begins at one", end, ballot(8, 1), Check.BALLOT_SEQUENCE)

        mine = election.credentials
        for name, after, line in (
            ("twice", end, void_line(mine[1], Why.PAPER)),
            ("stranger", end, void_line(times_base(stranger), Why.PAPER)),
            ("unknown reason", end, write_line({"type": "void", "cred": mine[2], "why": "mood"})),
            ("reason that is a list", end, write_line({"type": "void", "cred": mine[2], "why": []})),
            ("struck off after the stop", stopped, void_line(mine[2], Why.STRUCK_OFF)),
            ("reissued after the stop", stopped, void_line(mine[2], Why.REISSUED)),
        ):
            yield Forgery(f"void: {name}", after, line, Check.VOID)
        yield Forgery("void: second spelling", end, void_line(top_bit(mine[2]), Why.PAPER), Check.POINT)
        new = times_base(stranger)
        for name, line in (
            ("for one in force", enroll_line(new, mine[2])),
            ("for one who took paper", enroll_line(new, mine[1])),
            ("for one struck off", enroll_line(new, mine[6])),
            ("for a stranger", enroll_line(new, times_base(77))),
            ("a second time", enroll_line(new, mine[5])),
        ):
            yield Forgery(f"enroll: {name}", end, line, Check.ENROLL)
        fresh = self.at("enroll")
        yield Forgery("enroll: one on the roll", fresh, enroll_line(mine[2], mine[5]), Check.ENROLL)
        yield Forgery("enroll: identity", fresh, enroll_line(bytes(32), mine[5]), Check.POINT)

    def of_closing(self) -> Iterator[Forgery]:
        at = self.at("close")
        counted = self.records[at]["counted"]
        for name, stated, check in (
            ("one more", counted + 1, Check.CLOSE_COUNTED),
            ("one less", counted - 1, Check.CLOSE_COUNTED),
            ("true", True, Check.LINE_FIELDS),
            ("as a text", str(counted), Check.LINE_FIELDS),
        ):
            yield Forgery(f"close: {name}", at, self.changed(at, counted=stated), check)

    def of_shuffles(self) -> Iterator[Forgery]:
        first, second = self.at("shuffle"), self.at("shuffle", 1)
        record, trustee = self.records[second], self.election.trustees[2]
        board, *_ = Election.replayed(self.election.lines[:second])
        closing = board.opening.closing
        pools = [[Ciphertext(*map(from_base64, pair)) for pair in pool] for pool in record["pools"]]

        def vouched(changed: list[list[Ciphertext]], **fields: Any) -> bytes:
            return self.changed(second, pools=changed, vouch=trustee.vouch(closing, changed), **fields)

        key = self.election.race.key
        name = Ciphertext(times_base(4), add(times(4, key), NAME))
        proofs = record["proofs"]
        bumped = json.loads(json.dumps(proofs))
        bumped[0]["s"][0] = to_base64(encode(parse_scalar(from_base64(bumped[0]["s"][0])) + 1))
        short = json.loads(json.dumps(proofs))
        short[0]["chain"].pop()
        for label, line in (
            ("own name put in", vouched([[name, *pools[0][1:]], pools[1]])),
            ("text doubled", vouched([[pools[0][0], pools[0][0], *pools[0][2:]], pools[1]])),
            ("text dropped", vouched([pools[0][1:], pools[1]])),
            ("reversed afterwards", vouched([pools[0][::-1], pools[1]])),
            ("proofs of each other", vouched(pools, proofs=proofs[::-1])),
            ("response changed", vouched(pools, proofs=bumped)),
            ("chain cut", vouched(pools, proofs=short)),
        ):
            yield Forgery(f"shuffle: {label}", second, line, Check.SHUFFLE_PROOF)
        context = "shuffle: proof of another turn"
        yield Forgery(context, first, self.changed(second), Check.SHUFFLE_PROOF)
        for label, fields, check in (
            ("in another trustee's name", {"i": 2}, Check.SHUFFLE_VOUCH),
            ("vouch of another shuffle", {"vouch": self.records[first]["vouch"]}, Check.SHUFFLE_VOUCH),
            ("no such trustee", {"i": 4}, Check.SHUFFLE_TURN),
            ("trustee zero", {"i": 0}, Check.SHUFFLE_TURN),
            ("a second time", {"i": 1}, Check.SHUFFLE_TURN),
            ("one pool missing", {"pools": record["pools"][:1]}, Check.LINE_FIELDS),
            ("proof missing", {"proofs": proofs[:1]}, Check.LINE_FIELDS),
            ("trustee true", {"i": True}, Check.LINE_FIELDS),
        ):
            yield Forgery(f"shuffle: {label}", second, self.changed(second, **fields), check)
        after_share = self.at("share") + 1
        yield Forgery("shuffle: after a share", after_share, self.changed(second, i=2), Check.SHUFFLE_TURN)
        zero = [[[bytes(32), bytes(32)], *pool[1:]] for pool in record["pools"]]
        yield Forgery("shuffle: zero in a pool", second, self.changed(second, pools=zero), Check.POINT)

    def of_shares(self) -> Iterator[Forgery]:
        at, next_at = self.at("share"), self.at("share", 1)
        mine, theirs = self.records[at], self.records[next_at]
        factors = [from_base64(factor) for factor in mine["factors"]]
        lied = [add(factors[0], times_base(1)), *factors[1:]]
        board, *_ = Election.replayed(self.election.lines[:at])
        agenda = board.opening.agenda
        trustee = self.election.trustees[0]
        trustee._opened = None
        reordered = trustee.open(agenda._replace(ciphertexts=agenda.ciphertexts[::-1]))
        trustee._opened = None
        other = trustee.open(agenda._replace(digest=h32("another tally")))
        for label, fields, check in (
            ("factor changed", {"factors": lied}, Check.SHARE_PROOF),
            ("factors rotated", {"factors": [*factors[1:], factors[0]]}, Check.SHARE_PROOF),
            ("factor missing", {"factors": factors[:-1]}, Check.SHARE_PROOF),
            ("factors of another", {"factors": theirs["factors"]}, Check.SHARE_PROOF),
            ("in another's name", {"i": 2}, Check.SHARE_PROOF),
            ("of another order", {"factors": reordered.factors, "proof": reordered.proof}, Check.SHARE_PROOF),
            ("of another tally", {"factors": other.factors, "proof": other.proof}, Check.SHARE_PROOF),
            ("trustee zero", {"i": 0}, Check.SHARE_TURN),
            ("no such trustee", {"i": 4}, Check.SHARE_TURN),
            ("trustee minus one", {"i": -1}, Check.LINE_FIELDS),
            ("trustee true", {"i": True}, Check.LINE_FIELDS),
            ("proof not canonical", {"proof": b"\xff" * 64}, Check.SCALAR),
            ("factor zero", {"factors": [bytes(32), *factors[1:]]}, Check.POINT),
        ):
            yield Forgery(f"share: {label}", at, self.changed(at, **fields), check)
        yield Forgery("share: a second time", next_at, self.election.lines[at], Check.SHARE_TURN)
        unmixed = self.at("shuffle", 1)
        yield Forgery("share: too few have shuffled", unmixed, self.election.lines[at], Check.SHARE_TURN)

    def of_results(self) -> Iterator[Forgery]:
        at = self.at("result")
        counts, texts = self.records[at]["counts"], self.records[at]["texts"]
        for label, fields, check in (
            ("count one more", {"counts": [counts[0] + 1, *counts[1:]]}, Check.RESULT_OPENED),
            ("count missing", {"counts": counts[:-1]}, Check.RESULT_OPENED),
            ("false for zero", {"counts": [count or False for count in counts]}, Check.RESULT_OPENED),
            ("name counted again", {"texts": [{**texts[0], "王小明": 9}, texts[1]]}, Check.RESULT_OPENED),
            ("ranking left out", {"texts": [texts[0], {}]}, Check.RESULT_OPENED),
            ("with a comment", {"comment": "fine"}, Check.LINE_FIELDS),
        ):
            yield Forgery(f"result: {label}", at, self.changed(at, **fields), check)
        early = self.at("share", 1)
        yield Forgery("result: one trustee alone", early, self.election.lines[at], Check.RESULT_SHARES)

    def of_paper(self) -> Iterator[Forgery]:
        at = self.at("paper")
        counts = self.records[at]["counts"]
        for label, fields, check in (
            ("issued one more", {"issued": 3}, Check.PAPER_ISSUED),
            ("issued one less", {"issued": 1}, Check.PAPER_ISSUED),
            ("more found than issued", {"found": 3}, Check.PAPER_FOUND),
            ("more invalid than found", {"invalid": 3}, Check.PAPER_FOUND),
            ("mark by nobody", {"counts": [2, *counts[1:]]}, Check.PAPER_COUNTS),
            ("too many marks together", {"counts": [1, 1, 1, *counts[3:]]}, Check.PAPER_COUNTS),
            ("too many names", {"texts": [{"王小明": 2}, {"201": 1}]}, Check.PAPER_COUNTS),
            ("counts missing", {"counts": counts[:-1]}, Check.LINE_FIELDS),
            ("texts missing", {"texts": []}, Check.LINE_FIELDS),
            ("name found zero times", {"texts": [{"王小明": 0}, {}]}, Check.LINE_FIELDS),
            ("texts as a list", {"texts": [[], []]}, Check.LINE_FIELDS),
            ("signed by one", {"signed_by": ["张三"]}, Check.LINE_FIELDS),
            ("signed twice by one", {"signed_by": ["张三", "张三"]}, Check.LINE_FIELDS),
            ("negative", {"found": -1}, Check.LINE_FIELDS),
        ):
            yield Forgery(f"paper: {label}", at, self.changed(at, **fields), check)


def forgeries(election: Election) -> list[Forgery]:
    """Return every forgery of an election with nine voters of whom the last has not voted."""
    return list(Forger(election).all())
