/** Receipts: the platform's signature on where a ballot stands, which convicts it if the board says otherwise. */
import { same, utf8 } from "./bytes.js";
import { Check, demand } from "./checks.js";
import { data, exactly, text, whole } from "./fields.js";
import { GENERATOR, encode } from "./group.js";
import { headOf, readLine } from "./lines.js";
import { PROOF_BYTES, checkProof } from "./proofs.js";

/**
 * Return {uuid, line, tracker, head, proof} of a receipt; throw Refused unless the key of the manifest signed it.
 *
 * It says that line `line` (the ceremony is 1) is the ballot with this tracker, and that `head` is the head after it.
 */
export async function readReceipt(raw, key) {
  const record = exactly(readLine(raw), ["type", "uuid", "line", "tracker", "head", "proof"]);
  demand(record.type === "receipt", Check.LINE_FIELDS, "not a receipt");
  const receipt = {
    uuid: text(record.uuid),
    line: whole(record.line, 1),
    tracker: data(record.tracker, 32),
    head: data(record.head, 32),
    proof: data(record.proof, PROOF_BYTES),
  };
  const statement = [utf8(receipt.uuid), encode(receipt.line), receipt.tracker, receipt.head];
  await checkProof(Check.RECEIPT, "receipt", [key], [GENERATOR], receipt.proof, statement);
  return receipt;
}

/** Tell whether the published digests of lines lead to the receipt's head at its line. */
export function isOnChain({ line, head }, digests) {
  return digests.length >= line && same(headOf(digests.slice(0, line)), head);
}
