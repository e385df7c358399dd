/**
 * Audit or cast: whoever doubts the phone seals, reveals the seed instead of casting, and seals anew (Benaloh 2006).
 *
 * An audit opens the ciphertexts of one ballot and nothing else: the proofs' nonces need the credential's secret too.
 * A ballot that was audited must never be cast; the platform keeps its tracker before it shows the seed.
 */
import { verifyBallot } from "./ballots.js";
import { Check, Refused, demand } from "./checks.js";
import { array, data, exactly, point } from "./fields.js";
import { bytesOf, samePoint } from "./group.js";
import { readLine, writeLine } from "./lines.js";
import { encrypt } from "./sealing.js";

/** Return the audit {ballot, picks, seed} as one device hands it to another. */
export function writeAudit({ ballot, picks, seed }) {
  const written = picks.map((pick) => (typeof pick === "number" ? pick : bytesOf(pick)));
  return writeLine({ type: "audit", ballot, picks: written, seed });
}

/** Return {ballot, picks, seed}; throw Refused unless the ballot is sound and holds exactly these picks. */
export function readAudit(raw, race) {
  const record = exactly(readLine(raw), ["type", "ballot", "picks", "seed"]);
  demand(record.type === "audit", Check.LINE_FIELDS, "not an audit");
  const picks = array(record.picks, pickOf, race.slots);
  const audit = { ballot: data(record.ballot), picks, seed: data(record.seed, 32) };
  const { credential, sequence, ciphertexts } = verifyBallot(race, audit.ballot);
  const sealed = encrypt(race, picks, bytesOf(credential), sequence, audit.seed).ciphertexts;
  const isAt = ({ a, b }, slot) => samePoint(a, ciphertexts[slot].a) && samePoint(b, ciphertexts[slot].b);
  const isSame = sealed.every(isAt);
  demand(isSame, Check.AUDIT, "something else was sealed");
  return audit;
}

function pickOf(value) {
  if (value === 0 || value === 1) return value;
  if (typeof value === "string") return point(value);
  throw new Refused(Check.LINE_FIELDS, "not a pick");
}
