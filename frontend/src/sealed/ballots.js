/**
 * Sealed ballots: one byte string of fixed length, whose proofs show that it obeys the rules of its race.
 *
 * Exponential ElGamal with disjunctive Chaum-Pedersen proofs (Cramer, Damgård and Schoenmakers, CRYPTO 1994) as in the
 * Belenios specification, under one strong Fiat-Shamir challenge that also binds the race, the credential and the
 * signature (docs/sealed-protocol.md section 6).
 */
import { concat } from "./bytes.js";
import { Check, demand } from "./checks.js";
import { GENERATOR, add, bytesOf, modulo, parsePoint, parseScalar, subtract, timesPublic } from "./group.js";
import { h32, hashToScalar } from "./hashing.js";
import { SEQUENCE_BYTES, WORD, span } from "./races.js";

/** Return the 32 bytes by which a voter finds the ballot on the board. */
export const trackerOf = (ballot) => h32("tracker", ballot);

/** Return the one challenge of a ballot; `body` is all ciphertexts, joined, `commitments` are bytes. */
export function challengeOf(race, credential, sequence, body, commitments) {
  return hashToScalar("ballot", race.id, credential, sequence, body, concat(...commitments));
}

/** Return the 32-byte words of a ballot after its sequence number; throw Refused when it has another length. */
function wordsOf(race, ballot) {
  demand(ballot.length === race.ballotBytes, Check.BALLOT_LENGTH);
  const starts = span(0, (ballot.length - SEQUENCE_BYTES) / WORD - 1).map((at) => SEQUENCE_BYTES + WORD * at);
  return starts.map((at) => ballot.subarray(at, at + WORD));
}

/** Return {credential, sequence, ciphertexts}; throw Refused unless length and points are as they should be. */
export function parseBallot(race, ballot) {
  const [credential, ...points] = wordsOf(race, ballot).slice(0, 1 + 2 * race.slots).map(parsePoint);
  const sequence = new DataView(ballot.buffer, ballot.byteOffset).getUint32(0);
  return { credential, sequence, ciphertexts: pairs(points) };
}

/** Return what `parseBallot` does; throw Refused unless it obeys the rules of the race and its credential signed it. */
export function verifyBallot(race, ballot) {
  const parsed = parseBallot(race, ballot);
  const scalars = wordsOf(race, ballot).slice(1 + 2 * race.slots).map(parseScalar).values();
  const take = () => scalars.next().value;
  const claimed = take();
  const commitments = [commitment(take(), claimed, parsed.credential)];
  for (const rule of race.rules) commitments.push(...ruleCommitments(race, rule, parsed.ciphertexts, claimed, take));
  const [sequence, credential] = [ballot.subarray(0, SEQUENCE_BYTES), bytesOf(parsed.credential)];
  const atBody = SEQUENCE_BYTES + WORD;
  const body = ballot.subarray(atBody, atBody + 2 * WORD * race.slots);
  const expected = challengeOf(race, credential, sequence, body, commitments.map(bytesOf));
  demand(claimed === expected, Check.BALLOT_PROOF);
  return parsed;
}

const pairs = (points) => span(0, points.length / 2 - 1).map((at) => ({ a: points[2 * at], b: points[2 * at + 1] }));

/** Return what the prover committed to on the generator. */
function commitment(response, challenge, image) {
  return subtract(timesPublic(response, GENERATOR), timesPublic(challenge, image));
}

/** Return the commitments of one rule; its challenges add up to the challenge of the whole ballot. */
function ruleCommitments(race, rule, ciphertexts, whole, take) {
  const challenges = rule.slice(1).map(take);
  challenges.push(modulo(whole - challenges.reduce((sum, share) => sum + share, 0n)));
  return rule.flatMap((claims, at) =>
    claims.flatMap((claim) => claimCommitments(race, claim, ciphertexts, challenges[at], take())),
  );
}

/** Return one commitment on the generator and, where a value is claimed, one on the key. */
function claimCommitments(race, { slots, value }, ciphertexts, share, response) {
  const [first, ...others] = slots.map((slot) => ciphertexts[slot]);
  const { a, b } = others.reduce((sum, pair) => ({ a: add(sum.a, pair.a), b: add(sum.b, pair.b) }), first);
  const onGenerator = commitment(response, share, a);
  if (value === null) return [onGenerator];
  const rest = value ? subtract(b, timesPublic(BigInt(value), GENERATOR)) : b;
  return [onGenerator, subtract(timesPublic(response, race.key), timesPublic(share, rest))];
}
