/** Checking a whole archive: every check by number, with the lines that failed (docs/sealed-protocol.md section 13). */
import { verifyBallot } from "./ballots.js";
import { Board } from "./board.js";
import { same, toHex } from "./bytes.js";
import { Check, Refused, lookedAt } from "./checks.js";
import { readLine } from "./lines.js";

const NEWLINE = 0x0a;
// Here a bad line harms nobody else: it is left out, so that all bad lines are named.
const MAY_GO_ON_IN = ["casting", "stopped"];
const BREAK_IT = [Check.CLOSE_COUNTED, Check.CLOSE_LEAST];

/** Return the lines of an archive, without the byte that ends each. */
export function linesOf(bytes) {
  const lines = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(NEWLINE, start);
    lines.push(bytes.subarray(start, end < 0 ? bytes.length : end));
    start = end < 0 ? bytes.length : end + 1;
  }
  return lines;
}

/**
 * Check everything in an archive that can be checked; return {failures, accepted, isBroken, board}.
 *
 * A failure is {check, line, detail}, its line null where it is the archive's; `accepted` says how many lines of each
 * type there are; `isBroken`, that a line was refused that all later ones rest on: those were not looked at.
 * `head` is the announced head, 32 bytes, or null for none. `progress(share)` is called with 0 to 1.
 * `readBallot(race, ballot)` verifies and parses a ballot; it may do so elsewhere, and then return a promise.
 */
export async function verifyArchive(bytes, { head = null, progress = () => {}, readBallot = verifyBallot } = {}) {
  const report = { failures: [], accepted: new Map(), isBroken: false, board: new Board({ readBallot }) };
  let done = 0;
  for (const raw of linesOf(bytes)) {
    await take(raw, report);
    done += raw.length + 1;
    progress(Math.min(1, done / bytes.length));
  }
  report.failures.push(...(await wholeFailures(report.board, head)));
  return report;
}

/** Enter a line, or note why not; go on over it for the head's sake. */
async function take(raw, report) {
  const { board, accepted, failures } = report;
  if (report.isBroken) return board.skip(raw);
  const failure = await failureOf(() => board.take(raw));
  if (failure) {
    failures.push({ ...failure, line: board.lines + 1 });
    report.isBroken = !MAY_GO_ON_IN.includes(board.phase) || BREAK_IT.includes(failure.check);
    return board.skip(raw);
  }
  const { type } = readLine(raw);
  return accepted.set(type, (accepted.get(type) ?? 0) + 1);
}

async function wholeFailures(board, announced) {
  const failures = [await failureOf(() => board.checkComplete())];
  if (announced && !same(board.head, announced)) failures.push({ check: Check.HEAD, detail: toHex(board.head) });
  return failures.filter(Boolean).map((failure) => ({ ...failure, line: null }));
}

/** Return whether a check holds; null when there was nothing to look at. */
export function stateOf(check, { failures, accepted }) {
  if (failures.some((failure) => failure.check === check)) return false;
  const type = lookedAt(check);
  return type === null || accepted.has(type) ? true : null;
}

/** Return {check, detail} of what is refused, or null. */
async function failureOf(action) {
  try {
    await action();
    return null;
  } catch (error) {
    if (error instanceof Refused) return { check: error.check, detail: error.detail };
    throw error;
  }
}
