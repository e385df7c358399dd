/**
 * The page on which somebody votes: one question at a time, a review, one button.
 *
 * Marks never leave the browser. They stand in the form of this page and nowhere else; what is sent is one sealed
 * ballot, and after it was acknowledged the form, the card's code and the sealed bytes are forgotten.
 */
import { utf8 } from "../sealed/bytes.js";
import { parseManifest } from "../sealed/manifest.js";
import { showAudit } from "./audit.js";
import { Booth } from "./booth.js";
import { askForCard } from "./card.js";
import { forgetCard } from "./card_hash.js";
import { Paper } from "./paper.js";
import { Sending } from "./sending.js";
import { Steps } from "./steps.js";
import { wordsFor } from "./words.js";

class Casting {
  #isBusy = false;

  /** `code` is that of the voter's card; none for a named vote. */
  constructor(root, words, code) {
    const template = root.querySelector("template[data-paper]");
    if (template) template.replaceWith(template.content);
    const { namesNeedAgainst, manifest, sequence } = root.dataset;
    Object.assign(this, { root, words });
    this.paper = new Paper(root.querySelector("#paper"), { words, namesNeedAgainst: Boolean(namesNeedAgainst) });
    this.manifest = manifest ? parseManifest(utf8(manifest)) : null;
    this.booth = this.manifest && new Booth({ manifest: this.manifest, code, sequence: Number(sequence) });
    this.steps = new Steps(root, this.paper, words);
    this.sending = new Sending(root.dataset, words);
    this.button = this.find("cast");
    this.label = this.button.textContent;
    this.#listen();
  }

  find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  start() {
    for (const part of this.root.querySelectorAll("[data-plain]")) part.hidden = true;
    const wasRefused = this.root.querySelector("[data-error]:not([hidden])");
    this.steps.begin((wasRefused && this.paper.firstFault()) ?? 0);
  }

  #listen() {
    const on = (element, act) => element?.addEventListener("click", act);
    on(this.find("next"), () => this.#next());
    on(this.button, () => this.#alone(() => this.#cast()));
    on(this.find("replace"), () => this.#alone(() => this.#cast()));
    on(this.find("audit"), () => this.#alone(() => this.#test()));
    for (const back of this.root.querySelectorAll("[data-back], [data-audit-done]")) on(back, () => history.back());
    this.paper.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#next();
    });
    // A page that comes back out of the browser's memory is read anew: somebody may have voted meanwhile.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  #next() {
    const { step } = this.steps;
    if (!this.paper.check(step)) return;
    if (step < this.paper.questions.length - 1) this.steps.go(step + 1);
    else this.#review();
  }

  #review() {
    const fault = this.paper.firstFault();
    if (fault !== null) {
      this.steps.go(fault);
      this.paper.check(fault);
      return;
    }
    this.paper.review(this.find("answers"), this.find("blank"), (at) => this.steps.go(at));
    this.#clearProblem();
    this.steps.go("review");
  }

  /** Do one thing at a time: of a double tap the second does nothing. */
  async #alone(act) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#clearProblem();
    try {
      await act();
    } catch (error) {
      console.error(error.name); // not its message, which may say what was marked
      this.#showProblem(this.words.notSealed);
    } finally {
      this.#isBusy = false;
      this.#say("");
    }
  }

  async #cast() {
    if (!this.booth) return this.#castNamed();
    await this.#say(this.words.sealing);
    const ballot = this.booth.seal(this.paper.answers());
    await this.#say(this.words.sending);
    const { isCast, fault, message, isLost } = await this.sending.cast(ballot);
    if (isCast) return this.#leave();
    if (fault === "out_of_step") return this.#askToReplace();
    if (fault === "tested") this.booth.forget();
    this.#showProblem(message, { isLost });
  }

  /** The plain form goes to the server: a named vote is no secret. */
  async #castNamed() {
    await this.#say(this.words.sending);
    const step = Object.assign(document.createElement("input"), { type: "hidden", name: "step", value: "cast" });
    this.paper.form.append(step);
    this.paper.form.submit();
    return untilGone();
  }

  async #askToReplace() {
    const { sequence, message, isLost } = await this.sending.standing();
    if (sequence === undefined) return this.#showProblem(message, { isLost });
    this.booth.continueAt(sequence);
    this.#showProblem(this.words.elsewhere, { isAsking: true });
  }

  async #test() {
    await this.#say(this.words.sealing);
    const audit = this.booth.test(this.paper.answers());
    const { isKept, message, isLost } = await this.sending.test(audit.ballot);
    if (!isKept) return this.#showProblem(message, { isLost });
    // Only now, when the server will never take this ballot, is its seed shown.
    showAudit(this.root, audit, { manifest: this.manifest, paper: this.paper });
    this.steps.go("audit");
  }

  /** Forget everything and go: nothing in this browser opens the ballot any more. */
  #leave() {
    this.paper.clear();
    this.booth.clear();
    forgetCard();
    for (const name of ["code", "manifest", "credential"]) delete this.root.dataset[name];
    this.find("answers").replaceChildren();
    location.replace(this.root.dataset.doneUrl);
    return untilGone();
  }

  #clearProblem() {
    this.find("problem").hidden = true;
    this.find("replace").hidden = true;
    this.button.hidden = false;
    this.button.textContent = this.label;
  }

  #showProblem(text, { isAsking = false, isLost = false } = {}) {
    this.find("problem-text").textContent = text;
    this.find("problem").hidden = false;
    this.find("replace").hidden = !isAsking;
    this.button.hidden = isAsking;
    this.button.textContent = isLost ? this.button.dataset.again : this.label;
    (isAsking ? this.find("replace") : this.button).focus();
  }

  /** Say what is going on, and resolve after the browser has shown it. */
  #say(text) {
    this.button.setAttribute("aria-disabled", String(Boolean(text)));
    this.find("status").textContent = text;
    return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  }
}

/** Never resolve: the page stays busy until the next one is there. */
const untilGone = () => new Promise(() => {});

const root = document.querySelector("[data-ballot]");
if (root) {
  const words = wordsFor(root);
  const { preset, poll, credential, code } = root.dataset;
  const begin = (found) => new Casting(root, words, found).start();
  if (preset === "sealed") askForCard(root, { poll, credential, words }).then(begin);
  else begin(code);
}
