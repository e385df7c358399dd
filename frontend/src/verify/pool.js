/** Checking the proofs of ballots on all processors: ballots depend on nothing but their race. */
import { parseBallot, verifyBallot } from "../sealed/ballots.js";
import { toBase64 } from "../sealed/bytes.js";
import { Refused } from "../sealed/checks.js";
import { raceOf } from "../sealed/manifest.js";

const MOST_WORKERS = 8;

/** Answer in a worker: for {manifest} keep the race, for {ballot} say {refused}: null or {check, detail}. */
export function serve(scope) {
  let race = null;
  scope.onmessage = ({ data: { manifest, ballot } }) => {
    if (manifest) race = raceOf(manifest);
    else scope.postMessage({ refused: refusalOf(race, ballot) });
  };
}

function refusalOf(race, ballot) {
  try {
    verifyBallot(race, ballot);
    return null;
  } catch (error) {
    if (error instanceof Refused) return { check: error.check, detail: error.detail };
    throw error;
  }
}

/** Workers that check ballots ahead of the board. A browser without workers checks them one by one, in the page. */
export class Pool {
  #verdicts = new Map();
  #waiting = [];
  #workers = [];

  /** `makeWorker()` starts a worker that runs `serve`. */
  constructor(makeWorker, manifest, ballots) {
    for (const ballot of ballots) this.#expect(ballot);
    const count = Math.min(MOST_WORKERS, navigator.hardwareConcurrency || 1, ballots.length);
    try {
      for (let made = 0; made < count; made += 1) this.#start(makeWorker(), manifest);
    } catch {
      this.#giveUp();
    }
  }

  /** Verify and parse a ballot, as `verifyBallot` does. */
  readBallot = async (race, ballot) => {
    const verdict = await this.#verdicts.get(toBase64(ballot))?.promise;
    if (!verdict) return verifyBallot(race, ballot);
    if (verdict.refused) throw new Refused(verdict.refused.check, verdict.refused.detail);
    return parseBallot(race, ballot);
  };

  close() {
    for (const worker of this.#workers) worker.terminate();
  }

  #expect(ballot) {
    const job = { ballot };
    job.promise = new Promise((resolve) => {
      job.resolve = resolve;
    });
    this.#verdicts.set(toBase64(ballot), job);
    this.#waiting.push(job);
  }

  #start(worker, manifest) {
    this.#workers.push(worker);
    let job = null;
    const next = () => {
      job = this.#waiting.shift() ?? null;
      if (job) worker.postMessage({ ballot: job.ballot });
    };
    worker.onmessage = ({ data }) => {
      job.resolve(data);
      next();
    };
    worker.onerror = () => {
      job?.resolve(null);
      this.#giveUp();
    };
    worker.postMessage({ manifest });
    next();
  }

  /** Leave what nobody has begun to the page. */
  #giveUp() {
    for (const { resolve } of this.#waiting.splice(0)) resolve(null);
  }
}
