import assert from "node:assert/strict";
import { test } from "node:test";

import { readAudit, writeAudit } from "../src/sealed/audits.js";
import { parseBallot } from "../src/sealed/ballots.js";
import { Board } from "../src/sealed/board.js";
import { fromHex, fromUtf8, same, toHex, utf8 } from "../src/sealed/bytes.js";
import { readCode, secretOf } from "../src/sealed/cards.js";
import { parseRounds } from "../src/sealed/ceremony.js";
import { Check } from "../src/sealed/checks.js";
import { readLine, writeLine } from "../src/sealed/lines.js";
import { isOnChain, readReceipt } from "../src/sealed/receipts.js";
import { seal } from "../src/sealed/sealing.js";
import { OnceOnly, Trustee } from "../src/sealed/trustees.js";
import { ballotLine, resultLine, shareLine, shuffleLine } from "../src/sealed/writing.js";
import { checkOf, linesOf, vectors } from "./support/vectors.js";

const vector = vectors("board");
const lines = linesOf("whole");

/** Return a board with these lines; what the proofs of ballots are worth is tested elsewhere, and takes time. */
async function boardOf(taken) {
  const board = new Board({ readBallot: parseBallot });
  for (const line of taken) await board.take(line);
  return board;
}

test("a board with weights is replayed", async () => {
  (await boardOf(linesOf("weighted"))).checkComplete();
});

/** Return a board of the same ceremony and roll, under a manifest with other terms. */
function boardUnder([ceremony, roll, manifest], terms) {
  return boardOf([ceremony, roll, writeLine({ ...readLine(manifest), ...terms })]);
}

test("a board with too few ballots is not closed", async () => {
  const board = await boardUnder(lines, { least: 5 });
  await board.take(writeLine({ type: "stop" }));
  assert.equal(await checkOf(() => board.take(writeLine({ type: "close", counted: 0 }))), Check.CLOSE_LEAST);
});

test("where voting again is not provided for, the first ballot stands", async () => {
  const board = await boardUnder(lines, { revote: false });
  const { race, uuid } = board.manifest;
  const secret = secretOf(uuid, readCode(vector.codes[0]));
  const cast = (sequence) => {
    const picks = Array(race.slots).fill(0);
    return board.take(ballotLine(seal(race, picks, secret, sequence, new Uint8Array(32))));
  };
  await cast(0);
  assert.equal(await checkOf(() => cast(1)), Check.BALLOT_SEQUENCE);
});

test("weights go with many ballots and without texts", async () => {
  const weighted = linesOf("weighted");
  assert.equal(await checkOf(() => boardUnder(weighted, { least: 100 })), null);
  assert.equal(await checkOf(() => boardUnder(weighted, { least: 99 })), Check.MANIFEST_TERMS);
  const contests = [{ kind: "rank", options: ["甲", "乙"] }];
  assert.equal(await checkOf(() => boardUnder(weighted, { contests })), Check.MANIFEST_TERMS);
});

test("a board whose papers were not counted is not complete", async () => {
  const uncounted = await boardOf(lines.filter((line) => readLine(line).type !== "paper"));
  assert.equal(await checkOf(() => uncounted.checkComplete()), Check.COMPLETE);
});

test("a receipt is the platform's word, and its head is on the chain of digests", async () => {
  const board = await boardOf(lines.slice(0, 3));
  const receipt = await readReceipt(utf8(vector.receipt), board.manifest.receiptKey);
  const digests = vector.digests.map(fromHex);
  assert.ok(isOnChain(receipt, digests));
  assert.ok(!isOnChain(receipt, digests.slice(0, receipt.line - 1)));
  assert.ok(!isOnChain({ ...receipt, line: receipt.line + 1 }, digests));
  const beyond = { line: digests.length + 1, head: fromHex(vector.heads[vector.heads.length - 1]) };
  assert.ok(!isOnChain(beyond, digests));
  const forged = vector.receipt.replace(`"line":${receipt.line}`, `"line":${receipt.line + 1}`);
  assert.equal(await checkOf(() => readReceipt(utf8(forged), board.manifest.receiptKey)), Check.RECEIPT);
});

test("an audit shows what was sealed, and other marks are not what was sealed", async () => {
  const { race } = (await boardOf(lines.slice(0, 3))).manifest;
  const audit = readAudit(utf8(vector.audit), race);
  assert.equal(fromUtf8(writeAudit(audit)), vector.audit);
  const picks = [...audit.picks];
  picks[0] = 1 - picks[0];
  assert.equal(await checkOf(() => readAudit(writeAudit({ ...audit, picks }), race)), Check.AUDIT);
  const seed = Uint8Array.from(audit.seed, (byte) => byte ^ 1);
  assert.equal(await checkOf(() => readAudit(writeAudit({ ...audit, seed }), race)), Check.AUDIT);
});

test("two trustees in their browsers shuffle and open a closed board from their slips", async () => {
  const { ceremony, hellos, deals } = parseRounds(readLine(lines[0]));
  const seeds = vectors("ceremony").seeds.map(fromHex);
  const trustees = seeds.map((seed, at) => new Trustee(ceremony, at + 1, seed));
  for (const trustee of trustees) await trustee.confirm(hellos, deals);
  const closed = lines.findIndex((line) => readLine(line).type === "close");
  const board = await boardOf(lines.slice(0, closed + 1));
  assert.equal(toHex(board.opening.closing), vector.closing);
  const [first, , third] = trustees;
  for (const trustee of [third, first]) await board.take(shuffleLine(await board.opening.shuffle(trustee)));
  for (const trustee of [third, first]) await board.take(shareLine(await trustee.open(board.opening.agenda)));
  await assert.rejects(first.open({ digest: new Uint8Array(32), ciphertexts: [] }), OnceOnly);
  const line = resultLine(await board.opening.result());
  await board.take(line);
  assert.ok(same(line, lines.find((other) => readLine(other).type === "result")));
});

test("the agenda and the shares of a board are the bytes that the server makes", async () => {
  const at = lines.findIndex((line) => readLine(line).type === "share");
  const board = await boardOf(lines.slice(0, at));
  const { digest, ciphertexts } = board.opening.agenda;
  assert.equal(toHex(digest), vector.agenda.digest);
  assert.equal(ciphertexts.length, vector.agenda.ciphertexts.length);
  const { ceremony, hellos, deals } = parseRounds(readLine(lines[0]));
  const { i } = readLine(lines[at]);
  const trustee = new Trustee(ceremony, i, fromHex(vectors("ceremony").seeds[i - 1]));
  await trustee.confirm(hellos, deals);
  assert.ok(same(shareLine(await trustee.open(board.opening.agenda)), lines[at]));
});
