/** The numbered checks of sealed-v1 (docs/sealed-protocol.md section 12), and the one error they throw. */

/** What a verifier looks at; the numbers are published and never reused. */
export const Check = Object.freeze({
  LINE_CANONICAL: 1,
  LINE_ORDER: 2,
  LINE_FIELDS: 3,
  POINT: 4,
  SCALAR: 5,
  CEREMONY_TRUSTEES: 6,
  CEREMONY_COMMITMENT: 7,
  CEREMONY_POSSESSION: 8,
  CEREMONY_CONFIRMED: 9,
  ROLL_SORTED: 10,
  ROLL_WEIGHTS: 11,
  MANIFEST_NAMES: 12,
  MANIFEST_TERMS: 13,
  BALLOT_LENGTH: 14,
  BALLOT_PROOF: 15,
  BALLOT_ELIGIBLE: 16,
  BALLOT_SEQUENCE: 17,
  VOID: 18,
  ENROLL: 19,
  CLOSE_COUNTED: 20,
  CLOSE_LEAST: 21,
  SHUFFLE_TURN: 22,
  SHUFFLE_PROOF: 23,
  SHUFFLE_VOUCH: 24,
  SHARE_TURN: 25,
  SHARE_PROOF: 26,
  RESULT_SHARES: 27,
  RESULT_OPENED: 28,
  PAPER_ISSUED: 29,
  PAPER_FOUND: 30,
  PAPER_COUNTS: 31,
  COMPLETE: 32,
  HEAD: 33,
  // Not of an archive: what a voter holds in hand.
  RECEIPT: 34,
  AUDIT: 35,
});

const RANGES = [
  ["ceremony", 6, 9],
  ["roll", 10, 11],
  ["manifest", 12, 13],
  ["ballot", 14, 17],
  ["void", 18, 18],
  ["enroll", 19, 19],
  ["close", 20, 21],
  ["shuffle", 22, 24],
  ["share", 25, 26],
  ["result", 27, 28],
  ["paper", 29, 31],
  ["receipt", 34, 34],
  ["audit", 35, 35],
];

/** Return the type of line that a check looks at; null for every line, or the archive as a whole. */
export const lookedAt = (check) => RANGES.find(([, first, last]) => check >= first && check <= last)?.[0] ?? null;

/** Published bytes that do not pass. `check` is the number a page has words for, `detail` says what was found. */
export class Refused extends Error {
  constructor(check, detail = "") {
    super(`check ${check}${detail && `: ${detail}`}`);
    this.name = "Refused";
    this.check = check;
    this.detail = detail;
  }
}

/** Throw Refused unless the check holds. */
export function demand(holds, check, detail = "") {
  if (!holds) throw new Refused(check, detail);
}
