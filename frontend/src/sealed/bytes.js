/** Bytes and their spellings. */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

const encoder = new TextEncoder();
// A byte order mark stays in the text, where the JSON parser refuses it.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Return the UTF-8 of a text. */
export const utf8 = (text) => encoder.encode(text);

/** Return the text of UTF-8; throw TypeError when the bytes are none. */
export const fromUtf8 = (bytes) => decoder.decode(bytes);

export function concat(...parts) {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Return a negative number, 0 or a positive one, as `left` comes before, at or after `right`. */
export function compare(left, right) {
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at += 1) if (left[at] !== right[at]) return left[at] - right[at];
  return left.length - right.length;
}

export const same = (left, right) => compare(left, right) === 0;

/** Return 4 bytes, big-endian. */
export const be32 = (number) => new Uint8Array([number >>> 24, number >>> 16, number >>> 8, number]);

export const toHex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Return the bytes of hexadecimal digits, or null when the text is not that. */
export function fromHex(text) {
  if (!/^([0-9a-f]{2})*$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Return base64url without padding (RFC 4648 section 5). */
export function toBase64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = Math.min(4, bytes.length - at + 1);
    for (let digit = 0; digit < digits; digit += 1) text += DIGITS[(three >>> (18 - 6 * digit)) & 63];
  }
  return text;
}

/** Return the bytes of base64url, or null unless the text is their one spelling. */
export function fromBase64(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let bits = 0;
  for (let at = 0; at < text.length; at += 1) {
    const value = VALUES.get(text[at]);
    if (value === undefined) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    const kept = (at * 6) % 8; // bits of the byte that is being filled, before this digit
    if (kept >= 2) bytes[Math.floor((at * 6) / 8)] = bits >>> ((kept + 6) % 8);
  }
  const loose = (text.length * 6) % 8;
  return loose !== 6 && (bits & ((1 << loose) - 1)) === 0 ? bytes : null;
}

/** Return fresh random bytes. */
export const randomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));
