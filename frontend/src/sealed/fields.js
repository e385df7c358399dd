/** Reading a record strictly: exactly the fields it should have, each of its type and range. */
import { fromBase64 } from "./bytes.js";
import { Check, Refused, demand } from "./checks.js";
import { parsePoint } from "./group.js";
import { isObject } from "./lines.js";

const refuse = (detail) => {
  throw new Refused(Check.LINE_FIELDS, detail);
};

/** Return the record; throw Refused when a field is missing or not known. */
export function exactly(record, needed, optional = []) {
  if (!isObject(record)) refuse("not an object");
  const names = Object.keys(record);
  const missing = needed.filter((name) => !names.includes(name));
  const strange = names.filter((name) => !needed.includes(name) && !optional.includes(name));
  if (missing.length) refuse(`missing: ${missing.join(", ")}`);
  if (strange.length) refuse(`not known: ${strange.join(", ")}`);
  return record;
}

/** Return a field that may be left out; null is not left out. */
export const given = (record, name, otherwise) => (name in record ? record[name] : otherwise);

/** Return an object of any fields. */
export const object = (value) => (isObject(value) ? value : refuse("not an object"));

/** Return a whole number in least..greatest. */
export function whole(value, least = 0, greatest = Number.MAX_SAFE_INTEGER) {
  const fits = Number.isSafeInteger(value) && value >= least && value <= greatest;
  return fits ? value : refuse(`not a whole number from ${least} to ${greatest}`);
}

/** Return true or false. */
export const truth = (value) => (typeof value === "boolean" ? value : refuse("not true or false"));

/** Return a text that is not empty, in Unicode's normal form C. */
export function text(value, longest = 500) {
  const length = typeof value === "string" ? [...value].length : 0;
  if (length < 1 || length > longest) refuse(`not a text of 1 to ${longest} characters`);
  if (value.normalize("NFC") !== value) refuse("a text is not in normal form C");
  return value;
}

/** Return the bytes of base64url, of this length if one is given. */
export function data(value, length = null) {
  const bytes = typeof value === "string" ? fromBase64(value) : null;
  if (!bytes) refuse("not base64url in its one spelling");
  if (length !== null && bytes.length !== length) refuse(`not ${length} bytes`);
  return bytes;
}

/** Return a published group element. */
export const point = (value) => parsePoint(data(value, 32));

/** Return a published pair of group elements. */
export function ciphertext(value) {
  const [a, b] = array(value, point, 2);
  return { a, b };
}

/** Return a list whose items `read` has read, of this length if one is given. */
export const array = (value, read, length = null) => list(value, length).map((item) => read(item));

/** Return what `array` does, giving the page a moment now and then. */
export const pacedArray = (pace, value, read, length = null) => pace.map(list(value, length), (item) => read(item));

function list(value, length) {
  demand(Array.isArray(value), Check.LINE_FIELDS, "not a list");
  demand(length === null || value.length === length, Check.LINE_FIELDS, `not a list of ${length}`);
  return value;
}
