/**
 * Proofs that published elements have one and the same logarithm (Chaum and Pedersen, CRYPTO 1992).
 *
 * With one base it is Schnorr's proof of knowledge, and over a message his signature. The nonce is derived from the
 * secret and the statement, so that no random number generator can fail.
 */
import { concat, utf8 } from "./bytes.js";
import { demand } from "./checks.js";
import { bytesOf, encode, parseScalar, subtract, times, timesPublic } from "./group.js";
import { hashToScalar } from "./hashing.js";
import { Pace } from "./pace.js";

export const PROOF_BYTES = 64;

/** Return `images`, secret·B for each base, and the `proof`: challenge and response. */
export async function prove(tag, secret, bases, context, pace = new Pace()) {
  const images = await pace.map(bases, (base) => times(secret, base));
  const named = bases.map(bytesOf);
  const nonce = hashToScalar("share-nonce", utf8(tag), encode(secret), ...context, ...named);
  const commitments = await pace.map(bases, (base) => bytesOf(times(nonce, base)));
  const challenge = hashToScalar(tag, ...context, ...named, ...images.map(bytesOf), ...commitments);
  return { images, proof: concat(encode(challenge), encode(nonce + challenge * secret)) };
}

/** Throw Refused, naming `check`, unless the images are one multiple of the bases. */
export async function checkProof(check, tag, images, bases, proof, context, pace = new Pace()) {
  demand(images.length === bases.length, check, "wrong length");
  const [challenge, response] = [parseScalar(proof.subarray(0, 32)), parseScalar(proof.subarray(32))];
  const commitments = await pace.map(bases, (base, at) =>
    bytesOf(subtract(timesPublic(response, base), timesPublic(challenge, images[at]))),
  );
  const expected = hashToScalar(tag, ...context, ...bases.map(bytesOf), ...images.map(bytesOf), ...commitments);
  demand(challenge === expected, check);
}
