/** What a page needs of sealed-v1: sealing and testing a ballot, being a trustee, replaying a board. */
export { picksOf } from "./answers.js";
export { stateOf, verifyArchive } from "./archive.js";
export { readAudit, writeAudit } from "./audits.js";
export { trackerOf, verifyBallot } from "./ballots.js";
export { Mistyped } from "./base32.js";
export { Board } from "./board.js";
export { fromBase64, fromHex, randomBytes, toBase64, toHex, utf8 } from "./bytes.js";
export { credentialOf, newCode, readCode, secretOf } from "./cards.js";
export {
  confirmRecord,
  dealRecord,
  helloRecord,
  jointKey,
  parseConfirm,
  parseDeal,
  parseHello,
  parseRounds,
  spoken,
} from "./ceremony.js";
export { Check, Refused } from "./checks.js";
export { bytesOf } from "./group.js";
export { extend, headOf, lineDigest, readLine, writeLine } from "./lines.js";
export { parseManifest } from "./manifest.js";
export { Pace } from "./pace.js";
export { isOnChain, readReceipt } from "./receipts.js";
export { BreaksTheRules, seal } from "./sealing.js";
export { readQrText, readSeed, slipCode, slipQrText } from "./slips.js";
export { NotAText, pointOfText, readRanking, readText, writeRanking } from "./texts.js";
export { shownTracker } from "./trackers.js";
export { OnceOnly, Trustee } from "./trustees.js";
export { ballotLine, resultLine, shareLine, shuffleLine } from "./writing.js";
