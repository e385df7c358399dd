/**
 * Boxes that one key opens, as civicforum/reports/boxes.py makes them with libsodium: the sealed box, and the box with
 * a sender (X25519, XSalsa20, Poly1305). Keys are 32 bytes.
 */
import { hsalsa, xsalsa20poly1305 } from "@noble/ciphers/salsa.js";
import { x25519 } from "@noble/curves/ed25519.js";
import { argon2idAsync } from "@noble/hashes/argon2.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { sha256 } from "@noble/hashes/sha2.js";

import { canonical, grouped, readDigits, spell } from "../sealed/base32.js";
import { concat, randomBytes, same, utf8 } from "../sealed/bytes.js";

const KEY_BYTES = 32;
const NONCE_BYTES = 24;
const CODE_CHARACTERS = 16;
const CODE_BYTES = 10;
const SALT_BYTES = 16;
const FINGERPRINT_CHARACTERS = 24;
const SIGMA = words(utf8("expand 32-byte k"));

/** The box is for another key, was changed, or is none at all. */
export class NotOpened extends Error {}

export const newSecret = () => randomBytes(KEY_BYTES);
export const newSalt = () => randomBytes(SALT_BYTES);
export const publicOf = (secret) => x25519.getPublicKey(secret);

/** Return 120 bits of the key's digest for people to compare: six groups of four. */
export function fingerprint(publicKey) {
  const digest = sha256(concat(utf8("civicforum report key v1"), publicKey));
  return grouped(spell(digest, FINGERPRINT_CHARACTERS), 4);
}

/** Return the message in a box that the owner of `publicKey` alone opens; it names no sender. */
export function seal(message, publicKey) {
  const once = newSecret();
  const oncePublic = publicOf(once);
  const nonce = sealNonce(oncePublic, publicKey);
  return concat(oncePublic, xsalsa20poly1305(shared(once, publicKey), nonce).encrypt(message));
}

/** Return what is in a sealed box; throw NotOpened. */
export function openSealed(sealed, secret) {
  const oncePublic = sealed.subarray(0, KEY_BYTES);
  return opening(() => {
    const nonce = sealNonce(oncePublic, publicOf(secret));
    return xsalsa20poly1305(shared(secret, oncePublic), nonce).decrypt(sealed.subarray(KEY_BYTES));
  });
}

/** Return nonce and box, which the owner of `to` opens and knows to come from the owner of `secret`. */
export function box(message, to, secret) {
  const nonce = randomBytes(NONCE_BYTES);
  return concat(nonce, xsalsa20poly1305(shared(secret, to), nonce).encrypt(message));
}

/** Return what the owner of `sender` boxed for the owner of `secret`; throw NotOpened. */
export function openBox(boxed, sender, secret) {
  return opening(() => {
    const nonce = boxed.subarray(0, NONCE_BYTES);
    return xsalsa20poly1305(shared(secret, sender), nonce).decrypt(boxed.subarray(NONCE_BYTES));
  });
}

/** Return a reading code of 80 random bits, without its grouping. */
export const newCode = () => spell(randomBytes(CODE_BYTES), CODE_CHARACTERS);

/** Return a typed reading code as it was printed; throw Mistyped. */
export function readCode(typed) {
  readDigits(typed, CODE_CHARACTERS);
  return canonical(typed);
}

/** Return the private key that follows from a reading code, for answers of one authority. */
export function readerSecret(code, salt, authority) {
  const mixed = sha256(concat(utf8("civicforum report reader v1"), authority, salt)).subarray(0, SALT_BYTES);
  return argon2idAsync(utf8(code), mixed, { t: 2, m: 19 * 1024, p: 1, dkLen: KEY_BYTES });
}

export const isKeyOf = (secret, publicKey) => secret?.length === KEY_BYTES && same(publicOf(secret), publicKey);

function opening(work) {
  try {
    return work();
  } catch {
    throw new NotOpened();
  }
}

function sealNonce(oncePublic, publicKey) {
  return blake2b(concat(oncePublic, publicKey), { dkLen: NONCE_BYTES });
}

/** Return the key of both, as crypto_box_beforenm makes it; throws for a public key of small order. */
function shared(secret, publicKey) {
  const out = new Uint32Array(8);
  hsalsa(SIGMA, words(x25519.getSharedSecret(secret, publicKey)), new Uint32Array(4), out);
  return bytesOf(out);
}

/** Return little-endian words, whatever the machine's own order. */
function words(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(4 * at, true));
}

function bytesOf(numbers) {
  const bytes = new Uint8Array(4 * numbers.length);
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, at) => view.setUint32(4 * at, number, true));
  return bytes;
}
