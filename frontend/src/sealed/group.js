/**
 * The group ristretto255 (RFC 9496): points are noble's objects, scalars are bigints modulo ORDER.
 *
 * The identity is legal as a computed value and never as a published one: `parsePoint` refuses it. noble refuses the
 * scalar 0 in a multiplication, so the functions here answer before they call.
 */
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";

import { be32, randomBytes, utf8 } from "./bytes.js";
import { Check, Refused, demand } from "./checks.js";
import { h64, numberOf } from "./hashing.js";

const { Point } = ristretto255;

export const ORDER = Point.Fn.ORDER;
export const IDENTITY = Point.ZERO;
export const GENERATOR = Point.BASE;

// Encoding costs a root in the field; most points are hashed more than once, or came as bytes.
const encodings = new WeakMap();

/** Return the scalar in 0..ORDER-1. */
export function modulo(scalar) {
  const rest = scalar % ORDER;
  return rest < 0n ? rest + ORDER : rest;
}

/** Return 32 bytes, little-endian, of a bigint or whole number modulo ORDER. */
export function encode(scalar) {
  const bytes = new Uint8Array(32);
  const digits = modulo(BigInt(scalar)).toString(16).padStart(64, "0");
  for (let at = 0; at < 32; at += 1) bytes[31 - at] = parseInt(digits.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

/** Return the scalar; throw Refused when it has another length or is not below ORDER. */
export function parseScalar(bytes) {
  const scalar = bytes.length === 32 ? numberOf(bytes) : ORDER;
  demand(scalar < ORDER, Check.SCALAR);
  return scalar;
}

/** Return the 32 bytes of a point. */
export function bytesOf(point) {
  let bytes = encodings.get(point);
  if (!bytes) {
    bytes = point.toBytes();
    encodings.set(point, bytes);
  }
  return bytes;
}

/** Return the point of a canonical encoding other than the identity's, else null. */
export function decode(bytes) {
  try {
    const point = Point.fromBytes(bytes);
    if (point.is0()) return null;
    encodings.set(point, Uint8Array.from(bytes));
    return point;
  } catch {
    return null;
  }
}

/** Return the point; throw Refused unless it is canonical and not the identity. */
export function parsePoint(bytes) {
  const point = decode(bytes);
  if (!point) throw new Refused(Check.POINT);
  return point;
}

export const isIdentity = (point) => point.is0();
export const samePoint = (left, right) => left.equals(right);
export const add = (left, right) => left.add(right);
export const subtract = (left, right) => left.subtract(right);

/** Return scalar·point in a time that does not depend on the scalar. */
export function times(scalar, point) {
  const reduced = modulo(scalar);
  return reduced === 0n || isIdentity(point) ? IDENTITY : point.multiply(reduced);
}

/** Return scalar·G in a time that does not depend on the scalar. */
export const timesBase = (scalar) => times(scalar, GENERATOR);

/** Return scalar·point, faster: only for what everybody may know. */
export const timesPublic = (scalar, point) => point.multiplyUnsafe(modulo(scalar));

/** Return the sum, the identity for none. */
export const total = (points) => points.reduce(add, IDENTITY);

/** Make the multiples of a point that is used for long, such as an election's key, several times faster. */
export const prepare = (point) => point.precompute(8);

/** Return an element whose logarithm nobody knows, the same for everybody. */
export function generator(purpose, index) {
  return ristretto255_hasher.deriveToCurve(h64("generator", utf8(purpose), be32(index)));
}

/** Return a fresh random number from 0 to limit-1; of 512 bits, so that no remainder is likelier than another. */
export const randomBelow = (limit) => numberOf(randomBytes(64)) % limit;
