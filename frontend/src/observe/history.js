/** The chain of a record, folded here from the digests: each head names every line before it. */
import { Pace, extend, fromHex, toHex } from "../sealed/index.js";

const DIGEST_BYTES = 32;

/** The record is not what it was; `line` is where that shows, with the head `before` and `now` (null: no such line). */
export class Changed extends Error {
  constructor(line, before, now) {
    super(`line ${line}`);
    Object.assign(this, { line, before, now });
  }
}

export class History {
  #head = new Uint8Array(DIGEST_BYTES);
  lines = 0;

  get head() {
    return toHex(this.#head);
  }

  /** Fold all digests of a record; throw Changed where it does not lead to a head that was `seen`, {line, head}. */
  async fold(bytes, seen) {
    const pace = new Pace();
    for (let at = 0; at < bytes.length; at += DIGEST_BYTES) {
      this.#add(bytes.subarray(at, at + DIGEST_BYTES));
      for (const { line, head } of seen) if (line === this.lines && head !== this.head) throw new Changed(line, head, this.head);
      await pace.breathe();
    }
    const lost = seen.find(({ line }) => line > this.lines);
    if (lost) throw new Changed(lost.line, lost.head, null);
  }

  /** Take the next line, {line, digest, head}; throw Changed unless its head follows. */
  take({ line, digest, head }) {
    this.#add(fromHex(digest));
    if (line !== this.lines || head !== this.head) throw new Changed(line, this.head, head);
  }

  #add(digest) {
    this.#head = extend(this.#head, digest);
    this.lines += 1;
  }
}
