/** What a change is told by to whoever listens instead of looking: one sentence for each thing that changed. */

/** Return the sentences of a frame by what they are of. */
export function linesIn(frame) {
  return new Map([...frame.querySelectorAll("[data-line]")].map((line) => [line.dataset.line, line.textContent.trim()]));
}

/** Return, of the sentences now, those that were not there before, as one text. */
export function newsOf(before, now) {
  return [...now]
    .filter(([name, text]) => before.get(name) !== text)
    .map(([, text]) => text)
    .join(" ");
}
