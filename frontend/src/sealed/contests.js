/** The kinds of question, and what each puts into a ballot (docs/sealed-protocol.md section 5). */
import { Check, demand } from "./checks.js";
import { array, exactly, given, object, text, whole } from "./fields.js";
import { isObject } from "./lines.js";
import { span, sumIn } from "./races.js";
import { LONGEST_TEXT } from "./texts.js";

const MOST_SEATS = 1000; // each is a case of a rule
const MOST_RANKED = 36; // one character each, 0-9 and a-z

/** Of each kind: its own fields, its slots, its limits, and the rules of its slots, given their numbers in the race. */
const KINDS = new Map([
  [
    "choose",
    {
      needed: ["max"],
      optional: ["min"],
      marks: ({ options }) => options.length,
      makesSense: ({ least, most, options }) => least <= most && most >= 1 && most <= options.length,
      rules: ({ least, most }, marks) => [sumIn(marks, span(least, most))],
    },
  ],
  [
    "review",
    {
      needed: ["max"],
      optional: ["writeins"],
      marks: ({ options, writeIns }) => 2 * options.length + writeIns,
      makesSense: ({ most, writeIns }) => most >= 1 && most <= MOST_SEATS && writeIns <= most,
      rules: reviewRules,
    },
  ],
  [
    "rate",
    {
      needed: ["levels"],
      optional: [],
      marks: ({ options, levels }) => options.length * levels.length,
      makesSense: () => true,
      rules: ({ levels }, marks) => rows(marks, levels.length).map((row) => sumIn(row, [0, 1])),
    },
  ],
  [
    "table",
    {
      needed: [],
      optional: [],
      marks: ({ options }) => options.length ** 2,
      makesSense: () => true,
      rules: tableRules,
    },
  ],
  [
    "rank",
    {
      needed: [],
      optional: ["depth"],
      marks: () => 0,
      makesSense: ({ options, depth }) =>
        options.length <= MOST_RANKED && depth >= 1 && depth <= Math.min(options.length, LONGEST_TEXT),
      rules: () => [], // whether a ranking is valid is judged after opening, as on paper
    },
  ],
]);

/** For, against or neither per candidate; a write-in takes a seat, and has a name only if its mark is set. */
function reviewRules({ options, most }, marks, texts) {
  const count = options.length;
  const [inFavour, against, writeIns] = [marks.slice(0, count), marks.slice(count, 2 * count), marks.slice(2 * count)];
  return [
    ...inFavour.map((slot, at) => sumIn([slot, against[at]], [0, 1])),
    sumIn([...inFavour, ...writeIns], span(0, most)),
    ...writeIns.map((mark, at) => [
      [
        { slots: [mark], value: 0 },
        { slots: [texts[at]], value: 0 },
      ],
      [{ slots: [mark], value: 1 }],
    ]),
  ];
}

/** Rows are options and columns are places: each option has one place at most, and each place one option. */
function tableRules({ options }, marks) {
  const count = options.length;
  return rows(marks, count).flatMap((row, at) => [
    sumIn(row, [0, 1]),
    sumIn(
      marks.filter((_, slot) => slot % count === at),
      [0, 1],
    ),
  ]);
}

const rows = (marks, width) =>
  span(0, marks.length / width - 1).map((row) => marks.slice(row * width, (row + 1) * width));

/**
 * Return the contest that a manifest describes; throw Refused when it makes no sense.
 *
 * `least` and `most` say how many may be marked, or be in favour, write-ins included; `levels` are grades, best first;
 * `depth` is how many places a ranking may name; `marks` and `texts` count its slots.
 */
export function parseContest(record) {
  demand(isObject(record) && KINDS.has(record.kind), Check.MANIFEST_TERMS, "kind");
  const kind = KINDS.get(record.kind);
  exactly(record, ["kind", "options", ...kind.needed], ["title", "terms", ...kind.optional]);
  const options = names(record.options, 1);
  const contest = {
    kind: record.kind,
    options,
    title: "title" in record ? text(record.title) : "",
    least: whole(given(record, "min", 0)),
    most: whole(given(record, "max", 0)),
    writeIns: whole(given(record, "writeins", 0)),
    levels: names(given(record, "levels", []), record.kind === "rate" ? 2 : 0),
    depth: whole(given(record, "depth", Math.min(options.length, LONGEST_TEXT))),
    terms: object(given(record, "terms", {})),
  };
  demand(kind.makesSense(contest), Check.MANIFEST_TERMS, "limits of a question");
  return { ...contest, marks: kind.marks(contest), texts: contest.kind === "rank" ? 1 : contest.writeIns };
}

/** Return what must hold of a contest's slots, given their numbers in the race. */
export const rulesOf = (contest, marks, texts) => KINDS.get(contest.kind).rules(contest, marks, texts);

function names(value, least) {
  const found = array(value, (name) => text(name));
  const isSet = new Set(found).size === found.length && found.length >= least;
  demand(isSet, Check.MANIFEST_TERMS, "options");
  return found;
}
