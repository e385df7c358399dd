/** A trustee's part of the opening: check the board, compare the head, read the slip, shuffle, give the share. */
import { parseBallot, verifyBallot } from "../sealed/ballots.js";
import { fromUtf8, same, toHex } from "../sealed/bytes.js";
import {
  Board,
  Pace,
  Refused,
  Trustee,
  helloRecord,
  parseRounds,
  readLine,
  shareLine,
  shuffleLine,
  writeLine,
} from "../sealed/index.js";
import { Declined, rest } from "./server.js";
import { askSlip } from "./slip.js";

/** The board, or what is asked of this trustee, is not what it should be. `why` names the words for it. */
class Stopped extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

export class OpeningUp {
  #closeHead = null;

  constructor(parts, server, { number, poll }) {
    Object.assign(this, { parts, server, number: Number(number), poll, pace: new Pace() });
  }

  /** Take part until the box is open. */
  async run() {
    try {
      await this.#run();
    } catch (error) {
      if (error instanceof Declined) return this.#tellFailure(error);
      if (!(error instanceof Stopped || error instanceof Refused)) throw error;
      this.parts.sayOneOf("stopped", error instanceof Stopped ? error.why : "refused");
      this.parts.write("detail", error instanceof Refused ? `${error.check} ${error.detail}` : "");
      this.parts.show("stopped");
    }
  }

  async #run() {
    if (await this.#isOpen()) return this.parts.show("done");
    this.parts.show("begin");
    await this.parts.pressed("check");
    const board = await this.#replayed();
    await this.#compareHead(board);
    this.parts.show("enter");
    const trustee = await askSlip(this.parts, this.number, (seed) => this.#fitting(board, seed));
    this.parts.show("work");
    while (board.phase !== "opened") await this.#round(board, trustee);
    return this.parts.show("done");
  }

  /** Do what can be done, and take what others have done; a failure is told unless another was only quicker. */
  async #round(board, trustee) {
    const before = board.lines;
    let failure = null;
    try {
      await this.#work(board, trustee);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      failure = error;
    }
    await this.#tryToCatchUp(board);
    if (board.lines > before) return this.parts.fail("");
    if (failure) this.#tellFailure(failure);
    return rest();
  }

  async #tryToCatchUp(board) {
    try {
      if ((await this.server.state()).is_void) throw new Stopped("void");
      await this.#catchUp(board);
    } catch (error) {
      if (!(error instanceof Declined)) throw error;
      this.#tellFailure(error);
    }
  }

  #tellFailure({ message }) {
    this.parts.fail(message || this.parts.root.dataset.offline);
  }

  async #isOpen() {
    const state = await this.server.state();
    this.#tell(state);
    return state.is_open;
  }

  /** Return the board, replayed line by line up to its end. */
  async #replayed() {
    const isProved = this.parts.get("proofs").checked;
    this.parts.sayOneOf("how", isProved ? "proved" : "unproved");
    const board = new Board({ pace: this.pace, readBallot: isProved ? verifyBallot : parseBallot });
    this.parts.show("check");
    const { lines } = await this.server.state();
    for (let before = -1; before < board.lines; ) {
      before = board.lines;
      await this.#catchUp(board, lines);
    }
    const isRight = board.opening !== null && board.manifest.uuid === this.poll;
    if (!isRight) throw new Stopped("unfinished");
    return board;
  }

  /** Take what has come to the board since. */
  async #catchUp(board, all = null) {
    for (const line of await this.server.linesAfter(board.lines)) {
      const head = await board.take(line);
      if (this.#closeHead === null && board.phase === "closed") this.#closeHead = head;
      if (all) this.#showProgress(board.lines, all);
    }
    if (board.opening) this.#tell({ mixers: board.opening.mixers, sharers: [...board.opening.shares.keys()] });
  }

  #showProgress(done, all) {
    const bar = this.parts.get("progress");
    bar.max = all;
    bar.value = Math.min(done, all);
    this.parts.write("progress-text", `${done} / ${all}`);
  }

  async #compareHead(board) {
    const head = toHex(this.#closeHead);
    this.parts.write("head-start", `${head.slice(0, 4)} ${head.slice(4, 8)}`);
    this.parts.write("head", head);
    this.parts.write("counted", String(board.electorate.ballots.size));
    this.parts.write("least", String(board.manifest.least));
    this.parts.show("head");
    if ((await this.parts.pressed("same", "different")) === "different") {
      await this.server.say("doubt", { head });
      throw new Stopped("other-head");
    }
  }

  /** Return the trustee of a seed with its share, or null unless it is one of this board's ceremony. */
  async #fitting(board, seed) {
    const { ceremony, hellos, deals } = parseRounds(readLine(board.founding[0]));
    const trustee = new Trustee(ceremony, this.number, seed);
    const asBytes = (hello) => writeLine(helloRecord(hello));
    if (!same(asBytes(trustee.hello()), asBytes(hellos[this.number - 1]))) return null;
    await trustee.confirm(hellos, deals);
    return trustee;
  }

  /** Do what is this trustee's to do now, if anything is. */
  async #work({ opening, trustees, manifest }, trustee) {
    const wantsShuffles = opening.pools.length > 0 && opening.mixers.length < trustees.threshold;
    if (wantsShuffles && !opening.mixers.includes(this.number)) {
      this.parts.sayOneOf("work", "shuffling");
      const line = shuffleLine(await opening.shuffle(trustee, this.pace));
      await this.server.say("shuffle", { line: fromUtf8(line) });
    } else if (!wantsShuffles && !opening.shares.has(this.number)) {
      this.parts.sayOneOf("work", "sharing");
      this.#openOnce(manifest.uuid, opening.agenda);
      const line = shareLine(await trustee.open(opening.agenda, this.pace));
      await this.server.say("share", { line: fromUtf8(line) });
    } else {
      this.parts.sayOneOf("work", wantsShuffles ? "others-shuffle" : "others-share");
    }
  }

  /** Throw Stopped where this browser has opened another agenda: a trustee opens one election, once. */
  #openOnce(uuid, agenda) {
    const [key, digest] = [`civicforum-opened-${uuid}-${this.number}`, toHex(agenda.digest)];
    const before = localStorage.getItem(key);
    if (before !== null && before !== digest) throw new Stopped("other-agenda");
    localStorage.setItem(key, digest);
  }

  #tell({ mixers, sharers }) {
    const numbers = [...this.parts.root.querySelectorAll("[data-trustee]")].map(({ dataset }) => Number(dataset.trustee));
    this.parts.tell(numbers, (number) => {
      if (sharers.includes(number)) return "shared";
      return mixers.includes(number) ? "shuffled" : "away";
    });
  }
}
