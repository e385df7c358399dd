/** A test of this phone: the ballot just entered as a test is opened, and shows what was sealed into it. */
import { readAudit } from "../sealed/audits.js";
import { trackerOf } from "../sealed/ballots.js";
import { readRanking, readText } from "../sealed/texts.js";
import { shownTracker } from "../sealed/trackers.js";

/** Show the tracker, the marks that another device would find, and the test itself to carry there. */
export function showAudit(root, audit, { manifest, paper }) {
  const find = (name) => root.querySelector(`[data-audit-${name}]`);
  const raw = audit.open();
  const { ballot, picks } = readAudit(raw, manifest.race);
  find("tracker").textContent = shownTracker(trackerOf(ballot));
  find("answers").replaceChildren(...paper.entries(answersIn(manifest.contests, picks)));
  const text = new TextDecoder().decode(raw);
  find("text").value = text;
  find("file").href = `data:application/json;charset=utf-8,${encodeURIComponent(text)}`;
}

/** Return the answers that these picks are, question by question: the way back from picksOf. */
export function answersIn(contests, picks) {
  const marks = contests.reduce((sum, contest) => sum + contest.marks, 0);
  let [mark, text] = [0, marks];
  return contests.map((contest) => {
    const own = picks.slice(mark, (mark += contest.marks));
    const texts = picks.slice(text, (text += contest.texts)).map((pick) => (pick ? readText(pick) : ""));
    return answerIn(contest, own, texts);
  });
}

function answerIn({ kind, options, marks, depth }, own, texts) {
  const size = options.length;
  const marked = own.flatMap((pick, slot) => (pick ? [slot] : []));
  if (kind === "rank") return { order: readRanking(texts[0], size, depth) ?? [] };
  if (kind === "choose") return marked.length ? { chosen: marked } : {};
  if (kind === "review") {
    const inFavour = marked.filter((slot) => slot < size);
    const against = marked.filter((slot) => slot >= size && slot < 2 * size).map((slot) => slot - size);
    return { chosen: inFavour, against, names: texts.filter(Boolean) };
  }
  const width = marks / size;
  return { levels: marked.map((slot) => [Math.floor(slot / width), slot % width]) };
}
