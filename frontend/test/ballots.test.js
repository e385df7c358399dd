import assert from "node:assert/strict";
import { test } from "node:test";

import { trackerOf, verifyBallot } from "../src/sealed/ballots.js";
import { fromHex, same, toHex, utf8 } from "../src/sealed/bytes.js";
import { Check } from "../src/sealed/checks.js";
import { bytesOf, timesBase } from "../src/sealed/group.js";
import { raceOf } from "../src/sealed/manifest.js";
import { BreaksTheRules, encrypt, seal } from "../src/sealed/sealing.js";
import { checkOf, picksOf, scalar, vectors } from "./support/vectors.js";

const ballots = vectors("ballots");
const sealed = ({ manifest, picks, secret, sequence, seed }, race = raceOf(utf8(manifest))) =>
  seal(race, picksOf(picks), scalar(secret), sequence, fromHex(seed));

test("a race follows from its manifest alone", () => {
  for (const { manifest, race: id, marks, texts, bytes, rules } of ballots) {
    const race = raceOf(utf8(manifest));
    assert.equal(toHex(race.id), id);
    assert.deepEqual([race.marks, race.texts, race.ballotBytes], [marks, texts, bytes]);
    const written = race.rules.map((rule) => rule.map((claims) => claims.map(({ slots, value }) => [slots, value])));
    assert.deepEqual(written, rules);
  }
});

test("ballots of every kind are the bytes that the server makes", () => {
  for (const vector of ballots) assert.equal(toHex(sealed(vector)), vector.ballot);
});

test("ballots of every kind verify, and say who cast them", () => {
  for (const { manifest, secret, sequence, ballot } of ballots) {
    const found = verifyBallot(raceOf(utf8(manifest)), fromHex(ballot));
    assert.equal(found.sequence, sequence);
    assert.ok(same(bytesOf(found.credential), bytesOf(timesBase(scalar(secret)))));
  }
});

test("marks that break a rule cannot be sealed", () => {
  const race = raceOf(utf8(ballots[0].manifest));
  const tooMany = Array(race.slots).fill(0).fill(1, 0, 3);
  const args = [scalar(ballots[0].secret), 0, new Uint8Array(32)];
  assert.throws(() => seal(race, tooMany, ...args), BreaksTheRules);
  assert.throws(() => seal(race, tooMany.slice(1), ...args), BreaksTheRules);
});

test("each seed gives other ciphertexts, and another mark other randomness for every slot", () => {
  const race = raceOf(utf8(ballots[0].manifest));
  const credential = bytesOf(timesBase(5n));
  const blank = Array(race.slots).fill(0);
  const made = (picks, seed) => encrypt(race, picks, credential, 0, new Uint8Array(32).fill(seed)).randomness;
  const all = [made(blank, 1), made(blank, 2), made([1, ...blank.slice(1)], 1)].flat();
  assert.equal(new Set(all).size, all.length);
});

test("a ballot with any byte changed is refused", async () => {
  const vector = ballots.reduce((short, other) => (other.bytes < short.bytes ? other : short));
  const race = raceOf(utf8(vector.manifest));
  const ballot = fromHex(vector.ballot);
  for (let at = 0; at < ballot.length; at += 13) {
    const bent = Uint8Array.from(ballot);
    bent[at] ^= 1 << at % 8;
    const check = await checkOf(() => verifyBallot(race, bent));
    assert.ok([Check.POINT, Check.SCALAR, Check.BALLOT_PROOF].includes(check), `byte ${at}`);
    assert.notDeepEqual(trackerOf(bent), trackerOf(ballot));
  }
});
