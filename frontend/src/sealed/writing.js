/** Writing the lines of a board that a browser makes, one function for each type. */
import { bytesOf } from "./group.js";
import { writeLine } from "./lines.js";
import { proofRecord } from "./shuffles.js";

/** Return the line of a sealed ballot. */
export const ballotLine = (ballot) => writeLine({ type: "ballot", ballot });

/** Return the line of a trustee's shuffle of all pools. */
export function shuffleLine({ i, pools, proofs, vouch }) {
  const written = pools.map((pool) => pool.map(({ a, b }) => [bytesOf(a), bytesOf(b)]));
  return writeLine({ type: "shuffle", i, pools: written, proofs: proofs.map(proofRecord), vouch });
}

/** Return the line of a trustee's share. */
export const shareLine = ({ i, factors, proof }) =>
  writeLine({ type: "share", i, factors: factors.map(bytesOf), proof });

/** Return the line of what `Opening.result` found. */
export const resultLine = ({ counts, texts }) => writeLine({ type: "result", counts, texts });
