/** Showing what a verification found. */
import { stateOf } from "../sealed/archive.js";
import { toHex } from "../sealed/bytes.js";
import { Check } from "../sealed/checks.js";
import { byQuestion, questionsOf } from "./answers.js";
import { element, table } from "./dom.js";

/** Return the elements of a report {failures, accepted, board, isCompared, isBroken, typeOf}. */
export function shown(report, words) {
  const { failures, board } = report;
  return [
    verdict(report, words),
    failures.length > 0 && failureList(report, words),
    about(board, words),
    board.result && result(board, words),
    allChecks(report, words),
  ].filter(Boolean);
}

function verdict({ failures, isCompared }, { say }) {
  const holds = failures.length === 0;
  const text = holds ? say(isCompared ? "holds" : "holdsNoHead") : say("fails", { count: failures.length });
  return element("h2", { class: `verdict ${holds ? "good" : "bad"}`, tabindex: "-1", id: "verdict" }, text);
}

function failureList({ failures, typeOf, isBroken }, { say, title, typeName }) {
  const items = failures.map(({ check, line, detail }) => {
    const type = line === null ? null : typeOf(line);
    const where = line === null ? say("atArchive") : say("atLine", { line, type: type && typeName(type) });
    const what = say("failure", { where, number: check, title: title(check) });
    return element("li", {}, what, detail && element("span", { class: "detail", lang: "en" }, ` (${detail})`));
  });
  const list = element("ol", { class: "failures" }, items);
  const rest = isBroken && element("p", {}, say("isBroken"));
  return element("section", {}, element("h3", {}, say("failures")), list, rest);
}

function about({ manifest, electorate, lines, head }, { say }) {
  const rows = [
    manifest && [say("name"), manifest.title],
    manifest && [say("electionId"), manifest.uuid],
    [say("lines"), lines],
    electorate && [say("roll"), personsOn(electorate)],
    electorate && [say("ballots"), electorate.ballots.size],
    electorate && [say("papers"), electorate.voided("paper").length],
    [say("headNow"), element("code", {}, toHex(head).replace(/.{8}/g, "$& ").trim())],
  ];
  const terms = rows
    .filter(Boolean)
    .map(([term, value]) => element("div", {}, element("dt", {}, term), element("dd", {}, value)));
  return element("section", {}, element("h3", {}, say("about")), element("dl", {}, terms));
}

/** Return how many persons are on a roll: a reissued card is nobody new. */
const personsOn = ({ standings }) => [...standings.values()].filter(({ isReplaced }) => !isReplaced).length;

function result(board, words) {
  const { say } = words;
  const questions = questionsOf(board.manifest, words);
  const countsOf = (counted) => counted && byQuestion(questions, counted.counts);
  const [online, paper] = [countsOf(board.result), countsOf(board.paper)];
  const columns = (first) => [say(first), say("online"), ...(paper ? [say("paper"), say("together")] : [])];
  let pool = -1;
  const parts = questions.map((question, at) => {
    const { title, labels, texts } = question;
    pool += texts ? 1 : 0;
    return [
      labels.length > 0 && table(title, columns("option"), tallies(labels, online[at], paper?.[at])),
      texts > 0 && table(`${title}: ${say("texts")}`, columns("texts"), textTallies(board, pool, question)),
    ];
  });
  const hint = board.paper && element("p", {}, say("resultHint"));
  return element("section", {}, element("h3", {}, say("result")), hint, parts.flat());
}

const tallies = (labels, online, paper) =>
  labels.map((label, at) => [label, online[at], ...(paper ? [paper[at], online[at] + paper[at]] : [])]);

function textTallies(board, pool, { readable }) {
  const [online, paper] = [board.result.texts[pool], board.paper?.texts[pool]];
  const texts = [...new Set([...Object.keys(online), ...Object.keys(paper ?? {})])];
  const [inOnline, inPaper] = [online, paper].map((tally) => tally && texts.map((text) => tally[text] ?? 0));
  return tallies(texts.map(readable), inOnline, inPaper);
}

function allChecks(report, { say, title }) {
  const states = { true: "passed", false: "failed", null: "untouched" };
  const rows = Object.values(Check)
    .filter((check) => check <= Check.HEAD)
    .map((check) => {
      const isLeftOut = check === Check.HEAD && !report.isCompared;
      const state = isLeftOut ? "notCompared" : states[stateOf(check, report)];
      return [check, title(check), element("span", { class: `state ${state}` }, say(state))];
    });
  const caption = say("all");
  return element("section", {}, table(caption, [say("number"), say("what"), say("state")], rows));
}
