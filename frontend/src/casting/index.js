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
import { say, wordsFor } from "./words.js";

const root = document.querySelector("[data-ballot]");
const find = (name) => root.querySelector(`[data-${name}]`);

/** Show one part of the page and hide the others. */
class Pages {
  constructor(paper) {
    this.paper = paper;
    addEventListener("popstate", (event) => this.show(event.state?.step ?? 0));
  }

  /** Go to a step as a place of its own, to which the browser's back button leads. */
  go(step) {
    history.pushState({ step }, "");
    this.show(step);
  }

  /** `step` is the number of a question from 0, "review" or "audit". */
  show(step) {
    this.step = step;
    const isQuestion = typeof step === "number";
    this.paper.show(isQuestion ? step : null);
    find("nav").hidden = !isQuestion;
    find("review").hidden = step !== "review";
    if (find("audited")) find("audited").hidden = step !== "audit";
    const { length } = this.paper.questions;
    const progress = isQuestion ? say(words.progress, { at: step + 1, of: length }) : "";
    Object.assign(find("progress"), { textContent: progress, hidden: !isQuestion });
    if (isQuestion) {
      find("nav").querySelector("[data-back]").hidden = step === 0;
      find("next").textContent = step === length - 1 ? words.toReview : words.next;
    }
    const heading = isQuestion ? this.paper.heading(step) : root.querySelector(step === "review" ? "#review-title" : "#audit-title");
    heading.focus({ preventScroll: true });
    (isQuestion ? find("progress") : heading).scrollIntoView({ block: "start" });
  }
}

const words = root ? wordsFor(root) : {};

/** Begin with the questions; `code` opens the sealed presets. */
function begin(code) {
  const template = root.querySelector("template[data-paper]");
  if (template) template.replaceWith(template.content);
  const { dataset } = root;
  const paper = new Paper(root.querySelector("#paper"), { words, namesNeedAgainst: Boolean(dataset.namesNeedAgainst) });
  const manifest = dataset.manifest ? parseManifest(utf8(dataset.manifest)) : null;
  const booth = manifest && new Booth({ manifest, code, sequence: Number(dataset.sequence) });
  const pages = new Pages(paper);
  const sending = new Sending(dataset, words);
  // A page that comes back out of the browser's memory is read anew: somebody may have voted meanwhile.
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  const toReview = () => {
    const fault = paper.firstFault();
    if (fault !== null) {
      pages.go(fault);
      paper.check(fault);
      return;
    }
    paper.review(find("answers"), find("blank"), (at) => pages.go(at));
    clearProblem();
    pages.go("review");
  };
  const next = () => {
    if (!paper.check(pages.step)) return;
    if (pages.step < paper.questions.length - 1) pages.go(pages.step + 1);
    else toReview();
  };
  find("next").addEventListener("click", next);
  paper.form.addEventListener("submit", (event) => {
    event.preventDefault();
    next();
  });
  for (const back of root.querySelectorAll("[data-back]")) back.addEventListener("click", () => history.back());

  const button = find("cast");
  const label = button.textContent;
  const setBusy = (isBusy, text = "") => {
    button.setAttribute("aria-disabled", String(isBusy));
    find("status").textContent = text;
  };
  function clearProblem() {
    find("problem").hidden = true;
    find("replace").hidden = true;
    button.hidden = false;
    button.textContent = label;
  }
  function showProblem(text, { isAsking = false, isLost = false } = {}) {
    find("problem-text").textContent = text;
    find("problem").hidden = false;
    find("replace").hidden = !isAsking;
    button.hidden = isAsking;
    button.textContent = isLost ? button.dataset.again : label;
    (isAsking ? find("replace") : button).focus();
  }

  let isCasting = false;
  async function cast() {
    if (isCasting) return; // a double tap
    isCasting = true;
    clearProblem();
    try {
      if (!booth) return castNamed();
      setBusy(true, words.sealing);
      await painted();
      const ballot = booth.seal(paper.answers());
      setBusy(true, words.sending);
      const answer = await sending.cast(ballot);
      if (answer.isCast) return finish();
      if (answer.fault === "tested") booth.forget();
      if (answer.fault === "out_of_step") return await askToReplace();
      showProblem(answer.message, { isLost: answer.isLost });
    } catch (error) {
      console.error(error.name); // not its message, which may say what was marked
      showProblem(words.notSealed);
    } finally {
      isCasting = false;
      setBusy(false);
    }
  }

  async function askToReplace() {
    const standing = await sending.standing();
    if (standing.sequence === undefined) return showProblem(standing.message, { isLost: standing.isLost });
    booth.continueAt(standing.sequence);
    showProblem(words.elsewhere, { isAsking: true });
  }

  function castNamed() {
    const step = Object.assign(document.createElement("input"), { type: "hidden", name: "step", value: "cast" });
    paper.form.append(step);
    setBusy(true, words.sending);
    paper.form.submit();
  }

  /** Forget everything and leave: nothing in this browser opens the ballot any more. */
  function finish() {
    paper.clear();
    booth.clear();
    forgetCard();
    for (const name of ["code", "manifest", "credential"]) delete dataset[name];
    find("answers").replaceChildren();
    location.replace(dataset.doneUrl);
  }

  button.addEventListener("click", cast);
  find("replace").addEventListener("click", cast);
  find("audit")?.addEventListener("click", async () => {
    if (isCasting) return;
    isCasting = true;
    setBusy(true, words.sealing);
    try {
      await painted();
      const audit = booth.test(paper.answers());
      const answer = await sending.test(audit.ballot);
      if (!answer.isKept) return showProblem(answer.message, { isLost: answer.isLost });
      showAudit(root, audit, { manifest, paper });
      pages.go("audit");
    } finally {
      isCasting = false;
      setBusy(false);
    }
  });
  find("audit-done")?.addEventListener("click", () => history.back());

  for (const part of root.querySelectorAll("[data-plain]")) part.hidden = true;
  history.replaceState({ step: 0 }, "");
  const fault = root.querySelector("[data-error]:not([hidden])") ? paper.firstFault() : null;
  pages.show(fault ?? 0);
}

/** Resolve after the browser has shown what was just changed. */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

if (root) {
  const { preset, poll, credential, code } = root.dataset;
  if (preset === "sealed") {
    askForCard(root, { poll, credential, words }).then(begin);
  } else {
    begin(code);
  }
}
