/** The floor of a meeting on a page: kept up to date, told to screen readers, never in the way of a form. */
import { Follower } from "./follower.js";
import { linesIn, newsOf } from "./lines.js";
import { showTimers } from "./timer.js";

const TICK_MS = 250;

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

/** Replace what is shown; what was opened stays open, and the focus stays where it was. */
function show(root, frame, html) {
  const before = linesIn(frame);
  const focused = frame.contains(document.activeElement) ? document.activeElement.closest("[id]")?.id : null;
  const opened = [...frame.querySelectorAll("details[id][open]")].map((one) => one.id);
  frame.innerHTML = html;
  for (const id of opened) frame.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
  if (focused) (frame.querySelector(`#${CSS.escape(focused)}`) ?? root).focus({ preventScroll: true });
  const news = newsOf(before, linesIn(frame));
  if (news) root.querySelector("[data-said]").textContent = news;
  root.dispatchEvent(new CustomEvent("live:frame", { bubbles: true }));
}

/** Say how things stand, in the words of the page. */
function mark(root, state) {
  for (const word of root.querySelectorAll("[data-mark]")) word.hidden = word.dataset.mark !== state;
}
