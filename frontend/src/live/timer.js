/** The time that is left to whoever speaks, or by how much it is over. */

const LAST_MS = 30_000;

/** Return {text, isUp, isLast} of the time from `now` until `until`, in milliseconds: "1:05", and over it "+0:07". */
export function timeLeft(until, now) {
  const left = until - now;
  const isUp = left <= 0;
  // A second that has begun is shown whole until it is over: two minutes begin with 2:00.
  const seconds = isUp ? Math.floor(-left / 1000) : Math.ceil(left / 1000);
  const text = `${isUp ? "+" : ""}${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return { text, isUp, isLast: !isUp && left <= LAST_MS };
}

/** Show in each timer below `root` how much is left; return whether there was one. */
export function showTimers(root, now) {
  const timers = root.querySelectorAll("[data-until]");
  for (const timer of timers) {
    const { text, isUp, isLast } = timeLeft(Date.parse(timer.dataset.until), now);
    timer.querySelector("[data-left]").textContent = text;
    timer.querySelector("[data-up]").hidden = !isUp;
    timer.classList.add("timer--counts");
    timer.classList.toggle("timer--up", isUp);
    timer.classList.toggle("timer--last", isLast);
  }
  return timers.length > 0;
}
