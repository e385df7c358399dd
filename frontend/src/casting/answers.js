/**
 * What the form of a ballot says, as answers: the same fields, limits and faults as civicforum/polls/answers.py.
 *
 * A question is {kind, marking, options, levels, least, most, write_ins, depth}, as the page states it. `values` gives
 * the list of values of a field, as FormData.getAll does.
 */
import { utf8 } from "../sealed/bytes.js";
import { LONGEST_TEXT } from "../sealed/texts.js";

/** An answer that cannot be sealed: what is wrong, beside which field. */
export class AnswerFault extends Error {
  constructor(fault, field) {
    super(`${fault} at ${field}`);
    Object.assign(this, { fault, field });
  }
}

/** Return the answer to question number `at`, from 1, as `picksOf` takes it; throw AnswerFault. */
export function readAnswer(question, values, at, { namesNeedAgainst = false } = {}) {
  const read = new Reading(question, values, `q${at}`, namesNeedAgainst);
  const answer = read[question.kind]();
  return Object.fromEntries(Object.entries(answer).filter(([, marks]) => marks.length));
}

/** Tell whether nothing is marked. */
export const isBlank = (answer) => Object.keys(answer).length === 0;

/** Return how many places of a selection are taken: ticks, or votes in favour and names written in. */
export function placesTaken(question, values, at) {
  if (question.marking !== "each") return new Set(values(`q${at}`)).size;
  const read = new Reading(question, values, `q${at}`, false);
  return read.marked("for").length + read.written().length;
}

class Reading {
  constructor(question, values, name, namesNeedAgainst) {
    Object.assign(this, { question, values, name, namesNeedAgainst, size: (question.options ?? []).length });
  }

  motion() {
    const mark = this.value(this.name);
    if (mark === "" || mark === "abstain") return {};
    if (mark !== "for" && mark !== "against") throw new AnswerFault("unreadable", this.name);
    return { chosen: [mark === "for" ? 0 : 1] };
  }

  selection() {
    return this.question.marking === "each" ? this.each() : this.ticks();
  }

  ticks() {
    const numbers = this.values(this.name).map((text) => whole(text, this.size, this.name));
    const chosen = [...new Set(numbers.filter((number) => number !== null))].sort((a, b) => a - b);
    const { least = 0, most } = this.question;
    if (chosen.length > most) throw new AnswerFault("too_many", this.name);
    if (chosen.length < least) throw new AnswerFault("too_few", this.name);
    return { chosen };
  }

  each() {
    const fields = this.rows();
    const strange = fields.find((field) => !["", "for", "against", "abstain"].includes(this.value(field)));
    if (strange) throw new AnswerFault("unreadable", strange);
    const [chosen, against] = [this.marked("for"), this.marked("against")];
    const names = this.names();
    if (chosen.length + names.length > this.question.most) throw new AnswerFault("too_many", this.name);
    if (this.namesNeedAgainst && names.length > against.length) {
      throw new AnswerFault("name_without_against", `${this.name}-name-${against.length}`);
    }
    return { chosen, against, names };
  }

  names() {
    const listed = new Set(this.question.options.map(clean));
    const names = [];
    for (const { field, text } of this.written()) {
      if (utf8(text).length > LONGEST_TEXT) throw new AnswerFault("name_too_long", field);
      if (listed.has(text)) throw new AnswerFault("name_listed", field);
      if (names.includes(text)) throw new AnswerFault("name_twice", field);
      names.push(text);
    }
    return names;
  }

  grade() {
    const levels = this.rows().map((field, row) => [row, this.number(field, this.question.levels.length)]);
    return { levels: levels.filter(([, level]) => level !== null) };
  }

  ranking() {
    const options = new Map();
    for (const [option, field] of this.rows().entries()) {
      const place = this.number(field, (this.question.depth || this.size) + 1);
      if (place === null) continue;
      if (place === 0) throw new AnswerFault("unreadable", field);
      if (options.has(place)) throw new AnswerFault("place_twice", field);
      options.set(place, option);
    }
    const places = [...options.keys()].sort((a, b) => a - b);
    const late = places.find((place, index) => place !== index + 1);
    if (late) throw new AnswerFault("place_missing", `${this.name}-${options.get(late)}`);
    return { order: places.map((place) => options.get(place)) };
  }

  rows() {
    return Array.from({ length: this.size }, (_, row) => `${this.name}-${row}`);
  }

  marked(mark) {
    return this.rows().flatMap((field, option) => (this.value(field) === mark ? [option] : []));
  }

  /** Return the fields of names that say something. */
  written() {
    const fields = Array.from({ length: this.question.write_ins ?? 0 }, (_, at) => `${this.name}-name-${at}`);
    return fields.map((field) => ({ field, text: clean(this.value(field)) })).filter(({ text }) => text);
  }

  value(field) {
    return (this.values(field)[0] ?? "").trim();
  }

  number(field, size) {
    return whole(this.value(field), size, field);
  }
}

const clean = (text) => text.normalize("NFC").trim().split(/\s+/u).join(" ");

function whole(text, size, field) {
  if (!text) return null;
  if (!/^[0-9]{1,4}$/.test(text) || Number(text) >= size) throw new AnswerFault("unreadable", field);
  return Number(text);
}
