/**
 * Adding marks while they are sealed, and opening only the sums: t shares, then small logarithms.
 *
 * Threshold ElGamal with Lagrange's coefficients in the exponent (docs/sealed-protocol.md section 9).
 */
import { concat, toHex } from "./bytes.js";
import { publicShareOf } from "./ceremony.js";
import { Check, Refused, demand } from "./checks.js";
import {
  GENERATOR,
  IDENTITY,
  ORDER,
  add,
  bytesOf,
  encode,
  modulo,
  subtract,
  timesBase,
  timesPublic,
} from "./group.js";
import { h32 } from "./hashing.js";
import { Pace } from "./pace.js";
import { checkProof } from "./proofs.js";
import { span } from "./races.js";

/** Return each pair as one part of a hash. */
export const joined = (pairs) => pairs.map(({ a, b }) => concat(bytesOf(a), bytesOf(b)));

/** Return what a trustee vouches for. */
export const poolsDigest = (pools) => h32("pools", ...pools.flatMap(joined));

/** Return {digest, ciphertexts}: what the trustees of an election that closed with this digest open. */
export const agendaOf = (closing, ciphertexts) => ({
  digest: h32("open", closing, ...joined(ciphertexts)),
  ciphertexts,
});

/** Return the sum of each of the first `slots` slots over ballots {weight, ciphertexts}. */
export async function sumSlots(ballots, slots, pace = new Pace()) {
  const sums = span(0, slots - 1).map(() => ({ a: IDENTITY, b: IDENTITY }));
  await pace.map(ballots, ({ weight, ciphertexts }) => {
    for (const [slot, sum] of sums.entries()) {
      sum.a = add(sum.a, weighted(weight, ciphertexts[slot].a));
      sum.b = add(sum.b, weighted(weight, ciphertexts[slot].b));
    }
  });
  return sums;
}

const weighted = (weight, point) => (weight === 1 ? point : timesPublic(BigInt(weight), point));

/** Throw Refused unless the share {i, factors, proof} was made from the whole agenda with this trustee's key. */
export async function checkShare(trustees, agenda, { i, factors, proof }, pace) {
  const bases = [GENERATOR, ...agenda.ciphertexts.map(({ a }) => a)];
  const images = [publicShareOf(trustees, i, Check.SHARE_TURN), ...factors];
  await checkProof(Check.SHARE_PROOF, "decrypt", images, bases, proof, [agenda.digest, encode(i)], pace);
}

/** Return what each ciphertext holds, from any `threshold` checked shares of different trustees. */
export async function combine(agenda, shares, threshold, pace = new Pace()) {
  const chosen = shares.slice(0, threshold);
  demand(chosen.length === threshold, Check.RESULT_SHARES, `${chosen.length} of ${threshold}`);
  const numbers = chosen.map(({ i }) => i);
  const parts = chosen.map(({ i, factors }) => ({ factors, coefficient: lagrange(i, numbers) }));
  return pace.map(agenda.ciphertexts, ({ b }, at) =>
    parts.reduce((rest, { factors, coefficient }) => subtract(rest, timesPublic(coefficient, factors[at])), b),
  );
}

/** Return the coefficient at 0 of the value at i, for the polynomial through all numbers. */
function lagrange(i, numbers) {
  return numbers
    .filter((j) => j !== i)
    .reduce((product, j) => modulo(product * BigInt(j) * inverse(modulo(BigInt(j - i)))), 1n);
}

/** Return the inverse modulo ORDER, which is prime: by Fermat's little theorem. */
function inverse(scalar) {
  let [result, power] = [1n, scalar];
  for (let exponent = ORDER - 2n; exponent > 0n; exponent >>= 1n) {
    if (exponent & 1n) result = modulo(result * power);
    power = modulo(power * power);
  }
  return result;
}

/** Return the m in 0..limit of each point m·G, by Shanks's baby and giant steps; throw Refused for another point. */
export async function smallLogarithms(points, limit, pace = new Pace()) {
  const side = Math.floor(Math.sqrt(limit)) + 1;
  const giant = timesBase(BigInt(side));
  const baby = new Map();
  let step = IDENTITY;
  await pace.map(span(0, side - 1), (m) => {
    baby.set(toHex(bytesOf(step)), m);
    step = add(step, GENERATOR);
  });
  const found = [];
  for (const point of points) found.push(await logarithm(point, { side, giant, baby, limit }, pace));
  return found;
}

async function logarithm(point, { side, giant, baby, limit }, pace) {
  let rest = point;
  for (let giants = 0; giants <= side; giants += 1) {
    const m = giants * side + (baby.get(toHex(bytesOf(rest))) ?? limit + 1);
    if (m <= limit) return m;
    rest = subtract(rest, giant);
    await pace.breathe();
  }
  throw new Refused(Check.RESULT_OPENED, "a sum is larger than all ballots together");
}
