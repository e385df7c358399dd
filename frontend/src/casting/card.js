/** Reading a voting card: scanned with the address, or typed, and refused here when it is somebody else's. */
import { ALPHABET, canonical } from "../sealed/base32.js";
import { fromBase64, same } from "../sealed/bytes.js";
import { credentialOf, readCode } from "../sealed/cards.js";
import { bytesOf } from "../sealed/group.js";
import { forgetCard, keepCard, keepCardOfAddress, keptCard } from "./card_hash.js";
import { say } from "./words.js";

const LENGTH = 21;

/** A code that is not on this voter's card; the message is a key of the page's words. */
export class CardRefused extends Error {
  constructor(key, values = {}) {
    super(key);
    this.values = values;
  }
}

/** Return the code that was typed, whatever the keyboard made of it; throw CardRefused. */
export function readCard(typed, { poll, credential }) {
  const signs = canonical(typed.normalize("NFKC").replace(/[\s\p{Dash_Punctuation}_.]/gu, ""));
  const strange = [...new Set(signs)].filter((sign) => !ALPHABET.includes(sign));
  if (strange.length) throw new CardRefused("cardSigns", { signs: strange.join(" ") });
  const count = [...signs].length;
  if (count !== LENGTH) throw new CardRefused("cardLength", { count });
  let code;
  try {
    code = readCode(signs);
  } catch {
    throw new CardRefused("cardCheck");
  }
  if (!same(bytesOf(credentialOf(poll, code)), fromBase64(credential))) throw new CardRefused("cardOther");
  return code;
}

/** Ask for the voter's card until it is the right one, and return its code. */
export function askForCard(root, { poll, credential, words }) {
  const section = root.querySelector("[data-card]");
  const [input, error] = [section.querySelector("input"), section.querySelector("[data-card-error]")];
  return new Promise((resolve) => {
    const read = (typed) => {
      try {
        const code = readCard(typed, { poll, credential });
        keepCard(code); // so that loading the page again does not ask for the card again
        section.remove();
        resolve(code);
      } catch (refusal) {
        if (!(refusal instanceof CardRefused)) throw refusal;
        forgetCard();
        section.hidden = false;
        error.textContent = say(words[refusal.message], refusal.values);
        input.setAttribute("aria-invalid", "true");
        input.focus();
      }
    };
    keepCardOfAddress();
    const scanned = keptCard();
    section.hidden = Boolean(scanned);
    section.querySelector("[data-card-next]").addEventListener("click", () => read(input.value));
    input.addEventListener("keydown", (event) => event.key === "Enter" && read(input.value));
    addEventListener("hashchange", () => {
      keepCardOfAddress();
      if (keptCard()) read(keptCard());
    });
    if (scanned) read(scanned);
  });
}
