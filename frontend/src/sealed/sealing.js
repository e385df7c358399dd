/**
 * Sealing a ballot. The same race, picks, secret, sequence and seed give the same bytes everywhere.
 *
 * The seed makes the randomness of the ciphertexts and nothing else: an audit reveals it. The nonces of the proofs
 * also need the credential's secret, or an audit would give the credential away.
 *
 * A pick is 0 or 1 for a mark; for a text it is 0, or the point that stands for it.
 */
import { challengeOf } from "./ballots.js";
import { be32, concat } from "./bytes.js";
import { add, bytesOf, encode, isIdentity, modulo, subtract, times, timesBase, total } from "./group.js";
import { hashToScalar } from "./hashing.js";

/** These marks are not a valid ballot of this race. */
export class BreaksTheRules extends Error {}

const isNumber = (pick) => typeof pick === "number";
const sumOf = (numbers, start) => numbers.reduce((sum, number) => sum + number, start);

/** Return {plain, randomness, ciphertexts}: what an audit recomputes from the revealed seed and picks. */
export function encrypt(race, picks, credential, sequence, seed) {
  const plain = picks.map((pick) => (isNumber(pick) ? timesBase(BigInt(pick)) : pick));
  const context = [seed, race.id, credential, be32(sequence), concat(...plain.map(bytesOf))];
  const randomness = plain.map((_, slot) => hashToScalar("nonce", ...context, encode(slot)));
  const ciphertexts = randomness.map((r, slot) => ({ a: timesBase(r), b: add(times(r, race.key), plain[slot]) }));
  return { plain, randomness, ciphertexts };
}

/**
 * Return the ballot.
 *
 * `picks` has one for each slot, the marks of all contests first; `secret` is the credential's; `sequence` is 0 for its
 * first ballot, then 1, 2, ...; `seed` is 32 fresh random bytes, to be forgotten once the ballot is cast.
 * Throws BreaksTheRules.
 */
export function seal(race, picks, secret, sequence, seed) {
  if (picks.length !== race.slots) throw new BreaksTheRules(`${picks.length} picks for ${race.slots} slots`);
  return new Sealing(race, picks, secret, sequence, seed).ballot();
}

class Sealing {
  #draws = 0;
  #commitments = [];

  constructor(race, picks, secret, sequence, seed) {
    Object.assign(this, { race, picks, secret });
    this.credential = bytesOf(timesBase(secret));
    this.sequence = be32(sequence);
    const { plain, randomness, ciphertexts } = encrypt(race, picks, this.credential, sequence, seed);
    Object.assign(this, { plain, randomness });
    this.body = concat(...ciphertexts.flatMap(({ a, b }) => [bytesOf(a), bytesOf(b)]));
    this.nonceContext = [encode(secret), seed, race.id, this.sequence, concat(...plain.map(bytesOf))];
  }

  /** Return the next nonce or simulated scalar. */
  draw() {
    this.#draws += 1;
    return hashToScalar("proof", ...this.nonceContext, encode(this.#draws - 1));
  }

  ballot() {
    const signing = this.draw();
    this.#commitments.push(timesBase(signing));
    const opened = this.race.rules.map((rule) => this.commit(rule));
    const commitments = this.#commitments.map(bytesOf);
    const whole = challengeOf(this.race, this.credential, this.sequence, this.body, commitments);
    const tail = [whole, signing + whole * this.secret, ...opened.flatMap((cases) => respond(cases, whole))];
    return concat(this.sequence, this.credential, this.body, ...tail.map(encode));
  }

  /** Commit to the first case that is true, and simulate the others, whose challenges are drawn. */
  commit(rule) {
    const real = rule.findIndex((claims) => claims.every((claim) => isNothing(this.gap(claim))));
    if (real < 0) throw new BreaksTheRules("no case of a rule holds");
    return rule.map((claims, at) => this.commitCase(claims, at === real ? null : this.draw()));
  }

  commitCase(claims, share) {
    return { share, claims: claims.map((claim) => this.commitClaim(claim, share)) };
  }

  commitClaim(claim, share) {
    const drawn = this.draw();
    const randomness = sumOf(claim.slots.map((slot) => this.randomness[slot]), 0n);
    // The randomness is known, so the commitments of a simulated case need no multiple of a ciphertext.
    const exponent = share === null ? drawn : drawn - share * randomness;
    this.#commitments.push(timesBase(exponent));
    const gap = this.gap(claim);
    if (gap !== null) {
      const onKey = times(exponent, this.race.key);
      this.#commitments.push(share === null ? onKey : subtract(onKey, multiple(share, gap)));
    }
    return { drawn, randomness };
  }

  /** Return how far the slots are from the claimed value: a bigint where all are marks, else a point; null for none. */
  gap({ slots, value }) {
    if (value === null) return null;
    const picks = slots.map((slot) => this.picks[slot]);
    if (picks.every(isNumber)) return BigInt(sumOf(picks, -value));
    return subtract(total(slots.map((slot) => this.plain[slot])), timesBase(BigInt(value)));
  }
}

const isNothing = (gap) => gap === null || (typeof gap === "bigint" ? gap === 0n : isIdentity(gap));
const multiple = (scalar, gap) => (typeof gap === "bigint" ? timesBase(scalar * gap) : times(scalar, gap));

/** Return a rule's challenges, all but the last, and its responses. */
function respond(cases, whole) {
  const rest = modulo(whole - sumOf(cases.map(({ share }) => share ?? 0n), 0n));
  const challenges = cases.map(({ share }) => share ?? rest);
  const responses = cases.flatMap(({ share, claims }) =>
    claims.map(({ drawn, randomness }) => (share === null ? drawn + rest * randomness : drawn)),
  );
  return [...challenges.slice(0, -1), ...responses];
}
