/** The script of a ballot reads and refuses what the server reads and refuses: the same cases. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { AnswerFault, isBlank, placesTaken, readAnswer } from "../src/casting/answers.js";

const cases = JSON.parse(readFileSync(new URL("../../tests/vectors/answers.json", import.meta.url), "utf8"));

for (const { what, question, form, answer, fault, field, names_need_against: namesNeedAgainst } of cases) {
  test(`an answer: ${what}`, () => {
    const read = () => readAnswer(question, (name) => form[name] ?? [], 1, { namesNeedAgainst });
    if (!fault) {
      assert.deepEqual(read(), answer);
      assert.equal(isBlank(read()), Object.keys(answer).length === 0);
      return;
    }
    assert.throws(read, (thrown) => {
      assert.ok(thrown instanceof AnswerFault);
      assert.deepEqual([thrown.fault, thrown.field], [fault, field]);
      return true;
    });
  });
}

test("names written in take places as votes in favour do", () => {
  const question = { kind: "selection", marking: "each", options: ["甲", "乙"], most: 3, write_ins: 2 };
  const form = { "q2-0": ["for"], "q2-1": ["against"], "q2-name-1": ["丙"] };
  assert.equal(placesTaken(question, (name) => form[name] ?? [], 2), 2);
});
