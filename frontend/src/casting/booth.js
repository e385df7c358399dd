/** Where a ballot is sealed. The same bytes are kept until they are acknowledged, or the marks change. */
import { picksOf } from "../sealed/answers.js";
import { writeAudit } from "../sealed/audits.js";
import { trackerOf } from "../sealed/ballots.js";
import { randomBytes } from "../sealed/bytes.js";
import { secretOf } from "../sealed/cards.js";
import { seal } from "../sealed/sealing.js";

export class Booth {
  #secret;
  #sealed = null;

  constructor({ manifest, code, sequence, random = randomBytes }) {
    Object.assign(this, { manifest, sequence, random });
    this.#secret = secretOf(manifest.uuid, code);
  }

  /** Return the ballot of these answers: the very same bytes when they are sent once more. */
  seal(answers) {
    const marks = JSON.stringify(answers);
    if (this.#sealed?.marks !== marks || this.#sealed.sequence !== this.sequence) {
      const { ballot } = this.#fresh(answers); // the seed is not kept
      this.#sealed = { marks, sequence: this.sequence, ballot };
    }
    return this.#sealed.ballot;
  }

  /** Return an audit of a ballot sealed like the voter's own, which must never be cast. */
  test(answers) {
    const { ballot, picks, seed } = this.#fresh(answers);
    return { ballot, tracker: trackerOf(ballot), open: () => writeAudit({ ballot, picks, seed }) };
  }

  /** Seal afresh next time. */
  forget() {
    this.#sealed = null;
  }

  /** Go on at the sequence that the board waits for. */
  continueAt(sequence) {
    this.sequence = sequence;
    this.forget();
  }

  clear() {
    this.forget();
    this.#secret = null;
  }

  #fresh(answers) {
    const picks = picksOf(this.manifest.contests, answers);
    const seed = this.random(32);
    return { picks, seed, ballot: seal(this.manifest.race, picks, this.#secret, this.sequence, seed) };
  }
}
