/** The page that checks an archive: one form, then what was found. */
import { linesOf, verifyArchive } from "../sealed/archive.js";
import { fromHex } from "../sealed/bytes.js";
import { readLine } from "../sealed/lines.js";
import { Pace } from "../sealed/pace.js";
import { element } from "./dom.js";
import { answer, ballotIn } from "./lookup.js";
import { Pool } from "./pool.js";
import { shown } from "./report.js";
import { preferred, speaking } from "./words.js";

const HEAD_BYTES = 32;
const STATUS_MS = 1000; // a screen reader should not be told of every line

export class Page {
  #words = speaking(preferred());
  #report = null;

  /** `makeWorker()` starts a worker that checks ballots. */
  constructor(main, makeWorker) {
    Object.assign(this, { main, makeWorker });
    this.#draw();
  }

  #draw() {
    const { say, language } = this.#words;
    document.documentElement.lang = language;
    document.title = say("title");
    const next = language === "zh" ? "en" : "zh";
    const other = element("button", { type: "button", class: "language", lang: next }, say("other"));
    other.addEventListener("click", () => this.#speak(next));
    this.form = this.#newForm();
    this.status = element("div", { class: "status" });
    this.found = element("div", {});
    const heading = element("div", { class: "top" }, element("h1", {}, say("title")), other);
    this.main.replaceChildren(heading, element("p", {}, say("intro")), this.form, this.status, this.found);
    if (this.#report) this.#show();
  }

  #speak(language) {
    const [file, head] = [this.form.elements.archive.files, this.form.elements.head.value];
    this.#words = speaking(language);
    this.#draw();
    this.form.elements.archive.files = file;
    this.form.elements.head.value = head;
    this.main.querySelector(".language").focus();
  }

  #newForm() {
    const { say } = this.#words;
    const form = element(
      "form",
      { novalidate: true },
      field("archive", say("archive"), say("archiveHint"), { type: "file", accept: ".jsonl,application/jsonl" }),
      field("head", say("head"), say("headHint"), { type: "text", autocomplete: "off", spellcheck: "false" }),
      element("button", { type: "submit" }, say("start")),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    return form;
  }

  #submit() {
    const { say } = this.#words;
    const { archive, head } = this.form.elements;
    const typed = head.value.replace(/\s/g, "");
    const announced = typed ? fromHex(typed) : null;
    const isHead = !typed || announced?.length === HEAD_BYTES;
    const isChosen = archive.files.length === 1;
    complain(archive, isChosen ? "" : say("archiveMissing"));
    complain(head, isHead ? "" : say("headWrong"));
    if (isChosen && isHead) this.#check(archive.files[0], announced);
    else (isChosen ? head : archive).focus();
  }

  async #check(file, head) {
    const button = this.form.querySelector("[type=submit]");
    button.disabled = true;
    this.#report = null;
    this.found.replaceChildren();
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      this.#report = await this.#verify(bytes, head);
      this.status.replaceChildren();
      this.#show();
      this.found.querySelector("#verdict").focus();
    } catch (error) {
      this.status.replaceChildren(element("p", { role: "alert" }, this.#words.say("broke"), String(error)));
      throw error;
    } finally {
      this.form.querySelector("[type=submit]").disabled = false;
    }
  }

  async #verify(bytes, head) {
    const lines = linesOf(bytes);
    const progress = this.#progress();
    const pool = await poolFor(this.makeWorker, lines);
    try {
      const report = await verifyArchive(bytes, { head, progress, readBallot: pool?.readBallot });
      return { ...report, lines, isCompared: head !== null, typeOf: (line) => typeOf(lines[line - 1]) };
    } finally {
      pool?.close();
    }
  }

  /** Return what `verifyArchive` tells its progress to. */
  #progress() {
    const { say } = this.#words;
    const bar = element("progress", { max: 1, value: 0, "aria-label": say("working") });
    const told = element("p", { role: "status" }, say("working"));
    this.status.replaceChildren(bar, told);
    let last = performance.now();
    let lines = 0;
    return (share) => {
      lines += 1;
      bar.value = share;
      if (performance.now() - last < STATUS_MS) return;
      last = performance.now();
      told.textContent = this.#words.say("progress", { percent: Math.floor(100 * share), lines });
    };
  }

  #show() {
    const parts = shown(this.#report, this.#words);
    this.found.replaceChildren(...parts, ...(this.#report.board.manifest ? [this.#mine()] : []));
  }

  /** Return the part where a voter looks for what is theirs. */
  #mine() {
    const { say } = this.#words;
    const answers = element("div", { role: "status" });
    const typed = field("mine", say("mine"), say("mineHint"), { rows: 3, spellcheck: "false" }, "textarea");
    const button = element("button", { type: "submit" }, say("lookUp"));
    const form = element("form", { class: "mine" }, typed, button, answers);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      answers.replaceChildren(...(await answer(form.elements.mine.value, this.#report, this.#words)));
    });
    return form;
  }
}

/** Return a pool that begins with the ballots of an archive; null when it has no race to check them against. */
async function poolFor(makeWorker, lines) {
  if (lines.length < 3 || typeOf(lines[2]) !== "manifest") return null;
  const ballots = await new Pace().map(lines.slice(3), ballotIn);
  return new Pool(makeWorker, lines[2], ballots.filter(Boolean));
}

function typeOf(raw) {
  try {
    const { type } = readLine(raw);
    return typeof type === "string" ? type : null;
  } catch {
    return null;
  }
}

/** Return a labelled field with a hint and a place for what is wrong with it. */
function field(name, label, hint, attributes, tag = "input") {
  const described = `${name}-hint ${name}-error`;
  return element(
    "div",
    { class: "field" },
    element("label", { for: name }, label),
    element("p", { class: "hint", id: `${name}-hint` }, hint),
    element("p", { class: "error", id: `${name}-error`, role: "alert" }),
    element(tag, { id: name, name, "aria-describedby": described, ...attributes }),
  );
}

function complain(input, message) {
  input.setAttribute("aria-invalid", message ? "true" : "false");
  document.getElementById(`${input.id}-error`).textContent = message;
}
