/** What marks and texts mean: the slots of a race told in the words of its questions. */
import { SPOILED, readRanking } from "../sealed/texts.js";

/**
 * Return for each question {title, labels, texts, readable}: the labels of its marks in order, how many texts it has,
 * and how to tell what one of them says.
 */
export function questionsOf({ contests }, { say }) {
  return contests.map((contest, at) => ({
    title: contest.title || say("question", { number: at + 1 }),
    labels: labelsOf(contest, say),
    texts: contest.texts,
    readable: (text) => readable(contest, text, say),
  }));
}

function readable({ kind, options, depth }, text, say) {
  if (text === "") return say("blank");
  if (text === SPOILED) return say("spoiled");
  if (kind !== "rank") return text;
  const order = readRanking(text, options.length, depth);
  return order ? order.map((option) => options[option]).join(" > ") : say("spoiled");
}

function labelsOf({ kind, options, levels, writeIns }, say) {
  const each = (names) => options.flatMap((option) => names.map((name) => `${option}: ${name}`));
  const numbers = (count, word) => Array.from({ length: count }, (_, at) => say(word, { number: at + 1 }));
  switch (kind) {
    case "review":
      return [
        ...options.map((option) => `${option}: ${say("inFavour")}`),
        ...options.map((option) => `${option}: ${say("against")}`),
        ...numbers(writeIns, "writeIn"),
      ];
    case "rate":
      return each(levels);
    case "table":
      return each(numbers(options.length, "place"));
    case "rank":
      return [];
    default:
      return options;
  }
}

/** Return the values of all mark slots, cut into one list for each question. */
export function byQuestion(questions, values) {
  let at = 0;
  return questions.map(({ labels }) => values.slice(at, (at += labels.length)));
}
