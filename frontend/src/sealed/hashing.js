/**
 * Hashing with domain separation: SHA-512 over length-prefixed parts, the first naming what is hashed.
 *
 * Every use has its own tag (docs/sealed-protocol.md section 3), so no digest can be passed off as another.
 */
import { sha512 } from "@noble/hashes/sha2.js";

import { be32, utf8 } from "./bytes.js";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n; // of ristretto255, RFC 9496 section 4.4

/** Return 64 bytes. */
export function h64(tag, ...parts) {
  const digest = sha512.create();
  for (const part of [utf8(`sealed-v1/${tag}`), ...parts]) digest.update(be32(part.length)).update(part);
  return digest.digest();
}

/** Return the first 32 bytes. */
export const h32 = (tag, ...parts) => h64(tag, ...parts).slice(0, 32);

/** Return a scalar; 512 bits reduced modulo a 253-bit order have no bias worth naming. */
export const hashToScalar = (tag, ...parts) => numberOf(h64(tag, ...parts)) % ORDER;

/** Return the number of little-endian bytes. */
export function numberOf(bytes) {
  let digits = "";
  for (const byte of bytes) digits = byte.toString(16).padStart(2, "0") + digits;
  return BigInt(`0x${digits || "0"}`);
}
