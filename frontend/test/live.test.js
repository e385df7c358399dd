/** Following a meeting: what happens when a stream breaks, is refused, falls silent, or is not to be had. */
import assert from "node:assert/strict";
import test from "node:test";

import { Follower } from "../src/live/follower.js";
import { newsOf } from "../src/live/lines.js";
import { Own, isBusy } from "../src/live/own.js";
import { timeLeft } from "../src/live/timer.js";

const CONNECTING = 0;
const CLOSED = 2;

/** A browser whose time passes when it is told to. */
class Browser {
  time = 0;
  due = [];
  sources = [];
  asked = [];
  frames = [];
  states = [];
  answers = [];

  follower(rest = {}) {
    return new Follower({
      streamUrl: "/live",
      nowUrl: "/now",
      seen: "a",
      open: (url) => this.#open(url),
      ask: async (url) => this.#ask(url),
      frame: (html) => this.frames.push(html),
      tell: (state) => this.states.push(state),
      after: (ms, act) => this.#after(ms, act),
      stop: (timer) => (timer.act = null),
      now: () => this.time,
      random: () => 0,
      ...rest,
    });
  }

  get source() {
    return this.sources.at(-1);
  }

  get state() {
    return this.states.at(-1);
  }

  /** Let time pass, and do what falls due in it. */
  async pass(ms) {
    const end = this.time + ms;
    for (;;) {
      const next = this.due.filter(({ act, at }) => act && at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.time = Math.max(this.time, next.at);
      const { act } = next;
      next.act = null;
      act();
      await settled();
    }
    this.time = end;
    await settled();
  }

  #open(url) {
    const heard = {};
    const source = {
      url,
      readyState: CONNECTING,
      isClosed: false,
      addEventListener: (name, act) => (heard[name] = act),
      close: () => (source.isClosed = true),
      say: (name, event = {}) => heard[name](event),
      fail: (readyState) => {
        source.readyState = readyState;
        heard.error({});
      },
    };
    this.sources.push(source);
    return source;
  }

  #ask(url) {
    this.asked.push(url);
    const answer = this.answers.shift() ?? { html: "asked", tag: "b" };
    if (answer instanceof Error) throw answer;
    const headers = { ETag: `"${answer.tag}"`, ...(answer.isLast && { "X-Last-Frame": "1" }) };
    return { ok: true, headers: new Headers(headers), text: async () => answer.html };
  }

  #after(ms, act) {
    const timer = { at: this.time + ms, act };
    this.due.push(timer);
    return timer;
  }
}

const settled = () => new Promise((done) => setImmediate(done));
const beat = (time) => ["beat", { data: String(time) }];

test("a stream asks for what the page has not, shows each frame once, and says that it is live", () => {
  const browser = new Browser();
  browser.follower().start();
  assert.equal(browser.source.url, "/live?seen=a");
  browser.source.say(...beat(1));
  browser.source.say("frame", { lastEventId: "b", data: "<p>" });
  browser.source.say("frame", { lastEventId: "b", data: "<p>" });
  assert.deepEqual(browser.frames, ["<p>"]);
  assert.deepEqual(browser.states, ["live"]);
});

test("a stream that ends by its time and goes on at once is no news", async () => {
  const browser = new Browser();
  browser.follower().start();
  browser.source.say(...beat(1));
  browser.source.fail(CONNECTING);
  await browser.pass(500);
  browser.source.say(...beat(1));
  await browser.pass(5_000);
  assert.deepEqual(browser.states, ["live"]);
  assert.equal(browser.sources.length, 1);
});

test("a break that lasts is said", async () => {
  const browser = new Browser();
  browser.follower().start();
  browser.source.say(...beat(1));
  browser.source.fail(CONNECTING);
  await browser.pass(3_000);
  assert.equal(browser.state, "again");
});

test("a refused stream is tried three times, later each time, then the page asks every few seconds", async () => {
  const browser = new Browser();
  browser.follower().start();
  browser.source.fail(CLOSED);
  await browser.pass(900);
  assert.equal(browser.sources.length, 1);
  await browser.pass(200);
  assert.equal(browser.sources.length, 2);
  browser.source.fail(CLOSED);
  await browser.pass(2_100);
  browser.source.fail(CLOSED);
  await browser.pass(1);
  assert.deepEqual([browser.sources.length, browser.asked.length, browser.state], [3, 1, "asking"]);
  assert.deepEqual(browser.frames, ["asked"]);
  await browser.pass(20_000);
  assert.equal(browser.asked.length, 5);
  // The same again is not shown again.
  assert.deepEqual(browser.frames, ["asked"]);
});

test("while it asks, a stream is tried each minute, and when it is there the asking ends", async () => {
  const browser = new Browser();
  browser.follower().start();
  for (let time = 0; time < 3; time += 1) {
    browser.source.fail(CLOSED);
    await browser.pass(time === 2 ? 1 : 3_000);
  }
  await browser.pass(60_000);
  assert.equal(browser.sources.length, 4);
  browser.source.fail(CLOSED);
  await browser.pass(60_000);
  assert.equal(browser.sources.length, 5);
  browser.source.say(...beat(1));
  const asked = browser.asked.length;
  await browser.pass(30_000);
  assert.deepEqual([browser.asked.length, browser.state], [asked, "live"]);
});

