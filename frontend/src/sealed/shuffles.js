/**
 * Shuffling sealed texts, with a proof that none was dropped, added or changed.
 *
 * The proof of Terelius and Wikström (AFRICACRYPT 2010) in the form of CHVote (Haenni, Locher, Koenig and Dubuis, FC
 * 2017). Generators come from hashing, so that no mixer knows a logarithm between them.
 *
 * A proof is {challenge, responses, permutation, chain}; of the responses, four are for the whole, then there is one for
 * each chain element and one for each text.
 */
import { concat } from "./bytes.js";
import { Check, demand } from "./checks.js";
import { array, data, exactly, pacedArray, point } from "./fields.js";
import {
  add,
  bytesOf,
  encode,
  generator,
  modulo,
  parseScalar,
  randomScalar,
  subtract,
  times,
  timesBase,
  timesPublic,
  total,
} from "./group.js";
import { hashToScalar } from "./hashing.js";
import { Pace } from "./pace.js";
import { span } from "./races.js";
import { joined } from "./tallies.js";

const randomScalars = (count) => span(1, count).map(randomScalar);
const inner = (left, right) => modulo(left.reduce((sum, scalar, at) => sum + scalar * right[at], 0n));

/** Return the sum of scalar·point, pair by pair, with the given way of multiplying. */
async function weightedTotal(multiply, scalars, points, pace) {
  return total(await pace.map(points, (element, at) => multiply(scalars[at], element)));
}

/** Return the first generator, and one for each text. */
async function generators(count, pace) {
  return [generator("shuffle", 0), await pace.map(span(1, count), (index) => generator("shuffle", index))];
}

/** What is proved: `fresh` is `old` in another order under fresh randomness; the permutation is committed to. */
class Statement {
  constructor(context, key, old, fresh, permutation) {
    Object.assign(this, { key, old, fresh, permutation });
    const pools = [old, fresh].map((pool) => concat(...joined(pool)));
    this.parts = [context, bytesOf(key), ...pools, concat(...permutation.map(bytesOf))];
  }

  /** Return one unpredictable scalar for each old text. */
  exponents() {
    const batch = encode(hashToScalar("shuffle-batch", ...this.parts));
    return this.old.map((_, at) => hashToScalar("shuffle-u", batch, encode(at)));
  }

  challenge(chain, commitments) {
    const [links, committed] = [chain, commitments].map((points) => concat(...points.map(bytesOf)));
    return hashToScalar("shuffle-c", ...this.parts, links, committed);
  }
}

/** Return `fresh`, the ciphertexts re-encrypted in a random order, and the `proof`. */
export async function shuffle(context, key, old, pace = new Pace()) {
  const order = randomOrder(old.length);
  const blinds = randomScalars(old.length);
  const fresh = await pace.map(order, (from, at) => ({
    a: add(old[from].a, timesBase(blinds[at])),
    b: add(old[from].b, times(blinds[at], key)),
  }));
  const openings = randomScalars(old.length);
  const [first, bases] = await generators(old.length, pace);
  const permutation = [];
  for (const [at, from] of order.entries()) permutation[from] = add(timesBase(openings[from]), bases[at]);
  const statement = new Statement(context, key, old, fresh, permutation);
  const proof = await prove(statement, { order, blinds, openings, first, bases }, pace);
  return { fresh, proof };
}

