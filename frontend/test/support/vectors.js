/** The vectors that both halves of sealed-v1 are held to. */
import { readFileSync } from "node:fs";

import { fromHex, utf8 } from "../../src/sealed/bytes.js";
import { Refused } from "../../src/sealed/checks.js";
import { decode } from "../../src/sealed/group.js";
import { numberOf } from "../../src/sealed/hashing.js";

const place = (name) => new URL(`../../../tests/vectors/sealed/${name}`, import.meta.url);

export const vectors = (name) => JSON.parse(readFileSync(place(`${name}.json`), "utf8"));

/** Return the bytes of a board. */
export const archive = (name) => new Uint8Array(readFileSync(place(`${name}.jsonl`)));

/** Return the lines of a board, each as bytes. */
export const linesOf = (name) =>
  readFileSync(place(`${name}.jsonl`), "utf8").split("\n").filter(Boolean).map(utf8);

export const scalar = (hex) => numberOf(fromHex(hex));
export const point = (hex) => decode(fromHex(hex));

/** Return the picks of a vector: numbers stay, points come from their bytes. */
export const picksOf = (picks) => picks.map((pick) => (typeof pick === "number" ? pick : point(pick)));

/** Return the number of the check that refuses, or null when nothing does. */
export async function checkOf(action) {
  try {
    await action();
  } catch (error) {
    if (error instanceof Refused) return error.check;
    throw error;
  }
  return null;
}
