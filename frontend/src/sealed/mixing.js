/** Shuffling sealed texts, and proving it (docs/sealed-protocol.md section 9); `shuffles.js` checks the proof. */
import { add, modulo, ORDER, randomBelow, subtract, times, timesBase } from "./group.js";
import { Pace } from "./pace.js";
import { span } from "./races.js";
import { Statement, generators, weightedTotal } from "./shuffles.js";

/**
 * Return `fresh`, the ciphertexts re-encrypted in a random order, and the `proof`.
 *
 * `below(n)` draws evenly from 0..n-1; only vectors give another than the browser's.
 */
export async function shuffle(context, key, old, pace = new Pace(), below = randomBelow) {
  const mixing = new Mixing(key, old, pace, below);
  const fresh = await mixing.encryptAgain();
  return { fresh, proof: await mixing.prove(context, fresh) };
}

/** One shuffle and its secrets; `order[i]` is the old position of fresh text i. */
class Mixing {
  constructor(key, old, pace, below) {
    Object.assign(this, { key, old, pace, below });
    this.order = this.#drawOrder(old.length);
    this.blinds = this.#scalars(old.length);
    this.openings = this.#scalars(old.length);
  }

  encryptAgain() {
    return this.pace.map(this.order, (from) => ({
      a: add(this.old[from].a, timesBase(this.blinds[from])),
      b: add(this.old[from].b, times(this.blinds[from], this.key)),
    }));
  }

  /** Commit, be challenged by the hash of everything, and respond. */
  async prove(context, fresh) {
    const { order, openings, blinds } = this;
    const [first, bases] = await generators(order.length, this.pace);
    const permutation = [];
    for (const [at, from] of order.entries()) permutation[from] = add(timesBase(openings[from]), bases[at]);
    const statement = new Statement(context, this.key, this.old, fresh, permutation);
    const exponents = statement.exponents();
    const permuted = order.map((from) => exponents[from]);
    const [chain, links] = [[first], this.#scalars(order.length)];
    await this.pace.map(links, (link, at) => chain.push(add(timesBase(link), times(permuted[at], chain[at]))));
    const nonces = this.#scalars(4 + 2 * order.length);
    const challenge = statement.challenge(chain, await this.#commitments(nonces, fresh, bases, chain));
    const opened = openings.reduce((sum, opening) => sum + opening, 0n);
    const whole = [opened, chainOpening(links, permuted), inner(openings, exponents), inner(blinds, exponents)];
    const witnesses = [...whole, ...links, ...permuted];
    const responses = nonces.map((nonce, at) => modulo(nonce + challenge * witnesses[at]));
    return { challenge, responses, permutation, chain: chain.slice(1) };
  }

  async #commitments(nonces, fresh, bases, chain) {
    const size = fresh.length;
    const [onLinks, onTexts] = [nonces.slice(4, 4 + size), nonces.slice(4 + size)];
    const weighted = (points) => weightedTotal(times, onTexts, points, this.pace);
    return [
      timesBase(nonces[0]),
      timesBase(nonces[1]),
      add(timesBase(nonces[2]), await weighted(bases)),
      subtract(await weighted(fresh.map(({ b }) => b)), times(nonces[3], this.key)),
      subtract(await weighted(fresh.map(({ a }) => a)), timesBase(nonces[3])),
      ...(await this.pace.map(onLinks, (nonce, at) => add(timesBase(nonce), times(onTexts[at], chain[at])))),
    ];
  }

  #scalars(count) {
    return span(1, count).map(() => this.below(ORDER));
  }

  /** Return 0..count-1 in an order that all have the same chance to be (Fisher and Yates). */
  #drawOrder(count) {
    const order = span(0, count - 1);
    for (let last = count - 1; last > 0; last -= 1) {
      const chosen = Number(this.below(BigInt(last + 1)));
      [order[last], order[chosen]] = [order[chosen], order[last]];
    }
    return order;
  }
}

const inner = (left, right) => modulo(left.reduce((sum, scalar, at) => sum + scalar * right[at], 0n));

/** Return the randomness of the chain's last element over the first generator. */
const chainOpening = (links, permuted) =>
  links.reduce((opening, link, at) => modulo(opening * permuted[at] + link), 0n);
