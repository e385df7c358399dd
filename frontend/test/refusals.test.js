import assert from "node:assert/strict";
import { test } from "node:test";

import { Board } from "../src/sealed/board.js";
import { toHex, utf8 } from "../src/sealed/bytes.js";
import { lineDigest } from "../src/sealed/lines.js";
import { checkOf, linesOf, vectors } from "./support/vectors.js";

const vector = vectors("board");
const lines = linesOf("whole");

test("a whole board is replayed to the same heads and result, and refuses on the way what must not come", async () => {
  const refusals = vectors("refusals");
  const board = new Board();
  for (let after = 0; after <= lines.length; after += 1) {
    for (const { name, line, check } of refusals.filter((refusal) => refusal.after === after)) {
      assert.equal(await checkOf(() => board.take(utf8(line))), check, name);
    }
    if (after === lines.length) break;
    assert.equal(toHex(lineDigest(lines[after])), vector.digests[after]);
    assert.equal(toHex(await board.take(lines[after])), vector.heads[after]);
  }
  board.checkComplete();
  assert.deepEqual(JSON.parse(JSON.stringify(board.result)), vector.result);
  assert.equal(toHex(board.manifest.race.id), vector.race);
  assert.ok(refusals.every(({ after }) => after <= lines.length));
});
