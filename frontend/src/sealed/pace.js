/** Long work in short pieces, so that the page can be read, scrolled and left while it goes on. */
const LONGEST_PIECE_MS = 40;

export class Pace {
  #since = performance.now();

  /** Let the page breathe if it has waited long enough. */
  async breathe() {
    if (performance.now() - this.#since < LONGEST_PIECE_MS) return;
    await new Promise((resume) => setTimeout(resume));
    this.#since = performance.now();
  }

  /** Return what `work(item, index)` gives for each item, in order. */
  async map(items, work) {
    const done = [];
    for (const [index, item] of items.entries()) {
      done.push(work(item, index));
      await this.breathe();
    }
    return done;
  }
}
