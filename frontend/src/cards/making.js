/**
 * All cards of a poll. Codes are made here, kept in the memory of this page alone, and printed; the server is sent the
 * public credential of each.
 */
import { Pace, bytesOf, credentialOf, newCode, readCode, toBase64 } from "../sealed/index.js";
import { sheetsOf } from "./printing.js";
import { Refusal, post } from "./sending.js";

export class Making {
  #cards = [];
  #unsent = new Map();

  constructor(root) {
    this.root = root;
    this.pace = new Pace();
    for (const button of root.querySelectorAll("[data-make]")) {
      button.addEventListener("click", () => this.begin(button.dataset.make === "anew"));
    }
    this.on("retry", () => this.send());
    this.on("print", () => window.print());
    this.on("done", () => this.forget());
    window.addEventListener("beforeunload", (event) => this.#cards.length && event.preventDefault());
    this.show("begin");
  }

  on(name, act) {
    this.part(name).addEventListener("click", act);
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  show(...names) {
    for (const step of this.root.querySelectorAll("[data-step]")) step.hidden = !names.includes(step.dataset.step);
  }

  /** Make the codes of those who have no card, or of everybody, and send their public halves. */
  async begin(isAnew) {
    this.show("working");
    try {
      if (isAnew) await post(this.root.dataset.discardUrl, {}, this.root);
      await this.make(await this.entries(isAnew));
    } catch (error) {
      return this.fail(error);
    }
    return this.send();
  }

  async entries(isAnew) {
    const answer = await fetch(this.root.dataset.entriesUrl);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const { entries } = await answer.json();
    return entries.filter((entry) => isAnew || !entry.made);
  }

  async make(entries) {
    const { poll } = this.root.dataset;
    for (const [at, { id, ...shown }] of entries.entries()) {
      const code = newCode();
      this.#cards.push({ ...shown, code });
      this.#unsent.set(id, toBase64(bytesOf(credentialOf(poll, readCode(code)))));
      this.progress(at + 1, 2 * entries.length);
      await this.pace.breathe();
    }
  }

  /** Send what has not been acknowledged, some at a time; the same again after a break changes nothing. */
  async send() {
    this.show("working");
    try {
      while (this.#unsent.size) {
        const some = [...this.#unsent].slice(0, Number(this.root.dataset.mostAtOnce));
        await post(this.root.dataset.registerUrl, Object.fromEntries(some), this.root);
        for (const [id] of some) this.#unsent.delete(id);
        this.progress(2 * this.#cards.length - this.#unsent.size, 2 * this.#cards.length);
      }
    } catch (error) {
      return this.fail(error);
    }
    return this.finish();
  }

  finish() {
    const sheets = sheetsOf(this.#cards, this.root);
    this.part("sheets").replaceChildren(...sheets);
    this.part("made").textContent = this.#cards.length;
    this.part("pages").textContent = sheets.length;
    this.show("print");
    this.part("print").focus();
  }

  /** Say what went wrong. What the server refuses it will refuse again; what it did not get can be sent again. */
  fail(error) {
    const isRefused = error instanceof Refusal;
    if (isRefused) this.clear();
    this.part("fault").textContent = isRefused ? error.message : this.root.dataset.notReached;
    this.part("retry").hidden = isRefused || this.#cards.length === 0;
    this.show("fault");
  }

  /** The sheets are printed: nothing of the codes stays, and the page shows how things stand now. */
  forget() {
    this.clear();
    window.location.reload();
  }

  clear() {
    this.#cards = [];
    this.#unsent.clear();
    this.part("sheets").replaceChildren();
  }

  progress(done, of) {
    Object.assign(this.part("bar"), { value: done, max: of });
    this.part("percent").textContent = `${Math.floor((100 * done) / of)} %`;
  }
}
