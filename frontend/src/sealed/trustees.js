/** What one trustee does. All secrets follow from one seed of 32 bytes: the backup is one slip of paper. */
import { same } from "./bytes.js";
import { checkDeals, commitmentTo, contextOf, digestOf, publicShareAt } from "./ceremony.js";
import { Check, demand } from "./checks.js";
import { GENERATOR, bytesOf, encode, modulo, parseScalar, samePoint, times, timesBase } from "./group.js";
import { hashToScalar } from "./hashing.js";
import { prove } from "./proofs.js";
import { span } from "./races.js";
import { poolsDigest } from "./tallies.js";

/** A seed deals in one ceremony and opens one agenda; whoever asks for another is refused. */
export class OnceOnly extends Error {}

/** Trustee `i` of a ceremony. */
export class Trustee {
  #coefficients;
  #channel;
  #share = null;
  #dealtFor = null;
  #opened = null;

  constructor(ceremony, i, seed) {
    Object.assign(this, { ceremony, i });
    const context = [seed, ...contextOf(ceremony, i)];
    const numbers = span(0, ceremony.threshold - 1);
    this.#coefficients = numbers.map((k) => hashToScalar("dkg-coef", ...context, encode(k)));
    this.#channel = hashToScalar("dkg-channel", ...context);
    this.publics = this.#coefficients.map(timesBase);
  }

  /** Return round 1. */
  hello() {
    const commitment = commitmentTo(this.ceremony, this.i, this.publics);
    return { i: this.i, channelKey: timesBase(this.#channel), commitment };
  }

  /** Return round 2. Throw OnceOnly for other hellos: a server may be playing the other trustees. */
  async deal(hellos) {
    const digest = digestOf(hellos);
    if (this.#dealtFor && !same(this.#dealtFor, digest)) {
      throw new OnceOnly("this seed has dealt for other hellos; a new start needs new seeds");
    }
    this.#dealtFor = digest;
    const context = [digest, ...contextOf(this.ceremony, this.i)];
    const { proof } = await prove("dkg-pok", this.#coefficients[0], [GENERATOR], context);
    const shares = hellos.map((hello) => encode(this.#valueAt(hello.i) + this.#pad(digest, this.i, hello.i, hello)));
    return { i: this.i, publics: this.publics, possession: proof, shares };
  }

  /**
   * Check every deal, keep the share, and return round 3; throw Refused naming who dealt badly.
   *
   * Hellos and deals of the archive bring the share back from the seed alone.
   */
  async confirm(hellos, deals) {
    await checkDeals(this.ceremony, hellos, deals);
    const digest = digestOf(hellos);
    this.#share = modulo(deals.reduce((sum, deal, at) => sum + this.#received(digest, hellos[at], deal), 0n));
    const { images, proof } = await prove("dkg-confirm", this.#share, [GENERATOR], [digest, encode(this.i)]);
    return { i: this.i, publicShare: images[0], proof };
  }

  /** Return the proof that this trustee, and nobody else, made these shuffled pools. */
  async vouch(closing, pools) {
    const context = [closing, encode(this.i), poolsDigest(pools)];
    return (await prove("mix", this.#secretShare(), [GENERATOR], context)).proof;
  }

  /**
   * Return this trustee's factors for everything on the agenda, with one proof for them all.
   *
   * Throw OnceOnly for a second agenda: a trustee decrypts an election, not whatever it is sent.
   */
  async open(agenda, pace) {
    const share = this.#secretShare();
    if (this.#opened && !same(this.#opened, agenda.digest)) {
      throw new OnceOnly("this trustee has opened another agenda");
    }
    this.#opened = agenda.digest;
    const bases = [GENERATOR, ...agenda.ciphertexts.map(({ a }) => a)];
    const { images, proof } = await prove("decrypt", share, bases, [agenda.digest, encode(this.i)], pace);
    return { i: this.i, factors: images.slice(1), proof };
  }

  #valueAt(receiver) {
    return this.#coefficients.reduceRight((value, coefficient) => value * BigInt(receiver) + coefficient, 0n);
  }

  #received(digest, hello, deal) {
    const value = modulo(parseScalar(deal.shares[this.i - 1]) - this.#pad(digest, deal.i, this.i, hello));
    const isRight = samePoint(timesBase(value), publicShareAt(deal.publics, this.i));
    demand(isRight, Check.CEREMONY_CONFIRMED, `trustee ${deal.i} dealt a bad share`);
    return value;
  }

  /** Return what hides a share on its way, from the Diffie-Hellman point with the other's channel key. */
  #pad(digest, sender, receiver, other) {
    const shared = times(this.#channel, other.channelKey);
    return hashToScalar("dkg-pad", digest, encode(sender), encode(receiver), bytesOf(shared));
  }

  #secretShare() {
    if (this.#share === null) throw new Error("the share is not there yet: confirm the deals first");
    return this.#share;
  }
}
