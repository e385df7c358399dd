/** Making a slip, and reading it back. */
import { qrImage } from "../qr.js";
import { canonical } from "../sealed/base32.js";
import { Mistyped, randomBytes, readQrText, readSeed, slipCode, slipQrText } from "../sealed/index.js";

const SEED_BYTES = 32;

/** Show a fresh slip until its last group is typed back; return its seed, and leave nothing of it in the page. */
export async function makeSlip(parts, number) {
  const seed = randomBytes(SEED_BYTES);
  const groups = slipCode(seed).split("-");
  parts.get("slip-groups").replaceChildren(...groups.map(groupItem));
  parts.get("slip-picture").replaceChildren(qrImage(slipQrText(number, seed), parts.root.dataset.pictureLabel));
  parts.show("slip");
  await typedBack(parts, groups[groups.length - 1]);
  parts.get("slip-groups").replaceChildren();
  parts.get("slip-picture").replaceChildren();
  return seed;
}

function groupItem(group) {
  const item = document.createElement("li");
  item.textContent = group;
  return item;
}

function typedBack(parts, last) {
  const [form, field] = [parts.get("last-form"), parts.get("last-field")];
  return new Promise((resume) => {
    form.onsubmit = (event) => {
      event.preventDefault();
      const isRight = canonical(field.value) === last;
      showFault(parts, "last", isRight ? null : "wrong");
      if (!isRight) return field.focus();
      field.value = "";
      return resume();
    };
  });
}

/**
 * Ask for the slip until `fits(seed)` says that it is the right one; return what it says.
 *
 * `fits` returns null for another slip.
 */
export function askSlip(parts, number, fits) {
  const [form, field, photo] = [parts.get("slip-form"), parts.get("slip-field"), parts.get("slip-photo")];
  return new Promise((resume) => {
    const done = new AbortController();
    const take = async (read) => {
      const found = await tried(read, fits);
      const isFault = typeof found === "string";
      showFault(parts, "slip", isFault ? found : null);
      if (isFault) return field.focus();
      field.value = "";
      done.abort();
      return resume(found);
    };
    const typed = (event) => {
      event.preventDefault();
      return take(() => readSeed(field.value));
    };
    form.addEventListener("submit", typed, { signal: done.signal });
    photo.addEventListener("read", ({ detail }) => take(() => seedOfCode(detail, number)), { signal: done.signal });
  });
}

function seedOfCode(text, number) {
  if (text === null) throw new Mistyped("no code on the picture");
  const { trustee, seed } = readQrText(text);
  return trustee === number ? seed : null;
}

/** Return what `fits` says, or the name of the fault. */
async function tried(read, fits) {
  try {
    const seed = read();
    return (seed && (await fits(seed))) ?? "other";
  } catch (error) {
    if (error instanceof Mistyped) return "mistyped";
    throw error;
  }
}

/** Show one of the faults of a field, or none. */
function showFault(parts, field, fault) {
  parts.sayOneOf(`${field}-fault`, fault);
  parts.get(`${field}-group`).classList.toggle("govuk-form-group--error", fault !== null);
  parts.get(`${field}-field`).classList.toggle("govuk-input--error", fault !== null);
  parts.get(`${field}-field`).toggleAttribute("aria-invalid", fault !== null);
}
