/**
 * The key ceremony: n trustees make one key that any t of them can use, and nobody ever holds.
 *
 * Pedersen's distributed key generation (EUROCRYPT 1991) with a committed first move, as in the Belenios specification,
 * so that the last to speak cannot choose the key. All messages are public; the shares in a deal are padded for their
 * receiver (docs/sealed-protocol.md section 8).
 *
 * A ceremony is {id, threshold, size}, its trustees are numbered from 1. The three messages of a trustee are
 * hello {i, channelKey, commitment}, deal {i, publics, possession, shares} and confirm {i, publicShare, proof}.
 */
import { spell } from "./base32.js";
import { concat, same } from "./bytes.js";
import { Check, demand } from "./checks.js";
import { array, data, exactly, point, whole } from "./fields.js";
import {
  GENERATOR,
  IDENTITY,
  add,
  bytesOf,
  encode,
  isIdentity,
  parseScalar,
  samePoint,
  timesPublic,
  total,
} from "./group.js";
import { h32 } from "./hashing.js";
import { PROOF_BYTES, checkProof } from "./proofs.js";
import { span } from "./races.js";

const MOST_TRUSTEES = 20;

/** Return what every hash and proof of this trustee names. */
export const contextOf = ({ id, threshold, size }, trustee) => [id, encode(trustee), encode(threshold), encode(size)];

/** Return the commitment of a hello. */
export const commitmentTo = (ceremony, trustee, publics) =>
  h32("dkg-commit", ...contextOf(ceremony, trustee), ...publics.map(bytesOf));

/** Return what binds round 2 to round 1. */
export const digestOf = (hellos) =>
  h32(
    "dkg-hellos",
    ...hellos.map(({ i, channelKey, commitment }) => concat(encode(i), bytesOf(channelKey), commitment)),
  );

/** Return the 8 characters that are read aloud, so that all trustees know that they see the same hellos. */
export const spoken = (hellos) => spell(digestOf(hellos), 8);

/** Return the value at a trustee's number of a polynomial that is known in the exponent. */
export const publicShareAt = (publics, trustee) =>
  publics.reduceRight((value, coefficient) => add(timesPublic(BigInt(trustee), value), coefficient), IDENTITY);

function demandEverybody({ size }, messages) {
  const isOrdered = messages.length === size && messages.every(({ i }, at) => i === at + 1);
  demand(isOrdered, Check.CEREMONY_TRUSTEES, "missing or out of order");
}

/** Throw Refused unless every deal keeps to its hello and is proved. */
export async function checkDeals(ceremony, hellos, deals) {
  demandEverybody(ceremony, hellos);
  demandEverybody(ceremony, deals);
  const digest = digestOf(hellos);
  for (const [at, deal] of deals.entries()) {
    const who = `trustee ${deal.i}`;
    demand(deal.publics.length === ceremony.threshold, Check.CEREMONY_COMMITMENT, who);
    demand(deal.shares.length === ceremony.size, Check.CEREMONY_TRUSTEES, who);
    const commitment = commitmentTo(ceremony, deal.i, deal.publics);
    demand(same(hellos[at].commitment, commitment), Check.CEREMONY_COMMITMENT, who);
    const context = [digest, ...contextOf(ceremony, deal.i)];
    const statement = ["dkg-pok", [deal.publics[0]], [GENERATOR], deal.possession, context];
    await checkProof(Check.CEREMONY_POSSESSION, ...statement);
  }
}

/**
 * Return {key, publicShares, threshold} of a whole ceremony, the shares in the order of the trustees.
 *
 * Throw Refused when anything in it does not hold.
 */
export async function jointKey(ceremony, hellos, deals, confirms) {
  await checkDeals(ceremony, hellos, deals);
  demandEverybody(ceremony, confirms);
  const digest = digestOf(hellos);
  const publicShares = span(1, ceremony.size).map((i) => total(deals.map(({ publics }) => publicShareAt(publics, i))));
  for (const [at, { i, publicShare, proof }] of confirms.entries()) {
    const isTheirs = samePoint(publicShare, publicShares[at]);
    demand(isTheirs, Check.CEREMONY_CONFIRMED, `trustee ${i}, another share`);
    const statement = ["dkg-confirm", [publicShare], [GENERATOR], proof, [digest, encode(i)]];
    await checkProof(Check.CEREMONY_CONFIRMED, ...statement);
  }
  const key = total(deals.map(({ publics }) => publics[0]));
  demand(!isIdentity(key), Check.POINT, "the parts of the key cancel out");
  return { key, publicShares, threshold: ceremony.threshold };
}

/** Return the public share of a trustee; throw Refused, naming `check`, when there is none. */
export function publicShareOf({ publicShares }, trustee, check) {
  demand(trustee >= 1 && trustee <= publicShares.length, check, "no such trustee");
  return publicShares[trustee - 1];
}

const numberOf = (record) => whole(record.i, 1, MOST_TRUSTEES);

export function parseHello(value) {
  const record = exactly(value, ["i", "ek", "commit"]);
  return { i: numberOf(record), channelKey: point(record.ek), commitment: data(record.commit, 32) };
}

export function parseDeal(value) {
  const record = exactly(value, ["i", "publics", "pok", "shares"]);
  const shares = array(record.shares, scalarBytes);
  const possession = data(record.pok, PROOF_BYTES);
  return { i: numberOf(record), publics: array(record.publics, point), possession, shares };
}

export function parseConfirm(value) {
  const record = exactly(value, ["i", "x", "proof"]);
  return { i: numberOf(record), publicShare: point(record.x), proof: data(record.proof, PROOF_BYTES) };
}

/** Return {ceremony, hellos, deals, confirms} of a ceremony line that was read. */
export function parseRounds(record) {
  exactly(record, ["type", "id", "t", "hellos", "deals", "confirms"]);
  const hellos = array(record.hellos, parseHello);
  const size = whole(hellos.length, 1, MOST_TRUSTEES);
  const ceremony = { id: data(record.id, 16), threshold: whole(record.t, 1, size), size };
  return { ceremony, hellos, deals: array(record.deals, parseDeal), confirms: array(record.confirms, parseConfirm) };
}

/** Return the key of a ceremony line that was read. */
export async function parseCeremony(record) {
  const { ceremony, hellos, deals, confirms } = parseRounds(record);
  return jointKey(ceremony, hellos, deals, confirms);
}

/** Return the record that a hello, deal or confirm is written as. */
export const helloRecord = ({ i, channelKey, commitment }) => ({ i, ek: bytesOf(channelKey), commit: commitment });
export const dealRecord = ({ i, publics, possession, shares }) => ({
  i,
  publics: publics.map(bytesOf),
  pok: possession,
  shares,
});
export const confirmRecord = ({ i, publicShare, proof }) => ({ i, x: bytesOf(publicShare), proof });

const scalarBytes = (value) => encode(parseScalar(data(value, 32)));
