/** What happens after the close: shuffles of texts, shares, and the result that they open. */
import { concat } from "./bytes.js";
import { publicShareOf } from "./ceremony.js";
import { Check, demand } from "./checks.js";
import { array, ciphertext, data, exactly, pacedArray, point, whole } from "./fields.js";
import { GENERATOR, encode } from "./group.js";
import { h32 } from "./hashing.js";
import { shuffle } from "./mixing.js";
import { Pace } from "./pace.js";
import { PROOF_BYTES, checkProof } from "./proofs.js";
import { span } from "./races.js";
import { checkShuffle, parseProof } from "./shuffles.js";
import { agendaOf, checkShare, combine, poolsDigest, smallLogarithms, sumSlots } from "./tallies.js";
import { readText } from "./texts.js";

/**
 * A closed board.
 *
 * `closing` is the digest of the race and of the head after the close line, which every later proof names; `sums` are
 * of the marks, slot by slot; `pools` are the sealed texts, one pool for each contest that has texts, as last shuffled.
 */
export class Opening {
  static async of(trustees, manifest, electorate, head, pace) {
    const kept = electorate.weightedBallots();
    const opening = new Opening();
    const { id, key, marks } = manifest.race;
    Object.assign(opening, { trustees, key, mixers: [], shares: new Map(), closing: h32("close", id, head) });
    opening.sums = await sumSlots(kept, marks, pace);
    opening.greatestSum = kept.reduce((sum, { weight }) => sum + weight, 0);
    opening.pools = poolsOf(manifest, kept);
    return opening;
  }

  /** Return what the trustees are to open now. */
  get agenda() {
    return agendaOf(this.closing, [...this.sums, ...this.pools.flat()]);
  }

  /** Return what the proof of the next shuffle of a pool names. */
  mixContext(pool) {
    return concat(this.closing, [this.mixers.length, pool]);
  }

  /** Return {i, pools, proofs, vouch}: all pools shuffled by this trustee. */
  async shuffle(trustee, pace) {
    const shuffled = [];
    for (const [number, pool] of this.pools.entries()) {
      shuffled.push(await shuffle(this.mixContext(number), this.key, pool, pace));
    }
    const pools = shuffled.map(({ fresh }) => fresh);
    const vouch = await trustee.vouch(this.closing, pools);
    return { i: trustee.i, pools, proofs: shuffled.map(({ proof }) => proof), vouch };
  }

  /** Enter a trustee's shuffle of all pools. */
  async takeShuffle(record, pace) {
    exactly(record, ["type", "i", "pools", "proofs", "vouch"]);
    const i = whole(record.i);
    const publicShare = publicShareOf(this.trustees, i, Check.SHUFFLE_TURN);
    const isTurn = !this.mixers.includes(i) && this.shares.size === 0 && this.pools.length > 0;
    demand(isTurn, Check.SHUFFLE_TURN);
    const pools = await inTurn(array(record.pools, (pool) => pool, this.pools.length), (pool) =>
      pacedArray(pace, pool, ciphertext),
    );
    const proofs = await inTurn(array(record.proofs, (proof) => proof, this.pools.length), (proof) =>
      parseProof(proof, pace),
    );
    const vouch = data(record.vouch, PROOF_BYTES);
    for (const [number, old] of this.pools.entries()) {
      await checkShuffle(this.mixContext(number), this.key, old, pools[number], proofs[number], pace);
    }
    const context = [this.closing, encode(i), poolsDigest(pools)];
    await checkProof(Check.SHUFFLE_VOUCH, "mix", [publicShare], [GENERATOR], vouch, context);
    this.pools = pools;
    this.mixers.push(i);
  }

  /** Enter a trustee's share of the whole agenda. */
  async takeShare(record, pace) {
    exactly(record, ["type", "i", "factors", "proof"]);
    const factors = await pacedArray(pace, record.factors, point);
    const share = { i: whole(record.i), factors, proof: data(record.proof, PROOF_BYTES) };
    demand(!this.shares.has(share.i), Check.SHARE_TURN, "shared before");
    const isMixed = !this.pools.length || this.mixers.length >= this.trustees.threshold;
    demand(isMixed, Check.SHARE_TURN, "too few have shuffled");
    await checkShare(this.trustees, this.agenda, share, pace);
    this.shares.set(share.i, share);
  }

  /** Return counts by mark slot, and for each pool how often each text was found; throw Refused before t shares. */
  async result(pace = new Pace()) {
    const points = await combine(this.agenda, [...this.shares.values()], this.trustees.threshold, pace);
    const counts = await smallLogarithms(points.slice(0, this.sums.length), this.greatestSum, pace);
    const texts = [];
    let at = this.sums.length;
    for (const { length } of this.pools) {
      texts.push(tallied(await pace.map(points.slice(at, at + length), readText)));
      at += length;
    }
    return { counts, texts };
  }
}

async function inTurn(items, read) {
  const done = [];
  for (const item of items) done.push(await read(item));
  return done;
}

/** Return how often each text is there, in an object whose names are nothing but these texts. */
function tallied(texts) {
  const tally = Object.create(null);
  for (const text of texts) tally[text] = (tally[text] ?? 0) + 1;
  return tally;
}

function poolsOf({ race, contests }, ballots) {
  const pools = [];
  let at = race.marks;
  for (const { texts } of contests) {
    const slots = span(at, at + texts - 1);
    if (texts) pools.push(ballots.flatMap(({ ciphertexts }) => slots.map((slot) => ciphertexts[slot])));
    at += texts;
  }
  return pools;
}
