/**
 * Opens the board of the vectors as trustees 3 and 2 would in their browsers, for the server's tests to verify.
 *
 * Usage: tools/node node frontend/test/write_vectors.js
 * Writes tests/vectors/sealed_browser/opened.jsonl; shuffles are random, so the file is another each time.
 */
import { writeFileSync } from "node:fs";

import { parseBallot } from "../src/sealed/ballots.js";
import { Board } from "../src/sealed/board.js";
import { concat, fromHex, utf8 } from "../src/sealed/bytes.js";
import { parseRounds } from "../src/sealed/ceremony.js";
import { readLine } from "../src/sealed/lines.js";
import { Trustee } from "../src/sealed/trustees.js";
import { resultLine, shareLine, shuffleLine } from "../src/sealed/writing.js";
import { linesOf, vectors } from "./support/vectors.js";

const lines = linesOf("whole");
const { ceremony, hellos, deals } = parseRounds(readLine(lines[0]));
const seeds = vectors("ceremony").seeds.map(fromHex);
const board = new Board({ readBallot: parseBallot });
const written = [];

async function put(line) {
  await board.take(line);
  written.push(line, utf8("\n"));
}

async function trusteeOf(number) {
  const trustee = new Trustee(ceremony, number, seeds[number - 1]);
  await trustee.confirm(hellos, deals);
  return trustee;
}

for (const line of lines) {
  await put(line);
  if (readLine(line).type === "close") break;
}
const trustees = [await trusteeOf(3), await trusteeOf(2)];
for (const trustee of trustees) await put(shuffleLine(await board.opening.shuffle(trustee)));
for (const trustee of trustees) await put(shareLine(await trustee.open(board.opening.agenda)));
await put(resultLine(await board.opening.result()));
await put(lines.find((line) => readLine(line).type === "paper"));
writeFileSync(new URL("../../tests/vectors/sealed_browser/opened.jsonl", import.meta.url), concat(...written));
