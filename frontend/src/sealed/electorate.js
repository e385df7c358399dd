/**
 * Who may vote on this board, and the last ballot of each.
 *
 * Credentials are points; they are told apart by their bytes.
 */
import { compare, toHex } from "./bytes.js";
import { Check, Refused, demand } from "./checks.js";
import { array, exactly, pacedArray, point, whole } from "./fields.js";
import { bytesOf } from "./group.js";

const GREATEST_TOTAL_WEIGHT = 10 ** 9; // sums are opened by searching for a logarithm

/** Why a credential is voided. */
export const WHY = ["paper", "reissued", "struck off"];

const keyOf = (credential) => toHex(bytesOf(credential));

/**
 * All credentials of a roll.
 *
 * `standings` says of each how things stand: its `weight`, the `sequence` of its last ballot or -1, why it is `void` or
 * null, and whether another `isReplaced` it. `ballots` are those that count, in the order of each credential's first.
 */
class Electorate {
  constructor(credentials, weights = null) {
    this.isWeighted = weights !== null;
    this.standings = new Map(credentials.map((credential, at) => [keyOf(credential), standing(weights?.[at] ?? 1)]));
    this.ballots = new Map();
  }

  /** Return {weight, ciphertexts} of each ballot that counts. */
  weightedBallots() {
    return [...this.ballots].map(([key, ciphertexts]) => ({ weight: this.standings.get(key).weight, ciphertexts }));
  }

  /** Return the standings that were voided for this reason. */
  voided(why) {
    return [...this.standings.values()].filter((one) => one.void === why);
  }

  /** Throw Refused unless this is the next ballot of a credential in force. */
  checkBallot({ credential, sequence }, revote) {
    const expected = this.#inForce(credential, Check.BALLOT_ELIGIBLE).sequence + 1;
    demand(sequence === expected, Check.BALLOT_SEQUENCE, `${sequence} where ${expected} is next`);
    demand(sequence === 0 || revote, Check.BALLOT_SEQUENCE, "voting again is not provided for");
  }

  /** Enter a ballot that was checked. */
  cast({ credential, sequence, ciphertexts }) {
    const key = keyOf(credential);
    this.standings.get(key).sequence = sequence;
    this.ballots.set(key, ciphertexts);
  }

  /** Put a credential out of force, and its ballot with it; after the stop only for paper. */
  void(credential, why, isStopped) {
    const found = this.#inForce(credential, Check.VOID);
    demand(why === "paper" || !isStopped, Check.VOID, `${why} after the stop`);
    found.void = why;
    this.ballots.delete(keyOf(credential));
  }

  /** Put a new credential in the place, and at the weight, of one that was voided as reissued. */
  enroll(credential, replaces) {
    const old = this.standings.get(keyOf(replaces));
    const isWaiting = old?.void === "reissued" && !old.isReplaced;
    demand(isWaiting, Check.ENROLL, "it replaces none that waits for it");
    demand(!this.standings.has(keyOf(credential)), Check.ENROLL, "on the roll before");
    old.isReplaced = true;
    this.standings.set(keyOf(credential), standing(old.weight));
  }

  #inForce(credential, check) {
    const found = this.standings.get(keyOf(credential));
    if (!found) throw new Refused(check, "not on the roll");
    demand(found.void === null, check, `void: ${found.void}`);
    return found;
  }
}

const standing = (weight) => ({ weight, sequence: -1, void: null, isReplaced: false });

/** Return the electorate of a roll line. */
export async function parseRoll(record, pace) {
  exactly(record, ["type", "creds"], ["weights"]);
  const credentials = await pacedArray(pace, record.creds, point);
  const isAscending = credentials.every((one, at) => !at || compare(bytesOf(credentials[at - 1]), bytesOf(one)) < 0);
  demand(isAscending && credentials.length > 0, Check.ROLL_SORTED);
  if (!("weights" in record)) return new Electorate(credentials);
  const weights = array(record.weights, (weight) => whole(weight, 1));
  demand(weights.length === credentials.length, Check.ROLL_WEIGHTS, "not one for each");
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  demand(all <= GREATEST_TOTAL_WEIGHT, Check.ROLL_WEIGHTS, "too heavy together");
  return new Electorate(credentials, weights);
}
