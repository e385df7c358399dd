/** Lines of the board: JSON that can be written in one way only, and the hash chain over them. */
import { fromUtf8, same, toBase64, utf8 } from "./bytes.js";
import { Check, Refused } from "./checks.js";
import { h32 } from "./hashing.js";

export const FIRST_HEAD = new Uint8Array(32);
const DEEPEST = 64;

/** Return the line of a record: sorted keys, no spaces, UTF-8, whole numbers. Bytes become base64url. */
export const writeLine = (record) => utf8(spell(record, 0));

/** Return the record of a line; throw Refused unless the bytes are its one spelling. */
export function readLine(raw) {
  let record;
  try {
    record = JSON.parse(fromUtf8(raw));
  } catch {
    throw new Refused(Check.LINE_CANONICAL);
  }
  if (!isObject(record) || !isSpelling(record, raw)) throw new Refused(Check.LINE_CANONICAL);
  return record;
}

export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

function isSpelling(record, raw) {
  try {
    return same(writeLine(record), raw);
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function spell(value, depth) {
  if (depth > DEEPEST) throw new TypeError("too deep");
  if (value instanceof Uint8Array) return `"${toBase64(value)}"`;
  if (Array.isArray(value)) return `[${value.map((item) => spell(item, depth + 1)).join(",")}]`;
  if (isObject(value)) {
    const fields = Object.keys(value).sort(byCodePoint);
    return `{${fields.map((name) => `${spellText(name)}:${spell(value[name], depth + 1)}`).join(",")}}`;
  }
  if (typeof value === "string") return spellText(value);
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new TypeError("not a whole number");
  return String(value); // a number, true, false or null
}

function spellText(text) {
  // Half of a pair has no UTF-8.
  if (/\p{Surrogate}/u.test(text)) throw new TypeError("not a text");
  return JSON.stringify(text);
}

/** Order texts by their characters; plain sorting would put U+10000 and above before U+E000. */
function byCodePoint(left, right) {
  const [a, b] = [[...left], [...right]];
  const at = a.findIndex((character, index) => character !== b[index]);
  if (at < 0) return a.length - b.length;
  return at < b.length ? a[at].codePointAt(0) - b[at].codePointAt(0) : 1;
}

/** Return the digest that the chain folds, and that may be published before the line itself. */
export const lineDigest = (raw) => h32("line", raw);

/** Return the head after one more line, from that line's digest. */
export const extend = (head, digest) => h32("chain", head, digest);

/** Return the head that the digests of all lines lead to. */
export const headOf = (digests) => digests.reduce(extend, FIRST_HEAD);
