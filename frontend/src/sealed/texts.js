/**
 * Texts as group elements, and rankings as texts.
 *
 * A text of up to 29 bytes becomes the first valid encoding of counter, length, the bytes padded with zeros, and a zero
 * byte; about one try in four is valid. The counter is even, because a canonical encoding is, and starts at 2, so
 * that the identity never stands for a text.
 */
import { fromUtf8, same, utf8 } from "./bytes.js";
import { bytesOf, decode, isIdentity } from "./group.js";

export const LONGEST_TEXT = 29;
export const SPOILED = "\ufffd"; // what an opened slot reads as when it holds no text
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A text too long to be sealed. */
export class NotAText extends Error {}

/** Return the point that stands for a text; throw NotAText when it has more than 29 bytes of UTF-8. */
export function pointOfText(text) {
  const bytes = typeof text === "string" ? utf8(text) : text;
  if (bytes.length > LONGEST_TEXT) throw new NotAText(`more than ${LONGEST_TEXT} bytes`);
  const encoding = new Uint8Array(32);
  encoding.set([0, bytes.length, ...bytes]);
  for (let counter = 2; counter < 256; counter += 2) {
    encoding[0] = counter;
    const point = decode(encoding);
    if (point) return point;
  }
  throw new NotAText("no encoding"); // one text in 10^15
}

/** Return what an opened text slot says: empty for nothing, SPOILED for what is no text. */
export function readText(point) {
  if (isIdentity(point)) return "";
  const encoding = bytesOf(point);
  const text = encoding.subarray(2, 2 + encoding[1]);
  if (encoding[1] > LONGEST_TEXT || !same(bytesOf(pointOfText(text)), encoding)) return SPOILED;
  try {
    return fromUtf8(text);
  } catch {
    return SPOILED;
  }
}

/** Return a ranking as a text: option numbers from 0, best first, one base-36 digit each. */
export const writeRanking = (order) => order.map((option) => DIGITS[option]).join("");

/**
 * Return option numbers, best first, cut at `depth`; null when the text is not a ranking of these options.
 *
 * An empty text is the empty ranking: a blank ballot, not a spoiled one.
 */
export function readRanking(text, options, depth) {
  const order = [...text].map((digit) => DIGITS.indexOf(digit));
  const isRanking = order.every((option) => option >= 0 && option < options) && new Set(order).size === order.length;
  return isRanking ? order.slice(0, depth) : null;
}
