import assert from "node:assert/strict";
import { test } from "node:test";

import { linesOf, stateOf, verifyArchive } from "../src/sealed/archive.js";
import { parseBallot } from "../src/sealed/ballots.js";
import { concat, fromHex, toHex, utf8 } from "../src/sealed/bytes.js";
import { Check } from "../src/sealed/checks.js";
import { readLine } from "../src/sealed/lines.js";
import { archive, vectors } from "./support/vectors.js";

const whole = archive("whole");
const head = fromHex(vectors("board").heads.pop());
const lines = linesOf(whole);
const written = (some) => concat(...some.flatMap((line) => [line, utf8("\n")]));
const placesOf = ({ failures }) => failures.map(({ check, line }) => [check, line]);
// What the proofs of ballots are worth is tested elsewhere; here they would only take time.
const quick = (bytes, options = {}) => verifyArchive(bytes, { readBallot: parseBallot, ...options });

test("a sound archive holds in every check, and its progress ends at one", async () => {
  const shares = [];
  const report = await verifyArchive(whole, { head, progress: (share) => shares.push(share) });
  assert.deepEqual(report.failures, []);
  assert.equal(shares.at(-1), 1);
  assert.equal(shares.length, lines.length);
  assert.equal(toHex(report.board.head), toHex(head));
  assert.equal(stateOf(Check.SHARE_PROOF, report), true);
  assert.equal(stateOf(Check.RECEIPT, report), null);
});

test("a flipped byte is found in its line, and the head is another", async () => {
  const ballot = lines.findIndex((line) => readLine(line).type === "ballot");
  const bent = Uint8Array.from(whole);
  const at = lines[ballot].byteOffset + lines[ballot].length - 30;
  bent[at] = bent[at] === 65 ? 66 : 65;
  const report = await verifyArchive(bent, { head });
  assert.deepEqual(placesOf(report)[0], [Check.BALLOT_PROOF, ballot + 1]);
  assert.deepEqual(placesOf(report).at(-1), [Check.HEAD, null]);
  assert.equal(stateOf(Check.BALLOT_PROOF, report), false);
});

test("every line is needed: an archive without one of them does not hold under its head", async () => {
  for (const dropped of lines.keys()) {
    const report = await quick(written(lines.filter((_, at) => at !== dropped)), { head });
    assert.ok(report.failures.length > 0, `without line ${dropped + 1}`);
  }
});

test("all bad lines are named while votes are cast, and what follows a bad opening is not looked at", async () => {
  const stop = lines.findIndex((line) => readLine(line).type === "stop");
  const strange = utf8('{"text":"","type":"note"}');
  const casting = await quick(written([...lines.slice(0, stop), strange, strange, ...lines.slice(stop)]));
  assert.deepEqual(placesOf(casting).slice(0, 2), [
    [Check.LINE_FIELDS, stop + 1],
    [Check.LINE_FIELDS, stop + 2],
  ]);
  const founding = await quick(written([strange, ...lines]));
  assert.deepEqual(placesOf(founding), [
    [Check.LINE_ORDER, 1],
    [Check.COMPLETE, null],
  ]);
  assert.equal(founding.board.lines, lines.length + 1);
});

test("after a close that does not count right, nothing is looked at but the chain", async () => {
  const close = lines.findIndex((line) => readLine(line).type === "close");
  const miscounted = utf8('{"counted":99,"type":"close"}');
  const report = await quick(written([...lines.slice(0, close), miscounted, ...lines.slice(close + 1)]), { head });
  assert.deepEqual(placesOf(report), [
    [Check.CLOSE_COUNTED, close + 1],
    [Check.COMPLETE, null],
    [Check.HEAD, null],
  ]);
  assert.ok(report.isBroken);
  assert.equal(stateOf(Check.RESULT_OPENED, report), null);
});

test("a cut board, another head and an empty file do not hold", async () => {
  assert.deepEqual(placesOf(await quick(written(lines.slice(0, 9)))), [[Check.COMPLETE, null]]);
  assert.deepEqual(placesOf(await quick(whole, { head: new Uint8Array(32) })), [[Check.HEAD, null]]);
  assert.deepEqual(placesOf(await quick(new Uint8Array(0))), [[Check.COMPLETE, null]]);
});

test("a last line may want its end", async () => {
  assert.deepEqual((await quick(whole.subarray(0, -1), { head })).failures, []);
});
