/** The reporter's way to the answer: opened in this browser, so that the server never sees the reading code. */
import { Mistyped, canonical } from "../sealed/base32.js";
import { fromBase64, same } from "../sealed/bytes.js";
import { NotOpened, fingerprint, publicOf, readCode, readerSecret } from "./boxes.js";
import { NotAReport, readAnswer } from "./contents.js";
import { say } from "./fault.js";

/** Prepare the page; where an answer is shown already there is no form. */
export function prepareReading(page) {
  const form = page.querySelector("form");
  if (!form) return;
  page.querySelector("[data-by-browser]").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(page, "");
    try {
      const code = readCode(form.elements.code.value);
      const found = await ask(page, canonical(form.elements.number.value));
      if (found) await show(page, found, code);
    } catch (error) {
      if (error instanceof Mistyped) say(page, page.dataset.mistyped);
      else if (error instanceof NotOpened || error instanceof NotAReport) say(page, page.dataset.notGenuine);
      else throw error;
    }
  });
}

async function ask(page, number) {
  const body = new FormData();
  body.set("number", number);
  const headers = { "X-CSRFToken": page.dataset.csrfToken };
  const answer = await fetch(page.dataset.url, { method: "POST", headers, body }).catch(() => null);
  if (answer?.ok) return answer.json();
  say(page, answer?.status === 404 ? page.dataset.unknown : page.dataset.notReached);
  return null;
}

async function show(page, found, code) {
  const [salt, authority, reply] = [found.salt, found.public, found.reply].map(fromBase64);
  if (!same(publicOf(await readerSecret(code, salt, authority)), reply)) {
    say(page, page.dataset.unknown);
    return;
  }
  const text = found.answer ? await readAnswer(fromBase64(found.answer), code, salt, authority) : "";
  const shown = page.querySelector("template").content;
  const told = { ...found, heading: found.answered || found.waiting, text, fingerprint: fingerprint(authority) };
  for (const slot of shown.querySelectorAll("[data-slot]")) slot.textContent = told[slot.dataset.slot];
  if (!text) shown.querySelector("[data-slot=text]").remove();
  page.querySelector("form").replaceWith(shown);
  page.querySelector("[data-slot=heading]").focus();
}