/** Return 0..count-1 in an order that all have the same chance to be (Fisher and Yates). */
function randomOrder(count) {
  const order = span(0, count - 1);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = Number(randomScalar() % BigInt(at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}

async function prove(statement, { order, blinds, openings, first, bases }, pace) {
  const { key, fresh, permutation } = statement;
  const size = order.length;
  const exponents = statement.exponents();
  const permuted = order.map((from) => exponents[from]);
  const [chain, links] = [[first], randomScalars(size)];
  await pace.map(links, (link, at) => chain.push(add(timesBase(link), times(permuted[at], chain[at]))));

  const [nonces, linkNonces, textNonces] = [randomScalars(4), randomScalars(size), randomScalars(size)];
  const weighted = (points) => weightedTotal(times, textNonces, points, pace);
  const commitments = [
    timesBase(nonces[0]),
    timesBase(nonces[1]),
    add(timesBase(nonces[2]), await weighted(bases)),
    subtract(await weighted(fresh.map(({ b }) => b)), times(nonces[3], key)),
    subtract(await weighted(fresh.map(({ a }) => a)), timesBase(nonces[3])),
    ...(await pace.map(linkNonces, (nonce, at) => add(timesBase(nonce), times(textNonces[at], chain[at])))),
  ];
  const challenge = statement.challenge(chain, commitments);
  const whole = [
    openings.reduce((sum, opening) => sum + opening, 0n),
    chainOpening(links, permuted),
    inner(openings, exponents),
    inner(blinds, permuted),
  ];
  const witnesses = [...whole, ...links, ...permuted];
  const drawn = [...nonces, ...linkNonces, ...textNonces];
  const responses = drawn.map((nonce, at) => modulo(nonce + challenge * witnesses[at]));
  return { challenge, responses, permutation, chain: chain.slice(1) };
}

/** Return the randomness of the chain's last element over the first generator. */
function chainOpening(links, permuted) {
  return links.reduce((opening, link, at) => modulo(opening * permuted[at] + link), 0n);
}

/** Throw Refused unless `fresh` is `old` reordered and re-encrypted. All points were parsed. */
export async function checkShuffle(context, key, old, fresh, proof, pace = new Pace()) {
  const size = old.length;
  const lengths = [fresh.length, proof.permutation.length, proof.chain.length, (proof.responses.length - 4) / 2];
  demand(size > 0 && lengths.every((length) => length === size), Check.SHUFFLE_PROOF, "wrong length");
  const statement = new Statement(context, key, old, fresh, proof.permutation);
  const [first, bases] = await generators(size, pace);
  const chain = [first, ...proof.chain];
  const commitments = [
    ...(await wholeCommitments(statement, proof, chain, bases, pace)),
    ...(await linkCommitments(proof, chain, pace)),
  ];
  demand(proof.challenge === statement.challenge(chain, commitments), Check.SHUFFLE_PROOF);
}

/** Return the commitments on the permutation, on the chain's end, and on the texts. */
async function wholeCommitments(statement, proof, chain, bases, pace) {
  const { key, old, fresh, permutation } = statement;
  const { challenge, responses } = proof;
  const exponents = statement.exponents();
  const onTexts = responses.slice(4 + old.length);
  const weighted = (scalars, points) => weightedTotal(timesPublic, scalars, points, pace);
  const less = (left, right) => subtract(left, timesPublic(challenge, right));
  const product = exponents.reduce((all, exponent) => modulo(all * exponent), 1n);
  const end = subtract(chain[old.length], timesPublic(product, chain[0]));
  const [oldA, oldB] = [old.map(({ a }) => a), old.map(({ b }) => b)];
  const [freshA, freshB] = [fresh.map(({ a }) => a), fresh.map(({ b }) => b)];
  const onBases = add(timesBase(responses[2]), await weighted(onTexts, bases));
  const onB = subtract(await weighted(onTexts, freshB), timesPublic(responses[3], key));
  const onA = subtract(await weighted(onTexts, freshA), timesBase(responses[3]));
  return [
    less(timesBase(responses[0]), subtract(total(permutation), total(bases))),
    less(timesBase(responses[1]), end),
    less(onBases, await weighted(exponents, permutation)),
    less(onB, await weighted(exponents, oldB)),
    less(onA, await weighted(exponents, oldA)),
  ];
}

/** Return one commitment for each link of the chain. */
function linkCommitments({ challenge, responses, chain: links }, chain, pace) {
  const onTexts = responses.slice(4 + links.length);
  return pace.map(links, (after, at) => {
    const before = add(timesBase(responses[4 + at]), timesPublic(onTexts[at], chain[at]));
    return subtract(before, timesPublic(challenge, after));
  });
}

/** Return the proof of a record. */
export async function parseProof(value, pace) {
  const record = exactly(value, ["c", "s", "cs", "chain"]);
  return {
    responses: array(record.s, (response) => parseScalar(data(response))),
    permutation: await pacedArray(pace, record.cs, point),
    chain: await pacedArray(pace, record.chain, point),
    challenge: parseScalar(data(record.c)),
  };
}

/** Return the record that a proof is written as. */
export const proofRecord = ({ challenge, responses, permutation, chain }) => ({
  c: encode(challenge),
  s: responses.map(encode),
  cs: permutation.map(bytesOf),
  chain: chain.map(bytesOf),
});
