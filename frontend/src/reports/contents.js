/** What is in a sealed report and in its answer, and the lengths both are padded to: civicforum/reports/contents.py. */
import { be32, concat, fromBase64, fromHex, fromUtf8, toBase64, toHex, utf8 } from "../sealed/bytes.js";
import { box, newCode, newSalt, openBox, openSealed, publicOf, readerSecret, seal } from "./boxes.js";

const REPORT_SIZES = [32, 1408, 2112].map((kibibytes) => kibibytes * 1024);
const ANSWER_SIZES = [32 * 1024];
const VERSION = 1;

/** The box opened, and what is in it is not a report or an answer of this version. */
export class NotAReport extends Error {}

/** Return a report as it is sent, and the reading code, which is not. `content` is kind, text, where, contact, photos. */
export async function sealReport(content, authority) {
  const [code, salt] = [newCode(), newSalt()];
  const reply = publicOf(await readerSecret(code, salt, authority));
  const { kind, text, where, contact, photos } = content;
  const record = { v: VERSION, kind, text, where, contact, photos: photos.map(toBase64), reply: toHex(reply) };
  return { code, salt, reply, sealed: seal(pad(utf8(JSON.stringify(record)), REPORT_SIZES), authority) };
}

/** Return a report, `reply` with it: the key that its answer is boxed for. Throws NotOpened, NotAReport. */
export function openReport(sealed, secret) {
  const record = read(unpad(openSealed(sealed, secret)));
  const photos = Array.isArray(record.photos) ? record.photos.map((photo) => fromBase64(String(photo))) : [null];
  const reply = fromHex(String(record.reply));
  if (photos.includes(null) || reply?.length !== 32) throw new NotAReport();
  return { ...record, photos, reply };
}

/** Return an answer in a box from the authority for the reporter. */
export const writeAnswer = (text, reply, secret) =>
  box(pad(utf8(JSON.stringify({ v: VERSION, text })), ANSWER_SIZES), reply, secret);

/** Return the answer, which is certain to be the authority's. Throws NotOpened, NotAReport. */
export async function readAnswer(boxed, code, salt, authority) {
  return read(unpad(openBox(boxed, authority, await readerSecret(code, salt, authority)))).text;
}

function pad(message, sizes) {
  const size = sizes.find((one) => message.length + 4 <= one);
  if (size === undefined) throw new RangeError("more than a box takes");
  return concat(be32(message.length), message, new Uint8Array(size - 4 - message.length));
}

function unpad(padded) {
  const length = padded.length < 4 ? -1 : new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  const isWhole = length >= 0 && padded.length >= 4 + length && padded.subarray(4 + length).every((byte) => byte === 0);
  if (!isWhole) throw new NotAReport();
  return padded.subarray(4, 4 + length);
}

function read(message) {
  try {
    const record = JSON.parse(fromUtf8(message));
    if (record?.v === VERSION && typeof record.text === "string") return record;
  } catch {
    // Said below.
  }
  throw new NotAReport();
}
