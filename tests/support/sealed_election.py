"""Whole sealed elections in memory, the same at every run: what the tests and the vectors start from."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from civicforum.sealed import (
    Board,
    Ceremony,
    Kind,
    Pick,
    ShuffleProof,
    Trustee,
    Why,
    ballot_line,
    ceremony_line,
    close_line,
    enroll_line,
    line_digest,
    manifest_line,
    note_line,
    paper_line,
    point_of_text,
    receipt_key,
    result_line,
    roll_line,
    seal,
    share_line,
    shuffle,
    shuffle_line,
    stop_line,
    void_line,
)
from civicforum.sealed.cards import code_of, credential_of, read_code, secret_of
from civicforum.sealed.group import Ciphertext

UUID = "5ea1ed00-0000-4000-8000-000000000001"
ONE_QUESTION: list[dict[str, Any]] = [
    {"kind": "choose", "title": "居民小组长", "options": list("甲乙丙丁戊"), "max": 2}
]
QUESTIONS: list[dict[str, Any]] = [
    *ONE_QUESTION,
    {"kind": "review", "title": "委员会", "options": list("甲乙丙"), "max": 2, "writeins": 1},
    {"kind": "rate", "title": "物业", "options": ["保洁", "保安"], "levels": ["满意", "一般", "不满意"]},
    {"kind": "rank", "title": "先修哪里", "options": ["电梯", "花园", "车位"]},
]
NAME, ORDER = point_of_text("王小明".encode()), point_of_text(b"201")
# By slot: choose 5, review 3 for, 3 against, 1 write-in, rate 2 x 3; then the name and the ranking.
FULL: list[Pick] = [*[1, 0, 1, 0, 0], *[1, 0, 0, 0, 1, 0, 1], *[0, 1, 0, 0, 0, 1], NAME, ORDER]
BLANK: list[Pick] = [0] * 20
OTHER: list[Pick] = [*[0, 1, 0, 0, 1], *[0, 1, 1, 1, 0, 0, 0], *[1, 0, 0, 1, 0, 0], 0, ORDER]
PICKS = (FULL, BLANK, OTHER)
RECEIPT_SECRET = 20260501


class Election:
    """An election of `voters` with `threshold` of `size` trustees; randomness comes from `seed`."""

    def __init__(
        self,
        contests: Sequence[Mapping[str, Any]] = QUESTIONS,
        *,
        voters: int = 6,
        threshold: int = 2,
        size: int = 3,
        weights: Sequence[int] | None = None,
        seed: str = "election",
        **terms: Any,
    ) -> None:
        self.random = random.Random(seed)  # noqa: S311 - vectors have to come out the same
        self.board = Board()
        self.lines: list[bytes] = []
        self.ceremony = Ceremony(self.random.randbytes(16), threshold, size)
        self.codes = [code_of(self.random.choices(range(32), k=20)) for _ in range(voters)]
        self.codes.sort(key=lambda code: credential_of(UUID, read_code(code)))
        self.secrets = [secret_of(UUID, read_code(code)) for code in self.codes]
        self.credentials = [credential_of(UUID, read_code(code)) for code in self.codes]
        self.seeds = [self.random.randbytes(32) for _ in range(size)]
        self.hold_ceremony()
        weighed = dict(zip(self.credentials, weights, strict=True)) if weights else None
        self.put(roll_line(weighed, self.credentials))
        self.put(manifest_line(self.lines[0], self.lines[1], **self.terms(contests, terms)))
        self.race = self.board.manifest.race

    @staticmethod
    def replayed(lines: Sequence[bytes]) -> tuple[Board, list[bytes], list[bytes]]:
        """Return a board with these lines, the digest of each, and the head after each, proofs left out."""
        board = Board()
        heads = [board.take(line, proofs=False) for line in lines]
        return board, [line_digest(line) for line in lines], heads

    def hold_ceremony(self) -> None:
        self.trustees = [Trustee(self.ceremony, i, seed) for i, seed in enumerate(self.seeds, 1)]
        self.hellos = [trustee.hello() for trustee in self.trustees]
        self.deals = [trustee.deal(self.hellos) for trustee in self.trustees]
        self.confirms = [trustee.confirm(self.hellos, self.deals) for trustee in self.trustees]
        self.put(ceremony_line(self.ceremony, self.hellos, self.deals, self.confirms))

    def terms(self, contests: Sequence[Mapping[str, Any]], changed: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "uuid": UUID,
            "title": "换届选举",
            "contests": contests,
            "key": self.board.trustees.key,
            "revote": True,
            "least": 1,
            "opens": "2026-05-01T00:00:00Z",
            "closes": "2026-05-02T00:00:00Z",
            "receipt_key": receipt_key(RECEIPT_SECRET),
            **changed,
        }

    def put(self, line: bytes) -> bytes:
        head = self.board.take(line)
        self.lines.append(line)
        return head

    def sealed(self, voter: int, picks: Sequence[Pick], sequence: int = 0) -> bytes:
        return seal(self.race, picks, self.secrets[voter], sequence, self.random.randbytes(32))

    def cast(self, voter: int, picks: Sequence[Pick], sequence: int = 0) -> bytes:
        return self.put(ballot_line(self.sealed(voter, picks, sequence)))

    def void(self, voter: int, why: Why = Why.PAPER) -> None:
        self.put(void_line(self.credentials[voter], why))

    def close(self) -> None:
        self.put(stop_line())
        self.put(close_line(len(self.board.electorate.ballots)))

    def shuffled(self) -> tuple[list[list[Ciphertext]], list[ShuffleProof]]:
        opening = self.board.opening
        mixed = [
            shuffle(opening.mix_context(number), self.race.key, pool, self.random.randrange)
            for number, pool in enumerate(opening.pools)
        ]
        return [pool for pool, _ in mixed], [proof for _, proof in mixed]

    def mix(self, trustee: Trustee) -> None:
        pools, proofs = self.shuffled()
        vouch = trustee.vouch(self.board.opening.closing, pools)
        self.put(shuffle_line(trustee.i, pools, proofs, vouch))

    def share(self, trustee: Trustee) -> None:
        self.put(share_line(trustee.open(self.board.opening.agenda)))

    def open(self, who: Iterable[int] = (1, 3)) -> None:
        chosen = [self.trustees[i - 1] for i in who]
        for trustee in chosen if self.board.opening.pools else ():
            self.mix(trustee)
        for trustee in chosen:
            self.share(trustee)
        self.put(result_line(self.board.opening.result()))

    def finish(self, who: Iterable[int] = (1, 3)) -> Election:
        self.close()
        self.open(who)
        return self


def played() -> Election:
    """Five of six vote, the first votes again, the second takes paper instead."""
    election = Election()
    for voter in range(5):
        election.cast(voter, PICKS[voter % 3])
    election.cast(0, OTHER, sequence=1)
    election.void(1)
    return election.finish()


def contest_of(kind: Kind, size: int) -> dict[str, Any]:
    """Return a question of each kind with `size` options."""
    options = [f"option {number}" for number in range(size)]
    extra: dict[Kind, dict[str, Any]] = {
        Kind.CHOOSE: {"max": max(1, size // 2)},
        Kind.REVIEW: {"max": max(1, size // 2), "writeins": 1},
        Kind.RATE: {"levels": ["good", "fair", "bad"]},
        Kind.TABLE: {},
        Kind.RANK: {},
    }
    return {"kind": kind, "options": options, **extra[kind]}


@cache
def whole_election() -> Election:
    """Return an election with everything that can happen; to be read only."""
    election = Election(voters=9, seed="whole")
    election.put(note_line("选举委员会:投票开始"))
    for voter in range(5):
        election.cast(voter, PICKS[voter % 3])
    election.cast(0, OTHER, sequence=1)
    election.void(1)
    election.void(5, Why.REISSUED)
    code = code_of([7] * 20)
    election.put(enroll_line(credential_of(UUID, read_code(code)), election.credentials[5]))
    election.codes.append(code)
    election.secrets.append(secret_of(UUID, read_code(code)))
    election.credentials.append(credential_of(UUID, read_code(code)))
    election.cast(9, FULL)
    election.void(6, Why.STRUCK_OFF)
    close_with_paper(election)
    return election


def close_with_paper(election: Election) -> None:
    """Stop, enter an offline station's void, close and open, and publish the paper count."""
    election.put(stop_line())
    election.put(void_line(election.credentials[7], Why.PAPER))
    election.put(close_line(len(election.board.electorate.ballots)))
    election.open()
    one_paper = [pick if isinstance(pick, int) else 0 for pick in FULL[:18]]
    election.put(
        paper_line(
            issued=2,
            found=2,
            invalid=1,
            counts=one_paper,
            texts=[{"王小明": 1}, {"201": 1}],
            signed_by=["张三", "李四"],
        )
    )
    election.put(note_line("写票“王小明”与候选人王小明为同一人"))


def weighted_election() -> Election:
    """Return a yes/no election by weights, with the 100 ballots that weights need."""
    contest = {"kind": "choose", "options": ["yes", "no"], "max": 1}
    weights = [1 + number % 7 for number in range(101)]
    election = Election(
        [contest], voters=101, threshold=1, size=1, weights=weights, least=100, seed="weighted"
    )
    for voter in range(100):
        election.cast(voter, [voter % 2, 0])
    return election.finish(who=(1,))
