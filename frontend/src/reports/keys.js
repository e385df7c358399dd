/**
 * The authority's private key: a file on its computer, made here and read here, and never sent.
 *
 * While the reports are visited the key is kept for this tab alone (sessionStorage), so that the file is asked for once.
 */
import { fromHex, toHex } from "../sealed/bytes.js";
import { fingerprint, isKeyOf, newSecret, publicOf } from "./boxes.js";

const KEPT = "civicforum-report-key";
const KIND = "civicforum report key";

/** Return the secret in a key file, or null when the text is none, or not that of `publicKey`. */
export function secretIn(text, publicKey) {
  try {
    const secret = fromHex(String(JSON.parse(text).secret));
    return isKeyOf(secret, publicKey) ? secret : null;
  } catch {
    return null;
  }
}

/** Return the text of a key file. */
export function keyFile(secret) {
  const key = publicOf(secret);
  return JSON.stringify({ kind: KIND, v: 1, fingerprint: fingerprint(key), public: toHex(key), secret: toHex(secret) }, null, 2);
}

export const keep = (secret) => sessionStorage.setItem(KEPT, toHex(secret));
export const forget = () => sessionStorage.removeItem(KEPT);

/** Return the key of this tab, or null when there is none for `publicKey`. */
export function kept(publicKey) {
  const secret = fromHex(sessionStorage.getItem(KEPT) ?? "");
  return isKeyOf(secret, publicKey) ? secret : null;
}

/** Call `use` with the secret of the file that is chosen in `field`, or say `fault`. */
export function onKeyFile(field, publicKey, say, fault, use) {
  field.addEventListener("change", async () => {
    const secret = field.files.length ? secretIn(await field.files[0].text(), publicKey) : null;
    say(secret ? "" : fault);
    if (!secret) return;
    keep(secret);
    use(secret);
  });
}

/** Prepare the page on which a pair of keys is made. */
export function prepareMaking(page) {
  const slot = (name) => page.querySelector(`[data-slot=${name}]`);
  const button = page.querySelector("[data-make]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const secret = newSecret();
    const key = publicOf(secret);
    slot("public").textContent = toHex(key);
    slot("fingerprint").textContent = fingerprint(key);
    const file = slot("file");
    file.href = URL.createObjectURL(new Blob([keyFile(secret)], { type: "application/json" }));
    file.download = `report-key-${fingerprint(key).slice(0, 9)}.json`;
    file.click();
    button.hidden = true;
    page.querySelector("[data-made]").hidden = false;
    page.querySelector("[data-made] h2").focus();
  });
}
