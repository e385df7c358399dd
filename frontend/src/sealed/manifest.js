/** The manifest: the questions, the terms and the keys of an election, and the race its ballots belong to. */
import { Check, demand } from "./checks.js";
import { parseContest, rulesOf } from "./contests.js";
import { array, data, exactly, given, object, point, text, truth, whole } from "./fields.js";
import { prepare } from "./group.js";
import { h32 } from "./hashing.js";
import { readLine } from "./lines.js";
import { Race, span } from "./races.js";

const VERSION = 1;
const MOST_SLOTS = 1000;
const MOST_CONTESTS = 100;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const NEEDED = [
  ...["type", "v", "uuid", "title", "contests", "key", "ceremony", "roll"],
  ...["revote", "least", "opens", "closes", "receipt_key"],
];

/** Return the manifest of a line; throw Refused when a field is missing, strange or makes no sense. */
export function parseManifest(raw) {
  const record = exactly(readLine(raw), NEEDED, ["terms"]);
  demand(whole(record.v) === VERSION, Check.MANIFEST_TERMS, "version");
  demand(UUID.test(text(record.uuid)), Check.MANIFEST_TERMS, "uuid");
  object(given(record, "terms", {}));
  const [opensAt, closesAt] = [instant(record.opens), instant(record.closes)];
  demand(opensAt < closesAt, Check.MANIFEST_TERMS, "it closes before it opens");
  return {
    race: raceOf(raw),
    uuid: record.uuid,
    title: text(record.title),
    contests: contestsOf(record.contests),
    ceremony: data(record.ceremony, 32),
    roll: data(record.roll, 32),
    revote: truth(record.revote),
    least: whole(record.least, 1),
    opensAt,
    closesAt,
    receiptKey: point(record.receipt_key),
  };
}

/** Return the race of a manifest line: `id` digests every byte of it, so that a ballot means one thing only. */
export function raceOf(raw) {
  const record = readLine(raw);
  const contests = contestsOf(record.contests);
  const marks = contests.reduce((count, contest) => count + contest.marks, 0);
  const texts = contests.reduce((count, contest) => count + contest.texts, 0);
  const rules = [];
  let [mark, slot] = [0, marks];
  for (const contest of contests) {
    const own = [span(mark, mark + contest.marks - 1), span(slot, slot + contest.texts - 1)];
    rules.push(...rulesOf(contest, ...own));
    [mark, slot] = [mark + contest.marks, slot + contest.texts];
  }
  return new Race(h32("manifest", raw), prepare(point(record.key)), marks, texts, rules);
}

/** Return the questions in the order of the ballot. */
function contestsOf(value) {
  const contests = array(value, parseContest);
  demand(contests.length <= MOST_CONTESTS, Check.MANIFEST_TERMS, `more than ${MOST_CONTESTS} questions`);
  const slots = contests.reduce((count, contest) => count + contest.marks + contest.texts, 0);
  demand(slots >= 1 && slots <= MOST_SLOTS, Check.MANIFEST_TERMS, `not 1 to ${MOST_SLOTS} slots`);
  return contests;
}

function instant(value) {
  const written = text(value);
  const isReal = INSTANT.test(written) && !written.startsWith("0000") && !isNaN(Date.parse(written));
  // A date that does not exist, such as 30 February, comes out as another.
  const holds = isReal && new Date(written).toISOString() === written.replace("Z", ".000Z");
  demand(holds, Check.MANIFEST_TERMS, "an instant is not as 2026-05-01T08:00:00Z");
  return written;
}
