import assert from "node:assert/strict";
import { test } from "node:test";

import { Mistyped } from "../src/sealed/base32.js";
import { fromHex, toHex } from "../src/sealed/bytes.js";
import { codeOf, credentialOf, newCode, readCode, secretOf } from "../src/sealed/cards.js";
import { bytesOf, encode, timesBase } from "../src/sealed/group.js";
import { readQrText, readSeed, slipCode, slipQrText } from "../src/sealed/slips.js";
import { NotAText, SPOILED, pointOfText, readRanking, readText, writeRanking } from "../src/sealed/texts.js";
import { shownTracker } from "../src/sealed/trackers.js";
import { vectors } from "./support/vectors.js";

const codes = vectors("codes");

test("a card's code, as printed and as typed, gives the credential of the roll", () => {
  for (const { digits, code, typed, uuid, secret, credential } of codes.cards) {
    assert.equal(codeOf(digits), code);
    const read = readCode(typed);
    assert.equal(read, code.replaceAll("-", ""));
    assert.equal(toHex(encode(secretOf(uuid, read))), secret);
    assert.equal(toHex(bytesOf(credentialOf(uuid, read))), credential);
  }
  for (const typed of codes.mistyped_cards) assert.throws(() => readCode(typed), Mistyped, typed);
});

test("a wrong character and two that changed places are found in any code", () => {
  const code = readCode(newCode());
  for (let at = 0; at < code.length; at += 1) {
    const other = code[at] === "0" ? "1" : "0";
    assert.throws(() => readCode(code.slice(0, at) + other + code.slice(at + 1)), Mistyped);
    if (!at || code[at] === code[at - 1]) continue;
    assert.throws(() => readCode(code.slice(0, at - 1) + code[at] + code[at - 1] + code.slice(at + 1)), Mistyped);
  }
});

test("a slip is printed, typed and scanned as on the server", () => {
  for (const { trustee, seed, code, qr } of codes.slips) {
    assert.equal(slipCode(fromHex(seed)), code);
    assert.equal(slipQrText(trustee, fromHex(seed)), qr);
    assert.equal(toHex(readSeed(code.toLowerCase())), seed);
    assert.deepEqual(readQrText(qr), { trustee, seed: fromHex(seed) });
  }
  for (const typed of codes.mistyped_slips) assert.throws(() => readSeed(typed), Mistyped);
  assert.throws(() => readQrText("SEALED-V1:CARD:1:0"), Mistyped);
});

test("a tracker is shown in five groups of four", () => {
  for (const { tracker, shown } of codes.trackers) assert.equal(shownTracker(fromHex(tracker)), shown);
});

test("texts are the group elements that the server makes of them", () => {
  for (const { text, point } of vectors("texts")) {
    assert.equal(toHex(bytesOf(pointOfText(text))), point);
    assert.equal(readText(pointOfText(text)), text);
  }
  const marked = "\ufeff甲"; // a byte order mark is a character like others
  assert.equal(readText(pointOfText(marked)), marked);
  assert.equal(readText(timesBase(0n)), "");
  assert.equal(readText(timesBase(5n)), SPOILED);
  assert.equal(readText(pointOfText(new Uint8Array([255]))), SPOILED);
  assert.throws(() => pointOfText("社".repeat(10)), NotAText);
});

test("a ranking is read back, cut at its depth, and anything else is spoiled", () => {
  assert.equal(writeRanking([2, 0, 10]), "20a");
  assert.deepEqual(readRanking("20a", 11, 2), [2, 0]);
  assert.deepEqual(readRanking("", 3, 3), []);
  for (const text of ["00", "3", "A", "一"]) assert.equal(readRanking(text, 3, 3), null);
});
