/** The script of passkeys: a form asks the server what to sign, the browser's key answers, the form goes off with it. */
import { fromBase64, toBase64 } from "../sealed/bytes.js";

// Without https browsers have none.
if (window.PublicKeyCredential) {
  for (const note of document.querySelectorAll("[data-no-passkeys]")) note.hidden = true;
  for (const form of document.querySelectorAll("[data-passkey]")) prepare(form);
}

function prepare(form) {
  const button = form.querySelector("[type=submit]");
  const says = form.querySelector("[data-passkey-says]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // An empty name is for the server to say, in the page's own words.
    if (form.elements.name instanceof HTMLInputElement && !form.elements.name.value.trim()) return form.submit();
    button.disabled = true;
    says.textContent = form.dataset.waiting;
    try {
      const options = await ask(form);
      form.elements.answer.value = JSON.stringify(await answer(form.dataset.passkey, options));
      form.submit();
    } catch {
      // Refused by the person, timed out, or no key for this site: browsers do not tell these apart.
      says.textContent = form.dataset.failed;
      button.disabled = false;
    }
  });
}

async function ask(form) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  const response = await fetch(form.dataset.options, { method: "POST", headers });
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

async function answer(act, options) {
  options.challenge = fromBase64(options.challenge);
  if (options.user) options.user.id = fromBase64(options.user.id);
  for (const name of ["excludeCredentials", "allowCredentials"]) {
    options[name] = (options[name] ?? []).map((one) => ({ ...one, id: fromBase64(one.id) }));
  }
  const made = await navigator.credentials[act]({ publicKey: options });
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature"];
  const response = Object.fromEntries(
    names.filter((name) => made.response[name]).map((name) => [name, written(made.response[name])]),
  );
  return { id: made.id, rawId: written(made.rawId), type: made.type, response };
}

function written(buffer) {
  return toBase64(new Uint8Array(buffer));
}
