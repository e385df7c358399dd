import assert from "node:assert/strict";
import { test } from "node:test";

import { fromHex, toHex } from "../src/sealed/bytes.js";
import { confirmRecord, dealRecord, digestOf, helloRecord, jointKey, spoken } from "../src/sealed/ceremony.js";
import { Check } from "../src/sealed/checks.js";
import { bytesOf, encode } from "../src/sealed/group.js";
import { OnceOnly, Trustee } from "../src/sealed/trustees.js";
import { checkOf, vectors } from "./support/vectors.js";

const vector = vectors("ceremony");
const ceremony = { id: fromHex(vector.id), threshold: vector.threshold, size: vector.size };
const trustees = vector.seeds.map((seed, at) => new Trustee(ceremony, at + 1, fromHex(seed)));

/** Return a record with its bytes as hexadecimal digits. */
const inHex = (value) =>
  value instanceof Uint8Array
    ? toHex(value)
    : Array.isArray(value)
      ? value.map(inHex)
      : typeof value === "object"
        ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, inHex(field)]))
        : value;

async function rounds() {
  const hellos = trustees.map((trustee) => trustee.hello());
  const deals = await Promise.all(trustees.map((trustee) => trustee.deal(hellos)));
  const confirms = await Promise.all(trustees.map((trustee) => trustee.confirm(hellos, deals)));
  return { hellos, deals, confirms };
}

test("three trustees say what they say on the server, and make the same key", async () => {
  const { hellos, deals, confirms } = await rounds();
  assert.deepEqual(hellos.map((hello) => inHex(helloRecord(hello))), vector.hellos);
  assert.equal(toHex(digestOf(hellos)), vector.hellos_digest);
  assert.equal(spoken(hellos), vector.spoken);
  assert.deepEqual(deals.map((deal) => inHex(dealRecord(deal))), vector.deals);
  assert.deepEqual(confirms.map((confirm) => inHex(confirmRecord(confirm))), vector.confirms);
  const joint = await jointKey(ceremony, hellos, deals, confirms);
  assert.equal(toHex(bytesOf(joint.key)), vector.key);
  assert.deepEqual(joint.publicShares.map((share) => toHex(bytesOf(share))), vector.public_shares);
});

test("a seed deals once", async () => {
  const { hellos } = await rounds();
  const played = new Trustee(ceremony, 2, new Uint8Array(32)).hello();
  await assert.rejects(trustees[0].deal([hellos[0], played, hellos[2]]), OnceOnly);
});

test("a bad share that was dealt is found by who receives it", async () => {
  const { hellos, deals } = await rounds();
  const bad = deals[0].shares.map((share, at) => (at === 1 ? encode(5n) : share));
  const dealt = [{ ...deals[0], shares: bad }, ...deals.slice(1)];
  assert.equal(await checkOf(() => trustees[1].confirm(hellos, dealt)), Check.CEREMONY_CONFIRMED);
  assert.equal(await checkOf(() => trustees[2].confirm(hellos, dealt)), null);
});
