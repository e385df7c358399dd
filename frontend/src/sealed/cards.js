/**
 * Voting cards: a code of 100 random bits that a voter scans or types, and the credential that follows from it.
 *
 * 21 characters in three groups of seven. The last is a check over GF(32), the field of the polynomial
 * x^5 + x^2 + 1, at 2: it finds every single wrong character and every two that changed places.
 */
import { ALPHABET, Mistyped, grouped, readDigits } from "./base32.js";
import { randomBytes, utf8 } from "./bytes.js";
import { timesBase } from "./group.js";
import { hashToScalar } from "./hashing.js";

const CODE_LENGTH = 21;
const GROUP = 7;
const POLYNOMIAL = 0b100101;

/** Return a fresh code as it is printed: 7-7-7. */
export const newCode = () => codeOf(Array.from(randomBytes(CODE_LENGTH - 1), (byte) => byte & 31));

/** Return the printed code of 20 values from 0 to 31. */
export function codeOf(digits) {
  const code = [...digits, doubled(remainder(digits))].map((digit) => ALPHABET[digit]).join("");
  return grouped(code, GROUP);
}

/** Return the 21 characters of a typed code; throw Mistyped when they cannot be what was printed. */
export function readCode(typed) {
  const digits = readDigits(typed, CODE_LENGTH);
  if (remainder(digits)) throw new Mistyped("the check character does not agree");
  return digits.map((digit) => ALPHABET[digit]).join("");
}

/** Return the secret of a credential, from the election and the 21 characters that `readCode` gives. */
export const secretOf = (uuid, code) => hashToScalar("credential", utf8(uuid), utf8(code));

/** Return the public credential of a code: what the roll lists. */
export const credentialOf = (uuid, code) => timesBase(secretOf(uuid, code));

const doubled = (value) => (value << 1) ^ (value & 16 ? POLYNOMIAL : 0);

/** Return the digits as a polynomial over GF(32), evaluated at 2; 0 for a whole code. */
const remainder = (digits) => digits.reduce((value, digit) => doubled(value) ^ digit, 0);
