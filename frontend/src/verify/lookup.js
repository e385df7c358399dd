/** Looking something of one's own up in a board: a tracker, a receipt, a tested ballot. */
import { readAudit } from "../sealed/audits.js";
import { trackerOf } from "../sealed/ballots.js";
import { canonical, grouped } from "../sealed/base32.js";
import { fromBase64, toHex, utf8 } from "../sealed/bytes.js";
import { Refused } from "../sealed/checks.js";
import { lineDigest, readLine } from "../sealed/lines.js";
import { isOnChain, readReceipt } from "../sealed/receipts.js";
import { readText } from "../sealed/texts.js";
import { shownTracker } from "../sealed/trackers.js";
import { byQuestion, questionsOf } from "./answers.js";
import { element } from "./dom.js";

const TRACKER = /^[0-9A-Z]{20}$/;

/** Return elements that answer what was typed or pasted; `report` is {board, lines, failures}. */
export async function answer(typed, report, words) {
  const text = typed.trim();
  const code = canonical(text);
  try {
    if (TRACKER.test(code)) return [element("p", {}, whereIs(code, report, words))];
    const { type } = readLine(utf8(text));
    if (type === "receipt") return [element("p", {}, await onReceipt(text, report, words))];
    if (type === "audit") return onAudit(text, report.board.manifest, words);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (/^\{/.test(text)) return [element("p", {}, words.say("refused"), words.title(error.check))];
  }
  return [element("p", {}, words.say("notUnderstood"))];
}

/** Say what became of the ballot with a tracker. */
function whereIs(code, { board, lines, failures }, { say }) {
  const ballots = lines.map(ballotIn);
  const at = ballots.findIndex((ballot) => ballot && shownTracker(trackerOf(ballot)) === grouped(code, 4));
  if (at < 0) return say("notThere");
  const line = at + 1;
  if (failures.some((failure) => failure.line === line)) return say("refusedLine", { line });
  const standing = board.electorate.standings.get(credentialIn(ballots[at]));
  if (standing?.void) return say("voided", { line, why: say("why")[standing.void] });
  const isLast = !ballots.slice(line).some(
    (later, after) =>
      later &&
      credentialIn(later) === credentialIn(ballots[at]) &&
      !failures.some((failure) => failure.line === line + after + 1),
  );
  return say(isLast ? "counted" : "replaced", { line });
}

const credentialIn = (ballot) => toHex(ballot.subarray(4, 36));

/** Return the ballot in a line, or null when it is of another type or cannot be read. */
export function ballotIn(raw) {
  try {
    const { type, ballot } = readLine(raw);
    return type === "ballot" && typeof ballot === "string" ? fromBase64(ballot) : null;
  } catch {
    return null;
  }
}

async function onReceipt(text, { board, lines }, { say }) {
  const receipt = await readReceipt(utf8(text), board.manifest.receiptKey);
  if (receipt.line > lines.length) return say("receiptLater", receipt);
  const ballot = ballotIn(lines[receipt.line - 1]);
  const isThere = ballot !== null && toHex(trackerOf(ballot)) === toHex(receipt.tracker);
  const holds = isThere && isOnChain(receipt, lines.map(lineDigest));
  return say(holds ? "receiptHolds" : "receiptLies", receipt);
}

/** Show what is in a tested ballot. */
function onAudit(text, manifest, words) {
  const { say } = words;
  const { race } = manifest;
  const audit = readAudit(utf8(text), race);
  const questions = questionsOf(manifest, words);
  const marked = byQuestion(questions, audit.picks.slice(0, race.marks));
  let slot = race.marks;
  const items = questions.map(({ title, labels, texts, readable }, at) => {
    const written = audit.picks.slice(slot, (slot += texts)).map((pick) => (pick ? readText(pick) : ""));
    const chosen = [...labels.filter((_, label) => marked[at][label]), ...written.filter(Boolean).map(readable)];
    return element("li", {}, `${title}: ${chosen.join(", ") || say("nothingMarked")}`);
  });
  const tracker = shownTracker(trackerOf(audit.ballot));
  return [element("p", {}, say("auditHolds", { tracker })), element("ul", {}, items)];
}
