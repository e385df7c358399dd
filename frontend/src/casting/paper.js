/** The questions of the form: one shown at a time, limits said at once, answers listed for the review. */
import { AnswerFault, isBlank, placesTaken, readAnswer } from "./answers.js";
import { say } from "./words.js";

export class Paper {
  constructor(form, { words, namesNeedAgainst }) {
    Object.assign(this, { form, words, namesNeedAgainst });
    this.questions = [...form.querySelectorAll("[data-question]")].map((element, at) => {
      const question = JSON.parse(element.dataset.question);
      return { element, question, at: at + 1 };
    });
    for (const one of this.questions) this.#listen(one);
  }

  heading(step) {
    return this.questions[step].element.querySelector("h2");
  }

  /** Show the question with this number from 0; null for none. */
  show(step) {
    this.form.hidden = step === null;
    for (const [index, { element }] of this.questions.entries()) element.hidden = index !== step;
  }

  answers() {
    return this.questions.map((one) => this.#read(one));
  }

  /** Return the number, from 0, of the first question that cannot be sealed as it is; null when all can. */
  firstFault() {
    const found = this.questions.findIndex((one) => this.#faultOf(one));
    return found < 0 ? null : found;
  }

  /** Say beside its field what is wrong with a question; return whether nothing is. */
  check(step) {
    const one = this.questions[step];
    const fault = this.#faultOf(one);
    this.#showFault(one, fault);
    return !fault;
  }

  /** List what is marked; `change` is called with the number of the question to go back to. */
  review(list, blank, change) {
    const answers = this.answers();
    const empty = this.questions.filter((_, at) => isBlank(answers[at])).map(({ at }) => at);
    blank.hidden = !empty.length;
    blank.textContent = say(this.words.blanks, { list: empty.join(", ") });
    list.replaceChildren(...this.questions.flatMap((one, at) => this.#entry(one, answers[at], () => change(at))));
  }

  /** Return the rows of a definition list for these answers. */
  entries(answers) {
    return this.questions.flatMap((one, at) => this.#entry(one, answers[at]));
  }

  clear() {
    this.form.reset();
    for (const field of this.form.querySelectorAll("input:not([type=hidden]), select")) {
      if (field.type === "radio" || field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
  }

  #entry({ question, at }, answer, change) {
    const title = make("dt", `${at}. ${question.title}`);
    const lines = linesOf(question, answer, this.words).map((line) => make("dd", line));
    const marked = lines.length ? lines : [Object.assign(make("dd", this.words.blank), { className: "muted" })];
    if (!change) return [title, ...marked];
    const link = Object.assign(make("button", this.words.change), { type: "button", className: "link-button" });
    link.append(Object.assign(make("span", ` ${question.title}`), { className: "govuk-visually-hidden" }));
    link.addEventListener("click", change);
    const last = make("dd", "");
    last.append(link);
    return [title, ...marked, last];
  }

  #values(field) {
    return new FormData(this.form).getAll(field);
  }

  #read({ question, at }) {
    const options = { namesNeedAgainst: this.namesNeedAgainst };
    const data = new FormData(this.form);
    return readAnswer(question, (field) => data.getAll(field), at, options);
  }

  #faultOf(one) {
    try {
      this.#read(one);
      return null;
    } catch (fault) {
      if (!(fault instanceof AnswerFault)) throw fault;
      return fault;
    }
  }

  #showFault({ element, question, at }, fault) {
    for (const error of element.querySelectorAll("[data-error]")) error.hidden = true;
    if (!fault) return;
    const errorOf = (field) => element.querySelector(`[data-error="${field}"]`);
    const beside = errorOf(fault.field) ?? errorOf(`q${at}`);
    beside.querySelector("[data-text]").textContent = question.faults[fault.fault];
    beside.hidden = false;
    const field = this.form.querySelector(`#${fault.field}`);
    (field?.matches("input, select") ? field : this.heading(at - 1)).focus();
    beside.scrollIntoView({ block: "center" });
  }

  #listen(one) {
    const { element } = one;
    element.addEventListener("change", (event) => this.#changed(one, event.target));
    element.addEventListener("input", () => this.#count(one));
    const search = element.querySelector("[data-search]");
    if (search) this.#letSearch(one, search);
    this.#count(one);
  }

  #changed(one, field) {
    this.#showFault(one, null);
    const warning = one.element.querySelector("[data-warning]");
    if (warning) warning.textContent = "";
    if (this.#taken(one) > one.question.most && isTick(field)) {
      // Said aloud and not done: a box that were simply dead would look broken.
      takeAway(field);
      warning.textContent = one.question.faults.too_many;
    }
    this.#count(one);
  }

  #taken({ question, at }) {
    return question.kind === "selection" ? placesTaken(question, (field) => this.#values(field), at) : 0;
  }

  #count(one) {
    const count = one.element.querySelector("[data-count]");
    if (count) count.textContent = say(this.words.count, { taken: this.#taken(one), most: one.question.most });
  }

  #letSearch({ element }, search) {
    const [input, found] = [search.querySelector("input"), search.querySelector("[data-found]")];
    const rows = [...element.querySelectorAll("[data-option]")];
    search.hidden = false;
    input.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    input.addEventListener("input", () => {
      const sought = input.value.normalize("NFKC").replace(/\s/gu, "").toLowerCase();
      for (const row of rows) row.hidden = !nameIn(row).includes(sought);
      const shown = rows.filter((row) => !row.hidden).length;
      found.textContent = sought ? say(this.words.found, { found: shown, all: rows.length }) : "";
    });
  }
}

const nameIn = (row) => row.textContent.normalize("NFKC").replace(/\s/gu, "").toLowerCase();
const isTick = (field) => field.checked && (field.type === "checkbox" || field.value === "for");

function takeAway(field) {
  if (field.type === "checkbox") {
    field.checked = false;
    return;
  }
  const rest = field.closest("[data-option]").querySelector('input[value="abstain"]');
  rest.checked = true;
}

/** Return what an answer says, a line for each mark. */
export function linesOf({ kind, marking, options, levels }, answer, words) {
  const { chosen = [], against = [], names = [], order = [] } = answer;
  if (kind === "motion") return chosen.map((mark) => (mark === 0 ? words.for : words.against));
  if (kind === "grade") return (answer.levels ?? []).map(([row, level]) => `${options[row]}: ${levels[level]}`);
  if (kind === "ranking") return order.map((option, place) => `${place + 1}. ${options[option]}`);
  if (marking !== "each") return chosen.map((option) => options[option]);
  return [
    ...chosen.map((option) => `${words.for}: ${options[option]}`),
    ...against.map((option) => `${words.against}: ${options[option]}`),
    ...names.map((name) => `${words.writtenIn}: ${name}`),
  ];
}

const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
