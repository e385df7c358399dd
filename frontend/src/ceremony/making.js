/** A trustee's part of the key ceremony: slip, hello, the characters, deal, confirm, drill. */
import { fromUtf8, toHex, utf8 } from "../sealed/bytes.js";
import { digestOf } from "../sealed/ceremony.js";
import {
  Board,
  Refused,
  Trustee,
  confirmRecord,
  dealRecord,
  fromBase64,
  helloRecord,
  parseDeal,
  parseHello,
  shareLine,
  spoken,
  writeLine,
} from "../sealed/index.js";
import { Declined, rest } from "./server.js";
import { askSlip, makeSlip } from "./slip.js";

/** Return a message as JSON, its bytes as base64url. */
const asJson = (record) => JSON.parse(fromUtf8(writeLine(record)));

export class Making {
  #trustee = null;

  constructor(parts, server, { number }) {
    Object.assign(this, { parts, server, number: Number(number), id: null });
  }

  /** Take part until the ceremony is over. */
  async run() {
    for (;;) {
      if (await this.#tryStep()) return;
      await rest();
    }
  }

  /** Do what is to be done now; tell whether it was the last thing. */
  async #tryStep() {
    try {
      const state = await this.server.state();
      this.parts.fail("");
      return await this.#step(state);
    } catch (error) {
      if (error instanceof Refused) return this.#stop(error.detail || error.message);
      if (!(error instanceof Declined)) throw error;
      this.parts.fail(error.message || this.parts.root.dataset.offline);
      await rest();
      return false;
    }
  }

  async #step(state) {
    if (state.round === "ended" || (this.id ?? state.id) !== state.id) return this.#end("ended");
    this.id = state.id;
    this.parts.tell(
      state.trustees.map(({ number }) => number),
      (number) => stageOf(state, number),
    );
    const own = state.trustees[this.number - 1];
    if (!own.hello) return this.#hello(state);
    if (state.round === "heard" && !own.heard) return this.#hear(state);
    if (state.round === "deal" && !own.deal) return this.#deal(state);
    if (state.round === "confirm" && !own.confirm) return this.#confirm(state);
    if (state.round === "drill" && !state.drill.shares.includes(this.number)) return this.#drill(state);
    if (state.round === "done") return this.#done(state);
    this.parts.show("waiting");
    return false;
  }

  async #hello(state) {
    const seed = await makeSlip(this.parts, this.number);
    this.#trustee = new Trustee(ceremonyOf(state), this.number, seed);
    await this.server.say("hello", asJson(helloRecord(this.#trustee.hello())));
    return false;
  }

  async #hear(state) {
    const characters = spoken(hellosOf(state));
    this.parts.write("characters", `${characters.slice(0, 4)} ${characters.slice(4)}`);
    this.parts.show("aloud");
    await this.parts.pressed("same");
    await this.server.say("heard", { characters });
    return false;
  }

  async #deal(state) {
    const hellos = hellosOf(state);
    const trustee = await this.#own(state);
    this.parts.show("waiting");
    dealOnce(state.id, this.number, hellos);
    await this.server.say("deal", asJson(dealRecord(await trustee.deal(hellos))));
    return false;
  }

  async #confirm(state) {
    const trustee = await this.#own(state);
    this.parts.show("waiting");
    const confirm = await trustee.confirm(hellosOf(state), dealsOf(state));
    await this.server.say("confirm", asJson(confirmRecord(confirm)));
    this.#trustee = null; // from here on the slip alone knows it
    return false;
  }

  async #drill(state) {
    this.parts.sayOneOf("why", "drill");
    this.parts.show("enter");
    const trustee = await askSlip(this.parts, this.number, (seed) => this.#fitting(state, seed));
    this.parts.show("waiting");
    await trustee.confirm(hellosOf(state), dealsOf(state));
    const board = new Board();
    for (const line of state.drill.lines) await board.take(utf8(line));
    const line = shareLine(await trustee.open(board.opening.agenda));
    await this.server.say("drill", { line: fromUtf8(line) });
    return false;
  }

  #done(state) {
    const found = state.found.map(([colour, count]) => `${colour}\u00a0${count}`).join("　");
    this.parts.write("found", found);
    return this.#end("done");
  }

  /** Return the trustee of this page; after a reload the slip brings it back. */
  async #own(state) {
    if (this.#trustee) return this.#trustee;
    this.parts.sayOneOf("why", "again");
    this.parts.show("enter");
    this.#trustee = await askSlip(this.parts, this.number, (seed) => this.#fitting(state, seed));
    return this.#trustee;
  }

  /** Return the trustee of a seed, or null unless it is the one that said hello. */
  #fitting(state, seed) {
    const trustee = new Trustee(ceremonyOf(state), this.number, seed);
    const said = state.trustees[this.number - 1].hello;
    const { ek, commit } = asJson(helloRecord(trustee.hello()));
    return ek === said.ek && commit === said.commit ? trustee : null;
  }

  #end(section) {
    this.#trustee = null;
    this.parts.show(section);
    return true;
  }

  /** Something another trustee sent does not hold: nobody goes on, and a complaint says what it was. */
  #stop(detail) {
    this.parts.write("detail", detail);
    return this.#end("bad");
  }
}

const ceremonyOf = ({ id, threshold, size }) => ({ id: fromBase64(id), threshold, size });
const hellosOf = ({ trustees }) => trustees.map(({ hello }) => parseHello(hello));
const dealsOf = ({ trustees }) => trustees.map(({ deal }) => parseDeal(deal));

/** Throw Refused where this browser has dealt for other hellos: one seed deals once, also after a reload. */
function dealOnce(id, number, hellos) {
  const [key, digest] = [`civicforum-dealt-${id}-${number}`, toHex(digestOf(hellos))];
  const before = localStorage.getItem(key);
  if (before !== null && before !== digest) throw new Refused(0, "other hellos than before");
  localStorage.setItem(key, digest);
}

/** Return how far a trustee is, as the list names it. */
function stageOf({ trustees, drill }, number) {
  const { hello, heard, deal, confirm } = trustees[number - 1];
  if (drill.shares.includes(number)) return "tried";
  if (confirm) return "confirmed";
  if (deal) return "dealt";
  if (heard) return "heard";
  return hello ? "hello" : "away";
}
