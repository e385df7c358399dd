import assert from "node:assert/strict";
import { test } from "node:test";

import { ristretto255_hasher } from "@noble/curves/ed25519.js";

import { fromHex, toHex, utf8 } from "../src/sealed/bytes.js";
import { Check } from "../src/sealed/checks.js";
import {
  IDENTITY,
  ORDER,
  add,
  bytesOf,
  decode,
  encode,
  generator,
  isIdentity,
  parseScalar,
  subtract,
  times,
  timesBase,
  timesPublic,
} from "../src/sealed/group.js";
import { h32, h64, hashToScalar } from "../src/sealed/hashing.js";
import { checkOf, scalar, vectors } from "./support/vectors.js";

const group = vectors("group");
const hex = (point) => toHex(bytesOf(point));

test("points and scalars are computed as the server computes them", () => {
  for (const row of group.operations) {
    const [s, t] = [scalar(row.s), scalar(row.t)];
    const [left, right] = [timesBase(s), ristretto255_hasher.deriveToCurve(fromHex(row.hash))];
    assert.equal(hex(left), row["s*G"]);
    assert.equal(hex(right), row.from_hash);
    assert.equal(hex(times(t, right)), row["t*from_hash"]);
    assert.equal(hex(timesPublic(t, right)), row["t*from_hash"]);
    assert.equal(hex(add(left, right)), row.sum);
    assert.equal(hex(subtract(left, right)), row.difference);
    assert.equal(toHex(encode(s * t)), row["s*t"]);
    assert.equal(toHex(encode(s - t)), row["s-t"]);
  }
});

test("a group element has one spelling, and the identity none", () => {
  assert.ok(group.encodings.some(({ is_point }) => !is_point));
  for (const { bytes, is_point } of group.encodings) assert.equal(decode(fromHex(bytes)) !== null, is_point, bytes);
});

test("a scalar has one spelling", async () => {
  for (const { bytes, is_scalar } of group.scalars) {
    assert.equal(await checkOf(() => parseScalar(fromHex(bytes))), is_scalar ? null : Check.SCALAR);
  }
});

test("what comes to nothing is the identity and not an error", () => {
  const nothing = [times(0n, timesBase(5n)), times(5n, IDENTITY), timesBase(ORDER), timesPublic(0n, IDENTITY)];
  assert.ok(nothing.every(isIdentity));
});

test("hashes name what they are for", () => {
  for (const { tag, parts, h64: whole, h32: half, scalar: number } of group.hashes) {
    const bytes = parts.map(fromHex);
    assert.equal(toHex(h64(tag, ...bytes)), whole);
    assert.equal(toHex(h32(tag, ...bytes)), half);
    assert.equal(toHex(encode(hashToScalar(tag, ...bytes))), number);
  }
  assert.notDeepEqual(h32("tracker", utf8("ab")), h32("tracker", utf8("a"), utf8("b")));
});

test("generators nobody knows a logarithm of are the same on both sides", () => {
  for (const { purpose, index, point } of group.generators) assert.equal(hex(generator(purpose, index)), point);
});
