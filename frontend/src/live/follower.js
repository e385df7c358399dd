/**
 * Follows a meeting: by a stream, and where none comes about, by asking again and again.
 *
 * States, as the page says them: "live", "again" (connecting anew), "asking" (every few seconds), "over".
 */

const FAILURES = 3;
const SILENT_MS = 40_000; // two signs of life are missing
const LOOK_MS = 5_000;
const ASK_MS = [5_000, 10_000];
const TRY_STREAM_MS = 60_000;
const REOPEN_MS = [1_000, 3_000];
// A stream that ends by its time is followed by the next at once, which is not worth a word.
const SAY_AGAIN_MS = 2_000;
const CLOSED = 2;

export class Follower {
  #source = null;
  #failures = 0;
  #heardAt = 0;
  #offset = 0;
  #timers = new Map();

  /**
   * `open(url)` makes an EventSource, or is null where the browser has none; `ask(url)` fetches. `frame(html)` shows
   * one, `tell(state)` says how things stand. `after(ms, act)` and `now()` are the clock.
   */
  constructor({ streamUrl, nowUrl, seen, open, ask, frame, tell, after, stop, now, random = Math.random }) {
    Object.assign(this, { streamUrl, nowUrl, seen, open, ask, frame, tell, after, stop, now, random });
    this.state = "";
  }

  /** The server's time in milliseconds, as far as is known. */
  get time() {
    return this.now() + this.#offset;
  }

  start() {
    if (this.open) this.#follow();
    else this.#askOn();
  }

  /** Begin anew if nothing was heard for long, as after a phone has slept. */
  wake() {
    if (this.state === "over" || this.state === "asking") return;
    if (this.now() - this.#heardAt > SILENT_MS / 2) this.#reopen(0);
  }

  /** Let go of everything; `start` begins again. */
  pause() {
    this.#source?.close();
    this.#source = null;
    for (const name of [...this.#timers.keys()]) this.#cancel(name);
  }

  #follow() {
    this.pause();
    const source = this.open(`${this.streamUrl}?seen=${encodeURIComponent(this.seen)}`);
    this.#source = source;
    this.#heardAt = this.now();
    source.addEventListener("beat", (event) => this.#hear(Number(event.data)));
    source.addEventListener("frame", (event) => {
      this.#hear();
      this.#show(event.lastEventId, event.data);
    });
    source.addEventListener("end", () => this.#end());
    source.addEventListener("error", () => this.#fail(source));
    this.#watch();
  }

  #hear(time) {
    if (time) this.#offset = time - this.now();
    this.#heardAt = this.now();
    this.#failures = 0;
    this.#cancel("again");
    this.#cancel("ask");
    this.#say("live");
  }

  #show(seen, html) {
    if (seen === this.seen) return;
    this.seen = seen;
    this.frame(html);
  }

  #fail(source) {
    // One that was given up may still have something to say.
    if (source !== this.#source || this.state === "over") return;
    this.#failures += 1;
    if (this.#failures >= FAILURES) this.#askOn();
    else if (source.readyState === CLOSED) this.#reopen(this.#between(REOPEN_MS) * this.#failures);
    // Otherwise the browser itself tries again.
    else this.#later("again", SAY_AGAIN_MS, () => this.#say("again"));
  }

  #reopen(wait) {
    this.#say("again");
    this.#source?.close();
    this.#later("open", wait, () => this.#follow());
  }

  /** A connection can be dead without anybody being told. */
  #watch() {
    this.#later("watch", LOOK_MS, () => {
      if (this.now() - this.#heardAt <= SILENT_MS) return this.#watch();
      this.#failures += 1;
      return this.#failures >= FAILURES ? this.#askOn() : this.#reopen(0);
    });
  }

  #askOn() {
    this.pause();
    this.#failures = 0;
    this.#ask();
    if (this.open) this.#later("stream", TRY_STREAM_MS, () => this.#tryStream());
  }

  /** Try a stream beside the asking, which goes on until something is heard. */
  #tryStream() {
    this.#failures = FAILURES - 1;
    const asking = this.#timers.get("ask");
    this.#timers.delete("ask");
    this.#follow();
    if (asking) this.#timers.set("ask", asking);
  }

  async #ask() {
    try {
      const answer = await this.ask(this.nowUrl);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const time = Date.parse(answer.headers.get("Date"));
      if (time) this.#offset = time - this.now();
      this.#show((answer.headers.get("ETag") ?? "").replaceAll('"', ""), await answer.text());
      if (answer.headers.get("X-Last-Frame")) return this.#end();
      if (this.state === "live") return null;
      this.#say("asking");
    } catch {
      if (this.state === "live") return null;
      this.#say("again");
    }
    return this.#later("ask", this.#between(ASK_MS), () => this.#ask());
  }

  #end() {
    this.pause();
    this.#say("over");
  }

  #say(state) {
    if (state === this.state) return;
    this.state = state;
    this.tell(state);
  }

  #between([least, most]) {
    return least + this.random() * (most - least);
  }

  #later(name, ms, act) {
    this.#cancel(name);
    this.#timers.set(
      name,
      this.after(ms, () => {
        this.#timers.delete(name);
        act();
      }),
    );
  }

  #cancel(name) {
    if (!this.#timers.has(name)) return;
    this.stop(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