test("a browser without streams asks from the beginning, and says when nobody answers", async () => {
  const browser = new Browser();
  browser.answers = [new Error("no network")];
  browser.follower({ open: null }).start();
  await settled();
  assert.equal(browser.state, "again");
  await browser.pass(5_000);
  assert.deepEqual([browser.asked.length, browser.state], [2, "asking"]);
});

test("a stream that fell silent is given up, even when nobody says that it is broken", async () => {
  const browser = new Browser();
  browser.follower().start();
  browser.source.say(...beat(1));
  await browser.pass(46_000);
  assert.ok(browser.sources[0].isClosed);
  assert.equal(browser.sources.length, 2);
  // What the old one still says counts for nothing.
  browser.sources[0].fail(CLOSED);
  browser.source.say(...beat(1));
  assert.equal(browser.state, "live");
});

test("a phone that slept begins anew when it wakes, one that did not goes on", async () => {
  const browser = new Browser();
  const follower = browser.follower();
  follower.start();
  browser.source.say(...beat(1));
  await browser.pass(10_000);
  follower.wake();
  assert.equal(browser.sources.length, 1);
  browser.time += 3_600_000;
  follower.wake();
  await browser.pass(0);
  assert.equal(browser.sources.length, 2);
});

test("the end is the end, by the stream or by asking", async () => {
  const browser = new Browser();
  const follower = browser.follower();
  follower.start();
  browser.source.say("end");
  browser.source.fail(CONNECTING);
  follower.wake();
  await browser.pass(300_000);
  assert.deepEqual([browser.states, browser.sources.length, browser.asked.length], [["over"], 1, 0]);

  const asking = new Browser();
  asking.answers = [{ html: "<p>", tag: "b", isLast: true }];
  asking.follower({ open: null }).start();
  await asking.pass(300_000);
  assert.deepEqual([asking.states, asking.asked.length], [["over"], 1]);
});

test("time is the server's", () => {
  const browser = new Browser();
  const follower = browser.follower();
  follower.start();
  browser.source.say(...beat(5_000_000));
  browser.time += 1_000;
  assert.equal(follower.time, 5_001_000);
});

test("only what has changed is told", () => {
  const before = new Map([["item", "议题1"], ["speaking", "甲"]]);
  assert.equal(newsOf(before, new Map([["item", "议题1"], ["speaking", "乙"], ["vote", "正在表决"]])), "乙 正在表决");
  assert.equal(newsOf(before, new Map([["item", "议题1"]])), "");
});

test("two minutes begin with 2:00, end with 0:01, and go on over it", () => {
  const until = 120_000;
  assert.deepEqual(timeLeft(until, 0), { text: "2:00", isUp: false, isLast: false });
  assert.deepEqual(timeLeft(until, 1), { text: "2:00", isUp: false, isLast: false });
  assert.deepEqual(timeLeft(until, 90_000), { text: "0:30", isUp: false, isLast: true });
  assert.deepEqual(timeLeft(until, 119_999), { text: "0:01", isUp: false, isLast: true });
  assert.deepEqual(timeLeft(until, 120_000), { text: "+0:00", isUp: true, isLast: false });
  assert.deepEqual(timeLeft(until, 187_500), { text: "+1:07", isUp: true, isLast: false });
});

const field = (rest) => ({ type: "text", value: "", defaultValue: "", ...rest });
const piece = (id, fields = []) => ({ id, innerHTML: `old ${id}`, querySelectorAll: () => fields });

test("a piece is busy while somebody types, chooses or has typed in it", () => {
  const typed = field({ value: "理由" });
  const prefilled = field({ value: "原文", defaultValue: "原文" });
  const option = (defaultSelected) => ({ defaultSelected });
  const chosen = { type: "select-one", options: [option(true), option(false)], selectedIndex: 1 };
  assert.ok(isBusy(piece("a", [typed]), null));
  assert.ok(isBusy(piece("a", [prefilled]), prefilled));
  assert.ok(isBusy(piece("a", [chosen]), null));
  assert.ok(isBusy(piece("a", [{ type: "checkbox", checked: true, defaultChecked: false }]), null));
  assert.ok(!isBusy(piece("a", [prefilled, { ...chosen, selectedIndex: 0 }, field({ type: "hidden", value: "1" })]), null));
});

test("own pieces are replaced, but not the one that somebody types in, and the page says so", async () => {
  const busy = piece("busy", [field({ value: "理由" })]);
  const pieces = [piece("queue"), piece("same"), busy];
  const put = [];
  const hints = [];
  let pages = 0;
  const page = { getElementById: (id) => ({ innerHTML: id === "same" ? "old same" : `new ${id}` }) };
  const own = new Own({
    pieces: () => pieces,
    fetchPage: async () => ((pages += 1), page),
    active: () => null,
    put: (one) => put.push(one.id),
    hint: (isStale) => hints.push(isStale),
  });
  // Of many changes at once the page is fetched for the first, and once more for the rest.
  await Promise.all([own.refresh(), own.refresh(), own.refresh()]);
  assert.equal(pages, 2);
  assert.deepEqual([...new Set(put)], ["queue"]);
  assert.deepEqual(hints, [true, true]);
});

test("a page without own pieces is never fetched", async () => {
  const own = new Own({ pieces: () => [], fetchPage: () => assert.fail() });
  await own.refresh();
});
