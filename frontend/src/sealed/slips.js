/** The slip on which a trustee keeps the seed: 52 characters in groups of four, and a QR code. */
import { Mistyped, grouped, readDigits, spellBits } from "./base32.js";
import { fromHex } from "./bytes.js";
import { h32, numberOf } from "./hashing.js";

const SEED_BYTES = 32;
const SLIP_LENGTH = 52;
const GROUP = 4;
const PREFIX = "SEALED-V1:SLIP";
const CHECK_BITS = 4n; // 52 characters hold 260 bits; the whole check is that the archive's hello comes out

const checkOf = (seed) => BigInt(h32("slip", seed)[0] >> 4);

/** Return the 52 characters to print, in groups. */
export function slipCode(seed) {
  const bits = (numberOf(Uint8Array.from(seed).reverse()) << CHECK_BITS) | checkOf(seed);
  return grouped(spellBits(bits, SLIP_LENGTH), GROUP);
}

/** Return what the QR code of a trustee's slip holds. */
export const slipQrText = (trustee, seed) => `${PREFIX}:${trustee}:${slipCode(seed).replace(/-/g, "")}`;

/** Return the seed of typed characters; throw Mistyped when they cannot be what was printed. */
export function readSeed(typed) {
  const bits = readDigits(typed, SLIP_LENGTH).reduce((all, digit) => (all << 5n) | BigInt(digit), 0n);
  const seed = fromHex((bits >> CHECK_BITS).toString(16).padStart(2 * SEED_BYTES, "0"));
  if ((bits & 15n) !== checkOf(seed)) throw new Mistyped("the last character does not agree");
  return seed;
}

/** Return {trustee, seed} of a scanned QR code; throw Mistyped when it is another code. */
export function readQrText(text) {
  const found = /^SEALED-V1:SLIP:([0-9]+):(.*)$/.exec(text);
  if (!found) throw new Mistyped("not a slip");
  return { trustee: Number(found[1]), seed: readSeed(found[2]) };
}
