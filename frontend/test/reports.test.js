import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { NotOpened, box, fingerprint, newCode, openBox, openSealed, publicOf, readCode, readerSecret, seal } from "../src/reports/boxes.js";
import { NotAReport, openReport, readAnswer, sealReport, writeAnswer } from "../src/reports/contents.js";
import { keyFile, secretIn } from "../src/reports/keys.js";
import { fromHex, fromUtf8, toHex, utf8 } from "../src/sealed/bytes.js";

const vectors = JSON.parse(readFileSync(new URL("../../tests/vectors/reports.json", import.meta.url), "utf8"));
const secret = fromHex(vectors.secret);
const other = fromHex(vectors.other);
const key = publicOf(secret);
const told = { kind: "bribery", text: "有人送油", where: "昨晚", contact: "", photos: [Uint8Array.of(255, 216, 1)] };

function changed(bytes, at) {
  const copy = Uint8Array.from(bytes);
  copy[(at + bytes.length) % bytes.length] ^= 1;
  return copy;
}

test("a key and its fingerprint are those of the server", () => {
  assert.equal(toHex(key), vectors.public);
  assert.equal(fingerprint(key), vectors.fingerprint);
});

test("boxes of the server and of a browser are opened", () => {
  for (const { text, sealed, boxed } of [vectors.server, vectors.browser]) {
    assert.equal(fromUtf8(openSealed(fromHex(sealed), secret)), text);
    assert.equal(fromUtf8(openBox(fromHex(boxed), key, other)), text);
  }
});

test("a reading code gives the same key as on the server", async () => {
  const { code, salt, secret: expected } = vectors.reader;
  assert.equal(toHex(await readerSecret(readCode(code.toLowerCase()), fromHex(salt), key)), expected);
});

test("a report and its answer come out as they went in", async () => {
  const made = await sealReport(told, key);
  const { reply, ...report } = openReport(made.sealed, secret);
  assert.deepEqual(report, { v: 1, ...told });
  assert.deepEqual(reply, made.reply);
  const answer = writeAnswer("已受理", reply, secret);
  assert.equal(await readAnswer(answer, made.code, made.salt, key), "已受理");
  await assert.rejects(readAnswer(answer, newCode(), made.salt, key), NotOpened);
  await assert.rejects(readAnswer(writeAnswer("来居委会", reply, other), made.code, made.salt, key), NotOpened);
});

test("a box for another key, or changed anywhere, does not open", async () => {
  const { sealed } = await sealReport(told, key);
  assert.throws(() => openReport(sealed, other), NotOpened);
  for (const at of [0, 31, 32, 47, 48, -1]) assert.throws(() => openReport(changed(sealed, at), secret), NotOpened);
  for (const length of [0, 31, 47]) assert.throws(() => openSealed(new Uint8Array(length), secret), NotOpened);
});

test("nothing is sealed for a key that anybody can open", () => {
  for (const weak of [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31))]) {
    assert.throws(() => seal(utf8("x"), weak));
    assert.throws(() => box(utf8("x"), weak, secret));
  }
});

test("what opens and is no report is refused", () => {
  for (const bytes of [[], [0, 0, 0, 5, 97], [0, 0, 0, 1, 97, 1], [0, 0, 0, 2, 91, 93]]) {
    assert.throws(() => openReport(seal(Uint8Array.from(bytes), key), secret), NotAReport);
  }
});

test("a key file is read back for its own public key alone", () => {
  assert.deepEqual(secretIn(keyFile(secret), key), secret);
  for (const [text, wanted] of [[keyFile(other), key], ["", key], ["{}", key], ['{"secret":"11"}', key]]) {
    assert.equal(secretIn(text, wanted), null);
  }
});
