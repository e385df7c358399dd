/**
 * The board: an append-only chain of lines, and the one class that accepts or refuses each.
 *
 * The phases, what each accepts, and every check are those of the server's board (docs/sealed-protocol.md section 4).
 */
import { verifyBallot } from "./ballots.js";
import { same } from "./bytes.js";
import { parseCeremony } from "./ceremony.js";
import { Check, Refused, demand } from "./checks.js";
import { WHY, parseRoll } from "./electorate.js";
import { data, exactly, point, text, whole } from "./fields.js";
import { samePoint } from "./group.js";
import { h32 } from "./hashing.js";
import { FIRST_HEAD, extend, lineDigest, readLine } from "./lines.js";
import { parseManifest } from "./manifest.js";
import { Opening } from "./opening.js";
import { Pace } from "./pace.js";
import { parsePaper } from "./paper.js";
import { resultLine } from "./writing.js";

const LEAST_WHEN_WEIGHTED = 100; // below, a sum of weights names who is in it
const LONGEST_NOTE = 10_000;

const ACCEPTED = {
  ceremony: ["ceremony"],
  roll: ["roll"],
  manifest: ["manifest"],
  casting: ["ballot", "void", "enroll", "stop", "note"],
  // Lists of offline stations come in after the stop: their voids for paper.
  stopped: ["void", "close", "note"],
  closed: ["shuffle", "share", "result", "paper", "note"],
  opened: ["paper", "note"],
};
const AFTER = new Map([
  ["ceremony", "roll"],
  ["roll", "manifest"],
  ["manifest", "casting"],
  ["stop", "stopped"],
  ["close", "closed"],
  ["result", "opened"],
]);

/**
 * A board up to some line.
 *
 * `head` are 32 bytes that name every line so far, in their order; `lines` says how many there are; `phase`, how far it
 * has come; `founding` are the raw ceremony, roll and manifest lines. `trustees`, `electorate`, `manifest` and `opening`
 * are there once their lines are, as `result` and `paper`.
 */
export class Board {
  head = FIRST_HEAD;
  lines = 0;
  phase = "ceremony";
  founding = [];
  trustees = null;
  electorate = null;
  manifest = null;
  opening = null;
  result = null;
  paper = null;

  /** `readBallot(race, ballot)` verifies and parses a ballot; it may do so elsewhere, and then return a promise. */
  constructor({ pace = new Pace(), readBallot = verifyBallot } = {}) {
    Object.assign(this, { pace, readBallot });
  }

  /** Accept the next line and return the new head; throw Refused, and change nothing, if it may not come. */
  async take(raw) {
    const record = readLine(raw);
    const accepted = ACCEPTED[this.phase].includes(record.type);
    demand(accepted, Check.LINE_ORDER, `${record.type} when ${this.phase}`);
    const head = extend(this.head, lineDigest(raw));
    await ENTER[record.type](this, { record, raw, head });
    this.phase = AFTER.get(record.type) ?? this.phase;
    this.head = head;
    this.lines += 1;
    await this.pace.breathe();
    return head;
  }

  /** Leave out a line that was refused, and go on over it, so that a verifier can name all bad lines. */
  skip(raw) {
    this.head = extend(this.head, lineDigest(raw));
    this.lines += 1;
  }

  /** Throw Refused unless the election is over: a result, and a paper count if papers were issued. */
  checkComplete() {
    demand(this.result !== null, Check.COMPLETE, `the board is ${this.phase}`);
    const isCounted = this.paper !== null || this.electorate.voided("paper").length === 0;
    demand(isCounted, Check.COMPLETE, "papers were issued, and not counted");
  }
}

/** What each type of line does to a board that has come to its phase. */
const ENTER = {
  async ceremony(board, { record, raw }) {
    board.trustees = await parseCeremony(record);
    board.founding.push(raw);
  },
  async roll(board, { record, raw }) {
    board.electorate = await parseRoll(record, board.pace);
    board.founding.push(raw);
  },
  manifest(board, { raw }) {
    board.manifest = checkedManifest(board, parseManifest(raw));
    board.founding.push(raw);
  },
  async ballot(board, { record }) {
    exactly(record, ["type", "ballot"]);
    const ballot = await board.readBallot(board.manifest.race, data(record.ballot));
    board.electorate.checkBallot(ballot, board.manifest.revote);
    board.electorate.cast(ballot);
  },
  void(board, { record }) {
    exactly(record, ["type", "cred", "why"]);
    if (!WHY.includes(record.why)) throw new Refused(Check.VOID, "not a reason");
    board.electorate.void(point(record.cred), record.why, board.phase === "stopped");
  },
  enroll(board, { record }) {
    exactly(record, ["type", "cred", "replaces"]);
    board.electorate.enroll(point(record.cred), point(record.replaces));
  },
  stop(board, { record }) {
    exactly(record, ["type"]);
  },
  async close(board, { record, head }) {
    exactly(record, ["type", "counted"]);
    const { trustees, manifest, electorate, pace } = board;
    const counted = electorate.ballots.size;
    demand(whole(record.counted) === counted, Check.CLOSE_COUNTED, `${record.counted} where ${counted} count`);
    demand(counted >= manifest.least, Check.CLOSE_LEAST, `${counted} of ${manifest.least}`);
    board.opening = await Opening.of(trustees, manifest, electorate, head, pace);
  },
  shuffle(board, { record }) {
    return board.opening.takeShuffle(record, board.pace);
  },
  share(board, { record }) {
    return board.opening.takeShare(record, board.pace);
  },
  async result(board, { record, raw }) {
    exactly(record, ["type", "counts", "texts"]);
    const opened = await board.opening.result(board.pace);
    demand(same(raw, resultLine(opened)), Check.RESULT_OPENED);
    board.result = opened;
  },
  paper(board, { record }) {
    demand(board.paper === null, Check.LINE_ORDER, "a second paper count");
    board.paper = parsePaper(record, board.manifest, board.electorate);
  },
  note(board, { record }) {
    text(exactly(record, ["type", "text"]).text, LONGEST_NOTE);
  },
};

/** Return the manifest; throw Refused unless it names what stands before it. */
function checkedManifest({ founding, trustees, electorate }, manifest) {
  const isOfCeremony = same(manifest.ceremony, h32("ceremony", founding[0]));
  const isOfRoll = same(manifest.roll, h32("roll", founding[1]));
  const isOfKey = samePoint(manifest.race.key, trustees.key);
  demand(isOfCeremony && isOfRoll && isOfKey, Check.MANIFEST_NAMES);
  if (electorate.isWeighted) {
    demand(manifest.race.texts === 0, Check.MANIFEST_TERMS, "texts cannot carry weights");
    demand(manifest.least >= LEAST_WHEN_WEIGHTED, Check.MANIFEST_TERMS, "weights need 100 ballots");
  }
  return manifest;
}
