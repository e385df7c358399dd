import assert from "node:assert/strict";
import { test } from "node:test";

import { picksOf } from "../src/sealed/answers.js";
import { parseContest } from "../src/sealed/contests.js";
import { samePoint } from "../src/sealed/group.js";
import { NotAText, pointOfText } from "../src/sealed/texts.js";

const options = ["甲", "乙", "丙"];
const contests = [
  { kind: "choose", options, max: 2 },
  { kind: "review", options, max: 2, writeins: 2 },
  { kind: "rate", options: ["保洁", "保安"], levels: ["好", "中", "差"] },
  { kind: "table", options: ["甲", "乙"] },
  { kind: "rank", options, depth: 2 },
].map(parseContest);

test("answers of every kind become the picks of a ballot, marks first", () => {
  const answers = [
    { chosen: [0, 2] },
    { chosen: [1], against: [0], names: ["王小明"] },
    { levels: [[1, 2]] },
    { levels: [[0, 1]] },
    { order: [2, 0, 1] },
  ];
  const picks = picksOf(contests, answers);
  const marks = [...[1, 0, 1], ...[0, 1, 0, 1, 0, 0, 1, 0], ...[0, 0, 0, 0, 0, 1], ...[0, 1, 0, 0]];
  assert.deepEqual(picks.slice(0, marks.length), marks);
  const [name, blank, ranking] = picks.slice(marks.length);
  assert.ok(samePoint(name, pointOfText("王小明")) && blank === 0 && samePoint(ranking, pointOfText("20")));
});

test("nothing said is a blank ballot", () => {
  const picks = picksOf(contests, [{}, {}, {}, {}, {}]);
  assert.ok(picks.slice(0, -1).every((pick) => pick === 0));
  assert.ok(samePoint(picks[picks.length - 1], pointOfText("")));
});

test("what has no slot is not dropped silently", () => {
  const blank = [{}, {}, {}, {}, {}];
  const answered = (at, answer) => () => picksOf(contests, blank.with(at, answer));
  assert.throws(answered(0, { chosen: [3] }), RangeError);
  assert.throws(answered(1, { against: [-1] }), RangeError);
  assert.throws(answered(1, { names: ["一", "二", "三"] }), RangeError);
  assert.throws(answered(2, { levels: [[0, 3]] }), RangeError);
  assert.throws(answered(1, { names: ["社".repeat(10)] }), NotAText);
  assert.throws(() => picksOf(contests, blank.slice(1)), RangeError);
});
