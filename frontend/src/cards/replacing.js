/** One card in the place of another: the new code is made here, and the server is sent its public credential. */
import { bytesOf, credentialOf, newCode, readCode, toBase64 } from "../sealed/index.js";
import { sheetsOf } from "./printing.js";
import { Refusal, post } from "./sending.js";

export class Replacing {
  #code = "";
  #isReplaced = false;

  constructor(root) {
    this.root = root;
    this.form = root.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.replace();
    });
    this.part("print").addEventListener("click", () => window.print());
    this.part("done").addEventListener("click", () => this.leave());
    window.addEventListener("beforeunload", (event) => this.#isReplaced && event.preventDefault());
    this.form.hidden = false;
  }

  part(name) {
    return this.root.querySelector(`[data-part="${name}"]`);
  }

  async replace() {
    // The same code again where the answer was lost: the server knows it, and nobody gets two.
    this.#code ||= newCode();
    const { poll, number, name, group } = this.root.dataset;
    const publicKey = toBase64(bytesOf(credentialOf(poll, readCode(this.#code))));
    try {
      await post(this.form.action, { public: publicKey, reason: new FormData(this.form).get("reason") }, this.root);
    } catch (error) {
      return this.fail(error);
    }
    this.#isReplaced = true;
    this.part("fault").hidden = true;
    this.part("sheets").replaceChildren(...sheetsOf([{ number, name, group, code: this.#code }], this.root));
    this.form.hidden = true;
    this.part("ready").hidden = false;
    return this.part("print").focus();
  }

  fail(error) {
    const isRefused = error instanceof Refusal;
    if (isRefused) this.#code = "";
    this.part("fault").textContent = isRefused ? error.message : this.root.dataset.notReached;
    this.part("fault").hidden = false;
  }

  leave() {
    this.#isReplaced = false;
    this.part("sheets").replaceChildren();
    window.location.assign(this.root.dataset.cardsUrl);
  }
}
