/**
 * Shuffling sealed texts, with a proof that none was dropped, added or changed.
 *
 * The proof of Terelius and Wikström (AFRICACRYPT 2010) in the form of CHVote (Haenni, Locher, Koenig and Dubuis, FC
 * 2017). Generators come from hashing, so that no mixer knows a logarithm between them.
 *
 * A proof is {challenge, responses, permutation, chain}; of the responses, four are for the whole, then there is one
 * for each chain element and one for each text.
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
  subtract,
  timesBase,
  timesPublic,
  total,
} from "./group.js";
import { hashToScalar } from "./hashing.js";
import { Pace } from "./pace.js";
import { span } from "./races.js";
import { joined } from "./tallies.js";

/** Return the sum of scalar·point, pair by pair, with the given way of multiplying. */
export async function weightedTotal(multiply, scalars, points, pace) {
  return total(await pace.map(points, (element, at) => multiply(scalars[at], element)));
}

/** Return the first generator, and one for each text. */
export async function generators(count, pace) {
  return [generator("shuffle", 0), await pace.map(span(1, count), (index) => generator("shuffle", index))];
}

/** What is proved: `fresh` is `old` in another order under fresh randomness; the permutation is committed to. */
export class Statement {
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
