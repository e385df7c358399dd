/**
 * What a ballot is checked against: its slots, and the rules that their contents must obey.
 *
 * A slot holds a mark (0 or 1) or a text (a write-in name, a ranking). A *rule* is a list of cases, one of which holds;
 * a *case* is a list of claims, all of which hold; a *claim* `{slots, value}` says that the sum of its slots is the
 * value, or with null only that whoever sealed the ballot knows what is in them.
 */
export const WORD = 32;
export const SEQUENCE_BYTES = 4;

/** Return the whole numbers from `first` to `last`. */
export const span = (first, last) => Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);

/** Return the rule that the slots' sum is one of the values. */
export const sumIn = (slots, values) => values.map((value) => [{ slots, value }]);

/** All that a ballot is bound to; it follows from the manifest line that `id` digests. */
export class Race {
  /**
   * `key` is the trustees' joint public key; `marks` and `texts` are how many slots there are of each kind, marks
   * first; `contestRules` are what the questions ask for, beside that each mark is 0 or 1 and each text is known.
   */
  constructor(id, key, marks, texts, contestRules) {
    Object.assign(this, { id, key, marks, texts });
    this.slots = marks + texts;
    const binary = span(0, marks - 1).map((slot) => sumIn([slot], [0, 1]));
    const known = span(marks, this.slots - 1).map((slot) => [[{ slots: [slot], value: null }]]);
    this.rules = [...binary, ...known, ...contestRules]; // in the order in which a ballot proves them
    const proofs = this.rules.reduce((words, rule) => words + rule.length - 1 + rule.flat().length, 0);
    this.ballotBytes = SEQUENCE_BYTES + WORD * (1 + 2 * this.slots + 2 + proofs);
  }
}
