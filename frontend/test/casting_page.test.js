/** What the page of a ballot does with its bytes, its card and its network; a browser is not needed for it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { answersIn } from "../src/casting/audit.js";
import { Booth } from "../src/casting/booth.js";
import { CardRefused, readCard } from "../src/casting/card.js";
import { Sending } from "../src/casting/sending.js";
import { picksOf } from "../src/sealed/answers.js";
import { readAudit } from "../src/sealed/audits.js";
import { trackerOf } from "../src/sealed/ballots.js";
import { toBase64, utf8 } from "../src/sealed/bytes.js";
import { credentialOf, newCode, readCode } from "../src/sealed/cards.js";
import { bytesOf, encode, timesBase } from "../src/sealed/group.js";
import { parseManifest } from "../src/sealed/manifest.js";

const POLL = "6f1c3c0e-9d0b-4f0e-8a55-0d7e1f2a3b4c";
const CODE = readCode(newCode());
const key = toBase64(bytesOf(timesBase(7n)));
const zeros = toBase64(new Uint8Array(32));
const contests = [
  { kind: "choose", max: 1, options: ["赞成", "反对"], title: "加装电梯" },
  { kind: "review", max: 2, options: ["甲", "乙"], title: "选委员", writeins: 1 },
  { kind: "rate", levels: ["好", "差"], options: ["保洁", "保安"], title: "评议" },
  { depth: 2, kind: "rank", options: ["灯", "路"], title: "先修" },
];
const manifest = parseManifest(
  utf8(
    JSON.stringify({
      ceremony: zeros,
      closes: "2026-11-23T00:00:00Z",
      contests,
      key,
      least: 1,
      opens: "2026-11-22T00:00:00Z",
      receipt_key: key,
      revote: true,
      roll: zeros,
      title: "测试",
      type: "manifest",
      uuid: POLL,
      v: 1,
    }),
  ),
);
const answers = [
  { chosen: [0] },
  { chosen: [0], against: [1], names: ["丙"] },
  { levels: [[1, 0]] },
  { order: [1, 0] },
];
const booth = (rest = {}) => new Booth({ manifest, code: CODE, sequence: 0, ...rest });

test("the same marks are the same bytes until they are acknowledged", () => {
  const one = booth();
  assert.deepEqual(one.seal(answers), one.seal(structuredClone(answers)));
});

test("other marks, a test before, or another sequence make other bytes", () => {
  const one = booth();
  const first = one.seal(answers);
  assert.notDeepEqual(one.seal([{}, {}, {}, {}]), first);
  one.forget();
  const fresh = one.seal(answers);
  assert.notDeepEqual(fresh, first);
  one.continueAt(3);
  assert.equal(one.seal(answers)[3], 3);
});

test("a test opens its own ballot, and the voter's own is sealed with another seed", () => {
  const one = booth();
  const audit = one.test(answers);
  const { ballot, picks } = readAudit(audit.open(), manifest.race);
  assert.deepEqual(trackerOf(ballot), audit.tracker);
  assert.deepEqual(answersIn(manifest.contests, picks), answers);
  assert.notDeepEqual(one.seal(answers), ballot);
});

test("blank answers are read back out of their picks as blank", () => {
  const picks = picksOf(manifest.contests, [{}, {}, {}, {}]);
  const read = answersIn(manifest.contests, picks);
  assert.ok(read.every((answer) => Object.values(answer).every((marks) => !marks.length)));
});

const credential = toBase64(bytesOf(credentialOf(POLL, CODE)));
const refused = (typed) => {
  let found = null;
  assert.throws(
    () => readCard(typed, { poll: POLL, credential }),
    (thrown) => (found = thrown) instanceof CardRefused,
  );
  return found;
};

test("a card is read however it is typed", () => {
  const spaced = CODE.match(/.{7}/g).join(" - ");
  const wide = [...CODE].map((sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)).join("");
  const alike = CODE.replaceAll("0", "O").replaceAll("1", "l").toLowerCase();
  for (const typed of [CODE, spaced, wide, alike, `  ${CODE.toLowerCase()} `, CODE.match(/.{7}/g).join("—")]) {
    assert.equal(readCard(typed, { poll: POLL, credential }), CODE);
  }
});

test("a card that cannot be the voter's is refused with its reason", () => {
  assert.equal(refused(CODE.slice(1)).message, "cardLength");
  assert.deepEqual(refused(`U*${CODE}`).values, { signs: "U *" });
  const other = CODE[0] === "A" ? "B" : "A";
  assert.equal(refused(other + CODE.slice(1)).message, "cardCheck");
  assert.equal(refused(newCode()).message, "cardOther");
  assert.equal(refused("").message, "cardLength");
});

const words = { lost: "lost", signedOut: "signed out" };
const answer = (status, body, type = "basic") => ({
  status,
  type,
  headers: new Headers(body ? { "content-type": "application/json" } : { "content-type": "text/html" }),
  json: async () => body,
});
const sendingWith = (...replies) => {
  const asked = [];
  const fetcher = async (url, options) => {
    asked.push({ url, ...options });
    const reply = replies.shift();
    if (reply instanceof Error) throw reply;
    return reply;
  };
  const urls = { castUrl: "/cast", testUrl: "/test", standingUrl: "/standing" };
  return { sending: new Sending({ entry: "e", csrf: "old", ...urls }, words, fetcher), asked };
};
const BALLOT = encode(5n);

test("a ballot is acknowledged whether it is new or was there", async () => {
  for (const status of [201, 200]) {
    const { sending, asked } = sendingWith(answer(status, { tracker: "t" }));
    assert.equal((await sending.cast(BALLOT)).isCast, true);
    assert.deepEqual(JSON.parse(asked[0].body), { entry: "e", ballot: toBase64(BALLOT) });
    assert.equal(asked[0].headers["X-CSRFToken"], "old");
  }
});

test("a network that fails, a server that stumbles and a lost sign-in let the same bytes be sent again", async () => {
  for (const reply of [new TypeError("offline"), answer(502), answer(503, { fault: "key_missing", message: "m" })]) {
    const { sending } = sendingWith(reply);
    const { isCast, isLost } = await sending.cast(BALLOT);
    assert.deepEqual([isCast, isLost], [false, true]);
  }
  const { sending } = sendingWith(answer(0, null, "opaqueredirect"));
  assert.deepEqual(await sending.cast(BALLOT), { isCast: false, message: "signed out", isLost: true });
});

test("a refusal is said with its fault and is no lost answer", async () => {
  const { sending } = sendingWith(answer(409, { fault: "out_of_step", message: "m" }));
  assert.deepEqual(await sending.cast(BALLOT), { isCast: false, message: "m", fault: "out_of_step", isLost: false });
});

test("a form that has grown old is sent once more with a fresh token", async () => {
  const { sending, asked } = sendingWith(answer(400), answer(200, { sequence: 2, csrf: "new" }), answer(201, {}));
  assert.equal((await sending.cast(BALLOT)).isCast, true);
  assert.deepEqual(asked.map(({ url }) => url), ["/cast", "/standing", "/cast"]);
  assert.equal(asked[2].headers["X-CSRFToken"], "new");
  assert.equal(asked[2].body, asked[0].body);
});
