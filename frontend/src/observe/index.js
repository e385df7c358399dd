/** The page for observers: follows the record, folds its chain, remembers what it saw, and says when that changed. */
import { Changed, History } from "./history.js";
import { Memory } from "./memory.js";

const SHOWN = 50;
const root = document.querySelector("[data-observe]");
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const memory = new Memory(root.dataset.poll);
const history = new History();
const posted = { line: Number(root.dataset.lines), head: root.dataset.head };

start();

/** Check all that is there against what this browser saw before and what the page itself says; then follow. */
async function start() {
  const remembered = memory.read();
  try {
    const answer = await fetch(root.dataset.digestsUrl);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    await history.fold(new Uint8Array(await answer.arrayBuffer()), [remembered, posted].filter(Boolean));
  } catch (error) {
    return error instanceof Changed ? alarm(error) : tell("unreached");
  }
  remember();
  if ("live" in root.dataset) follow();
  return null;
}

function follow() {
  const stream = new EventSource(`${root.dataset.headsUrl}?after=${history.lines}`);
  stream.addEventListener("message", (event) => {
    const seen = JSON.parse(event.data);
    // After a break the last line may come a second time.
    if (seen.line <= history.lines) return;
    try {
      history.take(seen);
    } catch (error) {
      stream.close();
      alarm(error);
      return;
    }
    show(seen);
    remember();
  });
}

function show({ line, digest, head }) {
  const row = root.querySelector("template[data-row]").content.cloneNode(true);
  for (const [name, text] of Object.entries({ line, digest: short(digest), head: short(head) })) {
    row.querySelector(`[data-slot="${name}"]`).textContent = text;
  }
  const rows = part("rows");
  rows.prepend(row);
  while (rows.children.length > SHOWN) rows.lastElementChild.remove();
  for (const number of document.querySelectorAll("[data-lines-now]")) number.textContent = line;
  for (const shown of document.querySelectorAll("[data-head-now]")) {
    const groups = [...shown.querySelectorAll("span")];
    head.match(/.{4}/g).forEach((digits, at) => (groups[at].textContent = digits));
  }
  setMoment();
}

/** The first and last digits: enough for the eye in a list, the whole is in the download. */
const short = (hex) => `${hex.slice(0, 8)}…${hex.slice(-8)}`;

function setMoment() {
  const words = new Intl.DateTimeFormat(document.documentElement.lang, {
    dateStyle: "long",
    timeStyle: "medium",
    timeZone: "Asia/Shanghai",
  }).format(new Date());
  for (const moment of document.querySelectorAll("[data-moment]")) moment.textContent = words;
}

function remember() {
  tell(memory.write(history.lines, history.head) ? "holds" : "forgetful");
}

/** Show one of the page's sentences, with the number of lines that were folded. */
function tell(name) {
  for (const sentence of root.querySelectorAll("[data-tell]")) sentence.hidden = sentence.dataset.tell !== name;
  for (const number of root.querySelectorAll("[data-folded]")) number.textContent = history.lines;
}

/** The worst that can happen: said loudly, and the memory stays as it is, for it is the evidence. */
function alarm({ line, before, now }) {
  tell("changed");
  part("line").textContent = line;
  part("before").textContent = before;
  part("now").textContent = now ?? part("now").dataset.gone;
  part("alarm").hidden = false;
  part("alarm").focus();
}
