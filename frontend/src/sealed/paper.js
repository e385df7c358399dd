/**
 * The paper count beside the sealed one: arithmetic that anybody can check.
 *
 * Paper handed out voids the credential on the board first, so the papers issued are the voids for paper, and no
 * person is counted twice.
 */
import { Check, demand } from "./checks.js";
import { array, exactly, object, text, whole } from "./fields.js";
import { SPOILED } from "./texts.js";

const FIELDS = ["type", "issued", "found", "invalid", "counts", "texts", "signed_by"];

/**
 * Return the record of a paper line; throw Refused when its numbers cannot be.
 *
 * `issued` are papers handed out, `found` those in the boxes, `invalid` the found ones that do not count; `counts` are
 * by mark slot and `texts` by pool, as in the sealed result; `signed_by` are those who counted, two at least.
 */
export function parsePaper(record, { race, contests }, electorate) {
  exactly(record, FIELDS);
  const pools = contests.map((contest) => contest.texts).filter(Boolean);
  const { issued, found, invalid } = record;
  [issued, found, invalid].forEach((number) => whole(number));
  array(record.counts, (count) => whole(count), race.marks);
  array(record.texts, checkTally, pools.length);
  const signers = new Set(array(record.signed_by, (name) => text(name)));
  demand(signers.size >= 2, Check.LINE_FIELDS, "signed by fewer than two");
  const voids = electorate.voided("paper");
  demand(issued === voids.length, Check.PAPER_ISSUED, `${issued} where ${voids.length} were voided`);
  demand(invalid <= found && found <= issued, Check.PAPER_FOUND);
  const valid = found - invalid;
  const heaviest = voids.reduce((sum, { weight }) => sum + weight, 0);
  if (electorate.isWeighted) checkCounts(race.rules, record.counts, 0, heaviest);
  else checkCounts(race.rules, record.counts, valid, valid);
  for (const [at, tally] of record.texts.entries()) {
    const written = Object.values(tally).reduce((sum, times) => sum + times, 0);
    demand(written <= pools[at] * valid, Check.PAPER_COUNTS, "more texts than papers hold");
  }
  return record;
}

/** Hold sums of counts to the rules of one ballot, times the fewest and the most ballots there can be. */
function checkCounts(rules, counts, least, most) {
  for (const { slots, values } of rules.map(summed)) {
    if (!slots.length || slots[slots.length - 1] >= counts.length) continue;
    const found = slots.reduce((sum, slot) => sum + counts[slot], 0);
    const isPossible = found >= least * Math.min(...values) && found <= most * Math.max(...values);
    demand(isPossible, Check.PAPER_COUNTS, `${found} marks in slots ${slots[0]} to ${slots[slots.length - 1]}`);
  }
}

/** Return the slots whose sum a rule bounds, and the values allowed; no slots for a rule of another shape. */
function summed(rule) {
  const claims = rule.flat();
  const values = claims.map(({ value }) => value);
  const isSum = values.every((value) => value !== null) && new Set(claims.map(({ slots }) => `${slots}`)).size === 1;
  return { slots: isSum ? claims[0].slots : [], values };
}

function checkTally(value) {
  for (const [written, times] of Object.entries(object(value))) {
    if (written !== "" && written !== SPOILED) text(written);
    whole(times, 1);
  }
}
