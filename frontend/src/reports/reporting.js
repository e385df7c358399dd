/** The reporter's form: sealed in this browser, so that the server never sees what was written. */
import { preparePrinting } from "../print.js";
import { grouped } from "../sealed/base32.js";
import { fromBase64, fromHex, toBase64 } from "../sealed/bytes.js";
import { sealReport } from "./contents.js";
import { say } from "./fault.js";
import { NotAPhoto, redraw } from "./photos.js";

const MOST_PHOTOS = 3;

/** What is said to the reporter. */
class Fault extends Error {}

/** Prepare the page with the form. */
export function prepareReporting(page) {
  const form = page.querySelector("form");
  page.querySelector("[data-by-server]").hidden = true;
  page.querySelector("[data-by-browser]").hidden = false;
  // What is missing is said by the browser: a form sent to be checked would be read.
  form.noValidate = false;
  for (const field of [...form.elements.kind, form.elements.text]) field.required = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say(page, "");
    try {
      await send(page, form);
    } catch (error) {
      if (error instanceof NotAPhoto) say(page, page.dataset.noPhoto);
      else if (error instanceof Fault) say(page, error.message);
      else throw error;
    }
  });
}

async function send(page, form) {
  const longest = Object.entries(JSON.parse(page.dataset.longest));
  if (longest.some(([name, most]) => form.elements[name].value.length > most)) throw new Fault(page.dataset.tooLong);
  const photos = await photosOf(page, form);
  const [kind, text, where, contact] = ["kind", "text", "where", "contact"].map((name) => form.elements[name].value.trim());
  const made = await sealReport({ kind, text, where, contact, photos }, fromHex(page.dataset.public));
  const number = await post(page, form, made);
  const slip = page.querySelector("template").content;
  slip.querySelector("[data-slot=number]").textContent = number;
  slip.querySelector("[data-slot=code]").textContent = grouped(made.code, 4);
  // What was typed goes with the form.
  page.replaceChildren(slip);
  preparePrinting(page);
  page.querySelector("h1").focus();
}

async function photosOf(page, form) {
  const left = new Set([...form.querySelectorAll("[name=leave_out]:checked")].map((one) => one.value));
  const carried = [...form.querySelectorAll("[name=kept]")].filter((_, at) => !left.has(String(at)));
  const files = [...form.elements.photos.files];
  if (carried.length + files.length > MOST_PHOTOS) throw new Fault(page.dataset.tooMany);
  const drawn = await Promise.all(files.map(redraw));
  return [...carried.map((one) => fromStandardBase64(one.value)), ...drawn];
}

async function post(page, form, made) {
  const body = new FormData();
  body.set("ticket", form.elements.ticket.value);
  body.set("key", form.elements.key.value);
  body.set("salt", toBase64(made.salt));
  body.set("reply", toBase64(made.reply));
  body.set("sealed", new Blob([made.sealed]), "sealed");
  const headers = { "X-CSRFToken": page.dataset.csrfToken };
  const answer = await fetch(page.dataset.url, { method: "POST", headers, body }).catch(() => null);
  const told = await answer?.json().catch(() => null);
  if (!told) throw new Fault(page.dataset.notReached);
  if (!answer.ok) throw new Fault(told.message);
  return told.number;
}

const fromStandardBase64 = (text) =>
  fromBase64(text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", ""));
