/** The authority's pages: coming in with the key file, opening a report, sealing its answer. */
import { fromBase64, fromHex, fromUtf8, same, toBase64 } from "../sealed/bytes.js";
import { NotOpened, openSealed } from "./boxes.js";
import { NotAReport, openReport, writeAnswer } from "./contents.js";
import { kept, onKeyFile } from "./keys.js";

/** Prepare the page of the test: the file opens the sealed word, and the form goes off with it. */
export function prepareTest(form) {
  const key = fromHex(form.dataset.public);
  form.querySelector("[data-with-script]").hidden = false;
  form.querySelector("[data-by-hand]").open = Boolean(form.querySelector("[data-by-hand] .govuk-error-message"));
  onKeyFile(form.querySelector("[data-key-file]"), key, sayIn(form), form.dataset.wrongFile, (secret) => {
    form.elements.answer.value = fromUtf8(openSealed(fromBase64(form.dataset.sealed), secret));
    form.submit();
  });
}

/** Prepare the page of one report. */
export function prepareOpened(page) {
  const key = fromHex(page.dataset.public);
  const secret = kept(key);
  if (secret) {
    show(page, secret);
    return;
  }
  const asking = page.querySelector("[data-ask-key]");
  asking.hidden = false;
  onKeyFile(asking.querySelector("input"), key, sayIn(page), page.dataset.wrongFile, (found) => {
    asking.hidden = true;
    show(page, found);
  });
}

async function show(page, secret) {
  const say = sayIn(page);
  const answer = await fetch(page.dataset.url);
  try {
    const report = openReport(new Uint8Array(await answer.arrayBuffer()), secret);
    fill(page, report);
    if (!same(report.reply, fromHex(page.dataset.reply))) say(page.dataset.swapped);
    prepareAnswer(page, report, secret);
  } catch (error) {
    if (!(error instanceof NotOpened || error instanceof NotAReport)) throw error;
    say(page.dataset.notOpened);
  }
}

function fill(page, report) {
  const slot = (name) => page.querySelector(`[data-slot=${name}]`);
  slot("kind").textContent = JSON.parse(page.dataset.kinds)[report.kind] ?? report.kind;
  for (const name of ["text", "where", "contact"]) slot(name).textContent = report[name] || "–";
  slot("photos").replaceChildren(...report.photos.map((photo, at) => pictureOf(photo, page.dataset.photo.replace("{n}", at + 1))));
  page.querySelector("[data-content]").hidden = false;
}

function pictureOf(bytes, words) {
  const image = document.createElement("img");
  image.className = "report-photo";
  image.alt = words;
  image.src = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  const item = document.createElement("li");
  item.append(image);
  return item;
}

function prepareAnswer(page, report, secret) {
  const form = page.querySelector("[data-answer]");
  if (!form) return;
  form.querySelector("[data-with-script]").hidden = false;
  const text = form.querySelector("textarea");
  form.addEventListener("submit", () => {
    const written = text.value.trim();
    form.elements.sealed.value = written ? toBase64(writeAnswer(written, report.reply, secret)) : "";
  });
}

const sayIn = (page) => (words) => {
  page.querySelector("[data-slot=fault]").textContent = words;
};
