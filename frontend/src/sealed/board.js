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
 * has come. `trustees`, `electorate`, `manifest` and `opening` are there once their lines are, as `result` and `paper`.
 */
export class Board {
  head = FIRST_HEAD;
  lines = 0;
  phase = "ceremony";
  trustees = null;
  electorate = null;
  manifest = null;
  opening = null;
  result = null;
  paper = null;
  #founding = [];

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
    await this.#enter(record, raw, head);
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

  async #enter(record, raw, head) {
    switch (record.type) {
      case "ceremony":
        this.trustees = await parseCeremony(record);
        return this.#founding.push(h32("ceremony", raw));
      case "roll":
        this.electorate = await parseRoll(record, this.pace);
        return this.#founding.push(h32("roll", raw));
      case "manifest":
        return this.#found(parseManifest(raw));
      case "ballot":
        return this.#cast(record);
      case "void":
        return this.#void(record);
      case "enroll":
        exactly(record, ["type", "cred", "replaces"]);
        return this.electorate.enroll(point(record.cred), point(record.replaces));
      case "stop":
        return exactly(record, ["type"]);
      case "close":
        return this.#close(record, head);
      case "shuffle":
        return this.opening.takeShuffle(record, this.pace);
      case "share":
        return this.opening.takeShare(record, this.pace);
      case "result":
        return this.#open(record, raw);
      case "paper":
        demand(this.paper === null, Check.LINE_ORDER, "a second paper count");
        this.paper = parsePaper(record, this.manifest, this.electorate);
        return this.paper;
      default:
        return text(exactly(record, ["type", "text"]).text, LONGEST_NOTE);
    }
  }

  #found(manifest) {
    const [ceremony, roll] = this.#founding;
    const isNamed = same(manifest.ceremony, ceremony) && same(manifest.roll, roll);
    demand(isNamed && samePoint(manifest.race.key, this.trustees.key), Check.MANIFEST_NAMES);
    if (this.electorate.isWeighted) {
      demand(manifest.race.texts === 0, Check.MANIFEST_TERMS, "texts cannot carry weights");
      demand(manifest.least >= LEAST_WHEN_WEIGHTED, Check.MANIFEST_TERMS, "weights need 100 ballots");
    }
    this.manifest = manifest;
  }

  async #cast(record) {
    exactly(record, ["type", "ballot"]);
    const ballot = await this.readBallot(this.manifest.race, data(record.ballot));
    this.electorate.checkBallot(ballot, this.manifest.revote);
    this.electorate.cast(ballot);
  }

  #void(record) {
    exactly(record, ["type", "cred", "why"]);
    if (!WHY.includes(record.why)) throw new Refused(Check.VOID, "not a reason");
    this.electorate.void(point(record.cred), record.why, this.phase === "stopped");
  }

  async #close(record, head) {
    exactly(record, ["type", "counted"]);
    const counted = this.electorate.ballots.size;
    demand(whole(record.counted) === counted, Check.CLOSE_COUNTED, `${record.counted} where ${counted} count`);
    demand(counted >= this.manifest.least, Check.CLOSE_LEAST, `${counted} of ${this.manifest.least}`);
    this.opening = await Opening.of(this.trustees, this.manifest, this.electorate, head, this.pace);
  }

  async #open(record, raw) {
    exactly(record, ["type", "counts", "texts"]);
    const opened = await this.opening.result(this.pace);
    demand(same(raw, resultLine(opened)), Check.RESULT_OPENED);
    this.result = opened;
  }
}
