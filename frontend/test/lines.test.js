import assert from "node:assert/strict";
import { test } from "node:test";

import { fromBase64, fromUtf8, toBase64, utf8 } from "../src/sealed/bytes.js";
import { Check } from "../src/sealed/checks.js";
import { parseContest } from "../src/sealed/contests.js";
import { data, exactly, text, whole } from "../src/sealed/fields.js";
import { readLine, writeLine } from "../src/sealed/lines.js";
import { parseManifest } from "../src/sealed/manifest.js";
import { checkOf, linesOf } from "./support/vectors.js";

const refusalOf = (line) => checkOf(() => readLine(typeof line === "string" ? utf8(line) : line));

test("bytes have one spelling", async () => {
  for (let length = 0; length < 40; length += 1) {
    const bytes = crypto.getRandomValues(new Uint8Array(length));
    assert.equal(toBase64(bytes), Buffer.from(bytes).toString("base64url"));
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  }
  for (const spelling of ["A", "AAAAA", "AB", "AAB", "AA==", "AA+A", "AA/A", "AA A", "AA\n", "ＡＡ"]) {
    assert.equal(await checkOf(() => data(spelling)), Check.LINE_FIELDS, JSON.stringify(spelling));
  }
});

test("a line has one spelling", async () => {
  const mixed = '{"a":1,"b":[true,false,null,-7],"c":{"d":"\\n\\u0001\\"\\\\甲\u007f"}}';
  const lines = [mixed, '{"\uffff":1,"\u{10000}":2}', "{}"];
  for (const line of lines) {
    assert.equal(await refusalOf(line), null, line);
    assert.equal(fromUtf8(writeLine(readLine(utf8(line)))), line);
  }
  const others = [
    ...["", "[]", '""', "1", "null", "{} ", " {}", '{"a":1,"a":1}', '{"b":1,"a":1}', '{"\u{10000}":2,"\uffff":1}'],
    ...['{"a":1.0}', '{"a":1e2}', '{"a":-0}', '{"a":01}', '{"a":9007199254740992}', '{"a":1e400}', '{"a":NaN}'],
    ...['{"a":"\\u7532"}', '{"a":"\\/"}', '{"a":"\\u000A"}', '{"a":"\n"}'],
    ...['{"a":"\\ud800"}', '{"\\ud800":1}', "\ufeff{}"],
  ];
  for (const line of others) assert.equal(await refusalOf(line), Check.LINE_CANONICAL, line);
  assert.equal(await refusalOf(new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])), Check.LINE_CANONICAL);
});

test("a line is no deeper than any reader reads", async () => {
  const nested = (depth) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  assert.equal(await refusalOf(nested(64)), null);
  assert.equal(await refusalOf(nested(65)), Check.LINE_CANONICAL);
  assert.equal(await refusalOf(nested(100_000)), Check.LINE_CANONICAL);
});

test("names such as __proto__ are names", () => {
  const line = '{"__proto__":{"type":"note"},"constructor":1}';
  assert.equal(fromUtf8(writeLine(readLine(utf8(line)))), line);
  assert.equal(readLine(utf8('{"a":1}')).type, undefined);
});

test("a record has exactly its fields", async () => {
  assert.deepEqual(exactly({ a: 1, b: 2 }, ["a"], ["b", "c"]), { a: 1, b: 2 });
  for (const record of [{ b: 2 }, { a: 1, d: 2 }, [], "a", null]) {
    assert.equal(await checkOf(() => exactly(record, ["a"], ["b"])), Check.LINE_FIELDS);
  }
});

test("texts are counted in characters, and numbers are whole", async () => {
  assert.equal(text("\u{20000}".repeat(500)).length, 1000);
  for (const wrong of ["", "x".repeat(501), "e\u0301", 5, null]) {
    assert.equal(await checkOf(() => text(wrong)), Check.LINE_FIELDS);
  }
  for (const wrong of [-1, 11, 1.5, true, "1", null]) {
    assert.equal(await checkOf(() => whole(wrong, 0, 10)), Check.LINE_FIELDS);
  }
});

test("a question has limits that a ballot can be made for", async () => {
  const review = (max) => ({ kind: "review", max, options: ["甲"] });
  assert.equal(await checkOf(() => parseContest(review(1000))), null);
  assert.equal(await checkOf(() => parseContest(review(1001))), Check.MANIFEST_TERMS);
  assert.equal(await checkOf(() => parseContest({ ...review(1), writeins: null })), Check.LINE_FIELDS);
});

test("an election opens and closes at instants that there are", async () => {
  const manifest = readLine(linesOf("whole")[2]);
  const refusedWith = (terms) => checkOf(() => parseManifest(writeLine({ ...manifest, ...terms })));
  assert.equal(await refusedWith({ closes: "2028-02-29T23:59:59Z" }), null);
  const closing = ["2027-02-29T00:00:00Z", "2027-05-01T24:00:00Z", "2027-05-01T00:00:60Z", "+012027-05-01T00:00:00Z"];
  for (const closes of [...closing, "2027-05-01T00:00:00.000Z", "2027-05-01T00:00:00+08:00", "2027-05-01"]) {
    assert.equal(await refusedWith({ closes }), Check.MANIFEST_TERMS, closes);
  }
  for (const opens of ["0000-05-01T00:00:00Z", "+012027-05-01T00:00:00Z"]) {
    assert.equal(await refusedWith({ opens }), Check.MANIFEST_TERMS, opens);
  }
  assert.equal(await refusedWith({ closes: null }), Check.LINE_FIELDS);
});
