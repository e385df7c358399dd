/**
 * Between what a voter means and the slots of a ballot.
 *
 * An answer to one question is {chosen, against, names, levels, order}, each left out where it says nothing; options,
 * places and levels are numbered from 0. `chosen` are options marked (choose) or in favour (review); `against` those
 * voted against (review); `names` write-ins (review); `levels` are pairs of an item and the level given to it (rate),
 * or of an option and its place (table); `order` is the ranking, best first (rank).
 */
import { pointOfText, writeRanking } from "./texts.js";

/**
 * Return the picks of a ballot, one answer for each question.
 *
 * Throws NotAText for a name over 29 bytes, RangeError for an option, place or name without a slot. Whether the
 * answers obey the rules is for `seal` to say.
 */
export function picksOf(contests, answers) {
  if (answers.length !== contests.length) throw new RangeError("not one answer for each question");
  const marks = contests.flatMap((contest, at) => marksOf(contest, answers[at]));
  return [...marks, ...contests.flatMap((contest, at) => textsOf(contest, answers[at]))];
}

function marksOf(contest, answer) {
  const marks = Array(contest.marks).fill(0);
  for (const slot of markedSlots(contest, answer)) marks[within(slot, contest.marks)] = 1;
  return marks;
}

/** Return the slots to mark, from 0 within the contest. */
function markedSlots({ kind, options, marks }, { chosen = [], against = [], names = [], levels = [] }) {
  const size = options.length;
  const inFavour = chosen.map((option) => within(option, size));
  if (kind === "review") {
    const refused = against.map((option) => size + within(option, size));
    return [...inFavour, ...refused, ...names.map((_, at) => 2 * size + at)];
  }
  if (kind === "choose") return inFavour;
  const width = marks / size;
  return levels.map(([row, at]) => within(row, size) * width + within(at, width));
}

function textsOf({ kind, texts, depth }, { names = [], order = [] }) {
  if (kind === "rank") return [pointOfText(writeRanking(order.slice(0, depth)))];
  const points = names.map((name) => pointOfText(name));
  return [...points, ...Array(Math.max(0, texts - points.length)).fill(0)];
}

function within(number, size) {
  if (!(number >= 0 && number < size)) throw new RangeError(`${number} is not in 0..${size - 1}`);
  return number;
}
