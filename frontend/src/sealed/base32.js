/**
 * Bytes for people to read and type: Crockford's base 32, which has no I, L, O and U.
 *
 * What is read back may have small letters, hyphens and spaces, i and l for 1, o for 0.
 */
import { numberOf } from "./hashing.js";

export const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LOOKALIKES = { I: "1", L: "1", O: "0", "-": "", " ": "" };

/** A code that cannot be what was printed; the person should look again. */
export class Mistyped extends Error {}

/** Return the first `length` characters, five bits each, zero bits after the end. */
export function spell(bytes, length) {
  const digits = Math.ceil((8 * bytes.length) / 5);
  const bits = numberOf(Uint8Array.from(bytes).reverse()) << BigInt(5 * digits - 8 * bytes.length);
  return spellBits(bits, digits).slice(0, length);
}

/** Return a number as so many characters. */
export function spellBits(bits, digits) {
  let text = "";
  for (let at = digits - 1; at >= 0; at -= 1) text += ALPHABET[Number((bits >> BigInt(5 * at)) & 31n)];
  return text;
}

/** Return the values, 0 to 31, of a typed code; throw Mistyped when it has other characters or another length. */
export function readDigits(typed, length) {
  const digits = [...canonical(typed)].map((character) => ALPHABET.indexOf(character));
  if (digits.length !== length || digits.includes(-1)) {
    throw new Mistyped(`not ${length} characters of the code's alphabet`);
  }
  return digits;
}

/** Return a typed code as it was printed, without its grouping. */
export const canonical = (typed) => typed.toUpperCase().replace(/[ILO -]/g, (character) => LOOKALIKES[character]);

/** Return the code in groups, for people: ABCD-EFGH. */
export const grouped = (code, size) => code.match(new RegExp(`.{1,${size}}`, "g")).join("-");
