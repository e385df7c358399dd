/** The parts of the page, each a place of its own to which the browser's back button leads. */
import { say } from "./words.js";

export class Steps {
  constructor(root, paper, words) {
    Object.assign(this, { root, paper, words });
    addEventListener("popstate", (event) => this.#show(event.state?.step ?? 0));
  }

  /** Show the first step. The history keeps numbers of steps and never a mark. */
  begin(step) {
    history.replaceState({ step }, "");
    this.#show(step);
  }

  /** Go to a step: the number of a question from 0, "review" or "audit". */
  go(step) {
    history.pushState({ step }, "");
    this.#show(step);
  }

  #find(name) {
    return this.root.querySelector(`[data-${name}]`);
  }

  #show(step) {
    this.step = step;
    const isQuestion = typeof step === "number";
    this.paper.show(isQuestion ? step : null);
    this.#find("nav").hidden = !isQuestion;
    this.#find("progress").hidden = !isQuestion;
    this.#find("review").hidden = step !== "review";
    const audited = this.#find("audited");
    if (audited) audited.hidden = step !== "audit";
    if (isQuestion) this.#showWhere(step);
    const heading = isQuestion ? this.paper.heading(step) : this.root.querySelector(`#${step}-title`);
    heading.focus({ preventScroll: true });
    (isQuestion ? this.#find("progress") : heading).scrollIntoView({ block: "start" });
  }

  #showWhere(step) {
    const { length } = this.paper.questions;
    this.#find("progress").textContent = say(this.words.progress, { at: step + 1, of: length });
    this.#find("nav").querySelector("[data-back]").hidden = step === 0;
    this.#find("next").textContent = step === length - 1 ? this.words.toReview : this.words.next;
  }
}
