/** The floor of a meeting on a page: kept up to date, told to screen readers, never in the way of a form. */
import { Follower } from "./follower.js";
import { linesIn, newsOf } from "./lines.js";
import { Own } from "./own.js";
import { showTimers } from "./timer.js";

const TICK_MS = 250;

const own = new Own({
  pieces: () => [...document.querySelectorAll("[data-live-own][id]")],
  fetchPage: async () => {
    const answer = await fetch(location.href, { cache: "no-store", credentials: "same-origin", redirect: "error" });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  },
  active: () => document.activeElement,
  put: (piece, fresh) => keeping(piece, () => piece.replaceChildren(...document.importNode(fresh, true).childNodes)),
  hint: (isStale) => {
    for (const hint of document.querySelectorAll("[data-live-stale]")) hint.hidden = !isStale;
  },
});

for (const root of document.querySelectorAll("[data-live]")) start(root);

function start(root) {
  const frame = root.querySelector("[data-frame]");
  const follower = new Follower({
    streamUrl: root.dataset.stream,
    nowUrl: root.dataset.now,
    seen: root.dataset.seen,
    open: "EventSource" in window ? (url) => new EventSource(url) : null,
    ask: (url) => fetch(url, { cache: "no-cache", credentials: "same-origin", signal: AbortSignal.timeout(20_000) }),
    frame: (html) => show(root, frame, html),
    tell: (state) => mark(root, state),
    after: (ms, act) => setTimeout(act, ms),
    stop: (timer) => clearTimeout(timer),
    now: () => Date.now(),
  });
  setInterval(() => showTimers(frame, follower.time), TICK_MS);
  if ("over" in root.dataset) return;
  follower.start();
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && follower.wake());
  // A page that the browser keeps for going back to holds no stream meanwhile.
  addEventListener("pagehide", () => follower.pause());
  addEventListener("pageshow", (event) => event.persisted && follower.start());
}

/** Show another frame, tell what is new in it, and let the visitor's own pieces follow. */
function show(root, frame, html) {
  const before = linesIn(frame);
  keeping(frame, () => (frame.innerHTML = html));
  const news = newsOf(before, linesIn(frame));
  if (news) root.querySelector("[data-said]").textContent = news;
  own.refresh();
}

/** Change what is in an element; what was opened in it stays open, and the focus stays where it was. */
function keeping(element, change) {
  const focused = element.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
  const opened = [...element.querySelectorAll("details[id][open]")].map((one) => one.id);
  change();
  for (const id of opened) element.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  if (focused) element.querySelector(`#${CSS.escape(focused)}`)?.focus({ preventScroll: true });
}

/** Say how things stand, in the words of the page. */
function mark(root, state) {
  for (const word of root.querySelectorAll("[data-mark]")) word.hidden = word.dataset.mark !== state;
}
